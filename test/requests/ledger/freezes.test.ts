import { describe, expect, it } from '@jest/globals';
import { endedAs, noon } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import {
  append,
  engines,
  neverAborted,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from './ledger.fixture.ts';

const sent = [...underWay, { type: 'dispatching', data: { attempt: 1 } }, endedAs('accepted')] as const;
const later = 60_000;

/** Takes effect a minute after the previous event. */
async function done({ ledger, clock }: OpenedLedger, id: string, verb: 'freeze' | 'unfreeze', organization = 'acme') {
  clock.now += later;
  const order = { verb, workflowId: '*', organization, ...(verb === 'freeze' && { until: noon + 3_600_000 }) };
  return storeRequest(ledger, submission(id, order), ...sent);
}

describe.each(engines)('the freeze of an organization (%s)', (engine) => {
  it('is the newest that took effect in that organization, also within a transaction', async () => {
    await using opened = await newLedger(engine);
    expect(await opened.ledger.lastFreeze('acme')).toBeNull();
    await done(opened, 'A', 'freeze');
    const second = await done(opened, 'B', 'freeze');
    await done(opened, 'C', 'freeze', 'acme-stage');
    expect(await opened.ledger.lastFreeze('acme')).toEqual(second);
    expect(await opened.ledger.transaction((tx) => tx.lastFreeze('ACME'))).toEqual(second);
  });

  it('is the one that took effect last, whichever was requested first', async () => {
    await using opened = await newLedger(engine);
    const { ledger, clock } = opened;
    const freeze = (id: string) => submission(id, { verb: 'freeze', workflowId: '*', until: noon + 3_600_000 });
    const early = await storeRequest(ledger, freeze('A'));
    await done(opened, 'B', 'freeze');
    await done(opened, 'C', 'unfreeze');
    expect(await ledger.lastFreeze('acme')).toBeNull();
    clock.now += later;
    const late = await append(ledger, early, ...sent);
    expect(await ledger.lastFreeze('acme')).toEqual(late);
  });

  it('is none once it was lifted, until there is another', async () => {
    await using opened = await newLedger(engine);
    await done(opened, 'A', 'freeze');
    await done(opened, 'B', 'unfreeze');
    expect(await opened.ledger.lastFreeze('acme')).toBeNull();
    const again = await done(opened, 'C', 'freeze');
    expect(await opened.ledger.lastFreeze('acme')).toEqual(again);
  });

  it('is not one that never took effect, nor is it lifted by an unfreeze that never did', async () => {
    await using opened = await newLedger(engine);
    const first = await done(opened, 'A', 'freeze');
    opened.clock.now += later;
    await storeRequest(opened.ledger, submission('B', { verb: 'unfreeze', workflowId: '*' }), endedAs('refused'));
    await storeRequest(opened.ledger, submission('C', { verb: 'freeze', workflowId: '*' }), endedAs('not_sent'));
    expect(await opened.ledger.lastFreeze('acme')).toEqual(first);
  });

  it('is the same after the ledger was closed and opened again', async () => {
    await using opened = await newLedger(engine);
    const freeze = await done(opened, 'A', 'freeze');
    const ledger = await opened.reopen();
    expect(await ledger.lastFreeze('acme')).toEqual(freeze);
  });
});

describe.each(engines)('a request that ends when it is recorded (%s)', (engine) => {
  const refused = {
    ...submission('A', { verb: 'status' }),
    immediateEvents: [endedAs('refused'), { type: 'reported', data: { via: 'private', ts: null } }],
  } as const;

  it('has its outcome in the same transaction, and no due task', async () => {
    await using opened = await newLedger(engine);
    const { request } = await opened.ledger.submit(refused, neverAborted);
    expect(request).toMatchObject({ state: 'refused', sequence: 3 });
    expect(await opened.ledger.claim(9)).toEqual([]);
    expect(await opened.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 9 })).toEqual([
      request,
    ]);
  });

  it('is recorded once, however often it is delivered', async () => {
    await using opened = await newLedger(engine);
    const first = await opened.ledger.submit(refused, neverAborted);
    expect(await opened.ledger.submit({ ...refused, id: 'B' }, neverAborted)).toEqual({ ...first, isNew: false });
  });

  it('blocks no later freeze, nor any other', async () => {
    await using opened = await newLedger(engine);
    await opened.ledger.submit(refused, neverAborted);
    const granted = { type: 'granted', data: { rule: 'everybody', approvers: null, expiresAt: null } } as const;
    const { request } = await opened.ledger.submit(submission('F', { verb: 'freeze', workflowId: '*' }), neverAborted);
    expect(await append(opened.ledger, request, granted)).not.toBeNull();
  });
});

describe('a start that has checked the freezes in its transaction', () => {
  it('is committed before a freeze takes effect, with a shared database', async () => {
    await using opened = await newLedger('postgres');
    const { ledger } = opened;
    const replica = await opened.replica();
    await storeRequest(ledger, submission('START', { verb: 'start' }), ...underWay);
    const until = noon + 3_600_000;
    await storeRequest(ledger, submission('FREEZE', { verb: 'freeze', workflowId: '*', until }), ...underWay);
    const order: string[] = [];
    const [checked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const starting = ledger.transaction(async (tx) => {
      const start = await tx.load('START');
      const freeze = await tx.lastFreeze('acme');
      checked.resolve();
      await go.promise;
      if (start !== null && freeze === null) await tx.append(start, { type: 'dispatching', data: { attempt: 1 } });
    });
    await checked.promise;
    const freezing = replica
      .transaction(async (tx) => {
        const freeze = await tx.load('FREEZE');
        if (freeze !== null)
          await tx.append(freeze, { type: 'dispatching', data: { attempt: 1 } }, endedAs('accepted'));
      })
      .then(() => order.push('frozen'));
    const isWaiting = async () => (await opened.query('select 1 as one from pg_locks where not granted')).length > 0;
    while (order.length === 0 && !(await isWaiting()));
    go.resolve();
    await starting.then(() => order.push('started'));
    await freezing;
    expect(order).toEqual(['started', 'frozen']);
  });
});
