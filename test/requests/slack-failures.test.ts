import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { SlackReason } from '../../src/requests/outcome.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const hours = 60 * minutes;
const timeoutMs = 30_000;
const refused = (reason: SlackReason): PostResult => ({ kind: 'refused', reason });

/** A start that Campaign has accepted, and whose outcome is about to be posted when the failure starts. */
async function accepted(scene: Scene, outage: PostResult | null = null): Promise<string> {
  const posting = scene.gate('postOutcome');
  const id = await scene.submit({ verb: 'start' });
  scene.wake();
  await posting.reached;
  scene.world.outage = outage;
  posting.open();
  return id;
}

function outcomes({ world }: Scene) {
  return world.messages.filter(({ kind }) => kind === 'outcome');
}

function errors({ logged }: Scene) {
  return logged.filter(({ level, message }) => level === 'error' && message === 'outcome could not be posted');
}

describe('an outcome, while Slack fails', () => {
  it('waits for the Retry-After of a 429, and is then posted once', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 20 * minutes });
    const id = await accepted(scene);
    await scene.advanceTime(20 * minutes - 1);
    expect(outcomes(scene)).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: 'rate_limited', attempts: 1 } });
    expect(await scene.ledger.pendingOutcomes()).toMatchObject({ count: 1 });
    await scene.advanceTime(1);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: null, done: { via: 'thread' } } });
  });

  it('waits an hour at most, whatever Retry-After says', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 1_000 * hours });
    await accepted(scene);
    await scene.advanceTime(hours);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it.each([
    ['a 5xx or a time-out before it arrived', { kind: 'doubt' }],
    ['a 5xx or a time-out after it arrived', 'posted, but no answer'],
  ] as const)('is in the thread once after %s', async (_, trouble) => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(trouble);
    const id = await accepted(scene);
    await scene.advanceTime(minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
    expect(scene.world.privateMessages).toEqual([]);
  });

  it.each(['not_in_channel', 'channel_archived'] as const)(
    'goes to the requester directly where the channel changed after the announcement: %s',
    async (reason) => {
      await using scene = await openScene();
      scene.world.answers.postOutcome.push(refused(reason));
      const id = await accepted(scene);
      await scene.advanceTime(minutes);
      expect(outcomes(scene)).toEqual([]);
      expect(scene.world.privateMessages).toEqual([{ how: 'direct', request: id, to: 'U0ALICE', outcome: 'accepted' }]);
      expect(errors(scene)).toEqual([]);
    },
  );

  it('is logged once, at error level, with all details, where a direct message is refused as well', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(refused('channel_archived'));
    scene.world.answers.sendOutcomeDirectly.push(refused('channel_not_found'));
    const id = await accepted(scene);
    await scene.advanceTime(24 * hours);
    expect(errors(scene)).toMatchObject([
      {
        fields: { request: id, requester: 'U0ALICE', channel: 'C0OPS', outcome: 'accepted', order: { verb: 'start' } },
      },
    ]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'log' } } });
  });
});

describe('a token that is revoked for a day, and a Slack that is unreachable for a day', () => {
  it.each(['token_revoked', 'unreachable'] as const)(
    'add nothing to the ledger, and a minute after their end the outcome is in the thread, once: %s',
    async (reason) => {
      await using scene = await openScene();
      const id = await accepted(scene, refused(reason));
      await scene.advanceTime(24 * hours);
      expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, problem: reason, done: null } });
      expect((await scene.ledger.events(id)).length).toBeLessThan(12);
      scene.world.outage = null;
      await scene.advanceTime(minutes);
      expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
      expect(scene.world.privateMessages).toEqual([]);
      expect(errors(scene)).toEqual([]);
    },
    timeoutMs,
  );

  it('are waited for by the next process as well', async () => {
    const path = newLedgerPath();
    const world = newWorld();
    const id = await (async () => {
      await using scene = await openScene({ path, world });
      const asked = await accepted(scene, refused('token_revoked'));
      await scene.advanceTime(minutes);
      return asked;
    })();
    await using scene = await openScene({ path, world });
    await scene.advanceTime(hours);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, problem: 'token_revoked' } });
    world.outage = null;
    await scene.advanceTime(minutes);
    expect(outcomes(scene)).toHaveLength(1);
    expect(world.sent).toHaveLength(1);
  });

  it(
    'delay, but do not lose, the refusal of a request without an announcement',
    async () => {
      await using scene = await openScene();
      scene.world.outage = refused('token_revoked');
      const id = await scene.submit({ verb: 'start' }, 'U0EVE');
      await scene.advanceTime(24 * hours);
      expect((await scene.ledger.events(id)).length).toBeLessThan(8);
      scene.world.outage = null;
      await scene.advanceTime(minutes);
      expect(scene.world.privateMessages).toEqual([{ how: 'private', request: id, to: 'U0EVE', outcome: 'refused' }]);
    },
    timeoutMs,
  );

  it(
    'are handled like a Slack that accepts no message for a day and answers everything else',
    async () => {
      await using scene = await openScene();
      scene.world.answers.postOutcome.push(...Array.from({ length: 10_000 }, () => ({ kind: 'doubt' }) as const));
      const id = await accepted(scene);
      await scene.advanceTime(24 * hours);
      expect((await scene.events(id, 'reporting')).length).toBeLessThan(450);
      scene.world.answers.postOutcome.length = 0;
      await scene.advanceTime(5 * minutes);
      expect(outcomes(scene)).toHaveLength(1);
    },
    timeoutMs,
  );
});

describe('an outcome that cannot be posted because of an internal fault', () => {
  const broken = (times: number) => Array.from({ length: times }, () => new Error('it cannot be worded'));

  it('is logged after ten attempts in a row, once, with the fault', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...broken(50));
    const id = await accepted(scene);
    await scene.advanceTime(hours);
    expect(await scene.events(id, 'reporting')).toHaveLength(10);
    expect(errors(scene)).toMatchObject([
      {
        fields: {
          request: id,
          outcome: 'accepted',
          order: { workflowId: 'WKF110' },
          err: { message: 'it cannot be worded' },
        },
      },
    ]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'log', ts: null } } });
    expect(scene.counted.ended).toEqual(['accepted']);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });

  it('is posted when the fault ends before', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...broken(9));
    const id = await accepted(scene);
    await scene.advanceTime(2 * minutes);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: 'fault', done: null } });
    await scene.advanceTime(10 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
    expect(errors(scene)).toEqual([]);
  });

  it('is not given up for one fault after a long outage of Slack', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(
      ...Array.from({ length: 30 }, () => ({ kind: 'doubt' }) as const),
      ...broken(1),
    );
    await accepted(scene);
    await scene.advanceTime(5 * hours);
    expect(outcomes(scene)).toHaveLength(1);
    expect(errors(scene)).toEqual([]);
  });

  it('leaves the announcement unchanged after ten attempts to update it', async () => {
    await using scene = await openScene();
    scene.world.answers.updateAnnouncement.push(...broken(50));
    const id = await accepted(scene);
    await scene.advanceTime(hours);
    expect(await scene.events(id, 'shown')).toMatchObject([{ data: { state: 'accepted', problem: 'fault' } }]);
    expect(outcomes(scene)).toHaveLength(1);
    expect(scene.world.answers.updateAnnouncement).toHaveLength(40);
  });
});
