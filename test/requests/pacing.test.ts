import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../src/requests/attempt-results.ts';
import type { Request } from '../../src/requests/request.ts';
import { lists, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';

/** As much as Slack takes: a message a second in the channel, and a few at once. */
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

/** What is posted and edited from now on, and when. */
function watchCalls({ ports: { messenger }, world }: Scene) {
  const calls: { readonly name: string; readonly request: string; readonly at: number }[] = [];
  const { announce, updateAnnouncement: show, postOutcome: report } = messenger;
  const heard = (name: string, { id }: Request, call: () => Promise<PostResult>) => {
    calls.push({ name, request: id, at: world.now });
    return call();
  };
  messenger.announce = (request) => heard('announce', request, () => announce(request));
  messenger.updateAnnouncement = (request, shown) => heard('show', request, () => show(request, shown));
  messenger.postOutcome = (request) => heard('report', request, () => report(request));
  return calls;
}

const ownStops = policyOf({ ...lists, approvers: { users: new Set(), groups: new Set() } });
const limited: PostResult = { kind: 'rate_limited', retryAfterMs: 1_000 };

describe('a channel that Slack limits to a message a second', () => {
  it.each([60, 200])(
    'shows a stop within five seconds that is typed behind %i starts, and everybody gets one outcome',
    async (starts) => {
      await using scene = await openScene({ policy: ownStops });
      const refused = limitedSlack(scene);
      const ids = [];
      for (let index = 0; index < starts; index++)
        ids.push(await scene.ask({ verb: 'start', workflowId: `WKF${index}` }));
      await scene.pass(3_000);
      const stop = await scene.ask({ verb: 'stop', workflowId: 'WKF999' }, 'U0BOB');
      await scene.pass(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval' });
      await scene.press(stop, 'U0BOB');
      await scene.pass(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
      await scene.pass(300_000);
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
    'shows a stop within five seconds that is typed behind 100 requests to %s of somebody else',
    async (verb) => {
      await using scene = await openScene({ policy: ownStops });
      limitedSlack(scene);
      for (let index = 0; index < 100; index++) await scene.ask({ verb, workflowId: `WKF${index}` });
      await scene.pass(3_000);
      const stop = await scene.ask({ verb: 'stop', workflowId: 'WKF999' }, 'U0BOB');
      await scene.pass(5_000);
      expect(await scene.request(stop)).toMatchObject({ state: 'awaiting_approval' });
    },
  );

  it('takes outcomes before announcements, and announcements before edits', async () => {
    await using scene = await openScene();
    const calls = watchCalls(scene);
    const first = await scene.ask({ verb: 'start', workflowId: 'WKF1' });
    scene.world.answers.report.push(limited);
    scene.world.answers.show.push(limited);
    await scene.pass(0);
    const second = await scene.ask({ verb: 'start', workflowId: 'WKF2' });
    calls.length = 0;
    await scene.pass(10_000);
    const order = calls.map(({ name, request }) => `${name} ${request}`);
    expect(order.slice(0, 3)).toEqual([`report ${first}`, `announce ${second}`, `report ${second}`]);
    expect(order.slice(3).sort()).toEqual([`show ${first}`, `show ${second}`]);
    const pauses = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  });

  it('gets one edit for all that has changed of a message meanwhile', async () => {
    await using scene = await openScene();
    const id = await scene.ask();
    await scene.pass(0);
    const calls = watchCalls(scene);
    await scene.ports.ledger.recordRateLimit({ channel: 'C0OPS', retryAfterMs: 20_000, kind: 'edits' });
    await scene.press(id, 'U0CAROL');
    await scene.pass(15_000);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
    expect(calls).toMatchObject([{ name: 'report' }]);
    await scene.pass(10_000);
    expect(calls).toMatchObject([{ name: 'report' }, { name: 'show' }]);
    expect(scene.world.messages[0]).toMatchObject({ kind: 'announcement', shows: 'accepted' });
  });

  it('is not paced any more when Slack has not limited it for half a minute', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(limited);
    await scene.ask({ verb: 'start', workflowId: 'WKF1' });
    await scene.pass(35_000);
    expect(await scene.ledger.isPaced('C0OPS')).toBe(false);
    const calls = watchCalls(scene);
    for (const workflowId of ['WKF2', 'WKF3', 'WKF4']) await scene.ask({ verb: 'start', workflowId });
    await scene.pass(0);
    expect(calls.filter(({ name }) => name === 'announce')).toHaveLength(3);
  });
});

it('a Slack without limits is not slowed down', async () => {
  await using scene = await openScene();
  for (let index = 0; index < 40; index++) await scene.ask({ verb: 'start', workflowId: `WKF${index}` });
  await scene.pass(0);
  expect(scene.world.messages.filter(({ kind }) => kind === 'outcome')).toHaveLength(40);
});

it('what is put off by a rate limit is not given up, however often', async () => {
  await using scene = await openScene();
  const id = await scene.ask();
  await scene.pass(0);
  scene.world.answers.answerPress.push(...Array<PostResult>(40).fill(limited));
  scene.world.answers.note.push(...Array<PostResult>(40).fill(limited));
  await scene.press(id, 'U0EVE');
  await scene.pass(50_000);
  expect(scene.world.told).toMatchObject([{ how: 'press', to: 'U0EVE' }]);
  await scene.press(id, 'U0CAROL');
  await scene.pass(700_000);
  expect(scene.world.messages.map(({ kind }) => kind)).toEqual(['announcement', 'outcome', 'note']);
});

it('direct messages take turns once Slack has limited them, and hold nothing back in a channel', async () => {
  await using scene = await openScene();
  scene.world.place.shared = true;
  scene.world.answers.reportPrivately.push(limited);
  const { messenger } = scene.ports;
  const before = messenger.postOutcomePrivately;
  const times: number[] = [];
  messenger.postOutcomePrivately = (request) => {
    times.push(scene.world.now);
    return before(request);
  };
  const refuse = (workflowId: string) => scene.ask({ verb: 'start', workflowId });
  await refuse('WKF0');
  await scene.pass(0);
  for (const workflowId of ['WKF1', 'WKF2', 'WKF3']) await refuse(workflowId);
  await scene.pass(0);
  expect(times).toHaveLength(1);
  scene.world.place.shared = false;
  const other = await scene.ask({ verb: 'start', workflowId: 'WKF9' });
  await scene.pass(0);
  expect(await scene.request(other)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
  await scene.pass(10_000);
  expect(scene.world.told).toHaveLength(4);
  expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(1_000);
});
