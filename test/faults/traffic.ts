import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../sandbox/campaign/faults.ts';
import type { PretendState } from '../../sandbox/campaign/workflow-states.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { allWorkflows } from '../../src/access/patterns.ts';
import type { Chance } from './chance.ts';
import { newWorkflow, type Pressed, press, questionOf, type TypedOrder, typed, workflowsOf } from './people.ts';
import { needsTwo } from './rules.ts';
import { anyEmergency, anyEscalation, liveEmergency, liveEscalation } from './sleeping-approvers.ts';
import { anyTypedWatch, liveTypedWatch } from './watching.ts';
import type { World } from './world.ts';

/** A request, and what people do with it. */
export type Order = TypedOrder & {
  /** What happens to the question of a stop. */
  readonly answer: 'confirmed' | 'kept' | 'left alone';
  /** The workflow fails during the question. */
  readonly altered: boolean;
  /** A person without the right presses. */
  readonly meddled: boolean;
  /** How often approvers press at the same time. */
  readonly presses: number;
  readonly campaignFault: Fault | null;
  readonly slackFault: SlackFault | null;
};

/** The maximum of open requests for each bot. Those whose approvers sleep are open for long. */
const mostOpen = 24;

/** Faults that are transient, leave doubt, or are a refusal. */
const campaignFaults = [
  'gateway_503',
  'gateway_429',
  'gateway_401013',
  'drop_after',
  'drop_before',
  'rst_500',
  'scope_403003',
  'slow',
] as const;

/** Rate limits are tried separately: each would pace the channel of all other requests for half a minute. */
const slackFaults: readonly [SlackFault, ...SlackFault[]] = [
  { kind: 'http', status: 503 },
  { kind: 'drop_before' },
  { kind: 'drop_after' },
];

/** A random request, sometimes with a fault of any kind. */
export function anyOrder(chance: Chance, presses: number): Order {
  const verb = chance.oneOf<Order['verb']>(['start', 'pause', 'resume', 'stop', 'stop', 'stop', 'freeze', 'unfreeze']);
  const isFreeze = verb === 'freeze' || verb === 'unfreeze';
  const prefix = chance.percent(30) ? needsTwo : 'WKF9';
  const mayBeSeveral = verb === 'stop' || verb === 'pause';
  const more = mayBeSeveral && chance.percent(30) ? chance.between(1, 3) : 0;
  return {
    by: chance.percent(15) ? 'U0GINA' : 'U0ALICE',
    verb,
    workflowId: isFreeze ? allWorkflows : newWorkflow(prefix),
    others: Array.from({ length: more }, () => newWorkflow(prefix)),
    altered: chance.percent(25),
    answer: chance.oneOf(['confirmed', 'confirmed', 'confirmed', 'kept', 'left alone']),
    meddled: chance.percent(60),
    presses,
    campaignFault: chance.percent(40) ? chance.oneOf(campaignFaults) : null,
    slackFault: chance.percent(15) ? chance.oneOf(slackFaults) : null,
  };
}

/** People make requests until the signal. */
export async function keepBusy(world: World, chance: Chance, presses: number, enough: () => boolean): Promise<void> {
  const works = new Set<Promise<void>>();
  while (!enough()) {
    while (world.open.size >= mostOpen * world.replicas && !enough()) await wait(20);
    // Otherwise all that is typed while no bot runs would meet the next one at once.
    await world.fleet.next();
    const work: Promise<void> = anyWork(world, chance, presses).finally(() => works.delete(work));
    works.add(work);
    await wait(chance.between(20, 120));
  }
  await Promise.all(works);
}

/** In percent of all requests. */
const shares = { escalation: 8, emergency: 10, typedWatch: 6 } as const;

function anyWork(world: World, chance: Chance, presses: number): Promise<void> {
  if (chance.percent(shares.escalation)) return liveEscalation(world, anyEscalation(chance));
  if (chance.percent(shares.emergency)) return liveEmergency(world, anyEmergency(chance));
  if (chance.percent(shares.typedWatch)) return liveTypedWatch(world, anyTypedWatch(chance));
  return live(world, anyOrder(chance, presses));
}

/** One request, from the typed command to the last press. */
export async function live(world: World, order: Order): Promise<void> {
  const { campaign, slack } = world;
  if (order.workflowId !== allWorkflows)
    for (const workflow of workflowsOf(order)) campaign.addWorkflow(workflow, stateBefore[order.verb]);
  if (order.campaignFault !== null) {
    campaign.fail(order.campaignFault, { workflowId: order.workflowId, method: 'POST' });
  }
  const id = await typed(world, order, () => {
    // It meets the next message, whose ever that is: those of commands that are not recorded would pile up.
    if (order.slackFault !== null) slack.fail('chat.postMessage', order.slackFault, { times: 1 });
  });
  const asks = order.verb === 'stop' || order.others.length > 0;
  if (id === null || !asks || order.by !== 'U0ALICE') return;
  const question = await questionOf(world, id);
  if (question === null) return;
  const pressed = { message: question, request: id };
  if (order.meddled) await press(world, pressed, 'U0DAVE', 'approve');
  if (order.answer === 'kept') {
    await press(world, pressed, 'U0ALICE', 'cancel');
    await sayWhy(world, id);
  }
  if (order.answer !== 'confirmed') return;
  if (order.altered) campaign.addWorkflow(order.workflowId, 'erroneous');
  await decide(world, order, pressed);
  if (order.altered && (await askedAgain(world, id, question))) await decide(world, order, pressed);
}

/**
 * Whoever asked for several pauses presses *Keep running* where nobody has answered: such a question waits five minutes, and
 * not every clock can be turned. Each call answers what is asked by then.
 */
export function keepWhatIsLeft(world: World): () => Promise<void> {
  const answered = new Set<unknown>();
  return async () => {
    const isLeft = ({ metadata }: Message) => {
      const { state, command, request_id: id } = metadata?.event_payload ?? {};
      return state === 'awaiting_approval' && command === 'pause' && !answered.has(id);
    };
    const left = world.slack.workspace.messages.filter(isLeft);
    const requests = left.map((message) => ({ message, request: String(message.metadata?.event_payload.request_id) }));
    for (const { request } of requests) answered.add(request);
    await Promise.all(requests.map((pressed) => press(world, pressed, 'U0ALICE', 'cancel')));
  };
}

/** All approvers confirm at the same time. Several pauses, which need nobody by themselves, are confirmed by whoever asked. */
async function decide(world: World, { verb, presses, workflowId }: Order, pressed: Pressed): Promise<void> {
  if (verb !== 'stop') return press(world, pressed, 'U0ALICE', 'approve');
  const length = workflowId.startsWith(needsTwo) ? Math.max(2, presses) : presses;
  const deciders = Array.from({ length }, (_, index) => (index % 2 === 0 ? 'U0BOB' : 'U0CAROL'));
  await Promise.all(deciders.map((by) => press(world, pressed, by, 'approve')));
}

/** False where the request ended before. */
async function askedAgain({ open, confirmWithinMs }: World, id: string, question: Message): Promise<boolean> {
  for (const until = Date.now() + confirmWithinMs; open.has(id) && Date.now() < until; await wait(20)) {
    if (question.text.includes('Asked again.')) return true;
  }
  return false;
}

/** So that a start needs no confirmation. */
const stateBefore: Record<Order['verb'], PretendState> = {
  start: 'editing',
  resume: 'paused',
  pause: 'started',
  stop: 'started',
  freeze: 'started',
  unfreeze: 'started',
  watch: 'started',
  unwatch: 'started',
};

/** The dialog need not have been opened: the bot may have been killed. */
async function sayWhy({ slack, fleet }: World, id: string): Promise<void> {
  const asks = ({ view }: (typeof slack.workspace.views)[number]) => view.private_metadata?.includes(`"${id}"`);
  for (const until = Date.now() + 3_000; Date.now() < until; await wait(20)) {
    const dialog = slack.workspace.views.find(asks);
    if (dialog === undefined) continue;
    slack.deliverTo(await fleet.next());
    const values = { reason: { reason: 'drill' } };
    await slack.submit({ user: 'U0ALICE', viewId: dialog.id, values }).catch(() => null);
    return;
  }
}
