import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import { updates } from '../../../src/requests/priority.ts';
import { limits } from '../../../src/requests/retry-policy.ts';
import { endedAs, noon, samples } from '../events.fixture.ts';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

const granted: Event = { type: 'granted', data: { rule: 'operators', approvers: null, expiresAt: null } };

/** A start (or a stop) whose announcement is due. */
function toAnnounce({ ledger }: OpenedLedger, id: string, rest: { channel?: string; verb?: 'start' | 'stop' } = {}) {
  const { channel = 'C0OPS', verb = 'start' } = rest;
  return storeRequest(ledger, submission(id, { verb, workflowId: id }, { channel }), granted);
}

const limit = (ledger: Ledger, channel = 'C0OPS', retryAfterMs = 1_000) =>
  ledger.recordRateLimit({ channel, retryAfterMs });

async function claimed(ledger: Ledger): Promise<readonly string[]> {
  return (await ledger.claim(99)).map(({ request }) => request).sort();
}

describe.each(engines)('posts in a channel that Slack limits (%s)', (engine) => {
  it('are claimed one by one, and in a channel without a limit all at once', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    for (const id of ['A', 'B', 'C']) await toAnnounce(opened, id);
    for (const id of ['X', 'Y']) await toAnnounce(opened, id, { channel: 'C0MKT' });
    await limit(ledger);
    expect(await claimed(ledger)).toEqual(['X', 'Y']);
    expect(await ledger.nextDueAt()).toBe(noon + 1_100);
    clock.now += 1_100;
    expect(await claimed(ledger)).toHaveLength(1);
    expect(await claimed(ledger)).toEqual([]);
    clock.now += 1_099;
    expect(await claimed(ledger)).toEqual([]);
    clock.now += 1;
    expect(await claimed(ledger)).toHaveLength(1);
  });

  it('are claimed one by one by the next process as well', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['A', 'B']) await toAnnounce(opened, id);
    await limit(opened.ledger);
    const ledger = await opened.reopen();
    expect(await claimed(ledger)).toEqual([]);
    opened.clock.now += 1_100;
    expect(await claimed(ledger)).toHaveLength(1);
  });

  it('start with the stops', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    for (const id of ['A', 'B']) await toAnnounce(opened, id);
    await toAnnounce(opened, 'STOP', { verb: 'stop' });
    await limit(ledger);
    clock.now += 1_100;
    expect(await claimed(ledger)).toEqual(['STOP']);
  });

  it('wait for Retry-After, an hour at most, and a shorter limit does not shorten a longer one', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    await storeRequest(ledger, submission('A'), granted, samples.announced, endedAs('cancelled'), {
      type: 'shown',
      data: { state: 'cancelled', problem: null },
    });
    await limit(ledger, 'C0OPS', 90_000);
    await limit(ledger, 'C0OPS', 2_000);
    expect(await ledger.nextDueAt()).toBe(noon + 90_000);
    await limit(ledger, 'C0OPS', 99_000_000);
    expect(await ledger.nextDueAt()).toBe(noon + 3_600_000);
  });

  it('are given up when it is too late to announce, whatever Retry-After says', async () => {
    await using opened = await newLedger(engine);
    await toAnnounce(opened, 'A');
    await limit(opened.ledger, 'C0OPS', 600_000);
    expect(await opened.ledger.nextDueAt()).toBe(noon + 100_001);
  });

  it('delay neither tasks that post nothing nor posts that are too late', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    await toAnnounce(opened, 'LATE');
    clock.now += 100_001;
    await storeRequest(ledger, submission('NEW', { verb: 'start', workflowId: 'NEW' }));
    await toAnnounce(opened, 'IN-TIME');
    await limit(ledger, 'C0OPS', 60_000);
    expect(await claimed(ledger)).toEqual(['LATE', 'NEW']);
  });

  it('and updates in all channels are paced together, those with buttons first', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    const ended: readonly Event[] = [granted, samples.announced, endedAs('not_sent'), samples.reported];
    const asked: Event = { type: 'granted', data: { ...samples.granted.data, expiresAt: noon } };
    for (const channel of ['C0OPS', 'C0MKT'])
      await storeRequest(ledger, submission(channel, { verb: 'start' }, { channel }), ...ended);
    await storeRequest(ledger, submission('ASKED', { verb: 'start' }), asked, ...ended.slice(1));
    await limit(ledger, updates);
    expect(await claimed(ledger)).toEqual([]);
    const order: (readonly string[])[] = [];
    for (let slot = 1; slot <= 3; slot++) {
      clock.now += 1_249;
      expect(await claimed(ledger)).toEqual([]);
      clock.now += 1;
      order.push(await claimed(ledger));
    }
    expect(order[0]).toEqual(['ASKED']);
    expect(order.slice(1).flat().sort()).toEqual(['C0MKT', 'C0OPS']);
  });

  it('and updates that are too late do not wait for their slot, nor delay the others', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    const ended: readonly Event[] = [granted, samples.announced, endedAs('not_sent'), samples.reported];
    await storeRequest(ledger, submission('EARLY', { verb: 'start' }), ...ended);
    clock.now += 60_000;
    await storeRequest(ledger, submission('LATER', { verb: 'start' }), ...ended);
    await limit(ledger, updates, 1_800_000);
    clock.now = noon + limits.update.withinMs;
    expect(await claimed(ledger)).toEqual([]);
    clock.now += 1;
    expect(await claimed(ledger)).toEqual(['EARLY']);
    expect(await ledger.nextDueAt()).toBe(noon + 60_000 + 1_800_000);
  });

  it('are not delayed by a limit on updates', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    const announced: readonly Event[] = [granted, samples.announced, samples.approved];
    const sent: Event = { type: 'dispatching', data: { attempt: 1 } };
    await storeRequest(ledger, submission('A', { verb: 'start' }), ...announced, sent, endedAs('accepted'));
    await ledger.recordRateLimit({ channel: updates, retryAfterMs: 20_000 });
    const claims = await ledger.claim(99);
    expect(claims.map(({ task }) => task)).toContain('report');
    expect(claims.map(({ task }) => task)).not.toContain('show');
  });
});

it('a slot is shared by all replicas', async () => {
  await using opened = await newLedger('postgres');
  const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
  for (const id of ['A', 'B', 'C', 'D', 'E', 'F']) await toAnnounce(opened, id);
  await limit(opened.ledger);
  for (let attempt = 1; attempt <= 6; attempt++) {
    opened.clock.now += 1_100;
    const all = await Promise.all([...replicas, ...replicas].map((replica) => replica.claim(99)));
    expect(all.flat()).toHaveLength(1);
  }
});
