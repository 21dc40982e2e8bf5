import { describe, expect, it } from '@jest/globals';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import type { Request } from '../../src/requests/request.ts';
import { workflowsOf } from '../../src/requests/rules/batch.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { type Scenario, takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld, unknown } from './scene/world.fixture.ts';

/** Each test replays many crashes, and a disk may be slow. */
const timeoutMs = 60_000;

const workflows = ['WKF110', 'WKF111', 'WKF112'];

const confirmed: Scenario = async (scene) => {
  const { batch } = await scene.submitSeveral(workflows);
  await scene.untilIdle();
  await scene.press(batch, 'U0CAROL');
};

const partlyRefused: Scenario = async (scene) => {
  scene.world.answers.probe.push({ kind: 'not_found' });
  await confirmed(scene);
};

const oneUnknown: Scenario = async (scene) => {
  scene.world.answers.send.push(unknown);
  await confirmed(scene);
};

const oneSentAgain: Scenario = async (scene) => {
  const answer = { status: 503, text: null, adobeRequestId: null };
  scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_unavailable', retryAfterMs: 5_000, answer });
  await confirmed(scene);
};

const forLater: Scenario = async (scene) => {
  const due = { kind: 'in', ms: 5 * minutes, typed: 'in 5m' } as const;
  const { batch } = await scene.submitSeveral(workflows, { due });
  await scene.untilIdle();
  await scene.press(batch, 'U0CAROL');
};

const kept: Scenario = async (scene) => {
  const { batch } = await scene.submitSeveral(workflows);
  await scene.untilIdle();
  await scene.press(batch, 'U0CAROL', 'cancel');
};

const scenarios: readonly { name: string; scenario: Scenario }[] = [
  { name: 'several confirmed stops', scenario: confirmed },
  { name: 'several stops, one of which is refused', scenario: partlyRefused },
  { name: 'several stops, one of which has an unknown outcome', scenario: oneUnknown },
  { name: 'several stops, one of which the gateway refuses first', scenario: oneSentAgain },
  { name: 'several stops for later', scenario: forLater },
  { name: 'several stops that are kept running', scenario: kept },
];

async function batchIn(scene: Scene): Promise<{ batch: Request; items: readonly Request[] }> {
  const [some] = [
    ...(await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 })),
    ...(await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 9 })),
  ];
  if (some?.batch == null) throw new Error('there is no batch');
  const batch = await scene.request(some.batch);
  return { batch, items: await Promise.all(workflowsOf(batch).map(({ request }) => scene.request(request))) };
}

async function expectOneOutcomeEach(scene: Scene): Promise<void> {
  const { batch, items } = await batchIn(scene);
  expect(items).toHaveLength(workflows.length);
  for (const { id, state } of [batch, ...items]) {
    expect(isOutcome(state)).toBe(true);
    const ends = [...(await scene.events(id, 'ended')), ...(await scene.events(id, 'reconciled'))];
    expect(ends).toHaveLength(1);
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
  }
  expect(batch.outcomePost.done).not.toBeNull();
  const shown = scene.world.messages.map(({ kind, request }) => `${kind} of ${request}`);
  expect(new Set(shown).size).toBe(shown.length);
  for (const { request } of scene.world.messages) expect(request).toBe(batch.id);
  expect(await scene.ledger.nextDueAt()).toBeNull();
}

function timesSent(scene: Scene, workflow: string): number {
  return scene.world.sent.filter(({ workflowId }) => workflowId === workflow).length;
}

describe.each(scenarios)('$name', ({ scenario }) => {
  it(
    'each ends once, and none is sent twice, wherever the process dies',
    async () => {
      const snapshots = await takeSnapshots(scenario);
      expect(snapshots.length).toBeGreaterThan(12);
      const most = scenario === oneSentAgain ? 2 : 1;
      for (const { path, world } of snapshots) {
        const before = world.sent.length;
        await using scene = await openScene({ path, world });
        await scene.advanceTime(20 * minutes);
        await expectOneOutcomeEach(scene);
        for (const workflow of workflows) expect(timesSent(scene, workflow)).toBeLessThanOrEqual(most);
        if (scenario === kept) expect(world.sent).toHaveLength(before);
        await expectSentUnlessUnknown(scene);
      }
    },
    timeoutMs,
  );

  it(
    'keeps its outcomes, and sends nothing again, when a ledger of any earlier moment is restored',
    async () => {
      const end = newWorld();
      const snapshots = await takeSnapshots(scenario, end);
      for (const { path } of snapshots) {
        const world = structuredClone(end);
        await using scene = await openScene({ path, world });
        await scene.advanceTime(20 * minutes);
        await expectOneOutcomeEach(scene);
        expect(world.sent).toEqual(end.sent);
        const { items } = await batchIn(scene);
        expect(items.map(({ id, state }) => ({ request: id, state }))).toEqual(end.messages.at(0)?.items);
      }
    },
    timeoutMs,
  );
});

/** Once approved, everything is sent; only what was being sent when the process died can be unknown. */
async function expectSentUnlessUnknown(scene: Scene): Promise<void> {
  const { batch, items } = await batchIn(scene);
  for (const { id, state, approval, order } of items) {
    if (approval !== null) expect(['accepted', 'unknown']).toContain(state);
    if (state === 'accepted') expect(timesSent(scene, order.workflowId)).toBeGreaterThan(0);
    if (state === 'unknown') expect(await scene.events(id, 'dispatching')).not.toEqual([]);
  }
  expect(items.filter(({ approval }) => approval !== null)).toHaveLength(
    batch.state === 'completed' ? items.filter(({ grant }) => grant !== null).length : 0,
  );
}
