import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../src/access/policy.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import { copyLedger } from './scene/ledger-path.fixture.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { type Scenario, takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld, type World } from './scene/world.fixture.ts';

/** Each test replays many crashes, and a disk may be slow. */
const timeoutMs = 60_000;

const day = 24 * 60 * minutes;

function rules(): Policy {
  const people = (users: string[], groups: string[] = []) => ({ users: new Set(users), groups: new Set(groups) });
  const approval = { from: people([], ['S0LEADS']), count: 1, requesterMayApprove: false, withinMs: 15 * minutes };
  const emergency = {
    people: people(['U0EVE']),
    actions: new Set(['stop'] as const),
    afterMs: 2 * minutes,
    reviewBy: people([], ['S0LEADS']),
  };
  const policy = policyOf(lists);
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, approval, emergency })) };
}

const declared: Scenario = async (scene) => {
  scene.setPolicy(rules());
  const id = await scene.submit({}, 'U0BOB');
  await scene.untilIdle();
  await scene.advanceTime(2 * minutes);
  await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
  await scene.untilIdle();
  return id;
};

const reviewed: Scenario = async (scene) => {
  const id = await declared(scene);
  await scene.advanceTime(day);
  await scene.press(String(id), 'U0CAROL', 'review', { reason: 'fine' });
  await scene.untilIdle();
};

const several: Scenario = async (scene) => {
  scene.setPolicy(rules());
  const { batch } = await scene.submitSeveral(['WKF110', 'WKF111'], {}, 'U0BOB');
  await scene.untilIdle();
  await scene.advanceTime(2 * minutes);
  await scene.press(batch, 'U0EVE', 'emergency', { reason: 'fire' });
  await scene.untilIdle();
};

describe.each([
  { name: 'an emergency', scenario: declared },
  { name: 'an emergency and its review', scenario: reviewed },
  { name: 'an emergency of several workflows', scenario: several },
])('$name', ({ scenario }) => {
  it(
    'is sent once, told once, and reminded of once a day, wherever the process dies',
    async () => {
      const snapshots = await takeSnapshots(scenario);
      expect(snapshots.length).toBeGreaterThan(12);
      for (const { path, world } of snapshots) {
        await using scene = await openScene({ path, world, policy: rules() });
        await scene.advanceTime(20 * minutes);
        const found = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
        const before = world.now;
        await scene.advanceTime(2 * day + minutes);
        for (const { id, batch } of found) {
          const request = await scene.request(id);
          expect(isOutcome(request.state)).toBe(true);
          expect(firstBroken(await scene.ledger.events(id))).toBeNull();
          if (batch !== null) continue;
          const kinds = world.messages.filter((one) => one.request === id).map(({ kind }) => kind);
          const reminders = kinds.filter((kind) => kind === 'emergency_reminder').length;
          const others = kinds.filter((kind) => kind !== 'emergency_reminder');
          expect(new Set(others).size).toBe(others.length);
          const { emergency } = request;
          expect(kinds.includes('emergency_declared')).toBe(emergency !== null);
          expect(kinds.includes('emergency_reviewed')).toBe(emergency?.review != null);
          const days = Math.floor(((emergency?.review?.at ?? world.now) - (emergency?.at ?? before)) / day);
          if (emergency !== null) expect(Math.abs(reminders - days)).toBeLessThanOrEqual(1);
        }
        const commands = world.sent.map(({ command, workflowId }) => `${command} ${workflowId}`);
        expect(new Set(commands).size).toBe(commands.length);
      }
    },
    timeoutMs,
  );
});

/** A request, and a copy of the ledger from before its emergency was declared. `afterwards`: what happens then. */
async function copiedBeforeEmergency(
  world: World,
  afterwards: (scene: Scene, request: string) => Promise<void>,
): Promise<{ readonly id: string; readonly copy: string }> {
  await using scene = await openScene({ world, policy: rules() });
  const id = await scene.submit({}, 'U0BOB');
  await scene.untilIdle();
  const copy = copyLedger(scene.path);
  await scene.advanceTime(2 * minutes);
  await scene.press(id, 'U0EVE', 'emergency', { reason: 'fire' });
  await afterwards(scene, id);
  return { id, copy };
}

it('a ledger from before the emergency takes it over with its outcome, and asks for its review again', async () => {
  const world = newWorld();
  const { id, copy } = await copiedBeforeEmergency(world, async (scene) => {
    await scene.untilIdle();
    await scene.advanceTime(day);
  });
  const kinds = () =>
    world.messages
      .filter(({ kind }) => kind.startsWith('emergency'))
      .map(({ kind }) => kind.slice('emergency_'.length));
  expect(kinds()).toEqual(['declared', 'reminder']);
  await using restored = await openScene({ path: copy, world, policy: rules() });
  await restored.advanceTime(day - minutes);
  expect(kinds()).toEqual(['declared', 'reminder']);
  expect(await restored.request(id)).toMatchObject({
    state: 'accepted',
    end: { because: { kind: 'reconciled' } },
    emergency: { by: 'U0EVE', rule: 'CAMPAIGN_WF_USERS, stop', reviewBy: { groups: ['S0LEADS'] }, review: null },
  });
  expect(await restored.ledger.unreviewed()).toEqual([id]);
  await restored.advanceTime(2 * minutes);
  expect(kinds()).toEqual(['declared', 'reminder', 'reminder']);
  expect(world.privateMessages.filter(({ how, to }) => how === 'emergency' && to === 'U0CAROL')).toHaveLength(3);
  await restored.press(id, 'U0CAROL', 'review', { reason: 'fine' });
  await restored.advanceTime(2 * day);
  expect(kinds()).toEqual(['declared', 'reminder', 'reminder', 'reviewed']);
  expect(world.sent).toHaveLength(1);
});

it('an emergency that the channel tells of is not sent again, whatever the announcement shows, and one that was reviewed is over', async () => {
  const world = newWorld();
  const { id, copy } = await copiedBeforeEmergency(world, async (scene, request) => {
    await scene.press(request, 'U0CAROL', 'review', { reason: 'fine' });
    await scene.untilIdle();
    await scene.press(request, 'U0CAROL', 'review', { reason: 'fine' });
    await scene.untilIdle();
  });
  const shown = world.messages.filter(({ kind }) => kind !== 'outcome');
  const announced = shown.find(({ kind }) => kind === 'announcement');
  if (announced !== undefined) announced.shows = 'awaiting_approval';
  world.messages.splice(0, world.messages.length, ...shown);
  await using restored = await openScene({ path: copy, world, policy: rules() });
  await restored.advanceTime(2 * minutes);
  expect(await restored.request(id)).toMatchObject({
    state: 'unknown',
    end: { because: { kind: 'ledger_behind' } },
    emergency: { by: 'U0EVE', review: { by: 'U0CAROL' }, told: { isDone: true } },
  });
  expect(world.sent).toHaveLength(1);
});
