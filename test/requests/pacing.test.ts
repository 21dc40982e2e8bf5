import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import { updates } from '../../src/requests/priority.ts';
import type { Request } from '../../src/requests/request.ts';
import { lists, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

/** Slack's limit: one message a second in the channel, and a few at once. */
function limitedSlack(scene: Scene, burst = 3) {
  let [tokens, countedAt] = [burst, scene.world.now];
  const refused: number[] = [];
  const limit = async (post: () => Promise<PostResult>): Promise<PostResult> => {
    const { now } = scene.world;
    tokens = Math.min(burst, tokens + (now - countedAt) / 1_000);
    countedAt = now;
    if (tokens >= 1) {
      tokens -= 1;
      return post();
    }
    refused.push(now);
    return { kind: 'rate_limited', retryAfterMs: 1_000 };
  };
  const { messenger } = scene.ports;
  const before = { ...messenger };
  messenger.announce = (request) => limit(() => before.announce(request));
  messenger.postOutcome = (request) => limit(() => before.postOutcome(request));
  messenger.postFollowUp = (request) => limit(() => before.postFollowUp(request));
  return refused;
}

/** Records each post and update with its time. */
function watchCalls({ ports: { messenger }, world }: Scene) {
  const calls: { readonly name: string; readonly request: string; readonly at: number }[] = [];
  const { announce, updateAnnouncement, postOutcome } = messenger;
  const record = (name: string, { id }: Request, call: () => Promise<PostResult>) => {
    calls.push({ name, request: id, at: world.now });
    return call();
  };
  messenger.announce = (request) => record('announce', request, () => announce(request));
  messenger.updateAnnouncement = (request, shown) =>
    record('updateAnnouncement', request, () => updateAnnouncement(request, shown));
  messenger.postOutcome = (request) => record('postOutcome', request, () => postOutcome(request));
  return calls;
}

function shortestPause(calls: readonly { readonly at: number }[] = []): number {
  return Math.min(...calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0)));
}

const ownStops = policyOf({ ...lists, approvers: { users: new Set(), groups: new Set() } });
const limited: PostResult = { kind: 'rate_limited', retryAfterMs: 1_000 };

describe('a channel that Slack limits to one message a second', () => {
  it.each([60, 200])(
    'shows a stop within five seconds when it is typed after %i starts, and each request gets one outcome',
    async (starts) => {
      await using scene = await openScene({ policy: ownStops });
      const refused = limitedSlack(scene);
      const ids = [];
      for (let index = 0; index < starts; index++)
        ids.push(await scene.submit({ verb: 'start', workflowId: `WKF${index}` }));
      await scene.advanceTime(3_000);
      const stop = await scene.submit({ verb: 'stop', workflowId: 'WKF999' }, 'U0BOB');
      await scene.advanceTime(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval' });
      await scene.press(stop, 'U0BOB');
      await scene.advanceTime(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
      await scene.advanceTime(300_000);
      const ended = await Promise.all(ids.map((id) => scene.request(id)));
      const late = { outcome: 'not_sent', because: { kind: 'slack', reason: 'rate_limited' } };
      for (const { state, end, outcomePost: report, announcement } of ended) {
        if (announcement.ts === null) expect(end).toMatchObject(late);
        else expect(state).toBe('accepted');
        expect(report.done).not.toBeNull();
      }
      const announced = scene.world.messages.filter(({ kind }) => kind === 'announcement');
      expect(scene.world.sent).toHaveLength(new Set(announced.map(({ request }) => request)).size);
      expect(refused.length).toBeGreaterThan(0);
    },
  );

  it.each(['stop', 'pause', 'resume'] as const)(
    'shows a stop within five seconds when it is typed after 100 requests to %s of somebody else',
    async (verb) => {
      await using scene = await openScene({ policy: ownStops });
      limitedSlack(scene);
      for (let index = 0; index < 100; index++) await scene.submit({ verb, workflowId: `WKF${index}` });
      await scene.advanceTime(3_000);
      const stop = await scene.submit({ verb: 'stop', workflowId: 'WKF999' }, 'U0BOB');
      await scene.advanceTime(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval' });
    },
  );

  it('stays limited while messages wait, so that only the first ones of a burst are refused', async () => {
    await using scene = await openScene({ policy: ownStops });
    const refused = limitedSlack(scene);
    const begun = scene.world.now;
    for (let index = 0; index < 60; index++) await scene.submit({ verb: 'start', workflowId: `WKF${index}` });
    await scene.advanceTime(300_000);
    expect(new Set(refused)).toEqual(new Set([begun]));
  });

  it('posts outcomes before announcements, and the updates at their own pace', async () => {
    await using scene = await openScene();
    const calls = watchCalls(scene);
    const first = await scene.submit({ verb: 'start', workflowId: 'WKF1' });
    scene.world.answers.postOutcome.push(limited);
    scene.world.answers.updateAnnouncement.push(limited);
    await scene.advanceTime(0);
    const second = await scene.submit({ verb: 'start', workflowId: 'WKF2' });
    calls.length = 0;
    await scene.advanceTime(10_000);
    const [edits, posts] = [true, false].map((isEdit) =>
      calls.filter(({ name }) => (name === 'updateAnnouncement') === isEdit),
    );
    const order = posts?.map(({ name, request }) => `${name} ${request}`);
    expect(order).toEqual([`postOutcome ${first}`, `announce ${second}`, `postOutcome ${second}`]);
    expect(edits?.map(({ request }) => request)).toEqual([first, second]);
    expect(shortestPause(posts)).toBeGreaterThanOrEqual(1_000);
    expect(shortestPause(edits)).toBeGreaterThanOrEqual(1_200);
  });

  it('gets one update for all changes of a message meanwhile', async () => {
    await using scene = await openScene();
    const id = await scene.submit();
    await scene.advanceTime(0);
    const calls = watchCalls(scene);
    await scene.ports.ledger.recordRateLimit({ channel: updates, retryAfterMs: 20_000 });
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(15_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(calls).toMatchObject([{ name: 'postOutcome' }]);
    await scene.advanceTime(10_000);
    expect(calls).toMatchObject([{ name: 'postOutcome' }, { name: 'updateAnnouncement' }]);
    expect(scene.world.messages[0]).toMatchObject({ kind: 'announcement', shows: 'accepted' });
  });

  it('gives an update up after ten minutes, unless its buttons have to go: the thread has the outcome', async () => {
    await using scene = await openScene();
    const calls = watchCalls(scene);
    const [pause, stop] = [await scene.submit({ verb: 'pause', workflowId: 'WKF1' }), await scene.submit()];
    await scene.ports.ledger.recordRateLimit({ channel: updates, retryAfterMs: 900_000 });
    await scene.advanceTime(0);
    await scene.press(stop, 'U0CAROL');
    await scene.advanceTime(890_000);
    // At once, what was seen after the command was accepted.
    expect(await scene.events(pause, 'shown')).toMatchObject([
      { data: { state: 'accepted', turn: 1, problem: 'rate_limited' } },
    ]);
    expect(await scene.events(stop, 'shown')).toEqual([]);
    await scene.advanceTime(20_000);
    expect(await scene.events(stop, 'shown')).toMatchObject([{ data: { state: 'accepted', problem: null } }]);
    expect(calls.filter(({ name }) => name === 'updateAnnouncement')).toMatchObject([{ request: stop }]);
  });

  it('is no longer paced after half a minute without a 429', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(limited);
    await scene.submit({ verb: 'start', workflowId: 'WKF1' });
    await scene.advanceTime(35_000);
    expect(await scene.ledger.isPaced('C0OPS')).toBe(false);
    const calls = watchCalls(scene);
    for (const workflowId of ['WKF2', 'WKF3', 'WKF4']) await scene.submit({ verb: 'start', workflowId });
    await scene.advanceTime(0);
    expect(calls.filter(({ name }) => name === 'announce')).toHaveLength(3);
  });
});

it('without rate limits nothing is paced', async () => {
  await using scene = await openScene();
  for (let index = 0; index < 40; index++) await scene.submit({ verb: 'start', workflowId: `WKF${index}` });
  await scene.advanceTime(0);
  expect(scene.world.messages.filter(({ kind }) => kind === 'outcome')).toHaveLength(40);
});

it('a post that is postponed by a rate limit is not given up, however often', async () => {
  await using scene = await openScene();
  const id = await scene.submit();
  await scene.advanceTime(0);
  scene.world.answers.replyToPress.push(...Array<PostResult>(40).fill(limited));
  scene.world.answers.postFollowUp.push(...Array<PostResult>(40).fill(limited));
  await scene.press(id, 'U0EVE');
  await scene.advanceTime(50_000);
  expect(scene.world.privateMessages).toMatchObject([{ how: 'press', to: 'U0EVE' }]);
  await scene.press(id, 'U0CAROL');
  await scene.advanceTime(700_000);
  expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'follow_up']);
});

it('direct messages are paced once Slack has limited them, and do not delay a channel', async () => {
  await using scene = await openScene();
  scene.world.place.shared = true;
  scene.world.answers.postOutcomePrivately.push(limited);
  const { messenger } = scene.ports;
  const before = messenger.postOutcomePrivately;
  const times: number[] = [];
  messenger.postOutcomePrivately = (request) => {
    times.push(scene.world.now);
    return before(request);
  };
  const refuse = (workflowId: string) => scene.submit({ verb: 'start', workflowId });
  await refuse('WKF0');
  await scene.advanceTime(0);
  for (const workflowId of ['WKF1', 'WKF2', 'WKF3']) await refuse(workflowId);
  await scene.advanceTime(0);
  expect(times).toHaveLength(1);
  scene.world.place.shared = false;
  const other = await scene.submit({ verb: 'start', workflowId: 'WKF9' });
  await scene.advanceTime(0);
  expect(await scene.request(other)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
  await scene.advanceTime(10_000);
  expect(scene.world.privateMessages).toHaveLength(4);
  expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(1_000);
});
