import type { webApi } from '@slack/bolt';
import type { WatchReply } from '../requests/watches/outbox.ts';
import type { WatchMessenger } from '../requests/watches/tell-channel.ts';
import type { ClaimedWatchPost } from '../requests/watches/watch-store.ts';
import type { MessageContext } from './messages/message-context.ts';
import { watchAlert, watchMetadata, watchReply } from './messages/watch-alert.ts';
import { metadataTypes } from './names.ts';
import { findMessage, type OwnMessage } from './own-messages.ts';
import { post, posted } from './private-replies.ts';

const isForChannel: ReadonlySet<WatchReply['kind']> = new Set(['change', 'flapping', 'reminder']);

type Needs = {
  /** A client without retries, for posts. */
  readonly poster: webApi.WebClient;
  /** A client with retries, for the search. */
  readonly reader: webApi.WebClient;
  readonly botUserId: string;
  readonly context: MessageContext;
};

/** Posts, edits and finds the alerts of watches and their replies. */
export function createWatchMessenger({ poster, reader, botUserId, context }: Needs): WatchMessenger {
  return {
    post: (claimed) => post(poster, { channel: claimed.terms.channel, ...alertOf(claimed) }),
    edit: (claimed) =>
      posted(() => poster.chat.update({ channel: claimed.terms.channel, ts: claimed.ts ?? '', ...alertOf(claimed) })),
    async reply(claimed) {
      const { terms, outbox, ts } = claimed;
      const { reply } = outbox;
      // The claim has one.
      if (reply === null) return { kind: 'refused', reason: 'message_refused' };
      return post(poster, {
        ...{
          channel: terms.channel,
          thread_ts: ts ?? '',
          reply_broadcast: isForChannel.has(reply.kind),
        },
        ...watchReply(reply, terms, context),
        metadata: watchMetadata(claimed, reply.condition, reply.number),
      });
    },
    async find(claimed) {
      const { terms, tried, outbox, ts } = claimed;
      const reply = tried.next === 'reply' ? tried.reply : 0;
      const { state: _, ...identity } = watchMetadata(claimed, 'normal', reply).event_payload;
      const where = { channel: terms.channel, thread: reply === 0 ? null : ts, since: outbox.at };
      let shows: unknown;
      const found = await findMessage(reader, where, (message) => {
        const isIt = message.user === botUserId && isThis(message, identity);
        if (isIt) shows = message.metadata?.event_payload.state;
        return isIt;
      });
      return found.kind === 'found' ? { ...found, shows } : found;
    },
  };

  function alertOf(claimed: ClaimedWatchPost) {
    const metadata = watchMetadata(claimed, claimed.memory.shown ?? 'normal');
    return { ...watchAlert(claimed, context), metadata };
  }
}

function isThis({ metadata }: OwnMessage, identity: Readonly<Record<string, unknown>>): boolean {
  const payload = metadata?.event_payload ?? {};
  const isSame = Object.entries(identity).every(([key, value]) => payload[key] === value);
  return metadata?.event_type === metadataTypes.watch && isSame;
}
