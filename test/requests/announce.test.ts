import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { SlackReason } from '../../src/requests/outcome.ts';
import { minutes, openScene } from './scene/scene.fixture.ts';

const forGood: readonly SlackReason[] = [
  'not_in_channel',
  'channel_not_found',
  'channel_archived',
  'posting_restricted',
  'token_revoked',
  'missing_scope',
  'message_refused',
];
const unreachable: PostResult = { kind: 'refused', reason: 'unreachable' };

describe('a command without an announcement', () => {
  it.each(forGood)('is not sent, and its requester gets the reason: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'refused', reason });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'slack', reason } } });
    expect(scene.world.privateMessages).toEqual([{ how: 'private', request: id, to: 'U0ALICE', outcome: 'not_sent' }]);
  });

  it('is announced later when Slack was unreachable for a moment', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(unreachable, unreachable);
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(10_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 3 } });
    expect(await scene.events(id, 'not_posted')).toHaveLength(2);
  });

  it('is not sent when Slack is unreachable for two minutes', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(...Array.from({ length: 100 }, () => unreachable));
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'unreachable' } },
    });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('is given up when its time limit is over, whatever Retry-After says, and the reason given is the rate limit', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 1_800_000 });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(100_001);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'rate_limited' } },
    });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('waits for Retry-After, and no longer', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(29_999);
    expect(await scene.request(id)).toMatchObject({
      state: 'submitted',
      announcement: { attempts: 1, inDoubt: false },
    });
    await scene.advanceTime(1);
    expect(scene.world.sent).toHaveLength(1);
    // From now on the channel is paced.
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }]);
    await scene.advanceTime(1_100);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }, { kind: 'outcome' }]);
  });
});

describe('an announcement whose post is in doubt', () => {
  it('is searched for and found: one is visible', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('posted, but no answer');
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(10_000);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', request: id, ts: '1.0', shows: 'accepted' },
      { kind: 'outcome' },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 1, ts: '1.0' } });
  });

  it('is posted again when it is not found', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'doubt' });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10_000);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 2 } });
  });

  it('is not searched for at once, because it can still arrive', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'doubt' });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(1_999);
    expect(await scene.request(id)).toMatchObject({ announcement: { attempts: 1, inDoubt: true } });
  });

  it('sends no command where the history cannot be read', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('posted, but no answer');
    scene.world.answers.findAnnouncement.push({ kind: 'unknowable' }, { kind: 'unknowable' });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'unknowable' } },
    });
    expect(scene.world.privateMessages).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('is searched for again when Slack was unreachable', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('posted, but no answer');
    scene.world.answers.findAnnouncement.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    await scene.submit({ verb: 'start' });
    await scene.advanceTime(minutes);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is updated with the outcome when the doubt lasts longer than two minutes', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('posted, but no answer');
    const id = await scene.submit();
    await scene.untilIdle();
    scene.skipTime(10 * minutes);
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toEqual([
      { kind: 'announcement', request: id, ts: '1.0', shows: 'not_sent' },
      { kind: 'outcome', request: id, ts: '2.0', shows: 'not_sent' },
    ]);
  });
});

describe('an announcement', () => {
  it.each([
    ['Slack answers 429', { kind: 'rate_limited', retryAfterMs: 5_000 }],
    ['Slack is unreachable', unreachable],
    ['the update is in doubt', 'posted, but no answer'],
  ] as const)('is updated later when %s', async (_, trouble) => {
    await using scene = await openScene();
    scene.world.answers.updateAnnouncement.push(trouble);
    await scene.submit({ verb: 'start' });
    await scene.advanceTime(minutes);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', shows: 'accepted' },
      { kind: 'outcome' },
      { kind: 'follow_up' },
    ]);
  });

  it('that can no longer be edited delays nothing, and the retries end', async () => {
    await using scene = await openScene();
    scene.world.answers.updateAnnouncement.push({ kind: 'refused', reason: 'message_refused' });
    const id = await scene.submit({ verb: 'start' });
    await scene.advanceTime(10 * minutes);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }, { kind: 'outcome' }, { kind: 'follow_up' }]);
    expect(await scene.events(id, 'shown')).toMatchObject([
      { data: { state: 'accepted', turn: 0, problem: 'message_refused' } },
      { data: { state: 'accepted', turn: 1, problem: null } },
    ]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });
});
