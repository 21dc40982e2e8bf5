import { describe, expect, it } from '@jest/globals';
import { lists, minutes, openScene, policyOf } from './scene/scene.fixture.ts';

const gone = { outcome: 'refused', because: { kind: 'access', refusal: { reason: 'environment_gone' } } };

describe('an environment that the configuration does not have any more', () => {
  it('takes no command, and the person is told', async () => {
    await using scene = await openScene();
    scene.renameEnvironment(null);
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: gone });
    expect(scene.world.told).toMatchObject([{ how: 'private', to: 'U0ALICE', outcome: 'refused' }]);
  });

  it('takes none that was asked before it was gone, and the thread says why', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.renameEnvironment(null);
    await scene.press(id, 'U0CAROL');
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: gone });
    expect(scene.world.messages).toMatchObject([{ shows: 'refused' }, { kind: 'outcome', shows: 'refused' }]);
  });

  it('takes none that was confirmed and waits to be sent again', async () => {
    await using scene = await openScene();
    const busy = { status: 429, text: null, adobeRequestId: null };
    scene.world.answers.send.push({ kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 5_000, answer: busy });
    const id = await scene.ask({ verb: 'start' });
    await scene.quiet();
    scene.renameEnvironment(null);
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ end: gone });
  });
});

describe('an environment that got another name while a command waited', () => {
  const { rules, ...rest } = policyOf(lists);
  const under = (name: string) => ({
    ...rest,
    rules: rules.map((rule) => ({ ...rule, environments: new Set([name]) })),
  });

  it('is judged by its new name, for it is the same organization', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.renameEnvironment('live');
    scene.setPolicy(under('live'));
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is not judged by its old one, which may be that of another organization by now', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.renameEnvironment('live');
    scene.setPolicy(under('prod'));
    await scene.press(id, 'U0CAROL');
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ end: { because: { refusal: { reason: 'not_permitted' } } } });
  });
});
