import type { Entry } from '../../snapshot.ts';

/** A message of the channel. */
export type Item = {
  readonly entry: Entry;
  /** The thread below it, if it has one. */
  readonly thread: Thread | null;
  /** For a reply that was also sent to the channel: the thread that it belongs to. */
  readonly repliesTo: Entry | null;
};

/** A message with the replies that the person sees, oldest first. */
export type Thread = { readonly root: Entry; readonly replies: readonly Entry[] };

/** The entries of a channel, oldest first, with its threads folded. A reply whose message is not shown is an entry of its own. */
export function itemsIn(entries: readonly Entry[], channel: string): readonly Item[] {
  const here = entries.filter((entry) => entry.channel === channel);
  const roots = new Map(here.filter(isRoot).map((root) => [root.ts, root]));
  const replies = Map.groupBy(here.filter(isReply), ({ threadTs }) => threadTs);
  const rootOf = ({ threadTs }: Entry) => (threadTs === null ? null : (roots.get(threadTs) ?? null));
  return here
    .filter((entry) => rootOf(entry) === null || entry.isBroadcast)
    .map((entry) => {
      const below = isRoot(entry) ? replies.get(entry.ts) : undefined;
      return {
        entry,
        thread: below === undefined ? null : { root: entry, replies: below },
        repliesTo: rootOf(entry),
      };
    });
}

/** The thread of the message with that `ts`. Null: the person does not see that message. */
export function threadOf(entries: readonly Entry[], channel: string, ts: string | null): Thread | null {
  const here = entries.filter((entry) => entry.channel === channel);
  const root = here.find((entry) => isRoot(entry) && entry.ts === ts);
  return root === undefined ? null : { root, replies: here.filter((entry) => entry.threadTs === ts) };
}

function isRoot({ threadTs, isPrivate }: Entry): boolean {
  return threadTs === null && !isPrivate;
}

function isReply({ threadTs }: Entry): boolean {
  return threadTs !== null;
}

/** Replies that everybody sees: Slack counts only these. */
export function countedReplies({ replies }: Thread): readonly Entry[] {
  return replies.filter(({ isPrivate }) => !isPrivate);
}

/** "2 replies" */
export function replyCount(count: number): string {
  return count === 1 ? '1 reply' : `${count} replies`;
}

/** The key of an entry. A message and a private reply may have the same `ts`. */
export function keyOf({ channel, ts, isPrivate }: Entry): string {
  return `${channel}/${ts}${isPrivate ? '/private' : ''}`;
}
