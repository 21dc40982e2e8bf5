import type { PostResult } from '../attempt-results.ts';
import type { PostProblem } from '../outcome.ts';
import type { Condition } from './condition.ts';
import type { Telling, WatchMemory } from './watch-step.ts';

/**
 * Until when nothing is told of a workflow in a channel, in milliseconds since the epoch, who wanted that, and by which
 * request; absent: by an earlier version, which recorded none.
 */
export type Mute = { readonly until: number; readonly by: string; readonly request?: string };

/** A reply in the thread of an alert; `number` tells it from others of that thread. */
export type WatchReply = {
  readonly number: number;
  readonly kind: Extract<Telling, 'change' | 'normal' | 'flapping' | 'reminder'> | 'muted' | 'left';
  /** Of `muted`: until when, and by whom. */
  readonly mute?: Mute;
  /** Of `reminder`: since when it is seen as paused, in milliseconds since the epoch. */
  readonly pausedSince?: number;
  /** As in `WatchMemory`. */
  readonly missedAt?: number;
  /** Of `left`: who leaves it paused, and by which request; absent: as in `Mute`. */
  readonly leftBy?: string;
  readonly request?: string;
  readonly condition: Condition;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** What is to be posted of a watch. It never grows: what is newer takes the place of what is not posted yet. */
export type Outbox = {
  /** The message of the alert. */
  readonly root: 'post' | 'edit' | null;
  readonly reply: WatchReply | null;
  /** What a try may have posted without an answer. */
  readonly doubt: 'root' | 'reply' | null;
  /** When the alert was decided, in milliseconds since the epoch. */
  readonly at: number;
  /** How many replies there were in its thread. */
  readonly replies: number;
  readonly attempts: number;
};

export const emptyOutbox: Outbox = { root: null, reply: null, doubt: null, at: 0, replies: 0, attempts: 0 };

export function isEmpty({ root, reply }: Outbox): boolean {
  return root === null && reply === null;
}

/** What is to be posted once this is to be told. @param hasMessage the newest alert is posted */
export function outboxAfter(
  before: Outbox,
  telling: Telling,
  { isOpen, shown, paused, missedAt }: WatchMemory,
  { hasMessage, now }: { readonly hasMessage: boolean; readonly now: number },
): Outbox {
  const isNowhere = !hasMessage && before.root === null;
  if (telling === 'alert' || (isNowhere && isOpen)) return { ...emptyOutbox, root: 'post', at: now };
  if (isNowhere) return before;
  const isCertainlyUnposted = before.root === 'post' && before.doubt !== 'root';
  // What has ended before anybody was told of it is not told.
  if (isCertainlyUnposted) return isOpen ? before : { ...emptyOutbox, at: before.at };
  const root = before.root ?? 'edit';
  if (telling === 'edit' || shown === null) return { ...withoutOutdated(before, shown), root };
  const number = before.replies + 1;
  const doubt = before.doubt === 'reply' ? null : before.doubt;
  return {
    ...before,
    root,
    doubt,
    replies: number,
    reply: newReply(number, telling, shown, { paused, missedAt, now }),
  };
}

type Told = Pick<WatchMemory, 'paused'> & { readonly missedAt: number | undefined; readonly now: number };

function newReply(
  number: number,
  kind: Exclude<Telling, 'alert' | 'edit'>,
  condition: Condition,
  { paused, missedAt, now }: Told,
): WatchReply {
  return {
    ...{ number, kind, condition, at: now },
    ...(kind === 'reminder' && paused !== null && { pausedSince: paused.since }),
    ...(missedAt !== undefined && { missedAt }),
  };
}

/** Nobody is told of a change that has ended before it could be posted. */
function withoutOutdated(before: Outbox, shown: Condition | null): Outbox {
  const { reply, doubt } = before;
  const isOutdated = reply !== null && reply.mute === undefined && reply.condition !== shown && doubt !== 'reply';
  return isOutdated ? { ...before, reply: null } : before;
}

/** The outbox once the alert has to show something else that nobody is told. */
export function editedOutbox(before: Outbox): Outbox {
  return { ...before, root: before.root ?? 'edit' };
}

/** The outbox once somebody has muted it: the thread keeps who that was. A reply that waits goes first, in its place. */
export function mutedOutbox(before: Outbox, shown: Condition, mute: Mute, now: number): Outbox {
  const edited = editedOutbox(before);
  if (before.reply !== null) return edited;
  const number = before.replies + 1;
  return { ...edited, replies: number, reply: { number, kind: 'muted', condition: shown, at: now, mute } };
}

/** The outbox once somebody leaves it paused: the thread keeps who that was. */
export function leftOutbox(
  before: Outbox,
  { leftBy, request }: { readonly leftBy: string; readonly request: string },
  now: number,
): Outbox {
  if (before.reply !== null) return before;
  const number = before.replies + 1;
  return {
    ...before,
    replies: number,
    reply: { number, kind: 'left', condition: 'warning', at: now, leftBy, request },
  };
}

/** What a try is about: the alert comes before its reply. `hasMessage`: the alert is posted. */
export function nextOf({ root, reply }: Outbox, hasMessage: boolean): 'post' | 'edit' | 'reply' | null {
  if (root === 'post') return root;
  if (!hasMessage) return null;
  return root ?? (reply === null ? null : 'reply');
}

/** The outbox while a post is tried. An edit can be repeated. */
export function trying(outbox: Outbox, next: 'post' | 'edit' | 'reply'): Outbox {
  if (next === 'edit') return outbox;
  return { ...outbox, doubt: next === 'post' ? 'root' : 'reply' };
}

/** A try: what of, and the state that it showed. */
export type Try = {
  readonly next: 'post' | 'edit' | 'reply';
  readonly shown: Condition | null;
  readonly alert: number;
  readonly reply: number;
  readonly mutedUntil: number | null;
};

/** Why a try has failed. `channel_shared`: with other organizations, and the configuration does not list it. */
export type WatchProblem = PostProblem | PostResult['kind'] | 'channel_shared';

/**
 * How it ended. `found`: an earlier try had posted it, and it shows this. `retryInMs` of one that was not carried out, or is
 * in doubt.
 */
export type TryResult =
  | { readonly kind: 'done'; readonly ts: string | null; readonly found?: { readonly shows: unknown } }
  | {
      readonly kind: 'not_done' | 'in_doubt';
      readonly problem: WatchProblem;
      readonly retryInMs: number;
    }
  /** Slack will never do this: an edit or a reply, whose alert was posted. */
  | { readonly kind: 'given_up'; readonly problem: PostProblem };

/** What is left to do after a try; a look may have decided more in the meantime. */
export function outboxAfterTry(
  now: Outbox,
  { memory, mutedUntil }: { readonly memory: WatchMemory; readonly mutedUntil: number | null },
  tried: Try,
  result: TryResult,
): Outbox {
  if (memory.alert !== tried.alert) return now;
  if (result.kind === 'in_doubt') return { ...now, attempts: now.attempts + 1 };
  if (result.kind === 'not_done') return { ...now, doubt: null, attempts: now.attempts + 1 };
  // An alert is not posted while it is muted.
  const { shown, mutedUntil: wasMuted } = 'found' in result ? { shown: result.found?.shows, mutedUntil: null } : tried;
  const isCurrent = memory.shown === shown && mutedUntil === wasMuted;
  const rest = { ...now, doubt: null, attempts: 0 };
  if (tried.next === 'reply') return now.reply?.number === tried.reply ? { ...rest, reply: null } : rest;
  return { ...rest, root: isCurrent || result.kind === 'given_up' ? null : 'edit' };
}

/** Whether the alert is gone, and what it should have shown the channel is not told yet: then there is a new one. */
export function isAlertLost({ reply }: Outbox, { alert, isOpen }: WatchMemory, tried: Try, result: TryResult): boolean {
  if (result.kind !== 'given_up' || alert !== tried.alert || !isOpen || reply === null) return false;
  const isTried = tried.next === 'reply' && reply.number === tried.reply;
  return reply.kind === 'change' || reply.kind === 'flapping' || (reply.kind === 'reminder' && isTried);
}
