import { allWorkflows } from '../../access/patterns.ts';
import { isReadAction } from '../../access/policy.ts';
import type { Command } from '../../commands/command.ts';
import { type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation, Order } from '../../requests/events.ts';
import type { Ledger, RecentQuery } from '../../requests/ledger/ledger.ts';
import type { EndReason } from '../../requests/outcome.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { joined, type MessageContext, other, workflowName } from '../messages/message-context.ts';
import { describeObservation } from '../messages/outcome-text.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Invocation, Rights } from './invocation.ts';

type StatusCommand = Command & { kind: 'status' };
type HistoryCommand = Command & { kind: 'history' };

/** What Campaign says of a workflow, and its last requests in this channel, where this person may see those. */
export async function statusMessage(
  { workflow, environment }: StatusCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const order = { workflowId: workflow.id, alias: workflow.alias };
  const organization = organizationOf(environment, sources);
  const which = { channel, workflowKey: workflowKey({ workflowId: workflow.id, organization }) };
  const [seen, { requests, hasOthers }] = await Promise.all([
    sources.campaign(organization)?.observe(workflow.id),
    visibleRequests(which, (request) => maySee(request, rights, sources), sources.ledger),
  ]);
  const context = await sources.contextFor(requests);
  const title = context.translator.translate('status.title', { workflow: workflowName(order, context), environment });
  const shown = seen ? [describeProbe(seen, order, context)] : [];
  if (requests.length > 0) {
    return renderMessage([
      title,
      ...shown,
      context.translator.translate('status.requests'),
      ...lines(requests, context),
    ]);
  }
  return renderMessage([title, ...shown, ...(hasOthers ? [context.translator.translate('status.none_seen')] : [])]);
}

/** Who looks can look again, so what would help is said; beside an outcome it would sound like advice to send again. */
function describeProbe(seen: Observation, order: Pick<Order, 'alias' | 'workflowId'>, context: MessageContext): Phrase {
  if (seen.kind !== 'failed') return describeObservation(seen, order, context);
  const { translator } = context;
  return translator.translate('look.failed', {
    workflow: workflowName(order, context),
    why: translator.translate(`campaign.${seen.reason}`),
  });
}

/** The last requests of this channel, of one workflow or of all, as far as this person's rules go. */
export async function historyMessage(
  { workflow, environment }: HistoryCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: AnswerPorts,
): Promise<Message> {
  const organization = environment === null ? null : organizationOf(environment, sources);
  const key = workflow === null ? null : workflowKey({ workflowId: workflow.id, organization: organization ?? '' });
  const { requests, hasOthers } = await visibleRequests(
    { channel, workflowKey: key },
    (request) =>
      (organization === null || request.order.organization === organization) && maySee(request, rights, sources),
    sources.ledger,
  );
  const context = await sources.contextFor(requests);
  if (requests.length > 0)
    return renderMessage([context.translator.translate('history.title'), ...lines(requests, context)]);
  return renderMessage([
    hasOthers ? context.translator.translate('history.none_seen') : describeNone(workflow, context),
  ]);
}

function describeNone(workflow: HistoryCommand['workflow'], context: MessageContext): Phrase {
  if (workflow === null) return context.translator.translate('history.none');
  const named = workflowName({ workflowId: workflow.id, alias: workflow.alias }, context);
  return context.translator.translate('history.none_for', { workflow: named });
}

/** By the environment's name of today; what no environment has any more is seen by whoever sees all workflows of another. */
function maySee({ order }: Request, { may }: Rights, { environments }: AnswerPorts): boolean {
  const environment = environments().find(({ organization }) => organization === order.organization)?.name ?? null;
  const isGone = environment === null && order.organization !== '';
  const workflowId = order.workflowId === allWorkflows ? null : order.workflowId;
  return may({ action: 'history', environment, workflowId: isGone ? allWorkflows : workflowId, hasReason: false })
    .permitted;
}

function organizationOf(name: string, { environments }: AnswerPorts): string {
  return environments().find((environment) => environment.name === name)?.organization ?? '';
}

function lines(requests: readonly Request[], context: MessageContext): readonly Phrase[] {
  return requests.map((request) =>
    joined(
      line(request, context),
      why(request, context),
      ...refusedPresses(request, context),
      undelivered(request, context),
    ),
  );
}

function line({ id, order, requestedAt, requester, state }: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb, environment } = order;
  const by = { at: time(requestedAt), requester: user(requester), request: context.refer(id) };
  const { person } = order;
  if (person !== undefined) return translator.translate('history.line_access_of', { ...by, somebody: user(person) });
  const asked = { ...by, verb };
  if (isReadAction(verb) && environment === '') return translator.translate('history.line_reading_any', asked);
  const ordered = { ...asked, workflow: workflowName(order, context), environment };
  return isReadAction(verb)
    ? translator.translate('history.line_reading', ordered)
    : translator.translate('history.line', { ...ordered, state });
}

/** Why a request was refused. What was suggested instead is for its requester alone, who may ask for it. */
function why({ end, order, requester }: Request, context: MessageContext): Phrase | null {
  const { translator } = context;
  const because: EndReason | undefined = end?.because;
  switch (because?.kind) {
    case 'access':
      return translator.translate('history.why', {
        why: describeRefusal(because.refusal, order, context, other(requester)),
      });
    case 'no_such_workflow': {
      const about = { workflow: workflowName(order, context), environment: order.environment };
      return translator.translate('history.why', { why: translator.translate('because.no_such_workflow', about) });
    }
    default:
      return null;
  }
}

/** Who wanted to decide on it and had no right to. */
function refusedPresses({ refusedPresses: refused, order }: Request, context: MessageContext): readonly Phrase[] {
  return refused.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [
      context.translator.translate('history.press_refused', {
        by: user(by),
        why: describeRefusal(refusal.refusal, order, context, other(by)),
      }),
    ];
  });
}

/** Whoever looks for the outcome in the thread reads here why it is not there yet. */
function undelivered({ outcomePost: { done, problem } }: Request, { translator }: MessageContext): Phrase | null {
  return done === null && problem !== null ? translator.translate('history.untold', { problem }) : null;
}

/** How many requests are read at a time. */
export const pageSize = 50;

/** How many pages are read for those that somebody may see, however many others may have asked in between. */
const mostPages = 6;

/** How many requests a list shows: what fits on a phone. */
const shownRequests = 10;

/** Anybody can have themselves refused: as long as there is something else, so many take its place at the most. */
const shownRefused = 3;

/** The last requests that somebody may see. `hasOthers`: there are some that are not shown to this person. */
export type Visible = { readonly requests: readonly Request[]; readonly hasOthers: boolean };

type Which = Pick<RecentQuery, 'channel' | 'workflowKey'>;
type Sees = (request: Request) => boolean;

/** The newest first. */
export async function visibleRequests(which: Which, sees: Sees, ledger: Pick<Ledger, 'recent'>): Promise<Visible> {
  const [others, refused] = await Promise.all([
    newest({ ...which, refused: false }, sees, ledger),
    newest({ ...which, refused: true }, sees, ledger),
  ]);
  const room = Math.max(shownRefused, shownRequests - others.requests.length);
  const requests = [...others.requests, ...refused.requests.slice(0, room)]
    .toSorted((a, b) => b.requestedAt - a.requestedAt)
    .slice(0, shownRequests);
  return { requests, hasOthers: others.hasOthers || refused.hasOthers };
}

async function newest(
  query: Omit<RecentQuery, 'limit' | 'after'>,
  sees: Sees,
  { recent }: Pick<Ledger, 'recent'>,
): Promise<Visible> {
  const seen: Request[] = [];
  let read = 0;
  let last: Request | undefined;
  for (let pages = 0; pages < mostPages && seen.length < shownRequests; pages++) {
    const page = await recent({ ...query, limit: pageSize, ...(last && { after: last }) });
    seen.push(...page.filter(sees));
    read += page.length;
    last = page.at(-1);
    if (page.length < pageSize) break;
  }
  return { requests: seen.slice(0, shownRequests), hasOthers: read > seen.length };
}
