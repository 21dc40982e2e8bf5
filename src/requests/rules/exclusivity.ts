import { isOfWatch, isOverriding } from '../../access/policy.ts';
import type { EndReason } from '../outcome.ts';
import { askedAt, isForLater, type Request } from '../request.ts';
import { isUndecided } from '../transition.ts';

/** "Do not send several stops to one workflow" (Adobe Campaign documentation, stopping a workflow). */
export const betweenStopsMs = 600_000;

/** Other requests for the same workflow, or for the whole environment. */
export type CompetingRequests = {
  readonly open: readonly Request[];
  readonly lastStop: Request | null;
  readonly lastFreeze: Request | null;
};

/**
 * The conflict with another request, if there is one. One command at a time is sent to a workflow. A stop waits only for
 * another stop, a freeze only for another freeze, and a watch only for another order about it in its channel. Beside a start
 * or a resume, none of them waits for a question either: the people who should answer it may be absent.
 */
export function findConflict(request: Request, others: CompetingRequests, now: number): EndReason | null {
  const { verb } = request.order;
  const longer = verb === 'freeze' ? longerFreeze(request, others.lastFreeze, now) : null;
  if (longer !== null) return longer;
  const holder = others.open.find((other) => other.id !== request.id && blocks(other, request));
  if (holder !== undefined) return { kind: 'busy', request: holder.id };
  return verb === 'stop' ? recentStop(others.lastStop, now) : null;
}

/** Ending a freeze early needs the right to lift it, so a shorter freeze does not replace a longer one. */
export function longerFreeze({ order }: Request, freeze: Request | null, now: number): EndReason | null {
  const until = freeze?.order.until ?? 0;
  if (freeze === null || until <= now || until <= (order.until ?? 0)) return null;
  return { kind: 'frozen_longer', request: freeze.id, until };
}

function blocks(other: Request, request: Request): boolean {
  if (isForLater(other) || !isAboutSame(other, request)) return false;
  const { verb } = request.order;
  if (isOverriding(verb) && !isOverriding(other.order.verb)) return false;
  if (!isAwaitingConfirmation(other)) return true;
  return !(isOverriding(verb) || isOfWatch(verb) || verb === 'pause') || isSameQuestion(other, request);
}

/** Commands to a workflow compete with each other, and orders about its watch in one channel do: neither with the other. */
function isAboutSame(one: Request, other: Request): boolean {
  const [isOne, isOther] = [isOfWatch(one.order.verb), isOfWatch(other.order.verb)];
  return isOne === isOther && (!isOne || one.channel === other.channel);
}

/** The same person asks for the same in the same channel: a double tap does not create a second question. */
function isSameQuestion(other: Request, { order, requester, channel }: Request): boolean {
  return other.order.verb === order.verb && other.requester === requester && other.channel === channel;
}

/** Whether people are still asked to confirm it. */
export function isAwaitingConfirmation({ state, grant }: Pick<Request, 'state' | 'grant'>): boolean {
  return grant?.approvers != null && isUndecided(state);
}

/** A freeze that waits for confirmations does not delay a freeze that needs none. */
export function isFreezeAwaitingConfirmation(request: Request): boolean {
  return request.order.verb === 'freeze' && isAwaitingConfirmation(request);
}

/** Whether the other request has to end before this one is sent. An overriding command and another command can be sent side by side; two of a kind cannot. */
export function precedes(other: Request, request: Request): boolean {
  return (
    other.id !== request.id &&
    isAboutSame(other, request) &&
    !isForLater(other) &&
    !isAwaitingConfirmation(other) &&
    isOverriding(other.order.verb) === isOverriding(request.order.verb)
  );
}

/**
 * Whether a command for later gives way to another one to its workflow: one that was asked for after it, and was sent (also
 * where nobody knows whether it arrived) or waits for its own time. What was sent before a pause does not concern its end.
 */
export function isReplacedBy(later: Request, other: Request): boolean {
  if (other.id === later.id || askedAt(other) <= askedAt(later)) return false;
  if (other.end === null) return other.state === 'scheduled' && later.order.after === undefined;
  return mayHaveTakenEffect(other) && other.end.at > later.requestedAt;
}

function mayHaveTakenEffect(request: Request): boolean {
  return (request.state === 'accepted' || request.state === 'unknown') && mayHaveBeenSent(request);
}

/** Whether the process that ended the request may have sent its command, and not only an earlier process. */
export function mayHaveBeenSent({ end }: Request): boolean {
  const kind = end?.because.kind;
  return kind !== 'history_unreadable' && kind !== 'ledger_behind';
}

function recentStop(stop: Request | null, now: number): EndReason | null {
  if (stop?.end == null || seenFinished(stop) || !mayHaveBeenSent(stop)) return null;
  const until = stop.end.at + betweenStopsMs;
  return now < until ? { kind: 'stopped_lately', request: stop.id, until } : null;
}

function seenFinished({ observation }: Request): boolean {
  return observation?.kind === 'seen' && observation.reading === 'finished';
}
