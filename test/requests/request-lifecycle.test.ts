import { describe, expect, it } from '@jest/globals';
import { verbs } from '../../src/commands/command.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { minutes, openScene } from './scene/scene.fixture.ts';

describe.each(verbs.filter((verb) => verb !== 'stop'))('a %s', (verb) => {
  it('is announced, sent once and reported in the thread, without a confirmation', async () => {
    await using scene = await openScene();
    const id = await scene.submit({ verb });
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([{ workflowId: 'WKF110', command: verb, at: scene.world.now }]);
    expect(scene.world.messages).toEqual([
      { kind: 'announcement', request: id, ts: '1.0', shows: 'accepted' },
      { kind: 'outcome', request: id, ts: '2.0', shows: 'accepted' },
    ]);
    expect(scene.world.privateMessages).toEqual([]);
    expect(await scene.request(id)).toMatchObject({
      state: 'accepted',
      outcomePost: { done: { via: 'thread', ts: '2.0' } },
    });
    expect(scene.counted).toEqual({ ended: ['accepted'], faults: 0, unthreaded: 0 });
  });
});

describe('the record of a request', () => {
  it('has every step in an unbroken chain, with the intent of each side effect before its result', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    const events = await scene.ledger.events(id);
    expect(firstBroken(events)).toBeNull();
    expect(events.map(({ type }) => type).filter((type) => type !== 'shown')).toEqual([
      'requested',
      'granted',
      'announcing',
      'announced',
      'asked',
      'pressed',
      'approved',
      'dispatching',
      'ended',
      'reporting',
      'reported',
    ]);
  });

  it('is committed before anything is posted, and the post before anything is sent', async () => {
    const order: string[] = [];
    await using scene = await openScene({ onPortCall: (moment) => order.push(moment) });
    const announcing = scene.gate('announce');
    const sending = scene.gate('send');
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await announcing.reached;
    expect(await scene.request(id)).toMatchObject({ announcement: { attempts: 1, inDoubt: true } });
    announcing.open();
    await sending.reached;
    expect(await scene.request(id)).toMatchObject({ state: 'dispatching', announcement: { ts: '1.0' } });
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', request: id }]);
    sending.open();
    await scene.untilIdle();
    expect(order.filter((moment) => /announce|send/.test(moment))).toEqual([
      'before announce',
      'after announce',
      'before send',
      'after send',
    ]);
  });
});

describe('a stop', () => {
  it('waits in the channel for a confirmation, and is sent once when an approver confirms', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', request: id }]);
    expect(await scene.request(id)).toMatchObject({
      state: 'awaiting_approval',
      grant: { approvers: { users: [], groups: ['S0LEADS'] }, expiresAt: scene.world.now + 4 * minutes },
    });
    await scene.press(id, 'U0CAROL');
    await scene.untilIdle();
    expect(scene.world.sent).toEqual([{ workflowId: 'WKF110', command: 'stop', at: scene.world.now }]);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', shows: 'accepted' },
      { kind: 'outcome', request: id, shows: 'accepted' },
    ]);
    expect(await scene.request(id)).toMatchObject({ approval: { by: 'U0CAROL', at: scene.world.now } });
    expect(scene.world.privateMessages).toEqual([]);
  });

  it.each([
    ['the requester', 'U0ALICE'],
    ['an approver', 'U0CAROL'],
  ])('is not sent when %s cancels it', async (_, by) => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.untilIdle();
    await scene.press(id, by, 'cancel');
    await scene.advanceTime(60 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', shows: 'cancelled' },
      { kind: 'outcome', shows: 'cancelled' },
    ]);
    expect(await scene.request(id)).toMatchObject({ end: { outcome: 'cancelled', because: { kind: 'decided', by } } });
  });

  it('is not sent without a confirmation in time', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(5 * minutes - 1);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    await scene.advanceTime(1);
    expect(scene.world.messages).toMatchObject([
      { kind: 'announcement', shows: 'expired' },
      { kind: 'outcome', shows: 'expired' },
    ]);
    expect(await scene.press(id, 'U0CAROL')).toMatchObject({ kind: 'too_late', state: 'expired' });
    await scene.advanceTime(60 * minutes);
    expect(scene.world.sent).toEqual([]);
    expect(scene.counted.ended).toEqual(['expired']);
  });

  it('is sent when it was confirmed in the last moment, even if the press was judged a little later', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(5 * minutes - 1);
    const judging = scene.gate('person');
    await scene.press(id, 'U0CAROL');
    scene.wake();
    await judging.reached;
    scene.skipTime(5_000);
    await scene.untilIdle(1);
    expect(await scene.request(id)).toMatchObject({ state: 'awaiting_approval' });
    judging.open();
    await scene.advanceTime(1_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', approval: { by: 'U0CAROL' } });
  });

  it('expires when the last press in time did not count', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(5 * minutes - 1);
    const judging = scene.gate('person');
    await scene.press(id, 'U0EVE');
    scene.wake();
    await judging.reached;
    scene.skipTime(5_000);
    await scene.untilIdle(1);
    judging.open();
    await scene.advanceTime(1_000);
    expect(scene.world.sent).toEqual([]);
    expect(await scene.request(id)).toMatchObject({ state: 'expired', presses: [] });
  });
});

describe('a request that is not permitted', () => {
  it('is refused privately, and nothing is posted in the channel', async () => {
    await using scene = await openScene();
    const id = await scene.submit({ verb: 'start' }, 'U0EVE');
    await scene.untilIdle();
    expect(scene.world).toMatchObject({ messages: [], sent: [] });
    expect(scene.world.privateMessages).toEqual([{ how: 'private', request: id, to: 'U0EVE', outcome: 'refused' }]);
    expect(await scene.request(id)).toMatchObject({
      end: {
        because: {
          kind: 'access',
          refusal: { reason: 'not_permitted', permitted: { users: ['U0ALICE', 'U0BOB'], groups: [] } },
        },
      },
      outcomePost: { done: { via: 'private' } },
    });
  });
});
