import { describe, expect, it } from '@jest/globals';
import { createInFlight } from '../../../src/slack/listeners/in-flight.ts';

const acknowledge = async () => {};

describe('interactions in progress', () => {
  it('wait for their acknowledgement until each of them has one, or has failed', async () => {
    const inFlight = createInFlight();
    expect(inFlight.acknowledged()).toBeNull();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const replied = Promise.withResolvers<void>();
    const tracked = inFlight.track(acknowledge, async (ack) => {
      await first.promise;
      await ack();
      await replied.promise;
    });
    const failing = inFlight.track(acknowledge, () => second.promise);
    let all = false;
    const acknowledged = inFlight.acknowledged()?.then(() => {
      all = true;
    });
    first.resolve();
    await new Promise(setImmediate);
    expect(all).toBe(false);
    second.reject(new Error('something broke'));
    await expect(failing).rejects.toThrow('something broke');
    await acknowledged;
    expect(inFlight.acknowledged()).toBeNull();
    replied.resolve();
    await tracked;
  });

  it('are waited for by a shutdown, also after their acknowledgement', async () => {
    const inFlight = createInFlight();
    const replied = Promise.withResolvers<void>();
    let ended = false;
    const tracked = inFlight.track(acknowledge, async (ack) => {
      await ack();
      await replied.promise;
    });
    const drained = inFlight.drain().then(() => {
      ended = true;
    });
    await new Promise(setImmediate);
    expect([inFlight.isDraining(), ended]).toEqual([true, false]);
    replied.resolve();
    await Promise.all([tracked, drained]);
  });
});
