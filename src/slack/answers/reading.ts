import type { Command } from '../../commands/command.ts';
import { type Phrase, time, user } from '../../locales/phrase.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import { recordedRefusal } from '../../requests/steps/rights.ts';
import { sayObservation } from '../messages/outcome.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { joined, type Voice, workflowName } from '../messages/voice.ts';
import { type Message, renderMessage } from '../render.ts';
import { type Asking, rightsOf, type Sources } from './asking.ts';

/** How many requests a list shows: what fits on a phone. */
const shownRequests = 10;

type StatusCommand = Command & { kind: 'status' };
type HistoryCommand = Command & { kind: 'history' };

/** What Campaign says of a workflow, and its last requests in this channel. */
export async function statusMessage(command: StatusCommand, asking: Asking, sources: Sources): Promise<Message> {
  const { workflow, environment } = command;
  const refusal = await refused('status', asking, sources);
  if (refusal !== null) return refusal;
  const order = { workflowId: workflow.id, alias: workflow.alias };
  const [seen, requests] = await Promise.all([
    sources.campaign(environment)?.look(workflow.id),
    lastRequests(asking.channel, keyOf(workflow.id, environment, sources), sources),
  ]);
  const voice = await sources.voice(requests);
  const title = voice.words.say('status.title', { workflow: workflowName(order, voice), environment });
  const list = requests.length === 0 ? [] : [voice.words.say('status.requests'), ...lines(requests, voice)];
  return renderMessage([title, ...(seen ? [sayObservation(seen, order, voice)] : []), ...list]);
}

/** The last requests of this channel, of one workflow or of all. */
export async function historyMessage(command: HistoryCommand, asking: Asking, sources: Sources): Promise<Message> {
  const refusal = await refused('history', asking, sources);
  if (refusal !== null) return refusal;
  const { workflow, environment } = command;
  const key = workflow === null ? null : keyOf(workflow.id, environment, sources);
  const requests = await lastRequests(asking.channel, key, sources);
  const voice = await sources.voice(requests);
  if (requests.length === 0) return renderMessage([voice.words.say('history.none')]);
  return renderMessage([voice.words.say('history.title'), ...lines(requests, voice)]);
}

async function refused(action: 'status' | 'history', asking: Asking, sources: Sources): Promise<Message | null> {
  const decision = (await rightsOf(asking, sources)).may(action);
  if (decision.permitted) return null;
  return renderMessage([sayRefusal(recordedRefusal(decision.refusal), await sources.voice([]))]);
}

function keyOf(workflowId: string, environment: string | null, { organizationOf }: Sources): string {
  return workflowKey({ workflowId, organization: organizationOf(environment ?? '') ?? '' });
}

function lastRequests(channel: string, key: string | null, { ledger }: Sources): Promise<readonly Request[]> {
  return ledger.recent({ channel, workflowKey: key, limit: shownRequests });
}

function lines(requests: readonly Request[], voice: Voice): readonly Phrase[] {
  return requests.map((request) => joined(line(request, voice), untold(request, voice)));
}

function line({ id, order, requestedAt, requester, state }: Request, voice: Voice): Phrase {
  return voice.words.say('history.line', {
    at: time(requestedAt),
    verb: order.verb,
    workflow: workflowName(order, voice),
    environment: order.environment,
    requester: user(requester),
    state,
    request: voice.refer(id),
  });
}

/** Whoever looks for the outcome in the thread reads here why it is not there yet. */
function untold({ report: { done, problem } }: Request, { words }: Voice): Phrase | null {
  return done === null && problem !== null ? words.say('history.untold', { problem }) : null;
}
