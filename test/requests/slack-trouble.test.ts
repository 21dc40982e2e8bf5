import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { SlackReason } from '../../src/requests/outcome.ts';
import { newLedgerPath } from './scene/folder.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const hours = 60 * minutes;
const patienceMs = 30_000;
const refused = (reason: SlackReason): PostResult => ({ kind: 'refused', reason });

/** A start that Campaign has accepted, and whose outcome is about to be posted when the trouble begins. */
async function accepted(scene: Scene, trouble: PostResult | null = null): Promise<string> {
  const posting = scene.gate('report');
  const id = await scene.ask({ verb: 'start' });
  scene.wake();
  await posting.reached;
  scene.world.trouble = trouble;
  posting.open();
  return id;
}

function outcomes({ world }: Scene) {
  return world.messages.filter(({ kind }) => kind === 'outcome');
}

function errors({ logged }: Scene) {
  return logged.filter(({ level, message }) => level === 'error' && message === 'outcome could not be posted');
}

describe('an outcome, while Slack is in trouble', () => {
  it('waits as long as a 429 asks, and is posted once then', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push({ kind: 'rate_limited', retryAfterMs: 20 * minutes });
    const id = await accepted(scene);
    await scene.pass(20 * minutes - 1);
    expect(outcomes(scene)).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: 'rate_limited', attempts: 1 } });
    expect(await scene.ledger.pendingOutcomes()).toMatchObject({ count: 1 });
    await scene.pass(1);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: null, done: { via: 'thread' } } });
  });

  it('waits an hour at the most, whatever a 429 asks', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push({ kind: 'rate_limited', retryAfterMs: 1_000 * hours });
    await accepted(scene);
    await scene.pass(hours);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it.each([
    ['a 5xx or a time-out before it was there', { kind: 'doubt' }],
    ['a 5xx or a time-out after it was there', 'landed in doubt'],
  ] as const)('is in the thread once after %s', async (_, trouble) => {
    await using scene = await openScene();
    scene.world.answers.report.push(trouble);
    const id = await accepted(scene);
    await scene.pass(minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
    expect(scene.world.told).toEqual([]);
  });

  it.each(['not_in_channel', 'channel_archived'] as const)(
    'goes to the requester directly where the channel changed since the announcement: %s',
    async (reason) => {
      await using scene = await openScene();
      scene.world.answers.report.push(refused(reason));
      const id = await accepted(scene);
      await scene.pass(minutes);
      expect(outcomes(scene)).toEqual([]);
      expect(scene.world.told).toEqual([{ how: 'direct', request: id, to: 'U0ALICE', outcome: 'accepted' }]);
      expect(errors(scene)).toEqual([]);
    },
  );

  it('goes to the log once, at error level, with all that is known, where a direct message is refused as well', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(refused('channel_archived'));
    scene.world.answers.reportDirectly.push(refused('channel_not_found'));
    const id = await accepted(scene);
    await scene.pass(24 * hours);
    expect(errors(scene)).toMatchObject([
      {
        fields: { request: id, requester: 'U0ALICE', channel: 'C0OPS', outcome: 'accepted', order: { verb: 'start' } },
      },
    ]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'log' } } });
  });
});

describe('a token that is revoked for a day, and a Slack that cannot be reached as long', () => {
  it.each(['token_revoked', 'unreachable'] as const)(
    'fill the ledger with nothing, and a minute after the end the outcome is in the thread, once: %s',
    async (reason) => {
      await using scene = await openScene();
      const id = await accepted(scene, refused(reason));
      await scene.pass(24 * hours);
      expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, problem: reason, done: null } });
      expect((await scene.ledger.events(id)).length).toBeLessThan(12);
      scene.world.trouble = null;
      await scene.pass(minutes);
      expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
      expect(scene.world.told).toEqual([]);
      expect(errors(scene)).toEqual([]);
    },
    patienceMs,
  );

  it('are waited for by the next process, too', async () => {
    const path = newLedgerPath();
    const world = newWorld();
    const id = await (async () => {
      await using scene = await openScene({ path, world });
      const asked = await accepted(scene, refused('token_revoked'));
      await scene.pass(minutes);
      return asked;
    })();
    await using scene = await openScene({ path, world });
    await scene.pass(hours);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, problem: 'token_revoked' } });
    world.trouble = null;
    await scene.pass(minutes);
    expect(outcomes(scene)).toHaveLength(1);
    expect(world.sent).toHaveLength(1);
  });

  it(
    'keep nobody from an answer who was refused before anything was announced',
    async () => {
      await using scene = await openScene();
      scene.world.trouble = refused('token_revoked');
      const id = await scene.ask({ verb: 'start' }, 'U0EVE');
      await scene.pass(24 * hours);
      expect((await scene.ledger.events(id)).length).toBeLessThan(8);
      scene.world.trouble = null;
      await scene.pass(minutes);
      expect(scene.world.told).toEqual([{ how: 'private', request: id, to: 'U0EVE', outcome: 'refused' }]);
    },
    patienceMs,
  );

  it(
    'are no worse than a Slack that takes no message for a day and answers everything else',
    async () => {
      await using scene = await openScene();
      scene.world.answers.report.push(...Array.from({ length: 10_000 }, () => ({ kind: 'doubt' }) as const));
      const id = await accepted(scene);
      await scene.pass(24 * hours);
      expect((await scene.events(id, 'reporting')).length).toBeLessThan(450);
      scene.world.answers.report.length = 0;
      await scene.pass(5 * minutes);
      expect(outcomes(scene)).toHaveLength(1);
    },
    patienceMs,
  );
});

describe('an outcome that cannot be told for a fault of our own', () => {
  const broken = (times: number) => Array.from({ length: times }, () => new Error('it cannot be worded'));

  it('goes to the log after ten tries in a row, once, with the fault', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...broken(50));
    const id = await accepted(scene);
    await scene.pass(hours);
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

  it('is posted when the fault passes before', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...broken(9));
    const id = await accepted(scene);
    await scene.pass(2 * minutes);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { problem: 'fault', done: null } });
    await scene.pass(10 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
    expect(errors(scene)).toEqual([]);
  });

  it('is not given up for one fault after a long time without Slack', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...Array.from({ length: 30 }, () => ({ kind: 'doubt' }) as const), ...broken(1));
    await accepted(scene);
    await scene.pass(5 * hours);
    expect(outcomes(scene)).toHaveLength(1);
    expect(errors(scene)).toEqual([]);
  });

  it('leaves the announcement as it is after ten tries to change it', async () => {
    await using scene = await openScene();
    scene.world.answers.show.push(...broken(50));
    const id = await accepted(scene);
    await scene.pass(hours);
    expect(await scene.events(id, 'shown')).toMatchObject([{ data: { state: 'accepted', problem: 'fault' } }]);
    expect(outcomes(scene)).toHaveLength(1);
    expect(scene.world.answers.show).toHaveLength(40);
  });
});
