import { describe, expect, it } from '@jest/globals';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { type Scenario, takeSnapshots } from './scene/snapshots.fixture.ts';
import { newWorld, unknown } from './scene/world.fixture.ts';

/** Each test replays many crashes, and a disk may be slow. */
const timeoutMs = 30_000;

function refusedOnce(scene: Scene, status: 429 | 503, retryAfterMs: number): void {
  const answer = { status, text: null, adobeRequestId: null };
  const reason = status === 429 ? 'gateway_busy' : 'gateway_unavailable';
  scene.world.answers.send.push({ kind: 'not_reached', reason, retryAfterMs, answer });
}

const confirmedStop: Scenario = async (scene) => {
  const id = await scene.submit();
  await scene.untilIdle();
  await scene.press(id, 'U0EVE');
  await scene.press(id, 'U0CAROL');
};

const doubtfulStop: Scenario = async (scene) => {
  scene.world.answers.send.push(unknown);
  await confirmedStop(scene);
};

const startSentAgain: Scenario = async (scene) => {
  refusedOnce(scene, 503, 5_000);
  await scene.submit({ verb: 'start' });
};

const supersededStart: Scenario = async (scene) => {
  refusedOnce(scene, 429, 60_000);
  await scene.submit({ verb: 'start' });
  await scene.untilIdle();
  await confirmedStop(scene);
};

const doubtfulPosts: Scenario = async (scene) => {
  scene.world.answers.announce.push('posted, but no answer');
  scene.world.answers.postOutcome.push('posted, but no answer');
  await scene.submit({ verb: 'start' });
};

const scenarios: readonly { name: string; scenario: Scenario }[] = [
  { name: 'a confirmed stop', scenario: confirmedStop },
  { name: 'a stop with an unknown outcome', scenario: doubtfulStop },
  { name: 'a start that the gateway refuses first', scenario: startSentAgain },
  { name: 'a start that a stop supersedes', scenario: supersededStart },
  { name: 'a start whose posts are in doubt', scenario: doubtfulPosts },
];

async function expectEachOutcomePostedOnce(scene: Scene): Promise<void> {
  const requests = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
  expect(requests.length).toBeGreaterThan(0);
  for (const { id, state, outcomePost, presses } of requests) {
    expect(isOutcome(state)).toBe(true);
    const ends = [...(await scene.events(id, 'ended')), ...(await scene.events(id, 'reconciled'))];
    expect(ends).toHaveLength(1);
    expect(outcomePost.done).not.toBeNull();
    expect(presses).toEqual([]);
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
    const shown = scene.world.messages.filter(({ request }) => request === id);
    const privately = scene.world.privateMessages.filter(({ how, request }) => how !== 'press' && request === id);
    const followUp = state === 'accepted' ? ['follow_up accepted'] : [];
    const inChannel = [`announcement ${state}`, `outcome ${state}`, ...followUp];
    expect([...shown.map(({ kind, shows }) => `${kind} ${shows}`), ...privately.map(({ how }) => how)]).toEqual(
      shown.length > 0 ? inChannel : ['private'],
    );
  }
  expect(await scene.ledger.nextDueAt()).toBeNull();
}

describe.each(scenarios)('$name', ({ scenario }) => {
  it(
    'ends once, posts its outcome once and is not sent twice, wherever the process dies',
    async () => {
      const snapshots = await takeSnapshots(scenario);
      expect(snapshots.length).toBeGreaterThan(12);
      for (const { moment, path, world } of snapshots) {
        const before = world.sent.length;
        await using scene = await openScene({ path, world });
        await scene.advanceTime(20 * minutes);
        await expectEachOutcomePostedOnce(scene);
        expect(world.sent.filter(({ command }) => command === 'stop').length).toBeLessThanOrEqual(1);
        if (/ send \d/.test(moment)) expect(world.sent).toHaveLength(before);
      }
    },
    timeoutMs,
  );
});

describe('a ledger that was copied an hour ago', () => {
  it(
    'sends nothing, and posts each outcome',
    async () => {
      const snapshots = await takeSnapshots(confirmedStop);
      for (const { path, world } of snapshots) {
        const before = world.sent.length;
        await using scene = await openScene({ path, world });
        scene.skipTime(60 * minutes);
        await scene.advanceTime(20 * minutes);
        expect(world.sent).toHaveLength(before);
        await expectEachOutcomePostedOnce(scene);
      }
    },
    timeoutMs,
  );
});

describe.each(scenarios)('$name, already ended when a ledger of any earlier moment is restored', ({ scenario }) => {
  it.each([{ later: 0 }, { later: 60 * minutes }])(
    'keeps its outcome and is not sent again, $later ms later',
    async ({ later }) => {
      const end = newWorld();
      const snapshots = await takeSnapshots(scenario, end);
      for (const { path } of snapshots) {
        const world = { ...structuredClone(end), now: end.now + later };
        await using scene = await openScene({ path, world });
        await scene.advanceTime(20 * minutes);
        await expectEachOutcomePostedOnce(scene);
        expect(world.sent).toEqual(end.sent);
        expect(world.messages).toEqual(end.messages);
      }
    },
    2 * timeoutMs,
  );
});
