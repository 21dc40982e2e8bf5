import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startWatcher } from '../../../src/requests/watches/watcher.ts';
import { orderOf } from '../events.fixture.ts';
import { engines } from '../ledger/ledger.fixture.ts';
import { failedLook, lookThatShows, minutes, newWatching, watchOf } from './watching.fixture.ts';

const failed = '⚠️ WKF110 (prod) has failed.';
const paused = '⚠️ WKF110 (prod) is paused or could not finish; Campaign does not tell the two apart.';
const hours = 60 * minutes;

describe.each(engines)('watching (%s)', (engine) => {
  it('looks at one organization while another one does not answer', async () => {
    const slow = { organization: 'slow', environment: 'stage' };
    const ids = Array.from({ length: 10 }, (_, index) => `WKF${500 + index}`);
    const watches = [watchOf('WKF110'), ...ids.map((id) => watchOf(id, slow))];
    await using watching = await newWatching(engine, watches);
    const { looked, opened } = watching;
    const ports = watching.ports();
    const answer = Promise.withResolvers<void>();
    const watcher = startWatcher({
      ...ports,
      look: (organization) => async (id) => {
        if (organization !== 'slow') return ports.look(organization)?.(id) ?? lookThatShows('in_progress');
        looked.push(id);
        await answer.promise;
        return lookThatShows('in_progress');
      },
    });
    const looksAt = (id: string) => looked.filter((one) => one === id).length;
    for (const times of [1, 2, 3]) {
      while (looksAt('WKF110') < times) {
        await wait(20);
        watcher.renew();
      }
      opened.clock.now += minutes;
    }
    const slowLooks = () => looked.filter((id) => ids.includes(id));
    while (slowLooks().length < 8) await wait(20);
    watcher.renew();
    expect(slowLooks()).toHaveLength(8);
    answer.resolve();
    await watcher.end();
  });

  it('looks again, once the lease is over, where the process died before the look was recorded', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110', { everyMs: 24 * hours })]);
    watching.onPortCall = () => {
      throw new Error('died');
    };
    await watching.pass();
    expect(watching.looked).toEqual([]);
    watching.onPortCall = () => {};
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(2 * minutes);
    expect(watching.looked).toEqual(['WKF110']);
    await watching.after(12 * hours);
    expect(watching.looked).toHaveLength(1);
    expect(watching.told()).toMatchObject([{ text: failed }]);
  });

  it('looks again after an hour, however long it is asked not to', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111')]);
    const year = 365 * 24 * hours;
    for (const id of ['WKF110', 'WKF111']) watching.shows.set(id, { ...failedLook, retryAfterMs: year });
    await watching.pass();
    const asked = watching.looked.length;
    await watching.after(55 * minutes);
    expect(watching.looked).toHaveLength(asked);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(6 * minutes);
    expect(watching.told()).toMatchObject([{ text: failed }]);
  });

  it.each(['answered', 'failing', 'answered in a process that died'])(
    'looks and tells within its interval once a clock that was far ahead is turned back (%s)',
    async (how) => {
      const watches = [watchOf('WKF110', { everyMs: 10 * minutes }), watchOf('WKF111', { everyMs: 10 * minutes })];
      await using watching = await newWatching(engine, watches);
      const { opened, shows, looked } = watching;
      await watching.pass();
      const right = opened.clock.now;
      shows.set('WKF110', how === 'failing' ? failedLook : lookThatShows('erroneous'));
      shows.set('WKF111', how === 'failing' ? failedLook : lookThatShows('in_progress'));
      await watching.after(3 * 24 * hours);
      if (how === 'answered in a process that died') {
        opened.clock.now += 10 * minutes;
        await opened.ledger.watches.claimLooks({ organization: 'acme', most: 9, leaseMs: minutes });
      }
      opened.clock.now = right;
      shows.set('WKF110', lookThatShows('warning')).set('WKF111', lookThatShows('erroneous'));
      const before = looked.length;
      for (let times = 0; times < 4; times += 1) await watching.after(3 * minutes - 4_000);
      expect(new Set(looked.slice(before))).toEqual(new Set(['WKF110', 'WKF111']));
      expect(looked.length - before).toBeLessThanOrEqual(4);
      const texts = watching.told().map(({ text }) => text);
      expect(texts).toContain(paused);
      expect(texts).toContain(failed.replace('WKF110', 'WKF111'));
      expect(watching.logged.filter((line) => line.includes('turned back'))).toHaveLength(1);
    },
  );

  it('keeps what it waits for where the clock is turned back by seconds', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.shows.set('WKF110', { ...failedLook, retryAfterMs: 30 * minutes });
    await watching.pass();
    watching.looked.length = 0;
    await watching.after(-20_000);
    await watching.after(10 * minutes);
    expect(watching.looked).toEqual([]);
  });

  it('tells one channel of a failure while many wait in another', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `WKF${500 + index}`);
    const watches = [...ids.map((id) => watchOf(id)), watchOf('WKF999', { channel: 'C0MKT' })];
    await using watching = await newWatching(engine, watches);
    for (const id of ids) watching.shows.set(id, lookThatShows('erroneous'));
    await watching.pass();
    watching.shows.set('WKF999', lookThatShows('erroneous'));
    await watching.after(20_000);
    await watching.after(40_000);
    const inMarketing = watching.slack.workspace.messages.filter(({ channel }) => channel === 'C0MKT');
    expect(inMarketing).toHaveLength(1);
    expect(watching.told().length).toBeLessThan(50);
  });

  it('posts a reply once where the alert was deleted and the answer was lost', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.pass();
    const [alert] = watching.slack.workspace.messages;
    watching.shows.clear();
    watching.slack.fail('chat.update', { kind: 'error', error: 'message_not_found' }, { times: 1 });
    watching.slack.deleteMessage('C0OPS', alert?.ts ?? '');
    watching.slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    for (let times = 0; times < 8; times += 1) await watching.after(hours);
    expect(watching.told().map(({ text }) => text)).toEqual(['✅ WKF110 (prod) shows no problem any more.']);
  });

  it.each([false, true])(
    'tells another problem by a new alert where the old one was deleted (refused: %s)',
    async (refused) => {
      await using watching = await newWatching(engine, [watchOf('WKF110')]);
      watching.slack.refuseLostReplies(refused);
      watching.shows.set('WKF110', lookThatShows('erroneous'));
      await watching.pass();
      watching.slack.deleteMessage('C0OPS', watching.slack.workspace.messages[0]?.ts ?? '');
      watching.shows.set('WKF110', lookThatShows('warning'));
      for (const _look of [1, 2]) await watching.after(minutes);
      expect(watching.told()).toEqual([{ text: paused, isReply: false, isEdited: false }]);
      watching.shows.clear();
      await watching.after(minutes);
      expect(watching.told()).toMatchObject([{ isEdited: true }, { isReply: true }]);
    },
  );

  it.each(['not_in_channel', 'is_archived', 'channel_not_found'])(
    'says in its alert that all is normal again, once the channel is open to the bot again (%s)',
    async (error) => {
      await using watching = await newWatching(engine, [watchOf('WKF110')]);
      watching.shows.set('WKF110', lookThatShows('erroneous'));
      await watching.pass();
      for (const method of ['chat.update', 'chat.postMessage']) watching.slack.fail(method, { kind: 'error', error });
      watching.shows.clear();
      for (let times = 0; times < 3; times += 1) await watching.after(2 * hours);
      expect(watching.told()).toEqual([{ text: failed, isReply: false, isEdited: false }]);
      expect(watching.logged).toHaveLength(1);
      watching.slack.clearFaults();
      for (let times = 0; times < 3; times += 1) await watching.after(2 * hours);
      const fine = '✅ WKF110 (prod) shows no problem any more.';
      expect(watching.told()).toEqual([
        { text: fine, isReply: false, isEdited: true },
        { text: fine, isReply: true, isEdited: false },
      ]);
    },
  );

  it('goes with its channel to a new ID, and so does what was typed there, once a rule names that', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { opened, slack, shows } = watching;
    const { watches } = opened.ledger;
    const order = orderOf({ workflowId: 'WKF111' });
    await opened.ledger.transaction((tx) =>
      tx.orderWatch({ id: 'TYPED', order, channel: 'C0OPS' }, { choice: 'watch', pausesEndAfterMs: null }),
    );
    watching.places = { ...watching.places, isNamed: (channel) => channel === 'C0OPS' };
    shows.set('WKF110', lookThatShows('erroneous')).set('WKF111', lookThatShows('erroneous'));
    await watching.pass();
    slack.moveChannel('C0OPS', 'C0NEW', 'forgets');
    watching.channels.set('C0OPS', { kind: 'moved', to: 'C0NEW' });
    shows.set('WKF110', lookThatShows('warning'));
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    for (const _look of [1, 2, 3, 4]) await watching.after(2 * minutes);
    const alerts = () => watching.told().filter(({ isReply }) => !isReply);
    expect(
      watching
        .told()
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual([paused, paused, '⚠️ WKF111 (prod) has failed.'].toSorted());
    expect(slack.workspace.messages.every(({ channel }) => channel === 'C0NEW')).toBe(true);
    expect(await watches.inChannel('C0NEW')).toEqual([]);

    // The rules name the new ID now, and what the thread was about is still known.
    watching.places = { ...watching.places, isNamed: (channel) => channel === 'C0NEW' };
    watching.watches = [watchOf('WKF110', { channel: 'C0NEW' })];
    await watching.after(minutes);
    shows.set('WKF111', lookThatShows('in_progress'));
    await watching.after(6 * minutes);
    const known = (await watches.inChannel('C0NEW')).map(({ terms, asked }) => [terms.workflowId, asked]);
    expect(known).toEqual([
      ['WKF110', null],
      ['WKF111', 'TYPED'],
    ]);
    expect(await watches.inChannel('C0OPS')).toEqual([]);
    expect(alerts().map(({ text }) => text)).toContain('✅ WKF111 (prod) shows no problem any more.');
  });

  it('tells nothing in a channel into which other organizations were let, unless that is listed', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const place = { shared: false, archived: false, botIsMember: true };
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    watching.place = () => ({ ok: false, failed: 'channel', retryAfterMs: 0 });
    await watching.pass();
    expect(watching.told()).toEqual([]);
    watching.place = () => ({ ok: true, value: place });
    await watching.after(minutes);
    expect(watching.told()).toMatchObject([{ text: failed, isEdited: false }]);
    watching.place = () => ({ ok: true, value: { ...place, shared: true } });
    watching.shows.set('WKF110', lookThatShows('warning'));
    for (let times = 0; times < 3; times += 1) await watching.after(hours);
    expect(watching.told()).toMatchObject([{ text: failed, isEdited: false }]);
    expect(watching.logged.filter((line) => line.includes('channel_shared'))).toHaveLength(1);
    watching.sharedChannels = new Set(['C0OPS']);
    await watching.after(hours);
    await watching.after(hours);
    expect(watching.told()).toMatchObject([
      { text: paused, isEdited: true },
      { text: paused, isReply: true },
    ]);
  });
});
