import type { Entry } from '../../snapshot.ts';

/** A message of the channel with its replies. */
export type Item = { readonly entry: Entry; readonly replies: readonly Entry[] };

/** The entries of a channel, oldest first. A reply whose message is not shown is an entry of its own. */
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

/** The key of an entry. A message and a private reply may have the same `ts`. */
export function keyOf({ channel, ts, isPrivate }: Entry): string {
  return `${channel}/${ts}${isPrivate ? '/private' : ''}`;
}
