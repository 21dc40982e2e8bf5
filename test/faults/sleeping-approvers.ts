import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '../../sandbox/slack/workspace.ts';
import type { Chance } from './chance.ts';
import { newWorkflow, type Pressed, press, questionOf, typeDecision, typed, whileOpen } from './people.ts';
import { escalating, inEmergency, onDuty } from './rules.ts';
import type { World } from './world.ts';

/** A stop whose first approvers sleep. */
export type Escalation = {
  readonly workflowId: string;
  /** Which stage confirms it, from 1; null: nobody does. */
  readonly stage: 1 | 2 | null;
  /** They press on the direct message. */
  readonly isDirect: boolean;
  /** Somebody presses before being asked. */
  readonly isHasty: boolean;
};

export function anyEscalation(chance: Chance): Escalation {
  return {
    workflowId: newWorkflow(escalating),
    stage: chance.oneOf([1, 1, 1, 2, 2, 2, null]),
    isDirect: chance.percent(50),
    isHasty: chance.percent(50),
  };
}

/** A stop that is sent without the confirmations. */
export type Emergency = {
  readonly workflowId: string;
  /** It is declared twice at the same time, and likewise reviewed. */
  readonly isTwice: boolean;
  /** An approver wakes up at that moment. */
  readonly isConfirmed: boolean;
  readonly isReviewed: boolean;
};

export function anyEmergency(chance: Chance): Emergency {
  return {
    workflowId: newWorkflow(inEmergency),
    isTwice: chance.percent(30),
    isConfirmed: chance.percent(20),
    isReviewed: chance.percent(80),
  };
}

/** The longest that people wait for a message about an emergency: longer than a lease and a message in doubt put together. */
const toldWithinMs = 60_000;
/** Where an approver may have been quicker. */
const mayBeToldMs = 5_000;

type Asked = { readonly request: string; readonly question: Message };

export async function liveEscalation(world: World, plan: Escalation): Promise<void> {
  const asked = await stopAsked(world, plan.workflowId);
  if (asked === null) return;
  const { request, question } = asked;
  if (plan.isHasty) await press(world, { message: question, request }, onDuty[0][0], 'approve');
  if (plan.stage === null) return;
  const people = onDuty[plan.stage - 1] ?? [];
  const pressed = plan.isDirect ? await paged(world, request, people) : await called(world, asked, plan.stage);
  if (pressed === null) return;
  await Promise.all(people.map((person) => press(world, pressed, person, 'approve')));
}

async function stopAsked(world: World, workflowId: string): Promise<Asked | null> {
  world.campaign.addWorkflow(workflowId, 'started');
  const request = await typed(world, { by: 'U0ALICE', verb: 'stop', workflowId, others: [] });
  const question = request === null ? null : await questionOf(world, request);
  return request === null || question === null ? null : { request, question };
}

/** Once the thread says that this stage is asked. Null: the request ended before. */
async function called(world: World, { request, question }: Asked, stage: number): Promise<Pressed | null> {
  const isIt = ({ metadata }: Message) =>
    metadata?.event_payload.request_id === request && metadata.event_payload.call === `stage ${stage}`;
  const isAsked = () => world.slack.workspace.messages.some(isIt);
  return (await whileOpen(world, request, isAsked)) ? { message: question, request } : null;
}

/** The direct message of the first of these people who has one. Null: the request ended before. */
async function paged(world: World, request: string, people: readonly string[]): Promise<Pressed | null> {
  const find = () => world.pages.find((page) => page.request === request && people.includes(page.person));
  await whileOpen(world, request, () => find() !== undefined);
  const page = find();
  return page === undefined ? null : { message: page.message, request };
}

export async function liveEmergency(world: World, plan: Emergency): Promise<void> {
  const asked = await stopAsked(world, plan.workflowId);
  if (asked === null) return;
  const { request, question } = asked;
  const isOffered = () => JSON.stringify(question.blocks).includes('declare_emergency');
  if (!(await whileOpen(world, request, isOffered))) return;
  const declare = () => typeDecision(world, onDuty[0][0], 'emergency', request);
  await Promise.all([
    declare(),
    ...(plan.isTwice ? [declare()] : []),
    ...(plan.isConfirmed ? [press(world, { message: question, request }, 'U0BOB', 'approve')] : []),
  ]);
  if (!plan.isReviewed || !(await isTold(world, request, plan.isConfirmed ? mayBeToldMs : toldWithinMs))) return;
  const reviewers = plan.isTwice ? ['U0BOB', 'U0CAROL'] : ['U0BOB'];
  await Promise.all(reviewers.map((person) => typeDecision(world, person, 'review', request)));
}

/** False where that takes too long, or an approver was quicker. */
async function isTold({ slack }: World, request: string, withinMs: number): Promise<boolean> {
  const isIt = ({ metadata }: Message) =>
    metadata?.event_type === 'campaign_wf_emergency' && metadata.event_payload.request_id === request;
  const isSo = () => slack.workspace.messages.some(isIt);
  for (const until = Date.now() + withinMs; !isSo() && Date.now() < until; ) await wait(20);
  return isSo();
}
