import { setTimeout as wait } from 'node:timers/promises';
import type { Killer } from './killer.ts';
import { laterSteps } from './steps.ts';
import { live, newWorkflow, type Order } from './traffic.ts';
import type { World } from './world.ts';

/** How many commands for later are typed, and how often bots die at any moment while those are due. */
const commands = 8;
const killsWhenDue = 3;

/** The longest that each part takes; what has not happened by then is judged. */
const withinMs = 60_000;

/** Past the minute of the commands, and past five sevenths of `pauses_end_after` in `world.ts`. */
const aMinuteMs = 61_000;
const untilRemindedMs = 45 * 60_000;

/** The states of an announcement before its outcome. */
const underWay: ReadonlySet<unknown> = new Set(['scheduled', 'approved', 'retrying']);

const later = {
  ...{ by: 'U0ALICE', verb: 'pause', others: [], answer: 'left alone', presses: 1, isForLater: true },
  ...{ altered: false, meddled: false, campaignFault: null, slackFault: null },
} as const satisfies Omit<Order, 'workflowId'>;

/** Commands for later become due, and then the reminders of all pauses so far, while bots die: the clock is turned for both. */
export async function liveLater(world: World, killer: Killer, turnClock: (ms: number) => Promise<void>): Promise<void> {
  const workflows = Array.from({ length: commands }, () => newWorkflow('WKF7'));
  for (const workflowId of workflows) await live(world, { ...later, workflowId });
  const { messages } = world.slack.workspace;
  const shows = (workflowId: string) =>
    messages.find(({ metadata }) => metadata?.event_payload.workflow_id === workflowId)?.metadata?.event_payload.state;
  // What is announced is scheduled at once.
  await wait(1_000);
  await turnClock(aMinuteMs);
  for (let kills = 0; kills < killsWhenDue; kills++) {
    await until(() => world.fleet.livePids().length > 0);
    await wait(300);
    world.killAnybody();
  }
  await until(() => workflows.every((one) => !underWay.has(shows(one))));
  await turnClock(untilRemindedMs);
  await until(() => killer.isContent(laterSteps));
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + withinMs; !isSo() && Date.now() < end; ) await wait(50);
}
