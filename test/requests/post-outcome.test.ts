import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { SlackReason } from '../../src/requests/outcome.ts';
import { postOutcome } from '../../src/requests/steps/post/post-outcome.ts';
import { noAnswer } from './events.fixture.ts';
import { append } from './ledger/ledger.fixture.ts';
import { newLedgerPath } from './scene/ledger-path.fixture.ts';
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
const transientReasons: readonly SlackReason[] = ['unreachable', 'token_revoked'];
const refused = (reason: SlackReason): PostResult => ({ kind: 'refused', reason });

async function started(scene: Scene): Promise<string> {
  const id = await scene.submit({ verb: 'start' });
  await scene.advanceTime(minutes);
  return id;
}

function outcomes({ world }: Scene) {
  return world.messages.filter(({ kind }) => kind === 'outcome');
}

describe('an outcome whose thread cannot be written', () => {
  it.each(never)('goes to the requester directly: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(refused(reason));
    const id = await started(scene);
    expect(outcomes(scene)).toEqual([]);
    expect(scene.world.privateMessages).toEqual([{ how: 'direct', request: id, to: 'U0ALICE', outcome: 'accepted' }]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'direct' } } });
    expect(scene.counted.ended).toEqual(['accepted']);
  });

  it('is logged with all details when a direct message to the requester is refused as well', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(refused('channel_archived'));
    scene.world.answers.sendOutcomeDirectly.push(refused('channel_not_found'));
    const id = await started(scene);
    expect(scene.world.privateMessages).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'log', ts: null } } });
    expect(scene.logged.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { request: id, outcome: 'accepted', order: { workflowId: 'WKF110' }, because: { kind: 'taken' } } },
    ]);
  });

  it.each(transientReasons)('stays due while the failure is transient: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...Array.from({ length: 10 }, () => refused(reason)));
    const id = await started(scene);
    expect(scene.world.privateMessages).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', outcomePost: { done: null } });
    await scene.advanceTime(10 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('waits for Retry-After, and is not lost', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(29_999);
    expect(outcomes(scene)).toEqual([]);
    await scene.advanceTime(1);
    expect(outcomes(scene)).toMatchObject([{ request: id }]);
  });

  it('is not lost on its way to the requester either', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...Array.from({ length: 9 }, () => refused('channel_archived')));
    scene.world.answers.sendOutcomeDirectly.push(
      { kind: 'rate_limited', retryAfterMs: 30_000 },
      refused('unreachable'),
    );
    await started(scene);
    await scene.advanceTime(minutes);
    expect(scene.world.privateMessages).toMatchObject([{ how: 'direct', outcome: 'accepted' }]);
  });
});

describe('an outcome whose post is in doubt', () => {
  it('is searched for and found: one is visible', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push('posted, but no answer');
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, done: { via: 'thread', ts: '2.0' } } });
  });

  it.each([
    ['it is not found', { kind: 'absent' }],
    ['the history cannot be read', { kind: 'unknowable' }],
  ] as const)('is posted again when %s: at least once', async (_, found) => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push({ kind: 'doubt' });
    scene.world.answers.findOutcome.push(found);
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 2 } });
  });

  it('is searched for again, and not posted, while Slack is unreachable', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push('posted, but no answer');
    scene.world.answers.findOutcome.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    const id = await started(scene);
    expect(outcomes(scene)).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { attempts: 1, done: { ts: '2.0' } } });
  });
});

describe('an outcome that cannot be posted in its thread for ten minutes', () => {
  const trouble = (count: number) => Array.from({ length: count }, () => ({ kind: 'doubt' }) as const);
  const directly = { how: 'direct', to: 'U0ALICE', outcome: 'accepted' };

  it('goes to the requester directly as well, once, and is retried until it is in the thread', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...trouble(1_000));
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes - 1);
    expect(scene.world.privateMessages).toEqual([]);
    await scene.advanceTime(1);
    expect(scene.world.privateMessages).toMatchObject([{ request: id, ...directly }]);
    await scene.advanceTime(60 * minutes);
    expect(scene.world.privateMessages).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: null, problem: 'doubt' } });
    expect(await scene.ledger.pendingOutcomes()).toMatchObject({ count: 1 });
    scene.world.answers.postOutcome.length = 0;
    await scene.advanceTime(5 * minutes);
    expect(outcomes(scene)).toMatchObject([{ request: id, shows: 'accepted' }]);
    expect(scene.world.privateMessages).toHaveLength(1);
  });

  it('is sent directly once by two processes, one after the other', async () => {
    const path = newLedgerPath();
    const world = newWorld();
    world.answers.postOutcome.push(...trouble(1_000));
    for (const count of [1, 1]) {
      await using scene = await openScene({ path, world });
      if (world.messages.length === 0) await scene.submit({ verb: 'start' });
      await scene.advanceTime(30 * minutes);
      expect(world.privateMessages).toHaveLength(count);
    }
  });

  it('is sent directly where the thread cannot be searched', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push('posted, but no answer');
    scene.world.answers.findOutcome.push(...Array.from({ length: 1_000 }, () => ({ kind: 'unreachable' }) as const));
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(11 * minutes);
    expect(scene.world.privateMessages).toMatchObject([{ request: id, ...directly }]);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it('is sent directly again where that fails, and not twice where the thread becomes unwritable later', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(...trouble(1_000));
    scene.world.answers.sendOutcomeDirectly.push(...trouble(2));
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(40 * minutes);
    expect(scene.world.privateMessages).toMatchObject([{ request: id, ...directly }]);
    scene.world.answers.postOutcome.splice(0, Number.POSITIVE_INFINITY, refused('channel_archived'));
    await scene.advanceTime(10 * minutes);
    expect(scene.world.privateMessages).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ outcomePost: { done: { via: 'direct' } } });
  });

  it('waits for the ten minutes where Retry-After is longer', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 20 * minutes });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(20 * minutes - 1);
    expect(await scene.events(id, 'reporting')).toHaveLength(1);
    await scene.advanceTime(1);
    expect(outcomes(scene)).toHaveLength(1);
  });

  it('is not sent directly while Slack is unavailable', async () => {
    await using scene = await openScene();
    scene.world.answers.postOutcome.push(refused('unreachable'));
    await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    scene.world.outage = refused('unreachable');
    await scene.advanceTime(60 * minutes);
    expect(scene.world.privateMessages).toEqual([]);
  });
});

describe('an update in doubt', () => {
  it('is repeated when it can no longer overwrite a later one, and the announcement shows the outcome', async () => {
    await using scene = await openScene();
    scene.world.answers.updateAnnouncement.push({ kind: 'doubt' });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(1_999);
    expect(scene.world.messages).toMatchObject([{ request: id, shows: 'submitted' }, { kind: 'outcome' }]);
    await scene.advanceTime(1);
    expect(scene.world.messages).toMatchObject([{ request: id, shows: 'accepted' }, { kind: 'outcome' }]);
  });
});

describe('an outcome without an announcement', () => {
  it.each([
    ['Slack answers 429', { kind: 'rate_limited', retryAfterMs: 5_000 }, 'private'],
    ['Slack is unreachable', refused('unreachable'), 'private'],
    ['the post is in doubt', { kind: 'doubt' }, 'private'],
    ['the reply is not accepted', refused('message_refused'), 'direct'],
  ] as const)('is still sent when %s', async (_, trouble, how) => {
    await using scene = await openScene();
    scene.world.answers.postOutcomePrivately.push(trouble);
    const id = await scene.submit({ verb: 'start' }, 'U0EVE');
    await scene.advanceTime(minutes);
    expect(scene.world.privateMessages).toEqual([{ how, request: id, to: 'U0EVE', outcome: 'refused' }]);
    expect(scene.counted.ended).toEqual(['refused']);
  });
});

describe('an outcome whose announcement may be in the channel', () => {
  /** The step, for a request that ended while it was being announced. */
  async function posted(scene: Scene, wasOpen: boolean) {
    if (!wasOpen) scene.world.answers.announce.push('posted, but no answer');
    await scene.suspend();
    const id = await scene.submit({ verb: 'start' });
    if (!wasOpen) {
      scene.resume();
      await scene.untilIdle();
      await scene.suspend();
    }
    scene.skipTime(10 * minutes);
    const because = { kind: 'too_late' } as const;
    await append(scene.ledger, { id }, { type: 'ended', data: { outcome: 'not_sent', because, answer: noAnswer } });
    const claim = (await scene.ledger.claim(99)).find(({ task }) => task === 'report');
    if (claim === undefined) throw new Error('no outcome is due');
    const reconciliation = { ...scene.ports.reconciliation, wasOpen: () => wasOpen };
    const result = await postOutcome(await scene.request(id), { ...scene.ports, reconciliation }, claim);
    if (result !== undefined && 'record' in result)
      await scene.ledger.complete(claim, {
        ...result,
        slots: { stops: 0, new_stops: 0, rest: 0, replies: 0, updates: 0 },
      });
    const notBefore = result !== undefined && 'notBefore' in result ? result.notBefore : null;
    return { id, notBefore, after: await scene.request(id) };
  }

  it.each([
    ['the post of the announcement is in doubt', false],
    ['the request was open when the process started', true],
  ])('waits until that is known, where %s', async (_, wasOpen) => {
    await using scene = await openScene();
    scene.world.answers.findAnnouncement.push({ kind: 'unreachable' });
    const { notBefore } = await posted(scene, wasOpen);
    expect(notBefore).toBeGreaterThan(scene.world.now);
    expect(scene.world.privateMessages).toEqual([]);

    await using found = await openScene();
    found.world.answers.findAnnouncement.push({ kind: 'found', ts: '7.0' });
    // The next step posts in the thread.
    expect(await posted(found, wasOpen)).toMatchObject({
      after: { announcement: { ts: '7.0' }, outcomePost: { done: null } },
    });
    expect(found.world.privateMessages).toEqual([]);

    await using absent = await openScene();
    absent.world.answers.findAnnouncement.push({ kind: 'absent' });
    const { id, after } = await posted(absent, wasOpen);
    expect(after).toMatchObject({ outcomePost: { done: { via: 'private' } } });
    expect(absent.world.privateMessages).toEqual([{ how: 'private', request: id, to: 'U0ALICE', outcome: 'not_sent' }]);
  });
});
