import { isTemporary } from '../../slack/slack-error.ts';
import type { ExpectedMessage, ExpectedMessages } from './expected-messages.ts';
import type { MessagePlace, PostedMessage } from './posted-message.ts';

/** A channel whose messages were read. */
export type ReadChannel = {
  readonly id: string;
  readonly name: string;
  /** Other IDs that it had, as Slack says. */
  readonly formerIds: readonly string[];
  /** The time of its oldest message, in milliseconds since the epoch; null where there is none. */
  readonly oldest: number | null;
};

/** A channel of the ledger that cannot be read. `why`: Slack's error code, or `not_in_export`. */
export type UnreadChannel = { readonly id: string; readonly why: string };

/** Whether it stays so. Once a right that the app lacks is granted, or Slack works again, there is more to compare. */
export function isLost({ why }: Pick<UnreadChannel, 'why'>): boolean {
  return why === 'not_in_export' || (why !== 'missing_scope' && !isTemporary(why));
}

/** The messages of the channels that look like those of the bot, and which account the bot is. */
export type ReadMessages = {
  readonly channels: readonly ReadChannel[];
  readonly unread: readonly UnreadChannel[];
  readonly messages: readonly PostedMessage[];
  /** Null where nothing says it. */
  readonly author: string | null;
  /** Later messages are not in the source. In milliseconds since the epoch. */
  readonly until: number;
  /** Whether the source has the metadata of every message. */
  readonly hasMetadata: boolean;
  /** Null where the address of the workspace is not known. */
  linkTo(place: MessagePlace): string | null;
};

/** Where messages are read. */
export type MessageSource = {
  /** Requests that were announced earlier are not compared. In milliseconds since the epoch. */
  readonly from: number;
  read(expected: ExpectedMessages): Promise<ReadMessages>;
};

/** What the ledger has at this place. The channel may have had another ID then. */
export function expectedAt(
  expected: ExpectedMessages,
  { id, formerIds }: Pick<ReadChannel, 'id' | 'formerIds'>,
  ts: string,
): ExpectedMessage | null {
  for (const one of [id, ...formerIds]) {
    const found = expected.get(one)?.get(ts);
    if (found !== undefined) return found;
  }
  return null;
}
