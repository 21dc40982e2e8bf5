import { setTimeout as wait } from 'node:timers/promises';
import type { Killer } from './killer.ts';
import { newWorkflow } from './people.ts';
import { laterSteps } from './steps.ts';
import { live, type Order } from './traffic.ts';
import { changeAll, isToldOf } from './watching.ts';
import type { World } from './world.ts';

/** How many commands for later are typed, and how often bots die at any moment while those are due. */
const commands = 8;
const killsWhenDue = 3;

/** The longest that each part takes; what has not happened by then is judged. */
const withinMs = 60_000;

/** Past the minute of the commands, and past five sevenths of `pauses_end_after` in `world.ts`. */
const aMinuteMs = 61_000;
const untilRemindedMs = 45 * 60_000;
/** Past the reminders of reviews, and of any look. */
const aDayMs = 24 * 3_600_000;
/** Past a look of each watch, where one was lost with its bot. */
const aLookMs = 301_000;
const mostLooks = 10;

/** The states of an announcement before its outcome. */
const underWay: ReadonlySet<unknown> = new Set(['scheduled', 'approved', 'retrying']);

const later = {
  ...{ by: 'U0ALICE', verb: 'pause', others: [], answer: 'left alone', presses: 1, isForLater: true },
  ...{ altered: false, meddled: false, campaignFault: null, slackFault: null },
} as const satisfies Omit<Order, 'workflowId'>;

/**
 * Commands for later become due, then the reminders of all pauses so far, then those of the reviews that nobody gave; and
 * what is watched fails and recovers: the clock is turned for all, while bots die.
 */
export async function liveLater(world: World, killer: Killer, turnClock: (ms: number) => Promise<void>): Promise<void> {
  const workflows = Array.from({ length: commands }, () => newWorkflow('WKF7'));
  for (const workflowId of workflows) await live(world, { ...later, workflowId });
  const { messages } = world.slack.workspace;
  const shows = (workflowId: string) =>
    messages.find(({ metadata }) => metadata?.event_payload.workflow_id === workflowId)?.metadata?.event_payload.state;
  // What is announced is scheduled at once.
  await wait(1_000);
  await turnClock(aMinuteMs);
  await killSome(world);
  await until(() => workflows.every((one) => !underWay.has(shows(one))));
  await turnClock(untilRemindedMs);
  await until(() => killer.isContent(laterSteps));
  changeAll(world, 'failed');
  await lookAgain(world, turnClock);
  changeAll(world, 'well');
  await turnClock(aDayMs);
  await killSome(world);
  await lookAgain(world, turnClock);
}

async function killSome(world: World): Promise<void> {
  for (let kills = 0; kills < killsWhenDue; kills++) {
    await until(() => world.fleet.livePids().length > 0);
    await wait(300);
    world.killAnybody();
  }
}

/** Until the channels show what has changed. */
async function lookAgain(world: World, turnClock: (ms: number) => Promise<void>): Promise<void> {
  const isTold = () => world.watched.every((watched) => watched.isTyped || isToldOf(world, watched));
  for (let looks = 0; !isTold() && looks < mostLooks; looks++) {
    await turnClock(aLookMs);
    await until(isTold, toldWithinMs);
  }
}

/** So long a look and its message take on a slow machine. */
const toldWithinMs = 6_000;

async function until(isSo: () => boolean, limitMs: number = withinMs): Promise<void> {
  for (const end = Date.now() + limitMs; !isSo() && Date.now() < end; ) await wait(50);
}
