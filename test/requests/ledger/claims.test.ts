import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import type { Claim } from '../../../src/requests/ledger/ledger.ts';
import type { Slots } from '../../../src/requests/priority.ts';
import { cancelPressed, endedAs, noon, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { append, engines, leaseMs, newLedger, type OpenedLedger, storeRequest, submission } from './ledger.fixture.ts';

const { granted, announced, dispatching } = samples;
const waiting: readonly Event[] = [
  { type: 'granted', data: { rule: 'leads', approvers: null, expiresAt: noon + 300_000 } },
  announced,
  { type: 'asked', data: { expiresAt: noon + 300_000 } },
];
const names = (claims: readonly { request: string; task: string }[]) =>
  claims.map((one) => `${one.request} ${one.task}`);

async function claimed({ ledger }: OpenedLedger, limit = 99) {
  return names(await ledger.claim(limit));
}

async function claimOne({ ledger }: OpenedLedger): Promise<Claim> {
  const [claim] = await ledger.claim(1);
  if (claim === undefined) throw new Error('nothing is due');
  return claim;
}

describe.each(engines)('due tasks (%s)', (engine) => {
  it('are claimed by priority: stops first, outcomes before announcements, a stop’s updates before those of others, then the longest due', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    const write = (id: string, verb: 'start' | 'stop', ...events: readonly Event[]) =>
      storeRequest(ledger, submission(id, { verb, workflowId: id }), ...events);
    const retry: Event = { ...samples.not_reached, data: { ...samples.not_reached.data, retryAt: noon - 5 } };
    await write('START-SHOW', 'start', ...underWay, dispatching, endedAs('unknown'));
    await write('START-NEW', 'start');
    await write('START-AGAIN', 'start', ...underWay, dispatching, retry);
    await write('STOP-SHOW', 'stop', ...underWay, dispatching, endedAs('accepted'));
    await write('STOP-PRESSED', 'stop', ...waiting, cancelPressed);
    expect(await claimed(opened)).toEqual([
      'STOP-PRESSED decide',
      'STOP-SHOW report',
      'START-NEW advance',
      'START-AGAIN advance',
      'START-SHOW look',
      'STOP-SHOW show',
      'START-SHOW show',
      'START-AGAIN show',
    ]);
  });

  it('are claimed by the number of open requests of each person, so that nobody waits for all requests of somebody else', async () => {
    await using opened = await newLedger(engine);
    const ask = (id: string, requester: string) =>
      storeRequest(opened.ledger, submission(id, { verb: 'start', workflowId: id }, { requester }));
    for (const id of ['A1', 'A2', 'A3', 'A4']) await ask(id, 'U0ALICE');
    for (const id of ['B1', 'B2']) await ask(id, 'U0BOB');
    const order = (await claimed(opened)).map((name) => name.slice(0, 2));
    expect([order.slice(0, 2).sort(), order.slice(2, 4).sort(), order.slice(4)]).toEqual([
      ['A1', 'B1'],
      ['A2', 'B2'],
      ['A3', 'A4'],
    ]);
  });

  it('are not claimed before their time', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...waiting);
    expect(await opened.ledger.nextDueAt()).toBe(noon + 300_000);
    opened.clock.now = noon + 299_999;
    expect(await claimed(opened)).toEqual([]);
    opened.clock.now = noon + 300_000;
    expect(await claimed(opened)).toEqual(['A advance']);
  });

  it('are claimed up to the requested number', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['A', 'B', 'C']) await storeRequest(opened.ledger, submission(id, { workflowId: id }));
    expect(
      [await claimed(opened, 2), await claimed(opened, 2), await claimed(opened, 2)].map(({ length }) => length),
    ).toEqual([2, 1, 0]);
  });

  it('do not exist once a request has ended and all its messages are posted', async () => {
    await using opened = await newLedger(engine);
    const shown: Event = { type: 'shown', data: { state: 'accepted', problem: null } };
    await storeRequest(
      opened.ledger,
      submission('A'),
      ...underWay,
      dispatching,
      endedAs('accepted'),
      samples.reported,
      samples.observed,
      samples.noted,
      shown,
    );
    expect(await opened.ledger.nextDueAt()).toBeNull();
    expect(await claimed(opened)).toEqual([]);
  });
});

describe.each(engines)('the lane of a due task (%s)', (engine) => {
  const lanesOf = async ({ ledger }: OpenedLedger) =>
    (await ledger.claim(99)).map(({ request, task, lane }) => `${request} ${task}: ${lane}`).sort();

  it('is that of stops only once the stop is granted', async () => {
    await using opened = await newLedger(engine);
    const write = (id: string, verb: 'start' | 'stop' | 'pause' | 'freeze', ...events: readonly Event[]) =>
      storeRequest(opened.ledger, submission(id, { verb, workflowId: id }), ...events);
    await write('FREEZE', 'freeze', granted);
    await write('PAUSE', 'pause', granted);
    await write('STOP', 'stop', granted);
    await write('STOP-DONE', 'stop', ...underWay, dispatching, endedAs('accepted'));
    await write('STOP-LATE', 'stop', ...underWay, endedAs('refused'));
    await write('STOP-NEW', 'stop');
    await write('STOP-NO', 'stop', endedAs('refused'));
    await write('STOP-PRESSED', 'stop', ...waiting, samples.pressed, samples.press_refused);
    expect(await lanesOf(opened)).toEqual([
      'FREEZE advance: stops',
      'PAUSE advance: rest',
      'STOP advance: stops',
      'STOP-DONE report: stops',
      'STOP-DONE show: updates',
      'STOP-LATE report: rest',
      'STOP-LATE show: updates',
      'STOP-NEW advance: new_stops',
      'STOP-NO report: replies',
      'STOP-PRESSED answer: replies',
      'STOP-PRESSED decide: stops',
    ]);
  });

  it('is a separate one for the first stops of each person before their grant', async () => {
    await using opened = await newLedger(engine);
    for (const [index, requester] of ['D', 'D', 'D', 'D', 'D', 'L'].entries()) {
      const id = `${requester}${index}`;
      await storeRequest(opened.ledger, submission(id, { workflowId: id }, { requester: `U0${requester}` }));
    }
    expect(await lanesOf(opened)).toEqual([
      'D0 advance: new_stops',
      'D1 advance: new_stops',
      'D2 advance: new_stops',
      'D3 advance: rest',
      'D4 advance: rest',
      'L5 advance: new_stops',
    ]);
  });

  it('is the ordinary one for stops of people whom no rule names', async () => {
    await using opened = await newLedger(engine);
    const unnamed = { ...submission('A', { workflowId: 'A' }), isUnnamed: true };
    await opened.ledger.submit(unnamed, AbortSignal.timeout(60_000));
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }));
    expect(await lanesOf(opened)).toEqual(['A advance: rest', 'B advance: new_stops']);
  });

  it('is again that of new stops when the person’s earlier stops were announced or refused', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['A', 'B', 'C', 'D'])
      await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...waiting);
    for (const id of ['E', 'F', 'G']) {
      await storeRequest(opened.ledger, submission(id, { workflowId: id }), endedAs('refused'), samples.reported);
    }
    await storeRequest(opened.ledger, submission('H', { workflowId: 'H' }));
    expect(await lanesOf(opened)).toContain('H advance: new_stops');
  });

  it('has its own slots, however full the others are', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['A', 'B', 'C']) {
      await storeRequest(opened.ledger, submission(id, { workflowId: id }));
      await storeRequest(opened.ledger, submission(`${id}1`, { verb: 'start', workflowId: `${id}1` }));
    }
    expect(names(await opened.ledger.claim({ stops: 9, new_stops: 2, rest: 0, replies: 9, updates: 9 }))).toHaveLength(
      2,
    );
    expect(await opened.ledger.nextDueAt(['stops', 'replies'])).toBeNull();
    expect(await opened.ledger.nextDueAt(['stops', 'rest'])).toBe(0);
    expect(names(await opened.ledger.claim({ stops: 0, new_stops: 0, rest: 9, replies: 0, updates: 0 }))).toHaveLength(
      3,
    );
  });
});

describe.each(engines)('a claimed task (%s)', (engine) => {
  it('cannot be claimed by another process, also when two claim at the same time', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['A', 'B', 'C']) await storeRequest(opened.ledger, submission(id, { workflowId: id }));
    const [one, other] = await Promise.all([opened.ledger.claim(2), opened.ledger.claim(2)]);
    expect(names([...one, ...other]).sort()).toEqual(['A advance', 'B advance', 'C advance']);
    expect(await claimed(opened)).toEqual([]);
  });

  it('is not rescheduled while its owner performs it, and then by what has happened meanwhile', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A', { verb: 'start' }));
    const claim = await claimOne(opened);
    await append(opened.ledger, request, ...waiting);
    expect(await claimed(opened)).toEqual([]);
    expect(await opened.ledger.nextDueAt()).toBeNull();
    await opened.ledger.settle(claim);
    expect(await opened.ledger.nextDueAt()).toBe(noon + 300_000);
  });

  it('cannot be claimed by another process where it was done and is due again before its owner settles it', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'), ...waiting, cancelPressed);
    const claim = await claimOne(opened);
    const judged: Event = { ...samples.press_refused, data: { ...samples.press_refused.data, interaction: 'press-3' } };
    expect(await append(opened.ledger, request, judged)).toMatchObject({ presses: [] });
    await append(opened.ledger, request, samples.pressed);
    expect(await claimed(opened)).toEqual(['A answer']);
    await opened.ledger.settle(claim);
    expect(await claimed(opened)).toEqual(['A decide']);
  });

  it('can be claimed again when its lease has expired', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    expect(await claimed(opened)).toEqual(['A advance']);
    opened.clock.now += leaseMs;
    expect(await claimed(opened)).toEqual([]);
    opened.clock.now += 1;
    expect(await claimed(opened)).toEqual(['A advance']);
    expect(await claimed(opened)).toEqual([]);
  });
});

describe.each(engines)('a settled task (%s)', (engine) => {
  it('is due again at once where it made progress and something is left', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    await append(opened.ledger, request, granted);
    await opened.ledger.settle(claim);
    expect(await opened.ledger.claim(1)).toMatchObject([{ request: 'A', task: 'advance', attempts: 0 }]);
  });

  it('waits until the given time, and counts its postponements until it makes progress', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    for (const attempts of [0, 1, 2]) {
      const claim = await claimOne(opened);
      expect(claim).toMatchObject({ request: 'A', task: 'advance', attempts });
      await opened.ledger.settle(claim, opened.clock.now + 7_000);
      expect(await opened.ledger.nextDueAt()).toBe(opened.clock.now + 7_000);
      opened.clock.now += 6_999;
      expect(await opened.ledger.claim(1)).toEqual([]);
      opened.clock.now += 1;
    }
    const claim = await claimOne(opened);
    await opened.ledger.settle(claim);
    expect(await opened.ledger.claim(1)).toMatchObject([{ attempts: 0 }]);
  });

  it('does not become due earlier because of another event of its request', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'), ...underWay);
    const claim = await claimOne(opened);
    await opened.ledger.settle(claim, noon + 30_000);
    await append(opened.ledger, request, cancelPressed);
    expect(await claimed(opened)).toEqual(['A decide']);
  });

  it('is deleted where nothing is left to do', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    await append(opened.ledger, request, endedAs('cancelled'), samples.reported);
    await opened.ledger.settle(claim, noon + 30_000);
    expect(await opened.ledger.nextDueAt()).toBeNull();
    opened.clock.now += 60_000;
    expect(await claimed(opened)).toEqual([]);
  });

  it('is still postponed after a restart', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    await opened.ledger.settle(claim, noon + 30_000);
    const ledger = await opened.reopen();
    expect(await ledger.nextDueAt()).toBe(noon + 30_000);
  });
});

const everySlot: Slots = { stops: 9, new_stops: 9, rest: 9, replies: 9, updates: 9 };
/** The lane is full of others that wait. */
const noSlot: Slots = { stops: -1, new_stops: -1, rest: -1, replies: -1, updates: -1 };

describe.each(engines)('a step that ends (%s)', (engine) => {
  const accepted = endedAs('accepted');

  it('records its events, and goes on with what follows in its request, without another claim', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    await storeRequest(ledger, submission('A'));
    const claim = await claimOne(opened);
    const granting = await ledger.complete(claim, { record: () => [granted], slots: everySlot });
    expect(granting).toMatchObject({ recorded: { state: 'submitted', sequence: 2 }, next: [{ task: 'advance' }] });
    expect(await claimed(opened)).toEqual([]);
    const [advance] = granting.next;
    if (advance === undefined) throw new Error('nothing follows');
    const record = () => [announced, samples.approved, dispatching, accepted];
    const ended = await ledger.complete(advance, { record, slots: everySlot });
    expect(names(ended.next)).toEqual(['A report', 'A show']);
    expect(new Set(ended.next.map(({ lease }) => lease))).not.toContain(advance.lease);
    expect(await ledger.nextDueAt()).toBe(noon + 2_000);
    expect(await ledger.load('A')).toEqual(ended.recorded);
    expect((await ledger.events('A')).map(({ type }) => type)).toEqual([
      ...['requested', 'granted', 'announced', 'approved', 'dispatching', 'ended'],
    ]);
  });

  it('records the intent of what follows with its own events, and says until when it can begin', async () => {
    await using opened = await newLedger(engine);
    const { ledger } = opened;
    await storeRequest(ledger, submission('A'), ...underWay, dispatching);
    const asked: string[] = [];
    const { recorded, next } = await ledger.complete(await claimOne(opened), {
      record: () => [accepted],
      slots: everySlot,
      async intent(task, { state }) {
        asked.push(`${task} ${state}`);
        return task === 'report' ? samples.reporting : null;
      },
    });
    expect(asked).toEqual(['report accepted', 'show accepted']);
    expect(next.map(({ task, begunUntil }) => [task, begunUntil])).toEqual([
      ['report', noon + leaseMs],
      ['show', undefined],
    ]);
    expect(recorded).toMatchObject({ state: 'accepted', outcomePost: { inDoubt: false } });
    expect(await ledger.load('A')).toMatchObject({ outcomePost: { attempts: 1, inDoubt: true } });
    expect((await ledger.events('A')).slice(-2).map(({ type }) => type)).toEqual(['ended', 'reporting']);
    expect(await claimed(opened)).toEqual([]);
  });

  it('leaves its lane to the others that wait', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    const ended = await opened.ledger.complete(claim, { record: () => [granted], slots: noSlot });
    expect(ended).toMatchObject({ recorded: { sequence: 2 }, next: [] });
    expect(await opened.ledger.nextDueAt()).toBe(0);
    expect(await claimed(opened)).toEqual(['A advance']);
  });

  it('has one slot in its lane for what follows, its own', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay, dispatching);
    const claim = await claimOne(opened);
    const slots = { stops: 0, new_stops: 0, rest: 0, replies: 0, updates: 0 };
    const { next } = await opened.ledger.complete(claim, { record: () => [accepted], slots });
    expect(names(next)).toEqual(['A report']);
    expect(await claimed(opened)).toEqual(['A show']);
  });

  it('waits for its turn where its channel is paced', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    await opened.ledger.recordRateLimit({ channel: 'C0OPS', retryAfterMs: 5_000 });
    const { next } = await opened.ledger.complete(claim, { record: () => [granted], slots: everySlot });
    expect(next).toEqual([]);
    expect(await claimed(opened)).toEqual([]);
    expect(await opened.ledger.nextDueAt()).toBe(noon + 5_000);
  });

  it('records nothing where its first event is no longer allowed, and releases its task', async () => {
    await using opened = await newLedger(engine);
    const request = await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    const cancelled = await append(opened.ledger, request, endedAs('cancelled'));
    const ended = await opened.ledger.complete(claim, { record: () => [granted], slots: everySlot });
    expect(ended).toEqual({ recorded: null, next: [], left: [{ request: 'A', task: 'report', dueAt: 0 }] });
    expect(await opened.ledger.nextDueAt()).toBe(0);
    expect(await opened.ledger.load('A')).toEqual(cancelled);
    expect(await claimed(opened)).toEqual(['A report']);
  });

  it('writes nothing where its events cannot be written, and keeps its task', async () => {
    await using opened = await newLedger(engine);
    const before = await storeRequest(opened.ledger, submission('A'));
    const claim = await claimOne(opened);
    const record = () => [granted, samples.reported];
    await expect(opened.ledger.complete(claim, { record, slots: everySlot })).rejects.toThrow('not allowed');
    expect(await opened.ledger.load('A')).toEqual(before);
    expect(await claimed(opened)).toEqual([]);
    await opened.ledger.settle(claim);
    expect(await claimed(opened)).toEqual(['A advance']);
  });
});

describe.each(engines)('the next due time (%s)', (engine) => {
  it('is the earliest of all unclaimed tasks', async () => {
    await using opened = await newLedger(engine);
    expect(await opened.ledger.nextDueAt()).toBeNull();
    await storeRequest(opened.ledger, submission('A'), ...waiting);
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }));
    expect(await opened.ledger.nextDueAt()).toBe(0);
    await opened.ledger.claim(1);
    expect(await opened.ledger.nextDueAt()).toBe(noon + 300_000);
  });
});
