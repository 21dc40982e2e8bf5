import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery } from '../../sandbox/slack/pretend-slack.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { allWorkflows } from '../../src/access/patterns.ts';
import type { PressChoice, Verb, WatchChoice } from '../../src/commands/command.ts';
import { spareEnvironment } from './rules.ts';
import type { World } from './world.ts';

/** A command as somebody types it. */
export type TypedOrder = {
  readonly by: 'U0ALICE' | 'U0GINA';
  readonly verb: Verb | WatchChoice | 'freeze' | 'unfreeze';
  /** `*` for a freeze and an unfreeze. */
  readonly workflowId: string;
  /** Further workflows of the same command, which is then asked in any case. */
  readonly others: readonly string[];
  /** For in a minute. */
  readonly isForLater?: true;
};

let serial = 0;

export function newWorkflow(prefix: string): string {
  serial += 1;
  return `${prefix}${serial}`;
}

/** All workflows of a command. */
export function workflowsOf({ workflowId, others }: Pick<TypedOrder, 'workflowId' | 'others'>): readonly string[] {
  return [workflowId, ...others];
}

/** The request's ID, once people see it. An empty acknowledgement says that it is recorded. */
export async function typed(
  world: World,
  order: TypedOrder,
  onAcknowledged: () => void = () => {},
): Promise<string | null> {
  const { by } = order;
  const { slack, fleet, acknowledged, open, reported } = world;
  const { messages, privateReplies } = slack.workspace;
  const before = { messages: messages.length, privateReplies: privateReplies.length };
  const triggerId = `typed-${randomUUID()}`;
  open.add(triggerId);
  slack.deliverTo(await fleet.next());
  const delivery = await slack
    .command({ user: by, channel: 'C0OPS', text: textOf(order), triggerId })
    .catch(() => null);
  const isAcknowledged = delivery?.status === 200;
  if (isAcknowledged && delivery.body !== '') {
    open.delete(triggerId);
    return null;
  }
  if (isAcknowledged) {
    acknowledged.add(triggerId);
    onAcknowledged();
  }
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
  order: TypedOrder,
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

function announcedId({ metadata }: Message, order: TypedOrder): readonly string[] {
  const { request_id: id, command, workflow_id, workflow_ids = workflow_id } = metadata?.event_payload ?? {};
  const isIt = command === order.verb && workflow_ids === workflowsOf(order).join(',');
  return isIt && typeof id === 'string' ? [id] : [];
}

function refusedId({ text }: { readonly text: string }, { verb, workflowId, others }: TypedOrder): readonly string[] {
  if (others.length > 0 && !text.includes(workflowId) && !/\d workflows/.test(text)) return [];
  const about =
    others.length > 0 ? /./ : workflowId === allWorkflows ? new RegExp(verb, 'i') : new RegExp(`\\b${workflowId}\\b`);
  const [, id] = /[ `]([0-9A-HJKMNP-TV-Z]{8})\b/.exec(text) ?? [];
  return id === undefined || !about.test(text) ? [] : [id];
}

function textOf(order: TypedOrder): string {
  const { verb } = order;
  if (verb === 'freeze') return `freeze ${spareEnvironment} 1h drill`;
  if (verb === 'unfreeze') return `unfreeze ${spareEnvironment} drill`;
  const time = order.isForLater ? ' in 1m' : '';
  return `${verb} ${workflowsOf(order).join(',')}${time} drill`;
}

/** Longer than any question of these rules waits. That a request has ended is known from the log, whose line may die with its bot. */
const openForMs = 60_000;

/** Waits until it is so, for as long as the request is open. False: the request has ended before, or nobody knows when it did. */
export async function whileOpen({ open }: World, request: string, isSo: () => boolean): Promise<boolean> {
  for (const until = Date.now() + openForMs; open.has(request) && !isSo() && Date.now() < until; ) await wait(20);
  return isSo();
}

/** The announcement with its buttons. null: there is none, or the request ended before a press. */
export async function questionOf({ slack, open, confirmWithinMs }: World, id: string): Promise<Message | null> {
  const asks = ({ metadata }: Message) =>
    metadata?.event_payload.request_id === id && metadata.event_payload.state === 'awaiting_approval';
  for (const until = Date.now() + confirmWithinMs; open.has(id) && Date.now() < until; await wait(20)) {
    const question = slack.workspace.messages.find(asks);
    if (question !== undefined) return question;
  }
  return null;
}

/** What is pressed: a button of a message, about a request. */
export type Pressed = { readonly message: Pick<Message, 'channel' | 'ts'>; readonly request: string };

/** People press again when Slack reports that the app did not respond, and give up at some time. */
export async function press(world: World, { message, request }: Pressed, user: string, choice: 'approve' | 'cancel') {
  const { channel, ts } = message;
  await tryOften(world, () => world.slack.press({ user, channel, ts, actionId: `${choice}_request`, value: request }));
}

/** The same with words. Notes where the reply says whether it is recorded. */
export async function typeDecision(world: World, by: string, choice: PressChoice, request: string): Promise<void> {
  const text = `${choice} ${request} drill`;
  const delivery = await tryOften(world, () => world.slack.command({ user: by, channel: 'C0OPS', text }));
  if (delivery !== null) world.decisions.push({ request, by, choice, responseUrl: delivery.responseUrl });
}

const mostTries = 5;

async function tryOften({ slack, fleet }: World, act: () => Promise<Delivery>): Promise<Delivery | null> {
  for (let tries = 0; tries < mostTries; tries++) {
    slack.deliverTo(await fleet.next());
    const delivery = await act().catch(() => null);
    if (delivery?.status === 200) return delivery;
    await wait(100);
  }
  return null;
}
