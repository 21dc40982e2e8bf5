import { isReadAction } from '../../access/policy.ts';
import { allWorkflows } from '../../access/workflow-pattern.ts';
import type { Command } from '../../commands/command.ts';
import { type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation, Order } from '../../requests/events.ts';
import type { EndReason } from '../../requests/reasons.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import { sayObservation } from '../messages/outcome.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { joined, other, type MessageContext, workflowName } from '../messages/voice.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Invocation, Rights, Sources } from './asking.ts';
import { visibleRequests } from './visible.ts';

type StatusCommand = Command & { kind: 'status' };
type HistoryCommand = Command & { kind: 'history' };

/** What Campaign says of a workflow, and its last requests in this channel, where this person may see those. */
export async function statusMessage(
  { workflow, environment }: StatusCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: Sources,
): Promise<Message> {
  const order = { workflowId: workflow.id, alias: workflow.alias };
  const organization = organizationOf(environment, sources);
  const which = { channel, workflowKey: workflowKey({ workflowId: workflow.id, organization }) };
  const [seen, { requests, hasOthers }] = await Promise.all([
    sources.campaign(organization)?.look(workflow.id),
    visibleRequests(which, (request) => maySee(request, rights, sources), sources.ledger),
  ]);
  const voice = await sources.contextFor(requests);
  const title = voice.translator.translate('status.title', { workflow: workflowName(order, voice), environment });
  const shown = seen ? [sayLook(seen, order, voice)] : [];
  if (requests.length > 0) {
    return renderMessage([title, ...shown, voice.translator.translate('status.requests'), ...lines(requests, voice)]);
  }
  return renderMessage([title, ...shown, ...(hasOthers ? [voice.translator.translate('status.none_seen')] : [])]);
}

/** Who looks can look again, so what would help is said; beside an outcome it would sound like advice to send again. */
function sayLook(seen: Observation, order: Pick<Order, 'alias' | 'workflowId'>, voice: MessageContext): Phrase {
  if (seen.kind !== 'failed') return sayObservation(seen, order, voice);
  const { translator: words } = voice;
  return words.translate('look.failed', { workflow: workflowName(order, voice), why: words.translate(`campaign.${seen.reason}`) });
}

/** The last requests of this channel, of one workflow or of all, as far as this person's rules go. */
export async function historyMessage(
  { workflow, environment }: HistoryCommand,
  { channel }: Invocation,
  rights: Rights,
  sources: Sources,
): Promise<Message> {
  const organization = environment === null ? null : organizationOf(environment, sources);
  const key = workflow === null ? null : workflowKey({ workflowId: workflow.id, organization: organization ?? '' });
  const { requests, hasOthers } = await visibleRequests(
    { channel, workflowKey: key },
    (request) =>
      (organization === null || request.order.organization === organization) && maySee(request, rights, sources),
    sources.ledger,
  );
  const voice = await sources.contextFor(requests);
  if (requests.length > 0) return renderMessage([voice.translator.translate('history.title'), ...lines(requests, voice)]);
  return renderMessage([hasOthers ? voice.translator.translate('history.none_seen') : sayNone(workflow, voice)]);
}

function sayNone(workflow: HistoryCommand['workflow'], voice: MessageContext): Phrase {
  if (workflow === null) return voice.translator.translate('history.none');
  const named = workflowName({ workflowId: workflow.id, alias: workflow.alias }, voice);
  return voice.translator.translate('history.none_for', { workflow: named });
}

/** By the environment's name of today; what no environment has any more is seen by whoever sees all workflows of another. */
function maySee({ order }: Request, { may }: Rights, { environments }: Sources): boolean {
  const environment = environments().find(({ organization }) => organization === order.organization)?.name ?? null;
  const isGone = environment === null && order.organization !== '';
  const workflowId = order.workflowId === allWorkflows ? null : order.workflowId;
  return may({ action: 'history', environment, workflowId: isGone ? allWorkflows : workflowId, hasReason: false })
    .permitted;
}

function organizationOf(name: string, { environments }: Sources): string {
  return environments().find((environment) => environment.name === name)?.organization ?? '';
}

function lines(requests: readonly Request[], voice: MessageContext): readonly Phrase[] {
  return requests.map((request) =>
    joined(line(request, voice), why(request, voice), ...refusedPresses(request, voice), undelivered(request, voice)),
  );
}

function line({ id, order, requestedAt, requester, state }: Request, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  const { verb, environment } = order;
  const by = { at: time(requestedAt), requester: user(requester), request: voice.refer(id) };
  const { person } = order;
  if (person !== undefined) return words.translate('history.line_access_of', { ...by, somebody: user(person) });
  const asked = { ...by, verb };
  if (isReadAction(verb) && environment === '') return words.translate('history.line_reading_any', asked);
  const ordered = { ...asked, workflow: workflowName(order, voice), environment };
  return isReadAction(verb)
    ? words.translate('history.line_reading', ordered)
    : words.translate('history.line', { ...ordered, state });
}

/** Why a request was refused. What was suggested instead is for its requester alone, who may ask for it. */
function why({ end, order, requester }: Request, voice: MessageContext): Phrase | null {
  const { translator: words } = voice;
  const because: EndReason | undefined = end?.because;
  switch (because?.kind) {
    case 'access':
      return words.translate('history.why', { why: sayRefusal(because.refusal, order, voice, other(requester)) });
    case 'no_such_workflow': {
      const about = { workflow: workflowName(order, voice), environment: order.environment };
      return words.translate('history.why', { why: words.translate('because.no_such_workflow', about) });
    }
    default:
      return null;
  }
}

/** Who wanted to decide on it and had no right to. */
function refusedPresses({ refused, order }: Request, voice: MessageContext): readonly Phrase[] {
  return refused.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [
      voice.translator.translate('history.press_refused', {
        by: user(by),
        why: sayRefusal(refusal.refusal, order, voice, other(by)),
      }),
    ];
  });
}

/** Whoever looks for the outcome in the thread reads here why it is not there yet. */
function undelivered({ outcomePost: { done, problem } }: Request, { translator: words }: MessageContext): Phrase | null {
  return done === null && problem !== null ? words.translate('history.untold', { problem }) : null;
}
