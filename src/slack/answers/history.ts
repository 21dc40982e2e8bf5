import { allWorkflows } from '../../access/patterns.ts';
import type { Command } from '../../commands/command.ts';
import { foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { confirmers, type Request, workflowKey } from '../../requests/request.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { historyEntry, historyLegend } from '../messages/history-entry.ts';
import { dotted, joined, type MessageContext, workflowName } from '../messages/message-context.ts';
import { type Message, renderMessage } from '../render.ts';
import { firstPlaces, type Page, readPage, type Which } from './history-page.ts';
import type { Invocation, Rights } from './invocation.ts';
import { type HistoryFilter, type OlderPage, olderButton } from './older-button.ts';

type HistoryCommand = Command & { kind: 'history' };

/** The last requests of this channel that match and that this person may see, with a button for the page before them. */
export async function historyMessage(
  { workflow, environment, person, lastMs }: HistoryCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const since = lastMs === null ? null : Math.max(0, sources.now() - lastMs);
  const filter = { workflow, environment, person, since };
  const page = await pageOf({ filter, places: firstPlaces }, channel, rights, sources);
  const context = sources.plainContext;
  if (page.requests.length === 0 && page.next === null) {
    return renderMessage([describeNone(page, filter, describeFilters(filter, context), context)]);
  }
  return pageMessage(context.translator.translate('history.title'), page, filter, sources);
}

/** The page that the button stands for. `isPage`: it can take the place of the page before it. */
export async function olderMessage(
  older: OlderPage,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<{ readonly message: Message; readonly isPage: boolean }> {
  const page = await pageOf(older, channel, rights, sources);
  const { translator } = sources.plainContext;
  if (page.requests.length === 0 && page.next === null) {
    return { message: renderMessage([translator.translate('history.none_older')]), isPage: false };
  }
  const message = pageMessage(translator.translate('history.title_older'), page, older.filter, sources);
  return { message, isPage: true };
}

function pageOf({ filter, places }: OlderPage, channel: string, rights: Rights, sources: AnswerPorts): Promise<Page> {
  const organization = filter.environment === null ? null : organizationOf(filter.environment, sources);
  const { person, since } = filter;
  const shown = {
    since: since ?? 0,
    matches: (request: Request) =>
      (organization === null || request.order.organization === organization) &&
      (person === null || concerns(request, person)),
    maySee: maySeeRequest(rights, sources),
  };
  return readPage(whichOf(filter, organization, channel), shown, places, sources.ledger);
}

/** The filter that probably leaves the fewest requests. The others are checked for each request that it finds. */
function whichOf({ workflow, person }: HistoryFilter, organization: string | null, channel: string): Which {
  if (workflow !== null && organization !== null) {
    return { channel, workflowKey: workflowKey({ workflowId: workflow.id, organization }) };
  }
  if (person !== null) return { channel, workflowKey: null, person };
  return { channel, workflowKey: null, ...(organization !== null && { organization }) };
}

/** Whether the person has requested or confirmed it, or declared its emergency. */
function concerns(request: Request, person: string): boolean {
  const { requester, emergency } = request;
  return [requester, ...confirmers(request), emergency?.by].includes(person);
}

/**
 * Uses the environment's current name. A request whose organization is no longer configured is visible to people who may
 * see all workflows of some environment.
 */
export function maySeeRequest(
  { may }: Rights,
  { environmentOf }: Pick<AnswerPorts, 'environmentOf'>,
): (request: Request) => boolean {
  return ({ order }) => {
    const environment = environmentOf(order.organization);
    const isGone = environment === null && order.organization !== '';
    const workflowId = order.workflowId === allWorkflows ? null : order.workflowId;
    return may({ action: 'history', environment, workflowId: isGone ? allWorkflows : workflowId, hasReason: false })
      .permitted;
  };
}

export function organizationOf(name: string, { environments }: Pick<AnswerPorts, 'environments'>): string {
  return environments().find((environment) => environment.name === name)?.organization ?? '';
}

function pageMessage(
  title: Phrase,
  { requests, next, searchedBackTo }: Page,
  filter: HistoryFilter,
  { contextFor, now }: Pick<AnswerPorts, 'contextFor' | 'now'>,
): Message {
  const context = contextFor(requests);
  const filters = describeFilters(filter, context);
  const button = next === null ? null : olderButton({ filter, places: next }, context);
  const searched =
    button === null || searchedBackTo === null
      ? []
      : [
          context.translator.translate('history.searched', {
            at: time(searchedBackTo),
            older: foreign(button.label, ['bold']),
          }),
        ];
  return renderMessage(
    [
      joined(title, filters.length === 0 ? null : dotted(...filters)),
      ...requests.flatMap((request) => historyEntry(request, context, now())),
      ...searched,
    ],
    {
      buttons: button === null ? [] : [button],
      ...(requests.length > 0 && { small: historyLegend(requests, context) }),
    },
  );
}

/** Why there is nothing to show. */
function describeNone(
  { hasOthers }: Page,
  { workflow }: HistoryFilter,
  filters: readonly Phrase[],
  context: MessageContext,
): Phrase {
  const { translator } = context;
  if (hasOthers) return translator.translate('history.none_seen');
  if (filters.length === 0) return translator.translate('history.none');
  if (workflow !== null && filters.length === 1) {
    const named = workflowName({ workflowId: workflow.id, alias: workflow.alias }, context);
    return translator.translate('history.none_for', { workflow: named });
  }
  return translator.translate('history.none_matching', { filters: dotted(...filters) });
}

/** The filters in words: "nightly-load (WKF110) (prod) · asked or confirmed by @bob". */
function describeFilters(filter: HistoryFilter, context: MessageContext): readonly Phrase[] {
  const { person, since } = filter;
  const { translator } = context;
  const described = [
    describeWorkflow(filter, context),
    person === null ? null : translator.translate('history.filter_person', { person: user(person) }),
    since === null ? null : translator.translate('history.filter_since', { at: time(since) }),
  ];
  return described.filter((phrase) => phrase !== null);
}

/** The filters' workflow and where it is. */
function describeWorkflow(
  { workflow, environment }: Pick<HistoryFilter, 'workflow' | 'environment'>,
  context: MessageContext,
): Phrase | null {
  const name = workflow && workflowName({ workflowId: workflow.id, alias: workflow.alias }, context);
  if (environment === null) return name;
  return name === null ? [foreign(environment)] : joined(name, [foreign(`(${environment})`)]);
}
