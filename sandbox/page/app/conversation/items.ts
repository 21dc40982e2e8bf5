import type { Entry } from '../../snapshot.ts';

/** A message of the channel with what was replied to it. */
export type Item = { readonly entry: Entry; readonly replies: readonly Entry[] };

/** What stands in a channel, oldest first. A reply whose message is not shown stands there by itself. */
export function itemsIn(entries: readonly Entry[], channel: string): readonly Item[] {
  const here = entries.filter((entry) => entry.channel === channel);
  const heads = new Set(here.filter(({ threadTs, isPrivate }) => threadTs === null && !isPrivate).map(({ ts }) => ts));
  const isReply = ({ threadTs }: Entry) => threadTs !== null && heads.has(threadTs);
  const replies = Map.groupBy(here.filter(isReply), ({ threadTs }) => threadTs);
  const repliesTo = (entry: Entry) => (isReply(entry) || entry.isPrivate ? [] : (replies.get(entry.ts) ?? []));
  return here
    .filter((entry) => !isReply(entry) || entry.isBroadcast)
    .map((entry) => ({ entry, replies: repliesTo(entry) }));
}

/** Of one entry among all; a message and a private answer may have the same `ts`. */
export function keyOf({ channel, ts, isPrivate }: Entry): string {
  return `${channel}/${ts}${isPrivate ? '/private' : ''}`;
}
