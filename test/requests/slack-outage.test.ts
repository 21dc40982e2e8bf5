import { describe, expect, it } from '@jest/globals';
import { minutes, openScene } from './scene/scene.fixture.ts';

describe('transient failures are retried', () => {
  it('a post without an answer is neither searched for nor repeated while it can still arrive', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(new Error('the process was interrupted'));
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(11_500);
    expect(await scene.events(id, 'announcing')).toHaveLength(1);
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(5_000);
    expect(await scene.events(id, 'announcing')).toHaveLength(2);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('an announcement is updated when a revoked token works again', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.answers.updateAnnouncement.push(
      ...Array.from({ length: 3 }, () => ({ kind: 'refused', reason: 'token_revoked' }) as const),
    );
    await scene.press(id, 'U0ALICE', 'cancel');
    await scene.advanceTime(minutes);
    expect(await scene.request(id)).toMatchObject({ shown: { state: 'cancelled' } });
    expect(scene.world.messages[0]).toMatchObject({ kind: 'announcement', shows: 'cancelled' });
  });

  it('a confirmation is not lost when the look-up of its author fails for a moment', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    scene.world.unavailable.add('U0CAROL');
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(1_500);
    expect(scene.world.privateMessages).toEqual([]);
    scene.world.unavailable.delete('U0CAROL');
    await scene.advanceTime(3_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
  });

  it('an outcome that Slack does not accept adds few events to the ledger, whatever Retry-After says', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(
      ...Array.from({ length: 1_000 }, () => ({ kind: 'rate_limited', retryAfterMs: 0 }) as const),
    );
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(minutes);
    expect((await scene.events(id, 'reporting')).length).toBeLessThan(12);
    expect((await scene.events(id, 'reporting')).length).toBeGreaterThan(3);
  });
});
