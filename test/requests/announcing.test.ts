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

describe('a command that the channel does not show', () => {
  it.each(forGood)('is not sent, and the person is told why: %s', async (reason) => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'refused', reason });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'not_sent', because: { kind: 'slack', reason } } });
    expect(scene.world.told).toEqual([{ how: 'private', request: id, to: 'U0ALICE', outcome: 'not_sent' }]);
  });

  it('is announced later when Slack could not be reached for a moment', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(unreachable, unreachable);
    const id = await scene.ask({ verb: 'start' });
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    await scene.pass(10_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 3 } });
    expect(await scene.events(id, 'not_posted')).toHaveLength(2);
  });

  it('is not sent when Slack cannot be reached for two minutes', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(...Array.from({ length: 100 }, () => unreachable));
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes);
    expect(scene.world).toMatchObject({ sent: [], messages: [] });
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'unreachable' } },
    });
    expect(scene.world.told).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('is given up when it is too late, however long Slack asks to wait, and Slack’s limit is told as the reason', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 1_800_000 });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(100_001);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'rate_limited' } },
    });
    expect(scene.world.told).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('waits as long as Slack asks, and no longer', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'rate_limited', retryAfterMs: 30_000 });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(29_999);
    expect(await scene.request(id)).toMatchObject({
      state: 'submitted',
      announcement: { attempts: 1, inDoubt: false },
    });
    await scene.pass(1);
    expect(scene.world.sent).toHaveLength(1);
    // From now on the channel takes one message after the other.
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }]);
    await scene.pass(1_100);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }, { kind: 'outcome' }]);
  });
});

describe('an announcement of which nobody knows whether it was posted', () => {
  it('is looked for, and what is found counts: people see one', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('landed in doubt');
    const id = await scene.ask({ verb: 'start' });
    await scene.quiet();
    expect(scene.world.sent).toEqual([]);
    await scene.pass(10_000);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', request: id, ts: '1.0', shows: 'accepted' },
      { kind: 'outcome' },
    ]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 1, ts: '1.0' } });
  });

  it('is posted again when it is not there', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'doubt' });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10_000);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', announcement: { attempts: 2 } });
  });

  it('is not looked for at once: it can still land', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push({ kind: 'doubt' });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(1_999);
    expect(await scene.request(id)).toMatchObject({ announcement: { attempts: 1, inDoubt: true } });
  });

  it('sends nothing where the history cannot be read', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('landed in doubt');
    scene.world.answers.findAnnouncement.push({ kind: 'unknowable' }, { kind: 'unknowable' });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      end: { outcome: 'not_sent', because: { kind: 'slack', reason: 'unknowable' } },
    });
    expect(scene.world.told).toMatchObject([{ how: 'private', outcome: 'not_sent' }]);
  });

  it('is looked for again when Slack could not be reached', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('landed in doubt');
    scene.world.answers.findAnnouncement.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    await scene.ask({ verb: 'start' });
    await scene.pass(minutes);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
    expect(scene.world.sent).toHaveLength(1);
  });

  it('is made to tell the end, when the doubt outlasts the two minutes', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push('landed in doubt');
    const id = await scene.ask();
    await scene.quiet();
    scene.leap(10 * minutes);
    await scene.pass(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toEqual([
      { kind: 'announcement', request: id, ts: '1.0', shows: 'not_sent' },
      { kind: 'outcome', request: id, ts: '2.0', shows: 'not_sent' },
    ]);
  });
});

describe('an announcement', () => {
  it.each([
    ['Slack asks to wait', { kind: 'rate_limited', retryAfterMs: 5_000 }],
    ['Slack cannot be reached', unreachable],
    ['nobody knows whether it was edited', 'landed in doubt'],
  ] as const)('is brought up to date later when %s', async (_, trouble) => {
    await using scene = await openScene();
    scene.world.answers.show.push(trouble);
    await scene.ask({ verb: 'start' });
    await scene.pass(minutes);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', shows: 'accepted' },
      { kind: 'outcome' },
      { kind: 'note' },
    ]);
  });

  it('that cannot be edited any more holds nothing up, and is not tried for ever', async () => {
    await using scene = await openScene();
    scene.world.answers.show.push({ kind: 'refused', reason: 'message_refused' });
    const id = await scene.ask({ verb: 'start' });
    await scene.pass(10 * minutes);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement' }, { kind: 'outcome' }, { kind: 'note' }]);
    expect(await scene.events(id, 'shown')).toMatchObject([
      { data: { state: 'accepted', problem: 'message_refused' } },
    ]);
    expect(await scene.ledger.nextDueAt()).toBeNull();
  });
});
