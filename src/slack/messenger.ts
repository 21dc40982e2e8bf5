import type { webApi } from '@slack/bolt';
import type { Words } from '../locales/words.ts';
import type { Messenger, Posted } from '../requests/ports.ts';
import type { Request } from '../requests/request.ts';
import type { Identity } from './identity.ts';
import { announcement, announcementMetadata } from './messages/announcement.ts';
import {
  concernsChannel,
  directOutcome,
  outcomeMetadata,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from './messages/report.ts';
import type { Voice } from './messages/voice.ts';
import { metadataTypes } from './names.ts';
import { findOwn } from './own-messages.ts';
import type { Message } from './render.ts';
import type { Replies } from './replies.ts';
import { troubleOf } from './slack-error.ts';

export type MessengerOptions = {
  /** A client that posts once: no retries of its own, and a 429 comes back as an error. */
  readonly poster: webApi.WebClient;
  /** A client that may repeat what it asks. */
  readonly reader: webApi.WebClient;
  readonly identity: Identity;
  readonly words: Words;
  readonly replies: Replies;
  /** How a message names the requests it refers to. */
  readonly references: (ids: readonly string[]) => Promise<Voice['refer']>;
};

/** What requests say in Slack. */
export function createMessenger(options: MessengerOptions): Messenger {
  const { poster, reader, identity, replies } = options;
  const find = findOwn.bind(null, reader, identity.userId);
  return {
    async announce(request) {
      const shown = request.grant?.expiresAt == null ? 'approved' : 'awaiting_approval';
      const { text, blocks } = announcement(request, shown, await voiceFor(request, options));
      const metadata = announcementMetadata(request, shown);
      return post(poster, { channel: request.channel, text, blocks, metadata, ...quiet });
    },
    findAnnouncement: (request) =>
      find({ ...place(request, null), eventType: metadataTypes.announcement, requestId: request.id }),
    async show(request, shown) {
      const { text, blocks } = announcement(request, shown, await voiceFor(request, options));
      const metadata = announcementMetadata(request, shown);
      const ts = request.announcement.ts ?? '';
      return call(() => poster.chat.update({ channel: request.channel, ts, text, blocks, metadata }));
    },
    async report(request) {
      const { text, blocks } = outcomeReply(request, await voiceFor(request, options));
      const thread_ts = request.announcement.ts ?? '';
      const reply_broadcast = concernsChannel(request);
      const metadata = outcomeMetadata(request);
      return post(poster, { channel: request.channel, thread_ts, reply_broadcast, text, blocks, metadata, ...quiet });
    },
    findReport: (request) =>
      find({ ...place(request, request.announcement.ts), eventType: metadataTypes.outcome, requestId: request.id }),
    async reportPrivately(request) {
      const voice = await voiceFor(request, options);
      const replied = await replies.reply(request.interaction, privateOutcome(request, voice));
      return replied?.kind === 'posted'
        ? replied
        : direct(poster, request.requester, directOutcome(request, voice), request);
    },
    async reportDirectly(request) {
      const message = directOutcome(request, await voiceFor(request, options));
      return direct(poster, request.requester, message, request);
    },
    async answerPress(request, press, refusal) {
      const message = pressRefused(request, refusal, await voiceFor(request, options));
      const replied = await replies.reply(press.interaction, message);
      return replied?.kind === 'posted' ? replied : direct(poster, press.by, message, null);
    },
  };
}

const quiet = { unfurl_links: false, unfurl_media: false, mrkdwn: false } as const;

function place({ channel, requestedAt }: Request, thread: string | null) {
  return { channel, thread, since: requestedAt };
}

/** Links to the requests that this one's end points at. */
async function voiceFor({ end }: Request, { words, identity, references }: MessengerOptions): Promise<Voice> {
  const because = end?.because;
  const pointsAt = because?.kind === 'busy' || because?.kind === 'stopped_lately' ? [because.request] : [];
  const superseding = because?.kind === 'superseded' ? [because.by] : [];
  return { words, botName: identity.name, refer: await references([...pointsAt, ...superseding]) };
}

/** A message to the person's own channel with the bot. */
function direct(poster: webApi.WebClient, person: string, message: Message, outcome: Request | null): Promise<Posted> {
  const metadata = outcome ? outcomeMetadata(outcome) : { event_type: metadataTypes.note, event_payload: {} };
  return post(poster, { channel: person, ...message, metadata, ...quiet });
}

function post(poster: webApi.WebClient, message: webApi.ChatPostMessageArguments): Promise<Posted> {
  return call(() => poster.chat.postMessage(message));
}

async function call(work: () => Promise<{ ts?: string }>): Promise<Posted> {
  try {
    const { ts } = await work();
    return { kind: 'posted', ts: ts ?? '' };
  } catch (error) {
    return troubleOf(error);
  }
}
