import type { ExpectedMessages } from './expected-messages.ts';
import type { PostedMessage } from './posted-message.ts';

/**
 * Which account is the bot: the one that posted most of the messages whose places the ledger knows. Where it knows none of
 * them, the only one whose messages look like those of the bot. Null: nothing says it.
 */
export function botIn(messages: readonly PostedMessage[], expected: ExpectedMessages): string | null {
  const known = messages.filter(({ channel, ts }) => expected.get(channel)?.has(ts));
  const [first, second] = byNumber(known.length > 0 ? known : messages);
  const isClear = second === undefined || (known.length > 0 && first !== undefined && first.count > second.count);
  return isClear ? (first?.author ?? null) : null;
}

function byNumber(messages: readonly PostedMessage[]) {
  const counts = new Map<string, number>();
  for (const { author } of messages) if (author !== null) counts.set(author, (counts.get(author) ?? 0) + 1);
  return [...counts].map(([author, count]) => ({ author, count })).toSorted((a, b) => b.count - a.count);
}
