import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { DispatchResult } from '../../src/requests/attempt-results.ts';
import type { Claim, Completion } from '../../src/requests/ledger/ledger.ts';
import type { Ports } from '../../src/requests/ports.ts';
import type { Slots } from '../../src/requests/priority.ts';
import { limits } from '../../src/requests/retry-policy.ts';
import { startRunner } from '../../src/requests/runner.ts';
import { minutes, noRules, openScene, type Scene } from './scene/scene.fixture.ts';
import { accepted } from './scene/world.fixture.ts';

describe('a step that throws', () => {
  it('is logged, counted and retried later, and the request reaches its outcome', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(new Error('something broke'));
    const id = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(scene.counted.faults).toBe(1);
    expect(scene.logged).toMatchObject([
      { level: 'error', fields: { request: id, task: 'advance', err: { message: 'something broke' } } },
    ]);
    expect(scene.world.sent).toEqual([]);
    await scene.advanceTime(20_000);
    expect(scene.world.sent).toHaveLength(1);
    expect(scene.world.messages).toMatchObject([{ kind: 'announcement', shows: 'accepted' }, { kind: 'outcome' }]);
  });

  it('is retried at growing intervals', async () => {
    await using scene = await openScene();
    const times: number[] = [];
    scene.setPolicy({
      ...noRules,
      get rules(): never {
        times.push(scene.world.now);
        throw new Error('something broke');
      },
    });
    const id = await scene.submit({ verb: 'start' });
    const asked = scene.world.now;
    await scene.advanceTime(10 * minutes);
    expect(times.map((at) => at - asked)).toEqual([0, 750, 2_250, 5_250, 11_250, 23_250, 47_250, 92_250]);
    expect(await scene.request(id)).toMatchObject({ state: 'not_sent' });
  });

  it('does not delay other requests', async () => {
    await using scene = await openScene();
    scene.world.answers.announce.push(new Error('something broke'));
    await scene.submit({ verb: 'start', workflowId: 'WKF1' });
    await scene.untilIdle();
    await scene.submit({ verb: 'start', workflowId: 'WKF2' });
    await scene.untilIdle();
    expect(scene.world.sent).toMatchObject([{ workflowId: 'WKF2' }]);
  });
});

describe('a step that takes longer than its lease', () => {
  it('is not started a second time while this process performs it: the late response counts', async () => {
    await using scene = await openScene();
    const answer = Promise.withResolvers<DispatchResult>();
    scene.world.answers.send.push(answer.promise);
    const sending = scene.gate('send');
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await sending.reached;
    sending.open();
    await scene.untilIdle(1);
    expect(scene.world.sent).toHaveLength(1);
    scene.skipTime(5 * minutes);
    await scene.untilIdle(1);
    answer.resolve(accepted);
    await scene.advanceTime(minutes);
    expect(scene.world.sent).toHaveLength(1);
    expect(await scene.request(id)).toMatchObject({ state: 'accepted' });
  });

  it('posts one announcement', async () => {
    await using scene = await openScene();
    const announcing = scene.gate('announce');
    await scene.submit();
    scene.wake();
    await announcing.reached;
    scene.skipTime(61_000);
    await scene.untilIdle(1);
    announcing.open();
    await scene.advanceTime(2_000);
    expect(scene.world.messages).toHaveLength(1);
  });

  it('does not delay the other requests', async () => {
    await using scene = await openScene();
    const gates = Array.from({ length: 7 }, () => scene.gate('announce'));
    for (const gate of gates) {
      await scene.submit({ verb: 'start', workflowId: `WKF${gates.indexOf(gate)}` });
      scene.wake();
      await gate.reached;
    }
    await scene.submit({ verb: 'start', workflowId: 'WKF8' });
    await scene.untilIdle(7);
    expect(scene.world.sent).toMatchObject([{ workflowId: 'WKF8' }]);
    for (const gate of gates) gate.open();
    await scene.untilIdle();
    expect(scene.world.sent).toHaveLength(8);
  });
});

describe('a runner without free slots', () => {
  it('keeps slots for a stop, and for nothing else', async () => {
    await using scene = await openScene();
    const gates = Array.from({ length: 24 }, () => scene.gate('announce'));
    for (const [index] of gates.entries()) await scene.submit({ verb: 'start', workflowId: `WKF${index}` });
    scene.wake();
    await Promise.all(gates.map(({ reached }) => reached));
    const start = await scene.submit({ verb: 'start', workflowId: 'WKF98' });
    const stop = await scene.submit({ verb: 'stop', workflowId: 'WKF99' });
    scene.wake();
    while ((await scene.request(stop)).state !== 'awaiting_approval') await setImmediate();
    expect(await scene.request(start)).toMatchObject({ state: 'submitted', sequence: 1 });
    for (const gate of gates) gate.open();
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
  });
});

describe('people who wait for an acknowledgement', () => {
  it('come before steps that are not urgent, and not before a stop', async () => {
    const acknowledged = Promise.withResolvers<void>();
    let waiting: Promise<void> | null = acknowledged.promise;
    await using scene = await openScene({ acknowledged: () => waiting });
    const start = await scene.submit({ verb: 'start', workflowId: 'WKF1' });
    const stop = await scene.submit({ verb: 'stop', workflowId: 'WKF2' });
    scene.wake();
    while ((await scene.request(stop)).state !== 'awaiting_approval') await setImmediate();
    expect(await scene.request(start)).toMatchObject({ state: 'submitted', sequence: 1 });
    waiting = null;
    acknowledged.resolve();
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
  });

  it('do not hold a step up for long', async () => {
    await using scene = await openScene({ acknowledged: () => new Promise(() => {}) });
    const start = await scene.submit({ verb: 'start' });
    await scene.untilIdle();
    expect(await scene.request(start)).toMatchObject({ state: 'accepted' });
  });
});

describe('a task that is claimed again before its last step has returned', () => {
  it('is performed when that step has returned', async () => {
    await using scene = await openScene();
    const { ledger } = scene.ports;
    const slots = { stops: -1, new_stops: -1, rest: -1, replies: -1, updates: -1 };
    let claims = 0;
    Object.assign(ledger, {
      async complete(claim: Claim, completion: Completion) {
        const completed = await scene.ledger.complete(claim, { ...completion, slots });
        const before = claims;
        scene.wake();
        // The steps after the outcome can run while the runner stops, which claims nothing more.
        while (claims === before && claim.task === 'advance') await setImmediate();
        return completed;
      },
      async claim(free: Slots) {
        const claimed = await scene.ledger.claim(free);
        claims += 1;
        return claimed;
      },
    });
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    while ((await scene.request(id)).outcomePost.done === null) await setImmediate();
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', outcomePost: { done: { via: 'thread' } } });
  });
});

describe('a runner without work', () => {
  it('claims no more while the steps of a request follow one another', async () => {
    await using scene = await openScene();
    await scene.untilIdle();
    let claims = 0;
    Object.assign(scene.ports.ledger, {
      claim(free: Slots) {
        claims += 1;
        return scene.ledger.claim(free);
      },
    });
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    while ((await scene.request(id)).outcomePost.done === null) await setImmediate();
    // One that finds the request, and the one that a sleeping runner makes each second.
    expect(claims).toBeLessThanOrEqual(2);
  });

  it('claims what a step has left for later when it is due, and not when it would have woken by itself', async () => {
    await using scene = await openScene();
    const request = await scene.submit({ verb: 'start' });
    const first: Claim = { request, task: 'advance', lane: 'rest', attempts: 0, lease: 'first' };
    const again = Promise.withResolvers<'when due'>();
    let claims = 0;
    const ledger: Ports['ledger'] = {
      ...scene.ledger,
      async claim() {
        claims += 1;
        if (claims === 2) again.resolve('when due');
        return claims === 1 ? [first] : [];
      },
      nextDueAt: async () => null,
      load: async () => null,
      async complete() {
        return { recorded: null, next: [], left: [{ request, task: 'follow', dueAt: scene.world.now + 50 }] };
      },
    };
    const runner = startRunner({ ...scene.ports, ledger });
    const byItself = wait(limits.runner.sleepMs - 50, 'by itself' as const);
    expect(await Promise.race([again.promise, byItself])).toBe('when due');
    await runner.stop();
  });
});

describe('two hundred stops of somebody without the right', () => {
  const stops = Array.from({ length: 200 }, (_, index) => `WKF${1_000 + index}`);

  async function untilQuestionPosted(scene: Scene, id: string): Promise<void> {
    scene.wake();
    while ((await scene.request(id)).state !== 'awaiting_approval') await setImmediate();
  }

  it('delay no stop of somebody else while the refusals are sent slowly', async () => {
    await using scene = await openScene();
    const replies = stops.map(() => scene.gate('postOutcomePrivately'));
    const refused: string[] = [];
    for (const workflowId of stops) refused.push(await scene.submit({ workflowId }, 'U0EVE'));
    scene.wake();
    for (const id of refused) while ((await scene.request(id)).state !== 'refused') await setImmediate();
    await untilQuestionPosted(scene, await scene.submit({ workflowId: 'WKF99' }));
    expect(scene.world.privateMessages).toEqual([]);
    for (const reply of replies) reply.open();
    await scene.untilIdle();
    expect(scene.world.privateMessages).toHaveLength(200);
  });

  it('delay no stop of somebody else while the look-up of the person hangs', async () => {
    await using scene = await openScene();
    const lookups = stops.map(() => scene.gate('person'));
    for (const workflowId of stops) await scene.submit({ workflowId }, 'U0EVE');
    scene.wake();
    await Promise.all(lookups.slice(0, 27).map(({ reached }) => reached));
    // Gates without a waiting call are for the other requests.
    for (const lookup of lookups.slice(27)) lookup.open();
    await untilQuestionPosted(scene, await scene.submit({ workflowId: 'WKF99' }));
    expect(scene.world.privateMessages).toEqual([]);
    for (const lookup of lookups) lookup.open();
    await scene.untilIdle();
    expect(scene.world.privateMessages).toHaveLength(200);
  });
});

describe('a runner that stops', () => {
  it('finishes the step in progress and claims nothing new', async () => {
    await using scene = await openScene();
    const sending = scene.gate('send');
    const id = await scene.submit({ verb: 'start' });
    scene.wake();
    await sending.reached;
    let stopped = false;
    const stopping = scene.runner.stop().then(() => {
      stopped = true;
    });
    const later = await scene.submit({ verb: 'start', workflowId: 'WKF2' });
    await scene.ledger.load(later);
    expect(stopped).toBe(false);
    sending.open();
    await stopping;
    expect(await scene.request(id)).toMatchObject({ state: 'accepted', outcomePost: { done: null } });
    expect(await scene.request(later)).toMatchObject({ state: 'submitted', sequence: 1 });
  });
});

describe('the health of the runner', () => {
  it('is bad while the ledger cannot be read, and good afterwards', async () => {
    await using scene = await openScene();
    const [failed, recovered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let broken = true;
    const ledger: Ports['ledger'] = {
      ...scene.ledger,
      claim: async () => {
        if (broken) throw new Error('the disk is full');
        return [];
      },
      nextDueAt: async () => {
        recovered.resolve();
        return null;
      },
    };
    const log = { ...scene.ports.log, error: () => failed.resolve() };
    const runner = startRunner({ ...scene.ports, ledger, log });
    await failed.promise;
    expect(runner.isHealthy()).toBe(false);
    broken = false;
    runner.wake();
    await recovered.promise;
    runner.wake();
    await runner.stop();
    expect(runner.isHealthy()).toBe(true);
  });
});
