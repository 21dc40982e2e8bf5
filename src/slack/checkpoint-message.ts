import type { webApi } from '@slack/bolt';
import { foreign } from '../locales/phrase.ts';
import type { Translator } from '../locales/translator.ts';
import type { CheckpointMessenger } from '../requests/daily-checkpoint.ts';
import type { ClaimedPost } from '../requests/ledger/log/log-posts.ts';
import { shortCheckpoint } from '../transparency-log/checkpoint.ts';
import { metadataTypes } from './names.ts';
import { historyUnavailable, ownMessages } from './own-messages.ts';
import { post } from './private-replies.ts';
import { renderMessage } from './render.ts';

type Needs = {
  /** A client without retries, for the post. */
  readonly poster: webApi.WebClient;
  /** A client with retries, for the search. */
  readonly reader: webApi.WebClient;
  readonly botUserId: string;
  readonly translator: Translator;
};

/** Posts and finds the checkpoint of a day. */
export function createCheckpointMessenger({ poster, reader, botUserId, translator }: Needs): CheckpointMessenger {
  return {
    post(checkpoint) {
      const record = [foreign(shortCheckpoint(checkpoint), ['code'])];
      const { text, blocks } = renderMessage([translator.translate('record.checkpoint', { record })]);
      return post(poster, { channel: checkpoint.channel, text, blocks, metadata: checkpointMetadata(checkpoint) });
    },
    async find(channel, { day, note, at }) {
      try {
        for await (const { ts, metadata } of ownMessages(reader, botUserId, { channel, thread: null, since: at })) {
          const { event_type, event_payload } = metadata ?? {};
          const isIt = event_type === metadataTypes.checkpoint && event_payload?.day === day;
          if (isIt && event_payload?.checkpoint === note) return { kind: 'found', ts };
        }
        return { kind: 'absent' };
      } catch (error) {
        return { kind: historyUnavailable(error).kind };
      }
    },
  };
}

/** The checkpoint in full, as the announcements and outcomes carry it. */
function checkpointMetadata({ day, note }: ClaimedPost) {
  return { event_type: metadataTypes.checkpoint, event_payload: { day, checkpoint: note } };
}
