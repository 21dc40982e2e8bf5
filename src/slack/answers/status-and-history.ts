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

/** The workflow's state in Campaign, and its last requests in this channel that this person may see. */
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
    sources.campaign(organization)?.probe(workflow.id),
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

/** Says why a probe failed and what would help. An outcome omits that: it would sound like advice to send the command again. */
function describeProbe(seen: Observation, order: Pick<Order, 'alias' | 'workflowId'>, context: MessageContext): Phrase {
  if (seen.kind !== 'failed') return describeObservation(seen, order, context);
  const { translator } = context;
  return translator.translate('look.failed', {
    workflow: workflowName(order, context),
    why: translator.translate(`campaign.${seen.reason}`),
  });
}

/** The last requests of this channel, for one workflow or all, that this person may see. */
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

/**
 * Uses the environment's current name. A request whose organization is no longer configured is visible to people who may
 * see all workflows of some environment.
 */
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
      ...describeRefused(request, context),
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

/** Why a request was refused. The suggested workflow is left out: only the requester is known to have rights to it. */
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

/** Who pressed a button without the right to decide. */
function describeRefused({ refusedPresses, order }: Request, context: MessageContext): readonly Phrase[] {
  return refusedPresses.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [
      context.translator.translate('history.press_refused', {
        by: user(by),
        why: describeRefusal(refusal.refusal, order, context, other(by)),
      }),
    ];
  });
}

/** Why the outcome is not in the thread yet. */
function undelivered({ outcomePost: { done, problem } }: Request, { translator }: MessageContext): Phrase | null {
  return done === null && problem !== null ? translator.translate('history.untold', { problem }) : null;
}

/** How many requests are read in one page. */
export const pageSize = 50;

/** The most pages that are read to find requests that somebody may see. */
const mostPages = 6;

/** The most requests in a list: as many as fit on a phone. */
const shownRequests = 10;

/** Anybody can cause refused requests, so at most this many take the place of others in a list. */
const shownRefused = 3;

/** The last requests that somebody may see. `hasOthers`: there are others that this person may not see. */
export type Visible = { readonly requests: readonly Request[]; readonly hasOthers: boolean };

type Which = Pick<RecentQuery, 'channel' | 'workflowKey'>;
type IsVisible = (request: Request) => boolean;

/** Returns the newest first. */
export async function visibleRequests(
  which: Which,
  isVisible: IsVisible,
  ledger: Pick<Ledger, 'recent'>,
): Promise<Visible> {
  const [others, refused] = await Promise.all([
    newest({ ...which, refused: false }, isVisible, ledger),
    newest({ ...which, refused: true }, isVisible, ledger),
  ]);
  const room = Math.max(shownRefused, shownRequests - others.requests.length);
  const requests = [...others.requests, ...refused.requests.slice(0, room)]
    .toSorted((a, b) => b.requestedAt - a.requestedAt)
    .slice(0, shownRequests);
  return { requests, hasOthers: others.hasOthers || refused.hasOthers };
}

async function newest(
  query: Omit<RecentQuery, 'limit' | 'after'>,
  isVisible: IsVisible,
  { recent }: Pick<Ledger, 'recent'>,
): Promise<Visible> {
  const seen: Request[] = [];
  let read = 0;
  let last: Request | undefined;
  for (let pages = 0; pages < mostPages && seen.length < shownRequests; pages++) {
    const page = await recent({ ...query, limit: pageSize, ...(last && { after: last }) });
    seen.push(...page.filter(isVisible));
    read += page.length;
    last = page.at(-1);
    if (page.length < pageSize) break;
  }
  return { requests: seen.slice(0, shownRequests), hasOthers: read > seen.length };
}
