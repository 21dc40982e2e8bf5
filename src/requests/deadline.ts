import type { Request } from './request.ts';

/** A command is sent this long after the last decision that it needed, or never. */
export const sendWithinMs = 120_000;

/** What look-ups, or an access token, and the connection may take at the most before the command itself arrives. */
const sendingTakesMs = 20_000;

/** When the last decision was taken: the approval, or the order itself where none was needed. */
export function decidedAt(request: Request): number {
  return request.approval?.by != null ? request.approval.at : request.requestedAt;
}

/** The last moment to begin sending what was decided then. */
export function lastDispatchAt(decidedAt: number): number {
  return decidedAt + sendWithinMs - sendingTakesMs;
}

/** Whether it is too late to begin sending. */
export function isTooLate(request: Request, now: number): boolean {
  return now > lastDispatchAt(decidedAt(request));
}

/** Whether the time for sending is over, to the last moment. */
export function isPastDeadline(request: Request, now: number): boolean {
  return now > decidedAt(request) + sendWithinMs;
}
