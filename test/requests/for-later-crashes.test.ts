import { describe, expect, it } from '@jest/globals';
import type { When } from '../../src/commands/command.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { type Scenario, takeSnapshots } from './scene/snapshots.fixture.ts';

/** Each test replays many crashes, and a disk may be slow. */
const timeoutMs = 60_000;

const soon: When = { kind: 'in', ms: 5 * minutes, typed: 'in 5m' };

const startLater: Scenario = (scene) => scene.submit({ verb: 'start', due: soon });

const stopLater: Scenario = async (scene) => {
  const id = await scene.submit({ verb: 'stop', due: soon });
  await scene.untilIdle();
  await scene.press(id, 'U0CAROL');
};

const pauseUntil: Scenario = (scene) => scene.submit({ verb: 'pause', resumes: soon });

const superseded: Scenario = async (scene) => {
  await scene.submit({ verb: 'start', due: soon });
  await scene.untilIdle();
  scene.skipTime(1_000);
  await scene.submit({ verb: 'pause' }, 'U0BOB');
};

const outlived: Scenario = async (scene) => {
  const answer = { status: 400, text: null, adobeRequestId: null };
  scene.world.answers.send.push({ kind: 'rejected', reason: 'bad_request', answer });
  await superseded(scene);
};

const scenarios: readonly { name: string; scenario: Scenario; sent: readonly string[] }[] = [
  { name: 'a start for later', scenario: startLater, sent: ['start'] },
  { name: 'a confirmed stop for later', scenario: stopLater, sent: ['stop'] },
  { name: 'a pause that ends by itself', scenario: pauseUntil, sent: ['pause', 'resume'] },
  { name: 'a start for later, and a pause before it', scenario: superseded, sent: ['pause'] },
  {
    name: 'a start for later, and a pause before it that Campaign rejects',
    scenario: outlived,
    sent: ['pause', 'start'],
  },
];

async function requestsIn(scene: Scene) {
  const found = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
  return Promise.all(found.map(({ id }) => scene.request(id)));
}

describe.each(scenarios)('$name', ({ scenario, sent }) => {
  it(
    'ends once and is told once, and nothing is sent twice, wherever the process dies',
    async () => {
      const snapshots = await takeSnapshots(scenario);
      expect(snapshots.length).toBeGreaterThan(8);
      for (const { path, world } of snapshots) {
        await using scene = await openScene({ path, world });
        await scene.advanceTime(20 * minutes);
        const requests = await requestsIn(scene);
        for (const { id, state, outcomePost } of requests) {
          expect(isOutcome(state)).toBe(true);
          expect(outcomePost.done).not.toBeNull();
          expect(firstBroken(await scene.ledger.events(id))).toBeNull();
        }
        const shown = world.messages.map(({ kind, request }) => `${kind} of ${request}`);
        expect(new Set(shown).size).toBe(shown.length);
        const commands = world.sent.map(({ command }) => command);
        expect(new Set(commands).size).toBe(commands.length);
        // What was not recorded before the crash is not asked for, or confirmed, again.
        const isWhole = requests.length === sent.length + Number(scenario === superseded);
        const isCut = requests.some(({ state }) => state === 'unknown' || state === 'expired');
        if (isWhole && !isCut) expect(commands).toEqual(sent);
        expect(await scene.ledger.nextDueAt()).toBeNull();
      }
    },
    timeoutMs,
  );
});
