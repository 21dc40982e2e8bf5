import { isReading } from '../../access/policy.ts';
import { allWorkflows } from '../../access/workflow-pattern.ts';
import type { Command } from '../../commands/command.ts';
import { type Phrase, time, user } from '../../locales/phrase.ts';
import type { EndReason } from '../../requests/reasons.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import { sayObservation } from '../messages/outcome.ts';
import { sayRefusal } from '../messages/refusal.ts';
import { joined, type Voice, workflowName } from '../messages/voice.ts';
import { type Message, renderMessage } from '../render.ts';
import type { Asking, Rights, Sources } from './asking.ts';

/** How many requests a list shows: what fits on a phone. */
const shownRequests = 10;

/** How many are looked through for those that this person may see. */
const lookedThrough = 50;

type StatusCommand = Command & { kind: 'status' };
type HistoryCommand = Command & { kind: 'history' };

/** What Campaign says of a workflow, and its last requests in this channel. */
export async function statusMessage(
  { workflow, environment }: StatusCommand,
  asking: Asking,
  sources: Sources,
): Promise<Message> {
  const order = { workflowId: workflow.id, alias: workflow.alias };
  const organization = organizationOf(environment, sources);
  const [seen, requests] = await Promise.all([
    sources.campaign(organization)?.look(workflow.id),
    sources.ledger.recent({
      channel: asking.channel,
      workflowKey: workflowKey({ workflowId: workflow.id, organization }),
      limit: shownRequests,
    }),
  ]);
  const voice = await sources.voice(requests);
  const title = voice.words.say('status.title', { workflow: workflowName(order, voice), environment });
  const list = requests.length === 0 ? [] : [voice.words.say('status.requests'), ...lines(requests, voice)];
  return renderMessage([title, ...(seen ? [sayObservation(seen, order, voice)] : []), ...list]);
}

/** The last requests of this channel, of one workflow or of all, as far as this person's rules go. */
export async function historyMessage(
  { workflow, environment }: HistoryCommand,
  asking: Asking,
  rights: Rights,
  sources: Sources,
): Promise<Message> {
  const organization = environment === null ? null : organizationOf(environment, sources);
  const key = workflow === null ? null : workflowKey({ workflowId: workflow.id, organization: organization ?? '' });
  const found = await sources.ledger.recent({ channel: asking.channel, workflowKey: key, limit: lookedThrough });
  const requests = found
    .filter(({ order }) => organization === null || order.organization === organization)
    .filter((request) => maySee(request, rights, sources))
    .slice(0, shownRequests);
  const voice = await sources.voice(requests);
  if (requests.length === 0) return renderMessage([voice.words.say('history.none')]);
  return renderMessage([voice.words.say('history.title'), ...lines(requests, voice)]);
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

function lines(requests: readonly Request[], voice: Voice): readonly Phrase[] {
  return requests.map((request) =>
    joined(line(request, voice), why(request, voice), ...refusedPresses(request, voice), untold(request, voice)),
  );
}

function line({ id, order, requestedAt, requester, state }: Request, voice: Voice): Phrase {
  const { words } = voice;
  const { verb, environment } = order;
  const asked = { at: time(requestedAt), verb, requester: user(requester), request: voice.refer(id) };
  if (isReading(verb)) return words.say('history.line_reading', asked);
  return words.say('history.line', { ...asked, workflow: workflowName(order, voice), environment, state });
}

/** Why somebody was refused. */
function why({ end, order }: Request, voice: Voice): Phrase | null {
  const because: EndReason | undefined = end?.because;
  if (because?.kind !== 'access') return null;
  return voice.words.say('history.why', { why: sayRefusal(because.refusal, order, voice) });
}

/** Who wanted to decide on it and had no right to. */
function refusedPresses({ refused, order }: Request, voice: Voice): readonly Phrase[] {
  return refused.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [voice.words.say('history.press_refused', { by: user(by), why: sayRefusal(refusal.refusal, order, voice) })];
  });
}

/** Whoever looks for the outcome in the thread reads here why it is not there yet. */
function untold({ report: { done, problem } }: Request, { words }: Voice): Phrase | null {
  return done === null && problem !== null ? words.say('history.untold', { problem }) : null;
}
