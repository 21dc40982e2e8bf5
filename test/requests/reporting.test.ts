import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { SlackReason } from '../../src/requests/outcome.ts';
import { newLedgerPath } from './scene/folder.fixture.ts';
import { minutes, openScene, type Scene } from './scene/scene.fixture.ts';
import { newWorld } from './scene/world.fixture.ts';

const never: readonly SlackReason[] = [
  'not_in_channel',
  'channel_not_found',
  'channel_archived',
  'posting_restricted',
  'missing_scope',
  'message_refused',
];
const passing: readonly SlackReason[] = ['unreachable', 'token_revoked'];
const refused = (reason: SlackReason): PostResult => ({ kind: 'refused', reason });

async function started(scene: Scene): Promise<string> {
  const id = await scene.ask({ verb: 'start' });
  await scene.pass(minutes);
  return id;
}

function outcomes({ world }: Scene) {
  return world.messages.filter(({ kind }) => kind === 'outcome');
}

describe('an outcome whose thread cannot be written', () => {
  it.each(never)('goes to the requester directly: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.report.push(refused(reason));
    const id = await started(scene);
    expect(outcomes(scene)).toEqual([]);
    expect(scene.world.told).toEqual([{ how: 'direct', request: id, to: 'U0ALICE', outcome: 'accepted' }]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'direct' } } });
    expect(scene.counted.ended).toEqual(['accepted']);
  });

  it('goes to the log when the requester cannot be written to either, with all that is known', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(refused('channel_archived'));
    scene.world.answers.reportDirectly.push(refused('channel_not_found'));
    const id = await started(scene);
    expect(scene.world.told).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'log', ts: null } } });
    expect(scene.logged.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { request: id, outcome: 'accepted', order: { workflowId: 'WKF110' }, because: { kind: 'taken' } } },
    ]);
  });

  it.each(passing)('stays due while Slack may come back: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.report.push(...Array.from({ length: 10 }, () => refused(reason)));
    const id = await started(scene);
    expect(scene.world.told).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', outcomePost: { done: null } });
    await scene.pass(10 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('waits as long as Slack asks, and is not lost', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(29_999);
    expect(outcomes(scene)).toEqual([]);
    await scene.pass(1);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
  });

  it('is not lost on its way to the requester either', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...Array.from({ length: 9 }, () => refused('channel_archived')));
    scene.world.answers.reportDirectly.push({ kind: 'rate_limited', retryAfterMs: 30_000 }, refused('unreachable'));
    await started(scene);
    await scene.pass(minutes);
    expect(scene.world.told).toMatchObject([{ how: 'direct', outcome: 'accepted' }]);
  });
});

describe('an outcome of which nobody knows whether it was posted', () => {
  it('is looked for, and what is found counts: people see one', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push('landed in doubt');
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, done: { via: 'thread', ts: '2.0' } } });
  });

  it.each([
    ['it is not there', { kind: 'absent' }],
    ['the history cannot be read', { kind: 'unknowable' }],
  ] as const)('is posted again when %s: at least once', async (_, found) => {
    await using scene = await openScene();
    scene.world.answers.report.push({ kind: 'doubt' });
    scene.world.answers.findReport.push(found);
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 2 } });
  });

  it('is looked for again, and not posted, while Slack cannot be reached', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push('landed in doubt');
    scene.world.answers.findReport.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, done: { ts: '2.0' } } });
  });
});

describe('an outcome that its thread does not take for ten minutes', () => {
  const trouble = (count: number) => Array.from({ length: count }, () => ({ kind: 'doubt' }) as const);
  const directly = { how: 'direct', to: 'U0ALICE', outcome: 'accepted' };

  it('goes to the requester directly as well, once, and is tried further until the thread has it', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...trouble(1_000));
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes - 1);
    expect(scene.world.told).toEqual([]);
    await scene.pass(1);
    expect(scene.world.told).toMatchObject([{ request: id, ...directly }]);
    await scene.pass(60 * minutes);
    expect(scene.world.told).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: null, problem: 'doubt' } });
    expect(await scene.ledger.pendingOutcomes()).toMatchObject({ count: 1 });
    scene.world.answers.report.length = 0;
    await scene.pass(5 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(scene.world.told).toHaveLength(1);
  });

  it('is told directly once by two processes, one after the other', async () => {
    const path = newLedgerPath();
    const world = newWorld();
    world.answers.report.push(...trouble(1_000));
    for (const told of [1, 1]) {
      await using scene = await openScene({ path, world });
      if (world.messages.length === 0) await scene.ask({ verb: 'start' });
      await scene.pass(30 * minutes);
      expect(world.told).toHaveLength(told);
    }
  });

  it('is told directly where nobody can find out whether it is in the thread', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push('landed in doubt');
    scene.world.answers.findReport.push(...Array.from({ length: 1_000 }, () => ({ kind: 'unreachable' }) as const));
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(11 * minutes);
    expect(scene.world.told).toMatchObject([{ request: id, ...directly }]);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it('is tried again directly where that fails, and not told twice where the thread is closed for good later', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(...trouble(1_000));
    scene.world.answers.reportDirectly.push(...trouble(2));
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(40 * minutes);
    expect(scene.world.told).toMatchObject([{ request: id, ...directly }]);
    scene.world.answers.report.splice(0, Number.POSITIVE_INFINITY, refused('channel_archived'));
    await scene.pass(10 * minutes);
    expect(scene.world.told).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'direct' } } });
  });

  it('waits for its time where Slack asks to wait longer', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push({ kind: 'rate_limited', retryAfterMs: 20 * minutes });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(20 * minutes - 1);
    expect(await scene.events(id, 'reporting')).toHaveLength(1);
    await scene.pass(1);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it('goes to nobody while Slack is not there at all', async () => {
    await using scene = await openScene();
    scene.world.answers.report.push(refused('unreachable'));
    await scene.ask({ verb: 'start' });
    await scene.quiet();
    scene.world.trouble = refused('unreachable');
    await scene.pass(60 * minutes);
    expect(scene.world.told).toEqual([]);
  });
});

describe('an edit of which nobody knows whether it was made', () => {
  it('is made again when it can no longer land on the next one, and the announcement shows the end', async () => {
    await using scene = await openScene();
    scene.world.answers.show.push({ kind: 'doubt' });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(1_999);
    expect(scene.world.messages).toMatchObject([{ request: id, shows: 'submitted' }, { kind: 'outcome' }]);
    await scene.pass(1);
    expect(scene.world.messages).toMatchObject([{ request: id, shows: 'accepted' }, { kind: 'outcome' }]);
  });
});

describe('an outcome without an announcement', () => {
  it.each([
    ['Slack asks to wait', { kind: 'rate_limited', retryAfterMs: 5_000 }, 'private'],
    ['Slack cannot be reached', refused('unreachable'), 'private'],
    ['nobody knows whether it was told', { kind: 'doubt' }, 'private'],
    ['the reply is not taken', refused('message_refused'), 'direct'],
  ] as const)('is told all the same when %s', async (_, trouble, how) => {
    await using scene = await openScene();
    scene.world.answers.reportPrivately.push(trouble);
    const id = await scene.ask({ verb: 'start' }, 'U0EVE');
    await scene.pass(minutes);
    expect(scene.world.told).toEqual([{ how, request: id, to: 'U0EVE', outcome: 'refused' }]);
    expect(scene.counted.ended).toEqual(['refused']);
  });
});
