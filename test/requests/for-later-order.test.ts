import { describe, expect, it } from '@jest/globals';
import { ownConfirmation } from '../../src/access/policy.ts';
import type { When } from '../../src/commands/command.ts';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { Order } from '../../src/requests/events.ts';
import type { Request } from '../../src/requests/request.ts';
import { lists, minutes, openScene, policyOf, type Scene } from './scene/scene.fixture.ts';
import { accepted, type World } from './scene/world.fixture.ts';

const within = (ms: number): When => ({ kind: 'in', ms, typed: 'in a while' });
const rejected: DispatchResult = {
  kind: 'rejected',
  reason: 'bad_request',
  answer: { status: 400, text: null, adobeRequestId: null },
};
const interrupted: DispatchResult = {
  kind: 'unknown',
  reason: 'timeout',
  answer: { status: null, text: null, adobeRequestId: null },
};
const notReached = {
  kind: 'not_reached',
  reason: 'gateway_busy',
  answer: { status: 429, text: null, adobeRequestId: null },
} as const;
const inProgress = { kind: 'seen', reading: 'in_progress', field: 'logicalStatus', raw: 'in_progress' } as const;

async function submitLater(scene: Scene, order: Partial<Order> = {}): Promise<string> {
  const id = await scene.submit({ verb: 'start', due: within(30 * minutes), ...order });
  await scene.untilIdle();
  scene.skipTime(1_000);
  return id;
}

async function submitAtOnce(scene: Scene, order: Partial<Order>, by = 'U0BOB'): Promise<string> {
  const id = await scene.submit(order, by);
  scene.skipTime(1_000);
  return id;
}

const sentBy = ({ sent }: World) => sent.map(({ command }) => command);

/** Until the command has left, and Campaign has not answered. */
async function untilSent(scene: Scene, count: number): Promise<void> {
  scene.wake();
  while (scene.world.sent.length < count) await new Promise(setImmediate);
}

async function resumeOf(scene: Scene, pause: string): Promise<Request> {
  const resume = await scene.ledger.requestOf(`${pause} resume`);
  if (resume === null) throw new Error('the pause has no end');
  return resume;
}

describe('a command that is asked for after one for later', () => {
  it('takes its place only once Campaign may have taken it', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(rejected);
    const later = await submitLater(scene);
    const pause = await submitAtOnce(scene, { verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('rejected');
    expect((await scene.request(later)).state).toBe('scheduled');
    await scene.advanceTime(31 * minutes);
    expect(sentBy(scene.world)).toEqual(['pause', 'start']);
  });

  it('takes its place where nobody knows whether it arrived', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(interrupted);
    const later = await submitLater(scene);
    const pause = await submitAtOnce(scene, { verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(later)).end?.because).toEqual({ kind: 'superseded', by: pause });
  });

  it('takes its place also as a stop, once it is sent and not once it is confirmed', async () => {
    await using scene = await openScene();
    scene.world.answers.send.push(rejected);
    const later = await submitLater(scene);
    const stop = await submitAtOnce(scene, { verb: 'stop' });
    await scene.untilIdle();
    await scene.press(stop, 'U0CAROL');
    await scene.untilIdle();
    expect((await scene.request(stop)).state).toBe('rejected');
    expect((await scene.request(later)).state).toBe('scheduled');
  });

  it('takes its place also where that still waited for look-ups', async () => {
    await using scene = await openScene();
    const { unavailable } = scene.world;
    unavailable.add('U0ALICE');
    const later = await submitLater(scene);
    const pause = await submitAtOnce(scene, { verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('accepted');
    unavailable.delete('U0ALICE');
    await scene.advanceTime(minutes);
    expect((await scene.request(later)).end?.because).toEqual({ kind: 'superseded', by: pause });
    await scene.advanceTime(60 * minutes);
    expect(sentBy(scene.world)).toEqual(['pause']);
  });

  it('takes its place also where that waited for look-ups, and this one waits for its time', async () => {
    await using scene = await openScene();
    const { unavailable } = scene.world;
    unavailable.add('U0ALICE');
    const first = await submitLater(scene);
    const second = await submitAtOnce(scene, { verb: 'resume', due: within(20 * minutes) });
    await scene.untilIdle();
    unavailable.delete('U0ALICE');
    await scene.advanceTime(minutes);
    expect((await scene.request(first)).end?.because).toEqual({ kind: 'superseded', by: second });
  });

  it('is waited for while it is being sent, within two minutes', async () => {
    await using scene = await openScene();
    const later = await submitLater(scene, { due: within(2 * minutes) });
    scene.skipTime(2 * minutes - 5_000);
    const { promise, resolve } = Promise.withResolvers<DispatchResult>();
    scene.world.answers.send.push(promise);
    await submitAtOnce(scene, { verb: 'pause' });
    await untilSent(scene, 1);
    scene.skipTime(10_000);
    await scene.untilIdle(1);
    expect((await scene.request(later)).state).toBe('scheduled');
    resolve(rejected);
    await scene.advanceTime(10_000);
    expect((await scene.request(later)).state).toBe('accepted');
    expect(sentBy(scene.world)).toEqual(['pause', 'start']);
  });

  it('takes its place also where it arrives at the second try, while that is due', async () => {
    await using scene = await openScene();
    const later = await submitLater(scene, { due: within(2 * minutes) });
    scene.skipTime(2 * minutes - 5_000);
    scene.world.answers.send.push({ ...notReached, retryAfterMs: 60_000 });
    const pause = await submitAtOnce(scene, { verb: 'pause' });
    await scene.advanceTime(2 * minutes);
    expect((await scene.request(later)).end?.because).toEqual({ kind: 'superseded', by: pause });
    expect(sentBy(scene.world)).toEqual(['pause', 'pause']);
  });

  it('is named where it is still on its way after two minutes', async () => {
    await using scene = await openScene();
    const later = await submitLater(scene, { due: within(2 * minutes) });
    await scene.advanceTime(2 * minutes - 5_000);
    scene.world.outage = { kind: 'refused', reason: 'unreachable' };
    scene.skipTime(5_000);
    const pause = await submitAtOnce(scene, { verb: 'pause' });
    await scene.advanceTime(3 * minutes);
    expect((await scene.request(pause)).end?.because).toEqual({ kind: 'slack', reason: 'unreachable' });
    expect((await scene.request(later)).end?.because).toEqual({ kind: 'busy', request: pause });
    expect(scene.world.sent).toEqual([]);
  });

  it('does not hold it up while it is only a question', async () => {
    await using scene = await openScene();
    const later = await submitLater(scene, { due: within(2 * minutes) });
    const stop = await submitAtOnce(scene, { verb: 'stop' });
    await scene.advanceTime(2 * minutes);
    expect((await scene.request(stop)).state).toBe('awaiting_approval');
    expect((await scene.request(later)).state).toBe('accepted');
  });
});

describe('the end of a pause', () => {
  const pauseFor = (ms: number) => ({ verb: 'pause', resumes: within(ms) }) as const;

  it('comes at once where the pause was accepted after it', async () => {
    await using scene = await openScene();
    const { promise, resolve } = Promise.withResolvers<DispatchResult>();
    scene.world.answers.send.push({ ...notReached, retryAfterMs: 50_000 }, promise);
    const pause = await scene.submit(pauseFor(minutes));
    await scene.untilIdle();
    scene.skipTime(50_000);
    await untilSent(scene, 2);
    scene.skipTime(15_000);
    scene.world.answers.probe.push(inProgress, inProgress);
    resolve(accepted);
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('accepted');
    expect((await resumeOf(scene, pause)).state).toBe('accepted');
    expect(sentBy(scene.world)).toEqual(['pause', 'pause', 'resume']);
  });

  it('keeps a pause from being sent that could not be sent before', async () => {
    await using scene = await openScene();
    const gate = scene.gate('prepare');
    const pause = await scene.submit(pauseFor(minutes));
    scene.wake();
    await gate.reached;
    scene.skipTime(minutes + 1_000);
    gate.open();
    await scene.untilIdle();
    expect((await scene.request(pause)).end).toMatchObject({ outcome: 'not_sent', because: { kind: 'pause_over' } });
    expect(scene.world.sent).toEqual([]);
  });

  it('is not held up by a question', async () => {
    await using scene = await openScene();
    const pause = await scene.submit(pauseFor(5 * minutes));
    await scene.advanceTime(2 * minutes);
    const stop = await scene.submit({ verb: 'stop' }, 'U0BOB');
    await scene.advanceTime(3 * minutes + 1_000);
    expect((await scene.request(stop)).state).toBe('awaiting_approval');
    expect((await resumeOf(scene, pause)).state).toBe('accepted');
  });

  it('is sent where the pause was accepted, and not seen in effect yet', async () => {
    await using scene = await openScene();
    scene.world.answers.observe.push(...Array(13).fill(inProgress));
    const pause = await scene.submit(pauseFor(5 * minutes));
    await scene.advanceTime(minutes);
    scene.world.answers.probe.push(inProgress);
    await scene.advanceTime(5 * minutes);
    expect((await resumeOf(scene, pause)).state).toBe('accepted');
  });

  it('leaves what somebody asked for after the pause', async () => {
    await using scene = await openScene();
    const gate = scene.gate('send');
    const pause = await scene.submit(pauseFor(60 * minutes));
    scene.wake();
    await gate.reached;
    scene.skipTime(1_000);
    const start = await scene.submit({ verb: 'start', due: within(30 * minutes) }, 'U0BOB');
    await scene.untilIdle(1);
    gate.open();
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('accepted');
    expect((await scene.request(start)).state).toBe('scheduled');
    expect((await resumeOf(scene, pause)).state).toBe('scheduled');
    await scene.advanceTime(31 * minutes);
    expect((await resumeOf(scene, pause)).end?.because).toEqual({ kind: 'superseded', by: start });
    expect(sentBy(scene.world)).toEqual(['pause', 'start']);
  });

  it('comes also where somebody sent something else between the pause and its confirmation', async () => {
    const policy = policyOf(lists);
    const rules = policy.rules.map((rule) => ({ ...rule, approval: ownConfirmation }));
    await using scene = await openScene({ policy: { ...policy, rules } });
    const pause = await scene.submit(pauseFor(60 * minutes));
    await scene.untilIdle();
    scene.skipTime(1_000);
    scene.setPolicy(policy);
    const other = await submitAtOnce(scene, { verb: 'pause' });
    await scene.untilIdle();
    expect((await scene.request(other)).state).toBe('accepted');
    scene.skipTime(1_000);
    scene.setPolicy({ ...policy, rules });
    await scene.press(pause, 'U0ALICE');
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('accepted');
    expect((await resumeOf(scene, pause)).state).toBe('awaiting_approval');
  });

  it('is not recorded where the pause has ended otherwise meanwhile', async () => {
    await using scene = await openScene();
    const gate = scene.gate('send');
    const pause = await scene.submit(pauseFor(60 * minutes));
    scene.wake();
    await gate.reached;
    await scene.ledger.transaction(async (tx) => {
      const current = await tx.load(pause);
      if (current === null) throw new Error('no pause');
      const because = { kind: 'crashed' } as const;
      await tx.append(current, { type: 'ended', data: { outcome: 'unknown', because, answer: null } });
    });
    gate.open();
    await scene.untilIdle();
    expect((await scene.request(pause)).state).toBe('unknown');
    expect(await scene.ledger.requestOf(`${pause} resume`)).toBeNull();
  });
});
