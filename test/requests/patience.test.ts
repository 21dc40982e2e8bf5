import { describe, expect, it } from '@jest/globals';
import { minutes, openScene } from './scene/scene.fixture.ts';

describe('what passes is waited for', () => {
  it('a message that was cut off is neither searched for nor posted again while it can still be on its way', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(new Error('the process was interrupted'));
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(11_500);
    expect(await scene.events(id, 'announcing')).toHaveLength(1);
    expect(scene.world.sent).toEqual([]);
    await scene.pass(5_000);
    expect(await scene.events(id, 'announcing')).toHaveLength(2);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('an announcement is brought up to date when a revoked token works again', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.answers.show.push(
      ...Array.from({ length: 3 }, () => ({ kind: 'refused', reason: 'token_revoked' }) as const),
    );
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.pass(minutes);
    expect(await scene.request(id)).toMatchObject({ shown: { state: 'cancelled' } });
    expect(scene.world.messages[0]).toMatchObject({ kind: 'announcement', shows: 'cancelled' });
  });

  it('a confirmation is not lost because Slack does not say for a moment who confirmed', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.quiet();
    scene.world.hidden.add('U0CAROL');
    await scene.press(id, 'U0CAROL');
    await scene.pass(1_500);
    expect(scene.world.told).toEqual([]);
    scene.world.hidden.delete('U0CAROL');
    await scene.pass(3_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
  });

  it('an outcome that Slack does not take fills the ledger slowly, whatever Slack says about waiting', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(
      ...Array.from({ length: 1_000 }, () => ({ kind: 'rate_limited', retryAfterMs: 0 }) as const),
    );
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(minutes);
    expect((await scene.events(id, 'reporting')).length).toBeLessThan(12);
    expect((await scene.events(id, 'reporting')).length).toBeGreaterThan(3);
  });
});
