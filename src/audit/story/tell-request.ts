import { channel, code, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import type { RecordedEvent } from '../../requests/events.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { emergencyLines } from '../../slack/messages/emergency.ts';
import { describeOrder, type MessageContext, writtenText } from '../../slack/messages/message-context.ts';
import { permalinkTo } from '../../slack/permalink.ts';
import { person, type Story, tellEvent, tellOutcome } from './tell-event.ts';

/** How a terminal tells of requests: others by their IDs, and the bot by its usual name. */
export function terminalContext(translator: Translator, request: Pick<Request, 'channel'>): MessageContext {
  return {
    translator,
    botName: 'campaign-wf',
    aboutChannel: request.channel,
    refer: (id) => [code(id)],
    /** Only messages in Slack carry one. */
    checkpoint() {
      throw new Error('what is told in a terminal carries no checkpoint');
    },
  };
}

/** A request as a person would tell it: what it is, then each event with its time (ISO 8601, UTC). Lines of text. */
export function tellRequest(story: Story, events: readonly RecordedEvent[]): readonly string[] {
  const told = events.map((event) => ({ event, words: plain(tellEvent(event, story)) }));
  const width = String(events.length).length;
  return [
    ...summaryOf(story, requesterName(events)).map(plain),
    ...placesOf(story, announcementLink(story.request, events)).map(plain),
    '',
    ...told.map(
      ({ event: { sequence, at }, words }) =>
        `${String(sequence).padStart(width)}  ${new Date(at).toISOString()}  ${words}`,
    ),
  ];
}

/** What Slack called the requester then; undefined if that is not known, or was erased. */
export function requesterName([first]: readonly RecordedEvent[]): string | undefined {
  return first?.type === 'requested' ? first.data.name : undefined;
}

/** What the request is, who asked when and why, who confirmed, and what came of it. `name`: what Slack called the requester then. */
export function summaryOf({ request, context }: Story, name: string | undefined): readonly Phrase[] {
  const { id, order, requester, requestedAt, grant } = request;
  const { translator } = context;
  const reason = writtenText(order.reason, context);
  const by = confirmers(request);
  return [
    translator.translate('audit.show.title', { id: [code(id)], order: describeOrder(order, context) }),
    translator.translate('audit.show.asked', { requester: person(requester, name), at: time(requestedAt) }),
    reason === ''
      ? translator.translate('audit.show.no_reason')
      : translator.translate('audit.show.reason', { reason }),
    ...tellBatch(request, translator),
    ...(order.after === undefined
      ? []
      : [translator.translate('audit.show.ends_pause', { request: [code(order.after)] })]),
    ...(grant === null ? [] : [translator.translate('audit.show.rule', { rule: grant.rule })]),
    ...(by.length === 0
      ? []
      : [translator.translate('audit.show.confirmed', { people: translator.all(by.map(user)) })]),
    ...emergencyLines(request, context),
    tellOutcome({ request, context }),
  ];
}

/** The batch of an item, or the items of a batch. */
function tellBatch({ batch, order }: Request, translator: Translator): readonly Phrase[] {
  if (batch !== null) return [translator.translate('audit.show.item_of', { batch: [code(batch)] })];
  if (order.workflows === undefined) return [];
  const items = order.workflows.map(({ request, workflowId }) => code(`${workflowId} ${request}`));
  return [translator.translate('audit.show.items', { items: translator.all(items) })];
}

/** Where it was asked and announced. `link`: to the announcement, if it is known. */
function placesOf({ request, context: { translator } }: Story, link: string | null): readonly Phrase[] {
  const { ts } = request.announcement;
  return [tellChannel(request, translator), ...(ts === null ? [] : [tellAnnouncement(ts, link, translator)])];
}

/** The link to the announcement; null where there is none, or the address of the workspace was not recorded. */
export function announcementLink({ channel, announcement: { ts } }: Request, events: readonly RecordedEvent[]) {
  const announced = events.findLast((event) => event.type === 'announced');
  const workspace = announced?.data.workspace;
  return ts === null || workspace === undefined ? null : permalinkTo(workspace, { channel, ts });
}

function tellAnnouncement(ts: string, link: string | null, { translate }: Translator): Phrase {
  return link === null
    ? translate('audit.show.announcement', { ts })
    : translate('audit.show.permalink', { link: [code(link)] });
}

/** The link opens the channel (https://docs.slack.dev/interactivity/deep-linking). */
function tellChannel({ channel: id, team }: Request, translator: Translator): Phrase {
  const url = `https://slack.com/app_redirect?${new URLSearchParams({ channel: id, team })}`;
  return translator.translate('audit.show.channel', { channel: channel(id), team: [code(team)], link: [code(url)] });
}
