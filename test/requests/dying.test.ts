import { describe, expect, it } from '@jest/globals';
import { firstBroken } from '../../src/requests/digest.ts';
import { isOutcome } from '../../src/requests/outcome.ts';
import { copyOfLedger } from './scene/folder.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { newWorld, unknown, type World } from './scene/world.fixture.ts';

/** Many lives are lived here, and a slow disk may take its time. */
const patienceMs = 30_000;

/** What a process that dies at this moment leaves behind: its ledger on the disk, and the world as it is. */
type Remains = { readonly moment: string; readonly path: string; readonly world: World };

/** Lives through a story once, keeping what would remain at every moment before and after a deed. */
async function remainsOf(story: Story, world = newWorld()): Promise<readonly Remains[]> {
  const remains: Remains[] = [];
  const seen = new Map<string, number>();
  const witness = (moment: string) => {
    const times = (seen.get(moment) ?? 0) + 1;
    seen.set(moment, times);
    // A look-up leaves no trace that another one beside it does not leave.
    if (/person|after place/.test(moment)) return;
    remains.push({ moment: `${moment} ${times}`, path: copyOfLedger(scene.path), world: structuredClone(world) });
  };
  await using scene = await openScene({ world, witness });
  await story(scene);
  await scene.pass(20 * minutes);
  return remains;
}

type Story = (scene: Scene) => Promise<unknown>;

function refusedOnce(scene: Scene, status: 429 | 503, retryAfterMs: number): void {
  const answer = { status, text: null, adobeRequestId: null };
  const reason = status === 429 ? 'gateway_busy' : 'gateway_unavailable';
  scene.world.answers.send.push({ kind: 'not_reached', reason, retryAfterMs, answer });
}

const confirmedStop: Story = async (scene) => {
  const id = await scene.ask();
  await scene.quiet();
  await scene.press(id, 'U0EVE');
  await scene.press(id, 'U0CAROL');
};

const doubtfulStop: Story = async (scene) => {
  scene.world.answers.send.push(unknown);
  await confirmedStop(scene);
};

const startSentAgain: Story = async (scene) => {
  refusedOnce(scene, 503, 5_000);
  await scene.ask({ verb: 'start' });
};

const supersededStart: Story = async (scene) => {
  refusedOnce(scene, 429, 60_000);
  await scene.ask({ verb: 'start' });
  await scene.quiet();
  await confirmedStop(scene);
};

const doubtfulPosts: Story = async (scene) => {
  scene.world.answers.announce.push('landed in doubt');
  scene.world.answers.report.push('landed in doubt');
  await scene.ask({ verb: 'start' });
};

const stories: readonly { name: string; story: Story }[] = [
  { name: 'a stop that is confirmed', story: confirmedStop },
  { name: 'a stop whose answer leaves doubt', story: doubtfulStop },
  { name: 'a start that the gateway refuses first', story: startSentAgain },
  { name: 'a start that a stop supersedes', story: supersededStart },
  { name: 'a start whose posts are in doubt', story: doubtfulPosts },
];

async function expectAllToldOnce(scene: Scene): Promise<void> {
  const requests = await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 });
  expect(requests.length).toBeGreaterThan(0);
  for (const { id, state, outcomePost: report, presses } of requests) {
    expect(isOutcome(state)).toBe(true);
    const ends = [...(await scene.events(id, 'ended')), ...(await scene.events(id, 'reconciled'))];
    expect(ends).toHaveLength(1);
    expect(report.done).not.toBeNull();
    expect(presses).toEqual([]);
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
    const shown = scene.world.messages.filter(({ request }) => request === id);
    const told = scene.world.told.filter(({ how, request }) => how !== 'press' && request === id);
    const seen = state === 'accepted' ? ['note accepted'] : [];
    const inChannel = [`announcement ${state}`, `outcome ${state}`, ...seen];
    expect([...shown.map(({ kind, shows }) => `${kind} ${shows}`), ...told.map(({ how }) => how)]).toEqual(
      shown.length > 0 ? inChannel : ['private'],
    );
  }
  expect(await scene.ledger.nextDueAt()).toBeNull();
}

describe.each(stories)('$name', ({ story }) => {
  it(
    'ends once, is told once and is not sent twice, wherever the process dies',
    async () => {
      const remains = await remainsOf(story);
      expect(remains.length).toBeGreaterThan(12);
      for (const { moment, path, world } of remains) {
        const before = world.sent.length;
        await using scene = await openScene({ path, world });
        await scene.pass(20 * minutes);
        await expectAllToldOnce(scene);
        expect(world.sent.filter(({ command }) => command === 'stop').length).toBeLessThanOrEqual(1);
        if (/ send \d/.test(moment)) expect(world.sent).toHaveLength(before);
      }
    },
    patienceMs,
  );
});

describe('a ledger that was copied an hour ago', () => {
  it(
    'sends nothing, and tells everybody so',
    async () => {
      const remains = await remainsOf(confirmedStop);
      for (const { path, world } of remains) {
        const before = world.sent.length;
        await using scene = await openScene({ path, world });
        scene.leap(60 * minutes);
        await scene.pass(20 * minutes);
        expect(world.sent).toHaveLength(before);
        await expectAllToldOnce(scene);
      }
    },
    patienceMs,
  );
});

describe.each(stories)('$name, over when a ledger of any earlier moment is restored', ({ story }) => {
  it.each([{ later: 0 }, { later: 60 * minutes }])(
    'is not told otherwise, nor sent again, $later ms later',
    async ({ later }) => {
      const end = newWorld();
      const remains = await remainsOf(story, end);
      for (const { path } of remains) {
        const world = { ...structuredClone(end), now: end.now + later };
        await using scene = await openScene({ path, world });
        await scene.pass(20 * minutes);
        await expectAllToldOnce(scene);
        expect(world.sent).toEqual(end.sent);
        expect(world.messages).toEqual(end.messages);
      }
    },
    2 * patienceMs,
  );
});
