import { describe, expect, it } from '@jest/globals';
import { noResponse } from '../../src/campaign/response-summary.ts';
import { firstBroken } from '../../src/requests/digest.ts';
import { updates } from '../../src/requests/priority.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { escalating, policyWith, told, worldOnDuty } from './escalating.fixture.ts';
import { type EngineName, engines } from './ledger/ledger.fixture.ts';
import { minutes, openScene, type Scene, type SceneOptions } from './scene/scene.fixture.ts';

const days = 24 * 60 * minutes;
/** As far as the clock is ahead for a minute. */
const ahead = 3 * days;

async function openAhead(engine: EngineName, rest: SceneOptions = {}): Promise<Scene> {
  const database = engine === 'postgres' ? { database: { kind: engine, url: await newDatabase() } as const } : {};
  const scene = await openScene({ world: worldOnDuty(), policy: policyWith(), ...database, ...rest });
  scene.skipTime(ahead);
  return scene;
}

/** The clock is right again, and the bot has noticed. */
async function turnBack(scene: Scene): Promise<void> {
  scene.skipTime(minutes - ahead);
  expect(await scene.ledger.resetAhead()).toBe(true);
  expect(await scene.ledger.resetAhead()).toBe(false);
  await scene.untilIdle();
}

describe.each(engines)('once a clock that was days ahead is turned back (%s)', (engine) => {
  it('a question that was put meanwhile is reminded of, escalated and expires as if it was put now', async () => {
    await using scene = await openAhead(engine);
    const id = await scene.submit({ verb: 'stop' });
    await scene.untilIdle();
    await turnBack(scene);
    const { now } = scene.world;
    expect((await scene.request(id)).grant?.expiresAt).toBe(now + escalating.withinMs);
    expect((await scene.request(id)).shown?.questionRevision).toBe(1);
    await scene.advanceTime(5 * minutes);
    expect(told(scene, id)).toEqual({ thread: ['reminder 1', 'stage 1'], direct: ['U0DAN', 'U0FAY'] });
    await scene.advanceTime(8 * minutes);
    expect((await scene.request(id)).state).toBe('expired');
    expect(firstBroken(await scene.ledger.events(id))).toBeNull();
    expect(scene.world.messages.filter(({ request, kind }) => request === id && kind === 'outcome')).toHaveLength(1);
  });

  it('such a question counts when it is answered, and its command is sent at once', async () => {
    await using scene = await openAhead(engine);
    const id = await scene.submit({ verb: 'stop' });
    await scene.untilIdle();
    await turnBack(scene);
    await scene.press(id, 'U0CAROL');
    await scene.advanceTime(1_000);
    expect((await scene.request(id)).state).toBe('accepted');
    await scene.advanceTime(15 * minutes);
    expect(scene.world.messages.filter(({ request, kind }) => request === id && kind === 'follow_up')).toHaveLength(1);
  });

  it('what Slack or Campaign did not take meanwhile is tried again, and the effect of a command is read', async () => {
    await using scene = await openAhead(engine);
    const { answers } = scene.world;
    answers.send.push({ kind: 'not_reached', reason: 'no_connection', retryAfterMs: 30_000, answer: noResponse });
    const resent = await scene.submit({ verb: 'pause', workflowId: 'WKF111' });
    await scene.untilIdle();
    answers.postOutcome.push({ kind: 'rate_limited', retryAfterMs: 20_000 });
    const limited = await scene.submit({ verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(limited)).outcomePost.done).toBeNull();
    expect((await scene.request(resent)).state).toBe('approved');
    await turnBack(scene);
    await scene.advanceTime(minutes);
    for (const id of [limited, resent]) {
      const { state, outcomePost } = await scene.request(id);
      expect([state, outcomePost.done?.via]).toEqual(['accepted', 'thread']);
    }
    await scene.advanceTime(15 * minutes);
    expect(scene.world.messages.filter(({ kind }) => kind === 'follow_up')).toHaveLength(2);
    expect(await scene.ledger.isPaced('C0OPS')).toBe(false);
  });

  it('a channel that was limited meanwhile is not paced until then, and a request without a new event is tried again', async () => {
    await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
    await scene.suspend();
    const id = await scene.submit({ verb: 'stop' });
    scene.skipTime(ahead);
    for (const channel of ['C0OPS', updates]) await scene.ledger.recordRateLimit({ channel, retryAfterMs: 60_000 });
    const [claim] = await scene.ledger.claim(9);
    if (claim === undefined) throw new Error('nothing is due');
    await scene.ledger.settle(claim, scene.world.now + minutes);
    scene.skipTime(minutes - ahead);
    expect(await scene.ledger.resetAhead()).toBe(true);
    scene.resume();
    await scene.advanceTime(minutes);
    expect((await scene.request(id)).state).toBe('awaiting_approval');
  });
});

it('a step that a process has claimed meanwhile, and died, is taken over by another one', async () => {
  const database = { kind: 'postgres', url: await newDatabase() } as const;
  const world = worldOnDuty();
  await using scene = await openScene({ world, policy: policyWith(), database });
  await scene.suspend();
  const id = await scene.submit({ verb: 'stop' });
  scene.skipTime(ahead);
  expect(await scene.ledger.claim(9)).toHaveLength(1);
  scene.skipTime(minutes - ahead);
  expect(await scene.ledger.resetAhead()).toBe(true);
  expect(await scene.ledger.claim(9)).toEqual([]);
  scene.skipTime(limits.lease.ms + 1);
  scene.resume();
  await scene.untilIdle();
  expect((await scene.request(id)).state).toBe('awaiting_approval');
});

it('a clock that was turned back by seconds changes nothing, and neither does one that was not', async () => {
  await using scene = await openScene({ world: worldOnDuty(), policy: policyWith() });
  const id = await scene.submit({ verb: 'stop' });
  await scene.untilIdle();
  const before = await scene.request(id);
  scene.skipTime(-20_000);
  expect(await scene.ledger.resetAhead()).toBe(false);
  scene.skipTime(minutes);
  expect(await scene.ledger.resetAhead()).toBe(false);
  expect(await scene.request(id)).toEqual(before);
});
