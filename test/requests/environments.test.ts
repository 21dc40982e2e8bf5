import { describe, expect, it } from '@jest/globals';
import { lists, minutes, openScene, policyOf } from './scene/scene.fixture.ts';

const gone = { outcome: 'refused', because: { kind: 'access', refusal: { reason: 'environment_gone' } } };

describe('an environment that was removed from the configuration', () => {
  it('accepts no command, and the requester gets the reason', async () => {
    await using scene = await openScene();
    scene.renameEnvironment(null);
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: gone });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
  });

  it('accepts none that was requested before the removal, and the thread says why', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.renameEnvironment(null);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: gone });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
  });

  it('accepts none that was confirmed and waits for a retry', async () => {
    await using scene = await openScene();
    const busy = { status: 429, text: null, adobeRequestId: null };
    scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    scene.renameEnvironment(null);
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: gone });
  });
});

describe('an environment that was renamed while a command waited', () => {
  const { rules, ...rest } = policyOf(lists);
  const under = (name: string) => ({
    ...rest,
    rules: rules.map((rule) => ({ ...rule, environments: new Set([name]) })),
  });

  it('is authorized by its new name, because the organization is the same', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.renameEnvironment('live');
    scene.setPolicy(under('live'));
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is not authorized by its old name, which may now belong to another organization', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.renameEnvironment('live');
    scene.setPolicy(under('prod'));
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'not_permitted' } } } });
  });
});
