import { expect, it } from '@jest/globals';
import type { ThreadView } from '../../src/requests/ports.ts';
import { createChannelComparison } from '../../src/requests/recovery/channel-comparison.ts';
import { openScene } from './scene/scene.fixture.ts';

const unreachable = (retryAfterMs: number): ThreadView => ({ kind: 'unreachable', retryAfterMs });
const unchanged: ThreadView = { kind: 'read', announcement: null, outcome: null, followUp: null };

/** The waiting times before each attempt to read the threads of these requests, which were open at the start, where Slack gives these answers. */
async function pausesBetween(answers: readonly ThreadView[], ids: readonly string[]): Promise<readonly number[]> {
  const readAt: number[] = [];
  let now = 0;
  await using scene = await openScene();
  await scene.suspend();
  const submitted: string[] = [];
  for (const workflowId of ids) submitted.push(await scene.submit({ workflowId }));
  const { reconciliation } = createChannelComparison({
    ...scene.ports,
    ledger: { ...scene.ports.ledger, openAtStart: submitted },
    messenger: {
      ...scene.ports.messenger,
      readThread: async () => answers[readAt.push(now) - 1] ?? unchanged,
    },
    now: () => now,
    random: () => 1,
  });
  for (let round = 0; round < 400 && readAt.length < answers.length; round++) {
    for (const id of submitted) await reconciliation.ready(id);
    now += 250;
  }
  return readAt.slice(1).map((at, index) => at - (readAt[index] ?? 0));
}

it('a thread that Slack does not show is read again at growing intervals, up to fifteen seconds, and never before Retry-After', async () => {
  const failures = [0, 0, 0, 0, 0, 0, 40_000, 0].map(unreachable);
  expect(await pausesBetween(failures, ['WKF1'])).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 40_000]);
});

it('a thread that is shown ends the waiting: the next failure is the first one again', async () => {
  const views = [unreachable(0), unreachable(0), unchanged, unreachable(0), unchanged];
  expect(await pausesBetween(views, ['WKF1', 'WKF2'])).toEqual([1_000, 2_000, 0, 1_000]);
});

it('a task waits for its thread: until the next attempt, or for a moment where another thread is read first', async () => {
  await using scene = await openScene();
  await scene.suspend();
  const ids = [await scene.submit({ workflowId: 'WKF1' }), await scene.submit({ workflowId: 'WKF2' })] as const;
  let now = 0;
  const { reconciliation } = createChannelComparison({
    ...scene.ports,
    ledger: { ...scene.ports.ledger, openAtStart: ids },
    messenger: { ...scene.ports.messenger, readThread: async () => unreachable(5_000) },
    now: () => now,
    random: () => 1,
  });
  expect(await reconciliation.ready(ids[0])).toEqual({ notBefore: 5_000, isUncounted: true });
  now = 4_900;
  expect(await reconciliation.ready(ids[1])).toEqual({ notBefore: 5_152, isUncounted: true });
  expect(await reconciliation.ready('ANOTHER')).toBeNull();
});
