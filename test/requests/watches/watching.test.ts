import { describe, expect, it } from '@jest/globals';
import { minuteOfWeek } from '../../../src/access/freeze-windows.ts';
import { arrivesWithinMs } from '../../../src/requests/request.ts';
import type { WorkflowLook } from '../../../src/requests/watches/condition.ts';
import { endedAs, noon, samples } from '../events.fixture.ts';
import { append, engines, storeRequest, submission } from '../ledger/ledger.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { endsNothing, failedLook, lookThatShows, minutes, newWatching, watchOf } from './watching.fixture.ts';

const failed = '⚠️ WKF110 (prod) has failed.';
const notShown =
  '⚠️ Campaign does not show the state of WKF110 (prod). It cannot be watched meanwhile: look in Campaign’s own interface.';
const fine = '✅ WKF110 (prod) shows no problem any more.';
const ended = 'WKF110 (prod) is finished or stopped; Campaign does not tell the two apart.';
const root = (text: string, isEdited = false) => ({ text, isReply: false, isEdited });
const reply = (text: string) => ({ text, isReply: true, isEdited: false });

const busy: WorkflowLook = {
  observation: { kind: 'failed', reason: 'gateway_busy' },
  nextProcessingAt: null,
  retryAfterMs: 10 * minutes,
};

describe.each(engines)('a watch (%s)', (engine) => {
  it('tells a failure once, and its end as an edit and a reply', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    await watching.pass();
    expect(watching.told()).toEqual([]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    for (const _look of [1, 2, 3]) await watching.after(minutes);
    expect(watching.told()).toEqual([root(failed)]);
    watching.shows.set('WKF110', lookThatShows('in_progress'));
    await watching.after(minutes);
    await watching.after(minutes);
    expect(watching.told()).toEqual([root(fine, true), reply(fine)]);
    expect(watching.slack.workspace.messages.at(0)?.metadata?.event_payload).toEqual({
      ...{ organization: 'acme', workflow_id: 'WKF110', environment: 'prod' },
      ...{ alert: 1, reply: 0, state: 'normal' },
    });
    expect(watching.logged).toEqual([]);
  });

  it('tells a workflow that has failed before, and not one that is finished', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111')]);
    watching.shows.set('WKF110', lookThatShows('erroneous')).set('WKF111', lookThatShows('finished'));
    await watching.pass();
    expect(watching.told()).toEqual([root(failed)]);
  });

  it.each<WorkflowLook['observation']>([
    { kind: 'not_shown' },
    { kind: 'seen', reading: null, field: 'logicalStatus', raw: 'Waiting' },
  ])('says once, and not with each look, that Campaign shows no state: %j', async (observation) => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.shows.set('WKF110', { observation, nextProcessingAt: null, retryAfterMs: null });
    await watching.pass();
    for (const _look of [1, 2, 3]) await watching.after(minutes);
    expect(watching.told()).toEqual([root(notShown)]);
    watching.shows.set('WKF110', lookThatShows('in_progress'));
    await watching.after(minutes);
    expect(watching.told()).toEqual([root(fine, true), reply(fine)]);
  });

  it('tells a change of the problem in the thread, where the channel sees it', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.pass();
    watching.shows.set('WKF110', lookThatShows('finished'));
    await watching.after(minutes);
    expect(watching.told()).toEqual([root(ended, true), reply(ended)]);
    expect(watching.slack.workspace.messages.at(1)?.replyBroadcast).toBe(true);
  });

  it('looks once for all channels, as often as the one that wants it most often', async () => {
    const often = watchOf('WKF110', { everyMs: 5 * minutes });
    await using watching = await newWatching(engine, [
      often,
      watchOf('wkf110', { channel: 'C0OTHER', everyMs: 10 * minutes }),
    ]);
    const { looked } = watching;
    for (let minute = 0; minute < 20; minute += 1) await watching.after(minutes);
    expect(looked).toHaveLength(4);
    watching.watches = [watchOf('wkf110', { channel: 'C0OTHER', everyMs: 10 * minutes })];
    for (let minute = 0; minute < 20; minute += 1) await watching.after(minutes);
    expect(looked).toHaveLength(6);
    watching.watches = [];
    await watching.after(60 * minutes);
    expect(looked).toHaveLength(6);
    expect(await watching.opened.query('select key from watched')).toEqual([]);
    expect(await watching.opened.query('select key from watches')).toEqual([]);
  });

  it('says once that Campaign does not answer, and once that it does again', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111')]);
    await watching.pass();
    watching.shows.set('WKF110', failedLook).set('WKF111', failedLook);
    for (const _look of [1, 2, 3, 4]) await watching.after(minutes);
    const silent = '⚠️ Campaign does not answer for prod: the workflows that are watched there cannot be looked at.';
    expect(watching.told()).toEqual([root(silent)]);
    watching.shows.clear();
    await watching.after(minutes);
    await watching.after(minutes);
    const again = '✅ Campaign answers again: the workflows of prod are watched as before.';
    expect(watching.told()).toEqual([root(again, true), reply(again)]);
  });

  it('says of one workflow that it cannot be looked at while others can, and of one that is gone', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111'), watchOf('WKF112')]);
    const gone: WorkflowLook = { ...failedLook, observation: { kind: 'not_found' } };
    watching.shows.set('WKF110', failedLook).set('WKF112', gone);
    for (const _look of [1, 2, 3, 4]) await watching.after(minutes);
    expect(watching.told().map(({ text }) => text)).toEqual([
      '⚠️ Campaign knows no workflow WKF112 (prod). If it was renamed, its new ID is needed.',
      '⚠️ WKF110 (prod) cannot be looked at, while others can. Look in Campaign’s own interface.',
    ]);
  });

  it('keeps the time for which Campaign’s gateway asks not to be called', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111')]);
    watching.shows.set('WKF110', busy).set('WKF111', busy);
    await watching.pass();
    watching.looked.length = 0;
    for (let minute = 0; minute < 9; minute += 1) await watching.after(minutes - 4_000);
    expect(watching.looked).toEqual([]);
    await watching.after(2 * minutes);
    expect(watching.looked.toSorted()).toEqual(['WKF110', 'WKF111']);
  });

  it('tells nobody of the effect of a command that the bot has sent, and then of what follows', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { ledger, clock } = watching.opened;
    await watching.pass();
    const request = await storeRequest(ledger, submission('A', { verb: 'stop', workflowId: 'WKF110' }), ...underWay);
    await append(ledger, request, samples.dispatching, samples.ended);
    clock.now += minutes;
    watching.shows.set('WKF110', lookThatShows('finished'));
    await watching.pass();
    expect(watching.told()).toEqual([]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(minutes);
    expect(watching.told()).toEqual([root(failed)]);
    watching.shows.set('WKF110', lookThatShows('finished'));
    await watching.after(minutes);
    // The command has explained one change already.
    expect(watching.told()).toHaveLength(2);
  });

  it('tells the effect of a command whose outcome is unknown, unless the channel has read of it', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110'), watchOf('WKF111')]);
    const { ledger, clock } = watching.opened;
    await watching.pass();
    for (const [id, reading] of [['A', 'in_progress'] as const, ['B', 'finished'] as const]) {
      const workflowId = id === 'A' ? 'WKF110' : 'WKF111';
      const request = await storeRequest(ledger, submission(id, { verb: 'stop', workflowId }), ...underWay);
      const { observation } = lookThatShows(reading);
      const observed = { type: 'observed', data: { observation } } as const;
      await append(ledger, request, samples.dispatching, endedAs('unknown'), observed);
      watching.shows.set(workflowId, lookThatShows('finished'));
    }
    clock.now += minutes;
    await watching.pass();
    expect(watching.told().map(({ text }) => text)).toEqual([expect.stringMatching(/^WKF110 .*finished/)]);
  });

  it('posts nothing in quiet hours, and tells at their end what still stands', async () => {
    const [from, until] = [minuteOfWeek('tue', '11:00'), minuteOfWeek('tue', '13:00')];
    const quiet = { quiet: [{ from, until }], timezone: 'UTC' };
    await using watching = await newWatching(engine, [watchOf('WKF110', quiet), watchOf('WKF111', quiet)]);
    expect(new Date(noon).toISOString()).toMatch(/^2026-11-10T1[12]:/);
    await watching.pass();
    watching.shows.set('WKF110', lookThatShows('erroneous')).set('WKF111', lookThatShows('erroneous'));
    await watching.after(minutes);
    watching.shows.delete('WKF111');
    await watching.after(minutes);
    expect(watching.told()).toEqual([]);
    await watching.after(120 * minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });

  it('posts what Slack did not take before the quiet hours at their end, if it still stands', async () => {
    const [from, until] = [minuteOfWeek('tue', '12:10'), minuteOfWeek('tue', '14:00')];
    const quiet = { quiet: [{ from, until }], timezone: 'UTC' };
    await using watching = await newWatching(
      engine,
      ['WKF110', 'WKF111'].map((id) => watchOf(id, quiet)),
    );
    watching.opened.clock.now = Date.parse('2026-11-10T12:05:00Z');
    await watching.pass();
    watching.slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 600 }, { times: 1 });
    watching.shows.set('WKF110', lookThatShows('erroneous')).set('WKF111', lookThatShows('erroneous'));
    await watching.after(minutes);
    watching.shows.delete('WKF111');
    for (let times = 0; times < 3; times += 1) await watching.after(30 * minutes);
    expect(watching.told()).toEqual([]);
    await watching.after(30 * minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });

  it('tells a channel of its organization as the watches of today say, and nothing once it has none', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.shows.set('WKF110', failedLook);
    await watching.pass();
    await watching.after(minutes);
    expect(watching.told()).toHaveLength(1);
    const [from, until] = [minuteOfWeek('tue', '00:00'), minuteOfWeek('wed', '00:00')];
    watching.watches = [watchOf('WKF110', { quiet: [{ from, until }], timezone: 'UTC' })];
    watching.shows.clear();
    await watching.after(minutes);
    expect(watching.told().map(({ isReply }) => isReply)).toEqual([false]);
    watching.watches = [];
    await watching.pass();
    expect(await watching.opened.query('select key from watches')).toEqual([]);
  });

  it('tells nothing while it is muted, says who wanted that, and then what is otherwise', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const buttons = () => JSON.stringify(watching.slack.workspace.messages.at(0)?.blocks).match(/alert_\w+/g);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.pass();
    expect(buttons()).toEqual(['alert_start', 'alert_stop', 'alert_mute']);
    const until = watching.opened.clock.now + 240 * minutes;
    const mute = (by: string, channel = 'C0OPS') => watching.answer({ verb: 'mute', by, channel, until });
    expect(await mute('U0ALICE')).toBeNull();
    expect(await mute('U0BOB')).toEqual({ kind: 'muted_already', request: '7KQ2M4XD', until });
    expect(await mute('U0BOB', 'C0OTHER')).toEqual({ kind: 'not_watched' });
    await watching.pass();
    expect(watching.told()).toMatchObject([{ isEdited: true }, { isReply: true }]);
    expect(watching.told()[1]?.text).toMatch(/^Muted until .* by <@U0ALICE>.* Request 7KQ2M4XD\.$/);
    expect(JSON.stringify(watching.slack.workspace.messages.at(0)?.blocks)).toContain('U0ALICE');
    expect(buttons()).toEqual(['alert_start', 'alert_stop']);
    watching.shows.set('WKF110', lookThatShows('warning'));
    await watching.after(minutes);
    expect(watching.told()).toHaveLength(2);
    expect(buttons()).toEqual(['alert_resume', 'alert_stop']);
    await watching.after(240 * minutes);
    const paused = '⚠️ WKF110 (prod) is paused or could not finish; Campaign does not tell the two apart.';
    expect(watching.told().toSpliced(1, 1)).toEqual([root(paused, true), reply(paused)]);
    expect(buttons()).toEqual(['alert_resume', 'alert_stop', 'alert_mute']);
  });

  it('reminds once of a pause that it has seen, before Campaign ends that, and keeps who leaves it', async () => {
    const days = 24 * 60 * minutes;
    await using watching = await newWatching(engine, [watchOf('WKF110', { pausesEndAfterMs: 7 * days })]);
    const leave = (by: string, channel = 'C0OPS') => watching.answer({ verb: 'leave_paused', by, channel });
    await watching.pass();
    watching.shows.set('WKF110', lookThatShows('warning'));
    await watching.after(minutes);
    watching.shows.set('WKF110', { ...failedLook, observation: { kind: 'not_shown' } });
    await watching.after(days);
    watching.shows.set('WKF110', lookThatShows('warning'));
    await watching.after(3.9 * days);
    const before = watching.told().length;
    for (let day = 0; day < 3; day += 1) await watching.after(days);
    expect(watching.told()).toHaveLength(before + 1);
    const reminder = watching.slack.workspace.messages.at(-1);
    expect(reminder?.text).toMatch(/paused or could not finish.*Campaign itself stops what stays paused/s);
    expect(reminder?.replyBroadcast).toBe(true);
    expect(JSON.stringify(reminder?.blocks).match(/alert_\w+/g)).toEqual(['alert_resume', 'alert_leave']);
    expect(await leave('U0ALICE')).toBeNull();
    expect(await leave('U0BOB')).toEqual({ kind: 'left_already', request: '7KQ2M4XD', by: 'U0ALICE' });
    expect(await leave('U0BOB', 'C0OTHER')).toEqual({ kind: 'not_watched' });
    await watching.pass();
    expect(watching.told()).toHaveLength(before + 2);
    expect(watching.told().at(-1)).toEqual(reply('<@U0ALICE> leaves it paused. Request 7KQ2M4XD.'));
    watching.shows.delete('WKF110');
    await watching.after(minutes);
    expect(await leave('U0BOB')).toEqual({ kind: 'not_paused' });
    expect(watching.logged).toEqual([]);
  });

  it('says of which day a run is missing that nobody could miss in time, once', async () => {
    const noons = (days: number) => Date.parse('2026-11-10T12:00:00Z') + days * 24 * 60 * minutes;
    await using watching = await newWatching(engine, [watchOf('WKF110', { expectedBy: '13:00', timezone: 'UTC' })]);
    const look = async (at: number, next: number) => {
      watching.opened.clock.now = at;
      watching.shows.set('WKF110', lookThatShows('in_progress', next));
      await watching.pass();
    };
    await look(noons(0), noons(1));
    await look(noons(1) - 60 * minutes, noons(1.6));
    for (const minute of [0, 2, 4]) await look(noons(1.8) + minute * minutes, noons(2.6));
    const [{ text = '' } = {}, ...others] = watching.slack.workspace.messages;
    expect(text).toBe(fine);
    expect(others.map((message) => message.text)).toEqual([fine]);
    const alert = watching.slack.calls.find(({ method }) => method === 'chat.postMessage');
    expect(JSON.stringify(alert?.params)).toContain('has not started');
    expect(JSON.stringify(alert?.params)).toContain(String(noons(1) / 1_000 + 3_600));
  });

  it('is not told where it ended before Slack took the message', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    await watching.pass();
    watching.slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 300 }, { times: 1 });
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(minutes);
    watching.shows.delete('WKF110');
    for (let minute = 0; minute < 10; minute += 1) await watching.after(minutes);
    expect(watching.told()).toEqual([]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.after(minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });

  it('is found again where a process died between a post and its record', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { opened, shows } = watching;
    shows.set('WKF110', lookThatShows('erroneous'));
    const ports = watching.ports();
    await opened.ledger.watches.sync(watching.watches, watching.places);
    const [look] = await opened.ledger.watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
    if (look === undefined) throw new Error('no look was due');
    await opened.ledger.watches.settleLook(look, lookThatShows('erroneous'), endsNothing);
    const [post] = await opened.ledger.watches.claimPosts(minutes);
    if (post === undefined) throw new Error('no post was due');
    await ports.watchMessenger.post(post);
    await watching.after(2 * minutes);
    await watching.after(2 * minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });

  it('shows how it stands where a process died between a post and its record, and it has recovered since', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    const { watches } = watching.opened.ledger;
    const lookOnce = async (look: WorkflowLook) => {
      const [claimed] = await watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
      if (claimed !== undefined) await watches.settleLook(claimed, look, endsNothing);
    };
    await watches.sync(watching.watches, watching.places);
    await lookOnce(lookThatShows('erroneous'));
    const [post] = await watches.claimPosts(minutes);
    if (post === undefined) throw new Error('no post was due');
    await watching.ports().watchMessenger.post(post);
    watching.opened.clock.now += 2 * minutes;
    await lookOnce(lookThatShows('in_progress'));
    await watching.pass();
    expect(watching.told()).toEqual([root(fine, true), reply(fine)]);
  });

  it('is posted at last where its answer was lost, and the channel cannot be read', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110')]);
    watching.slack.fail('chat.postMessage', { kind: 'drop_before' }, { times: 1 });
    watching.slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' }, { times: 10 });
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.pass();
    for (let hour = 0; hour < 6; hour += 1) await watching.after(60 * minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });

  it('is posted after a rate limit, a lost answer, and an invitation', async () => {
    await using watching = await newWatching(engine, [watchOf('WKF110', { channel: 'C0NOBOT' })]);
    watching.shows.set('WKF110', lookThatShows('erroneous'));
    await watching.pass();
    expect(watching.logged).toEqual([
      expect.stringMatching(/^what a watch has seen could not be posted.*not_in_channel/),
    ]);
    watching.slack.workspace.channels
      .find(({ id }) => id === 'C0NOBOT')
      ?.members.push(watching.slack.workspace.bot.userId);
    watching.slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 300 }, { times: 1 });
    watching.slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await watching.after(61 * minutes);
    expect(watching.told()).toEqual([]);
    for (let minute = 0; minute < 10; minute += 1) await watching.after(minutes);
    expect(watching.told()).toEqual([root(failed)]);
  });
});

it('waits at its start for what the process before may still post, and searches for it then', async () => {
  await using watching = await newWatching('sqlite', [watchOf('WKF110')]);
  const { opened } = watching;
  const { watches } = opened.ledger;
  await watches.sync(watching.watches, watching.places);
  const [look] = await watches.claimLooks({ organization: 'acme', most: 1, leaseMs: minutes });
  if (look === undefined) throw new Error('no look was due');
  await watches.settleLook(look, lookThatShows('erroneous'), endsNothing);
  expect(await watches.claimPosts(minutes)).toHaveLength(1);
  const next = await opened.reopen();
  expect(await next.watches.claimPosts(minutes)).toEqual([]);
  opened.clock.now += arrivesWithinMs + 1;
  expect(await next.watches.claimPosts(minutes)).toMatchObject([{ isInDoubt: true }]);
});
