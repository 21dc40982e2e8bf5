import { expect, it } from '@jest/globals';
import { newDatabase } from '../postgres/new-database.ts';
import { policyWith, told, worldOnDuty } from './escalating.fixture.ts';
import { copyLedger } from './scene/ledger-path.fixture.ts';
import { minutes, openScene } from './scene/scene.fixture.ts';
import { takeSnapshots } from './scene/snapshots.fixture.ts';
import type { World } from './scene/world.fixture.ts';

/** Replays many crashes, and a disk may be slow. */
const timeoutMs = 60_000;

/** The direct messages that a crash has put in doubt are not sent again. */
function missedIn(events: readonly { readonly data: { readonly missed: readonly { person: string }[] } }[]) {
  return events.flatMap(({ data }) => data.missed.map(({ person }) => person));
}

it(
  'each reminder and stage is told once wherever the process dies, and nobody gets two direct messages',
  async () => {
    const policy = policyWith();
    const snapshots = await takeSnapshots((scene) => scene.submit({ verb: 'stop' }), worldOnDuty(), { policy });
    const told3 = snapshots.filter(({ moment }) => /postCall|page/.test(moment));
    expect(told3.length).toBeGreaterThanOrEqual(12);
    for (const { path, world } of snapshots) {
      await using scene = await openScene({ path, world, policy });
      await scene.advanceTime(20 * minutes);
      const [id = ''] = (
        await scene.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 1 })
      ).map((request) => request.id);
      if (id === '') continue;
      const { state, announcement } = await scene.request(id);
      if (announcement.ts === null) continue;
      expect(state).toBe('expired');
      const { thread, direct } = told(scene, id);
      expect(new Set(thread).size).toBe(thread.length);
      expect(new Set(direct).size).toBe(direct.length);
      const missed = missedIn(await scene.events(id, 'paged'));
      expect(new Set([...direct, ...missed]).size).toBe(4);
      expect(thread).toEqual(expect.arrayContaining(['stage 1', 'stage 2']));
      expect(await scene.events(id, 'escalated')).toHaveLength(2);
      expect(await scene.ledger.nextDueAt()).toBeNull();
    }
  },
  timeoutMs,
);

it('a ledger that was restored from an older copy does not post in the thread what stands there already', async () => {
  const policy = policyWith();
  const world = worldOnDuty();
  let copy = '';
  let id = '';
  {
    await using scene = await openScene({ world, policy });
    id = await scene.submit({ verb: 'stop' });
    await scene.advanceTime(4 * minutes);
    copy = copyLedger(scene.path);
    await scene.advanceTime(2 * minutes);
    expect(told(scene, id).thread).toEqual(['reminder 1', 'stage 1']);
  }
  await using restored = await openScene({ path: copy, world, policy });
  await restored.advanceTime(minutes);
  expect(told(restored, id).thread).toEqual(['reminder 1', 'stage 1']);
  await restored.press(id, 'U0DAN');
  await restored.advanceTime(minutes);
  expect((await restored.request(id)).state).toBe('accepted');
});

it('three replicas remind, ask and tell once', async () => {
  const world: World = worldOnDuty();
  const url = await newDatabase();
  const open = () => openScene({ world, policy: policyWith(), database: { kind: 'postgres', url } });
  await using one = await open();
  await using two = await open();
  await using three = await open();
  const id = await one.submit({ verb: 'stop' });
  const all = [one, two, three];
  for (let minute = 0; minute < 10; minute++) {
    await Promise.all(all.map((scene) => scene.untilIdle()));
    one.skipTime(minutes);
  }
  await Promise.all(all.map((scene) => scene.untilIdle()));
  const { thread, direct } = told(one, id);
  expect(thread).toEqual(['reminder 1', 'stage 1', 'stage 2']);
  expect(new Set(direct).size).toBe(4);
  expect(direct).toHaveLength(4);
  expect(await one.events(id, 'escalated')).toHaveLength(2);
});
