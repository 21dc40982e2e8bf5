import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../sandbox/campaign/faults.ts';
import type { PretendState } from '../../sandbox/campaign/workflow-states.ts';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { allWorkflows } from '../../src/access/patterns.ts';
import type { Verb } from '../../src/commands/command.ts';
import type { Chance } from './chance.ts';
import { needsTwo, spareEnvironment, type World } from './world.ts';

/** A request, and what people do with it. */
export type Order = {
  readonly by: 'U0ALICE' | 'U0GINA';
  readonly verb: Verb | 'freeze' | 'unfreeze';
  /** `*` for a freeze and an unfreeze. */
  readonly workflowId: string;
  /** Further workflows of the same command, which is then asked in any case. */
  readonly others: readonly string[];
  /** For in a minute. */
  readonly isForLater?: true;
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

/** The maximum of open requests for each bot. */
const mostOpen = 16;

let serial = 0;

export function newWorkflow(prefix: string): string {
  serial += 1;
  return `${prefix}${serial}`;
}

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
    const work: Promise<void> = live(world, anyOrder(chance, presses)).finally(() => works.delete(work));
    works.add(work);
    await wait(chance.between(20, 120));
  }
  await Promise.all(works);
}

/** One request, from the typed command to the last press. */
export async function live(world: World, order: Order): Promise<void> {
  const { campaign, slack } = world;
  if (order.workflowId !== allWorkflows)
    for (const workflow of workflowsOf(order)) campaign.addWorkflow(workflow, stateBefore[order.verb]);
  if (order.campaignFault !== null) {
    campaign.fail(order.campaignFault, { workflowId: order.workflowId, method: 'POST' });
  }
  if (order.slackFault !== null) slack.fail('chat.postMessage', order.slackFault, { times: 1 });
  const id = await typed(world, order);
  const asks = order.verb === 'stop' || order.others.length > 0;
  if (id === null || !asks || order.by !== 'U0ALICE') return;
  const question = await questionOf(world, id);
  if (question === null) return;
  if (order.meddled) await press(world, question, 'U0DAVE', 'approve');
  if (order.answer === 'kept') {
    await press(world, question, 'U0ALICE', 'cancel');
    await sayWhy(world, id);
  }
  if (order.answer !== 'confirmed') return;
  if (order.altered) campaign.addWorkflow(order.workflowId, 'erroneous');
  await decide(world, order, question);
  if (order.altered && (await askedAgain(world, id, question))) await decide(world, order, question);
}

/** All workflows of a command. */
function workflowsOf({ workflowId, others }: Pick<Order, 'workflowId' | 'others'>): readonly string[] {
  return [workflowId, ...others];
}

/** All approvers confirm at the same time. Several pauses, which need nobody by themselves, are confirmed by whoever asked. */
async function decide(world: World, { verb, presses, workflowId }: Order, question: Message): Promise<void> {
  if (verb !== 'stop') return press(world, question, 'U0ALICE', 'approve');
  const length = workflowId.startsWith(needsTwo) ? Math.max(2, presses) : presses;
  const deciders = Array.from({ length }, (_, index) => (index % 2 === 0 ? 'U0BOB' : 'U0CAROL'));
  await Promise.all(deciders.map((by) => press(world, question, by, 'approve')));
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

/** The request's ID, once people see it. An empty acknowledgement says that it is recorded. */
async function typed(world: World, order: Order): Promise<string | null> {
  const { by } = order;
  const { slack, fleet, acknowledged, open, reported } = world;
  const { messages, privateReplies } = slack.workspace;
  const before = { messages: messages.length, privateReplies: privateReplies.length };
  const triggerId = `typed-${randomUUID()}`;
  slack.deliverTo(await fleet.next());
  const delivery = await slack
    .command({ user: by, channel: 'C0OPS', text: textOf(order), triggerId })
    .catch(() => null);
  const isAcknowledged = delivery?.status === 200;
  if (isAcknowledged && delivery.body !== '') return null;
  if (isAcknowledged) acknowledged.add(triggerId);
  open.add(triggerId);
  const id = await shownId(world, order, before, isAcknowledged ? shownWithinMs : shownUnacknowledgedWithinMs);
  open.delete(triggerId);
  if (id !== null && !reported.has(id)) open.add(id);
  return id;
}

/** Longer than a slow machine needs for many at once. */
const shownWithinMs = 30_000;

/** Slack told the person that the app did not respond. The command may be on record all the same. */
const shownUnacknowledgedWithinMs = 5_000;

/** The ID in the announcement, or in the private refusal. Null where a bot is killed in between, and the next one needs longer. */
async function shownId(
  { slack: { workspace }, seen }: World,
  order: Order,
  before: { readonly messages: number; readonly privateReplies: number },
  withinMs: number,
): Promise<string | null> {
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(20)) {
    const announced = workspace.messages.slice(before.messages).flatMap((message) => announcedId(message, order));
    const refused = workspace.privateReplies.slice(before.privateReplies).flatMap((reply) => refusedId(reply, order));
    const id = [...announced, ...refused].find((one) => !seen.has(one));
    if (id === undefined) continue;
    seen.add(id);
    return id;
  }
  return null;
}

function announcedId({ metadata }: Message, order: Order): readonly string[] {
  const { request_id: id, command, workflow_id, workflow_ids = workflow_id } = metadata?.event_payload ?? {};
  const isIt = command === order.verb && workflow_ids === workflowsOf(order).join(',');
  return isIt && typeof id === 'string' ? [id] : [];
}

function refusedId({ text }: { readonly text: string }, { verb, workflowId, others }: Order): readonly string[] {
  if (others.length > 0 && !text.includes(workflowId) && !/\d workflows/.test(text)) return [];
  const about =
    others.length > 0 ? /./ : workflowId === allWorkflows ? new RegExp(verb, 'i') : new RegExp(`\\b${workflowId}\\b`);
  const [, id] = /[ `]([0-9A-HJKMNP-TV-Z]{8})\b/.exec(text) ?? [];
  return id === undefined || !about.test(text) ? [] : [id];
}

function textOf(order: Order): string {
  const { verb } = order;
  if (verb === 'freeze') return `freeze ${spareEnvironment} 1h drill`;
  if (verb === 'unfreeze') return `unfreeze ${spareEnvironment} drill`;
  const time = order.isForLater ? ' in 1m' : '';
  return `${verb} ${workflowsOf(order).join(',')}${time} drill`;
}

/** The announcement with its buttons. null: there is none, or the request ended before a press. */
async function questionOf({ slack, open, confirmWithinMs }: World, id: string): Promise<Message | null> {
  const asks = ({ metadata }: Message) =>
    metadata?.event_payload.request_id === id && metadata.event_payload.state === 'awaiting_approval';
  for (const until = Date.now() + confirmWithinMs; open.has(id) && Date.now() < until; await wait(20)) {
    const question = slack.workspace.messages.find(asks);
    if (question !== undefined) return question;
  }
  return null;
}

/** People press again when Slack reports that the app did not respond, and give up at some time. */
async function press(world: World, { channel, ts, metadata }: Message, user: string, choice: 'approve' | 'cancel') {
  const value = String(metadata?.event_payload.request_id);
  for (let tries = 0; tries < 5; tries++) {
    world.slack.deliverTo(await world.fleet.next());
    const pressed = world.slack.press({ user, channel, ts, actionId: `${choice}_request`, value });
    const delivery = await pressed.catch(() => null);
    if (delivery?.status === 200) return;
    await wait(100);
  }
}
