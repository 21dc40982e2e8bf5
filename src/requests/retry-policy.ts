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

const firstMs = 1_000;
const usualMostMs = 60_000;

/** How long to wait after that many vain attempts: doubling up to a minute, spread by half so that replicas part. */
export function backoffMs(attempts: number, random: number, mostMs = usualMostMs): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempts, 10));
  return Math.round(full * (0.5 + random / 2));
}
