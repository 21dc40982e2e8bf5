import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '../../sandbox/slack/workspace.ts';
import type { Chance } from './chance.ts';
import type { Watched } from './evidence.ts';
import { newWorkflow, typed, whileOpen } from './people.ts';
import type { World } from './world.ts';

/** Those that are well fail one after the other, and each is well again once its channel was told: together two changes of each. */
export async function changeWatched(world: World, enough: () => boolean): Promise<void> {
  const firstFailureMs = 3_000;
  const known = world.watched.filter(({ isTyped }) => !isTyped);
  await Promise.all(
    known.map(async (watched, index) => {
      if (watched.failures === 0) {
        for (const until = Date.now() + index * firstFailureMs; Date.now() < until && !enough(); ) await wait(50);
        fail(world, watched);
      }
      while (!isToldOf(world, watched) && !enough()) await wait(50);
      if (isToldOf(world, watched)) recover(world, watched);
    }),
  );
}

/** All that are known to be well fail, or all that are known to have failed recover. */
export function changeAll(world: World, to: 'failed' | 'well'): void {
  for (const watched of world.watched.filter((one) => isToldOf(world, one))) {
    if (to === 'failed' && watched.isWell && !watched.isTyped) fail(world, watched);
    if (to === 'well' && !watched.isWell) recover(world, watched);
  }
}

function fail({ campaign }: World, watched: Watched): void {
  watched.failures += 1;
  watched.isWell = false;
  campaign.addWorkflow(watched.workflowId, 'erroneous');
}

function recover({ campaign }: World, watched: Watched): void {
  watched.isWell = true;
  campaign.addWorkflow(watched.workflowId, 'started');
}

/** Whether its channel shows the last change. */
export function isToldOf({ slack }: Pick<World, 'slack'>, { workflowId, failures, isWell }: Watched): boolean {
  if (failures === 0) return isWell;
  const shown = slack.workspace.messages.flatMap((message) => alertsIn(message, workflowId));
  const has = (reply: number, state: string) =>
    shown.some((one) => one.alert === failures && one.reply === reply && one.state === state);
  return isWell ? has(0, 'normal') && has(1, 'normal') : has(0, 'erroneous');
}

function alertsIn({ metadata }: Message, workflowId: string) {
  const { event_type, event_payload } = metadata ?? {};
  return event_type === 'campaign_wf_watch' && event_payload?.workflow_id === workflowId ? [event_payload] : [];
}

/** A watch that somebody types. */
type TypedWatch = { readonly workflowId: string; readonly hasFailed: boolean; readonly isEnded: boolean };

export function anyTypedWatch(chance: Chance): TypedWatch {
  return { workflowId: newWorkflow('SEEN'), hasFailed: chance.percent(70), isEnded: chance.percent(25) };
}

/** What is wrong already is told once the first look has seen it. */
export async function liveTypedWatch(world: World, { workflowId, hasFailed, isEnded }: TypedWatch): Promise<void> {
  const failures = hasFailed ? 1 : 0;
  world.campaign.addWorkflow(workflowId, hasFailed ? 'erroneous' : 'started');
  world.watched.push({ workflowId, channel: 'C0OPS', isTyped: true, failures, isWell: !hasFailed });
  const order = { by: 'U0ALICE', workflowId, others: [] } as const;
  const request = await typed(world, { ...order, verb: 'watch' });
  if (request === null || !isEnded) return;
  await whileOpen(world, request, () => false);
  await typed(world, { ...order, verb: 'unwatch' });
}
