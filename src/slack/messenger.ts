import type { webApi } from '@slack/bolt';
import { type Translator, translatorFor } from '../locales/translator.ts';
import type { RecordedPeople } from '../requests/outcome.ts';
import type { Messenger } from '../requests/ports.ts';
import { initialAnnouncementState, isBatch, type Request } from '../requests/request.ts';
import type { Actor } from '../requests/rules/authorization.ts';
import type { Languages } from './directory.ts';
import type { Identity } from './identity.ts';
import { announcement, announcementMetadata } from './messages/announcement.ts';
import { emergencyMessage, emergencyMetadata } from './messages/emergency.ts';
import { callMetadata, callName, callReply } from './messages/escalation.ts';
import type { MessageContext } from './messages/message-context.ts';
import { emergencyPage, pageMessage } from './messages/page-message.ts';
import { directPauseReminder, pauseReminder, pauseReminderMetadata } from './messages/pause-reminder.ts';
import {
  concernsChannel,
  directOutcome,
  followUpReply,
  forRequester,
  outcomeMetadata,
  outcomeReply,
  pressRefused,
  privateOutcome,
} from './messages/replies.ts';
import { metadataTypes } from './names.ts';
import { findOwn, type MessageQuery } from './own-messages.ts';
import { answerPrivately, direct, post, posted, type Replies } from './private-replies.ts';
import { referencedRequests } from './references.ts';
import type { Message } from './render.ts';
import { isSlackWorking } from './slack-error.ts';
import { newestIn, readThread, viewOfItem } from './thread-view.ts';

export type MessengerOptions = {
  /** A client without retries, for posts: a 429 is an error. */
  readonly poster: webApi.WebClient;
  /** A client with retries, for reading. */
  readonly reader: webApi.WebClient;
  readonly identity: Identity;
  /** For messages that everybody in the channel reads. */
  readonly translator: Translator;
  readonly languages: Pick<Languages, 'languageOf'>;
  readonly replies: Replies;
  /** Loads the links to other requests that a message refers to. */
  readonly references: (ids: readonly string[]) => Promise<MessageContext['refer']>;
  /** The items of a batch. */
  readonly itemsOf: (batch: Request) => Promise<readonly Request[]>;
  readonly checkpoint: MessageContext['checkpoint'];
  readonly labelOf?: MessageContext['labelOf'];
  /** Who reviews the emergency of a request by the rules of now. */
  readonly reviewersOf: (request: Request) => RecordedPeople;
  /** Whether a person may see the configuration of a channel. */
  readonly isKnownHere: (person: Actor) => boolean;
};

/** Posts, updates and finds the messages of requests. */
export function createMessenger(options: MessengerOptions): Messenger {
  const { poster, reader, identity, replies, isKnownHere, reviewersOf } = options;
  const find = findOwn.bind(null, reader, identity.userId);
  const findInThread = (request: Request, eventType: string, which: Pick<MessageQuery, 'call' | 'number'> = {}) =>
    find({ ...searchScope(request, request.announcement.ts), eventType, requestId: request.id, ...which });
  const sendDirectly = (person: string, message: Message, request: Request, context: MessageContext) =>
    direct(poster, person, message, outcomeMetadata(request, context));
  return {
    isReachable: () => isSlackReachable(reader),
    async announce(request) {
      const shown = initialAnnouncementState(request);
      const context = await contextFor(request, options);
      const { text, blocks } = announcement(request, shown, context);
      const metadata = announcementMetadata(request, shown, context);
      return post(poster, { channel: request.channel, text, blocks, metadata });
    },
    findAnnouncement: (request) =>
      find({ ...searchScope(request, null), eventType: metadataTypes.announcement, requestId: request.id }),
    async updateAnnouncement(request, shown) {
      const context = await contextFor(request, options);
      const { text, blocks } = announcement(request, shown, context);
      const metadata = announcementMetadata(request, shown, context);
      const ts = request.announcement.ts ?? '';
      return posted(() => poster.chat.update({ channel: request.channel, ts, text, blocks, metadata }));
    },
    async postOutcome(request) {
      const context = await contextFor(request, options);
      const { text, blocks } = outcomeReply(request, context);
      const thread_ts = request.announcement.ts ?? '';
      const reply_broadcast = concernsChannel(request, context);
      const metadata = outcomeMetadata(request, context);
      return post(poster, { channel: request.channel, thread_ts, reply_broadcast, text, blocks, metadata });
    },
    findOutcome: (request) => findInThread(request, metadataTypes.outcome),
    async readThread(request) {
      const scope = searchScope(request, request.announcement.ts);
      const view = await readThread(reader, identity.userId, scope, request.batch ?? request.id);
      return request.batch === null ? view : viewOfItem(view, request.id);
    },
    recentPosts: (channel) => newestIn(reader, identity.userId, channel),
    async postOutcomePrivately(request) {
      const { requester, interaction } = request;
      // Looks the requester up where that was not done before.
      const context = await privateContext(requester, request, options);
      const readable = forRequester(request, isKnownHere);
      const asDirect = () => sendDirectly(requester, directOutcome(readable, context), request, context);
      const asker = { person: requester, interaction };
      return answerPrivately({ replies, poster }, asker, privateOutcome(readable, context), asDirect);
    },
    async sendOutcomeDirectly(request) {
      const context = await privateContext(request.requester, request, options);
      const { requester } = request;
      return sendDirectly(requester, directOutcome(forRequester(request, isKnownHere), context), request, context);
    },
    async postFollowUp(request) {
      const { text, blocks } = followUpReply(request, await contextFor(request, options));
      const thread_ts = request.announcement.ts ?? '';
      const metadata = { event_type: metadataTypes.followUp, event_payload: { request_id: request.id } };
      return post(poster, { channel: request.channel, thread_ts, text, blocks, metadata });
    },
    findFollowUp: (request) => findInThread(request, metadataTypes.followUp),
    async postPauseReminder(request) {
      const { text, blocks } = pauseReminder(request, await contextFor(request, options));
      const thread_ts = request.announcement.ts ?? '';
      const metadata = pauseReminderMetadata(request);
      return post(poster, { channel: request.channel, thread_ts, text, blocks, metadata });
    },
    findPauseReminder: (request) => findInThread(request, metadataTypes.pauseReminder),
    async sendPauseReminderDirectly(request) {
      const context = await privateContext(request.requester, request, options);
      const refer = await options.references([request.id]);
      return direct(poster, request.requester, directPauseReminder(request, { ...context, refer }), null);
    },
    async updatePauseReminder(request) {
      const { text, blocks } = pauseReminder(request, await contextFor(request, options));
      const ts = request.pauseReminder.done?.ts ?? '';
      const metadata = pauseReminderMetadata(request);
      return posted(() => poster.chat.update({ channel: request.channel, ts, text, blocks, metadata }));
    },
    async postCall(request, call) {
      const { text, blocks } = callReply(request, call, await contextFor(request, options));
      const thread_ts = request.announcement.ts ?? '';
      return post(poster, { channel: request.channel, thread_ts, text, blocks, metadata: callMetadata(request, call) });
    },
    findCall: (request, call) => findInThread(request, metadataTypes.call, { call: callName(call) }),
    async page(request, person) {
      const context = await privateContext(person, request, options);
      const refer = await options.references([request.id]);
      return direct(poster, person, pageMessage(request, { ...context, refer }), null);
    },
    async pageEmergency(request, person) {
      const context = await privateContext(person, request, options);
      const refer = await options.references([request.id]);
      return direct(poster, person, emergencyPage(request, person, { ...context, refer }), null);
    },
    async tellEmergency(request) {
      const { text, blocks } = emergencyMessage(request, reviewersOf(request), await contextFor(request, options));
      const thread_ts = request.announcement.ts ?? '';
      const reply_broadcast = request.emergency?.told.count === 0;
      const metadata = emergencyMetadata(request);
      return post(poster, { channel: request.channel, thread_ts, reply_broadcast, text, blocks, metadata });
    },
    findEmergencyMessage: (request) =>
      findInThread(request, metadataTypes.emergency, { number: request.emergency?.told.count ?? 0 }),
    async replyToPress(request, { by, interaction, refusal }) {
      const context = await privateContext(by, request, options);
      const elsewhere = { ...context, aboutChannel: request.channel };
      const known = forRequester(request, isKnownHere);
      const asDirect = () => direct(poster, by, pressRefused(known, refusal, elsewhere), null);
      const message = pressRefused(known, refusal, context);
      return answerPrivately({ replies, poster }, { person: by, interaction }, message, asDirect);
    },
  };
}

/** Calls the cheapest method, `auth.test`. */
async function isSlackReachable(reader: webApi.WebClient): Promise<boolean> {
  try {
    await reader.auth.test();
    return true;
  } catch (error) {
    return isSlackWorking(error);
  }
}

function searchScope({ channel, requestedAt }: Request, thread: string | null) {
  return { channel, thread, since: requestedAt };
}

/** The context of a message for one person, in that person's language. */
async function privateContext(person: string, request: Request, options: MessengerOptions): Promise<MessageContext> {
  const translator = translatorFor(await options.languages.languageOf(person));
  return { ...(await contextFor(request, { ...options, translator })), channelTranslator: options.translator };
}

/** The context of a message about a request, with links to the requests that it refers to. */
async function contextFor(
  request: Request,
  { translator, identity, references, itemsOf, checkpoint, labelOf }: MessengerOptions,
): Promise<MessageContext> {
  const items = isBatch(request) ? await itemsOf(request) : [];
  const referenced = [...requestsIn(request), ...items.flatMap(requestsIn)];
  return {
    translator,
    botName: identity.name,
    checkpoint,
    ...(labelOf && { labelOf }),
    ...(isBatch(request) && { items }),
    refer: await references(referenced),
  };
}

/** The requests that its announcement, its outcome, its reminder and the replies to refused presses name. */
function requestsIn({ announcement: { notifiedBy }, end, pendingNotices, pauseReminder }: Request): readonly string[] {
  const { answer } = pauseReminder;
  const refused = pendingNotices.flatMap(({ refusal }) => (refusal.kind === 'access' ? [refusal] : []));
  const because = end === null ? refused : [...refused, end.because];
  const resume = answer?.choice === 'resume' ? [answer.request] : [];
  return [...(notifiedBy === null ? [] : [notifiedBy]), ...resume, ...because.flatMap(referencedRequests)];
}
