import { expect, it } from '@jest/globals';
import { lists, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

const stop = (scene: Scene, workflowId: string, by?: string) => scene.submit({ verb: 'stop', workflowId }, by);

/** The request whose announcement notified the approvers. null: its own. */
async function notifiedBy(scene: Scene, ids: readonly string[]): Promise<readonly (string | null)[]> {
  return Promise.all(ids.map(async (id) => (await scene.request(id)).announcement.notifiedBy));
}

let workflows = 0;

async function stopAll(scene: Scene, count: number, gapMs: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    workflows += 1;
    ids.push(await stop(scene, `WKF${workflows}`));
    await scene.advanceTime(gapMs);
  }
  return ids;
}

it('a burst notifies its approvers once, however many announcements are posted at the same time', async () => {
  await using scene = await openScene();
  const ids: string[] = [];
  for (let index = 0; index < 30; index++) ids.push(await stop(scene, `WKF${index}`));
  await scene.advanceTime(0);
  const first = (await notifiedBy(scene, ids)).indexOf(null);
  const others = ids.toSpliced(first, 1);
  expect(await notifiedBy(scene, others)).toEqual(others.map(() => ids[first]));
});

it('a burst ends after a minute without an announcement, and after five minutes at most', async () => {
  await using scene = await openScene();
  const [first, ...others] = await stopAll(scene, 11, 30_000);
  expect(await notifiedBy(scene, others)).toEqual(others.map(() => first));
  const [next] = await stopAll(scene, 1, 60_001);
  const [after] = await stopAll(scene, 1, 0);
  expect(await notifiedBy(scene, [next ?? '', after ?? ''])).toEqual([null, null]);
});

it.each([
  ['another person', { by: 'U0BOB' }],
  [
    'other approvers',
    { policy: policyOf({ ...lists, approvers: { users: new Set(['U0CAROL']), groups: new Set() } }) },
  ],
])(
  '%s is not part of a burst',
  async (_what, { by, policy }: { by?: string; policy?: ReturnType<typeof policyOf> }) => {
    await using scene = await openScene();
    await stop(scene, 'WKF1');
    await scene.advanceTime(0);
    if (policy !== undefined) scene.setPolicy(policy);
    const other = await stop(scene, 'WKF2', by);
    await scene.advanceTime(0);
    expect(await notifiedBy(scene, [other])).toEqual([null]);
  },
);

it('the same approvers in another order are the same', async () => {
  const by = (...users: readonly string[]) =>
    policyOf({ ...lists, approvers: { users: new Set(users), groups: new Set() } });
  await using scene = await openScene({ policy: by('U0CAROL', 'U0DAVE') });
  const first = await stop(scene, 'WKF1');
  await scene.advanceTime(0);
  scene.setPolicy(by('U0DAVE', 'U0CAROL'));
  const other = await stop(scene, 'WKF2');
  await scene.advanceTime(0);
  expect(await notifiedBy(scene, [other])).toEqual([first]);
});

it('a request that ended before its post notified nobody, and a retried post still notifies', async () => {
  await using scene = await openScene();
  scene.world.answers.announce.push(
    { kind: 'refused', reason: 'message_refused' },
    { kind: 'rate_limited', retryAfterMs: 1_000 },
  );
  const refused = await stop(scene, 'WKF1');
  await scene.advanceTime(0);
  expect(await scene.request(refused)).toMatchObject({ state: 'not_sent' });
  const [again] = await stopAll(scene, 1, 5_000);
  const [after] = await stopAll(scene, 1, 5_000);
  const attempts = await scene.events(again ?? '', 'announcing');
  expect(attempts.map(({ data }) => data)).toEqual([{ attempt: 1 }, { attempt: 2 }]);
  expect(await notifiedBy(scene, [after ?? ''])).toEqual([again]);
});
