import { describe, expect, it } from '@jest/globals';
import { workflowKey } from '../../../src/requests/request.ts';
import { endedAs, noon, samples } from '../events.fixture.ts';
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

describe.each(engines)('a typed command (%s)', (engine) => {
  it('is in the ledger when it is acknowledged, with its time and its first digest', async () => {
    await using opened = await newLedger(engine);
    const { request, isNew } = await opened.ledger.submit(submission('A'), neverAborted);
    expect(isNew).toBe(true);
    expect(request).toMatchObject({
      id: 'A',
      state: 'submitted',
      sequence: 1,
      requestedAt: noon,
      requester: 'U0ALICE',
    });
    expect(request.firstDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(await opened.ledger.load('A')).toEqual(request);
    const rows = await opened.query('select request, sequence, type, digest from events');
    expect(rows).toMatchObject([{ request: 'A', sequence: 1, type: 'requested', digest: request.firstDigest }]);
  });

  it('is one request however often Slack delivers it', async () => {
    await using opened = await newLedger(engine);
    const first = await opened.ledger.submit(submission('A'), neverAborted);
    const granted = await append(opened.ledger, first.request, samples.granted);
    const again = await opened.ledger.submit(submission('B', {}, { interaction: 'typed-A' }), neverAborted);
    expect(again).toEqual({ kind: 'recorded', request: granted, isNew: false });
    expect(await opened.ledger.load('B')).toBeNull();
    expect(await opened.ledger.events('A')).toHaveLength(2);
  });

  it('is one request when two deliveries arrive at the same time', async () => {
    await using opened = await newLedger(engine);
    const twice = [submission('A'), submission('B', {}, { interaction: 'typed-A' })];
    const results = await Promise.all(twice.map((one) => opened.ledger.submit(one, neverAborted)));
    expect(results.map(({ isNew }) => isNew).toSorted()).toEqual([false, true]);
    expect(new Set(results.map(({ request }) => request.id)).size).toBe(1);
    expect(await opened.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 })).toHaveLength(
      1,
    );
  });

  describe('by somebody with a limit of open requests', () => {
    const start = (id: string, rest = {}) => submission(id, { verb: 'start', workflowId: id }, rest);
    const stop = (id: string, verb: 'stop' | 'pause' | 'freeze' = 'stop') => submission(id, { verb, workflowId: id });

    it('is recorded up to the limit, and again when one of them has ended', async () => {
      await using opened = await newLedger(engine);
      const { ledger, clock } = opened;
      for (const id of ['A', 'B']) {
        await ledger.submitWithin(2, start(id), neverAborted);
        clock.now += 1;
      }
      expect(await ledger.submitWithin(2, start('C'), neverAborted)).toEqual({ kind: 'too_many_open', oldest: 'A' });
      expect(await ledger.load('C')).toBeNull();
      const oldest = await ledger.load('A');
      if (oldest !== null) await append(ledger, oldest, endedAs('cancelled'));
      expect(await ledger.submitWithin(2, start('C'), neverAborted)).toMatchObject({ kind: 'recorded', isNew: true });
    });

    it('counts stops, pauses and freezes separately, and each person separately', async () => {
      await using opened = await newLedger(engine);
      const { ledger } = opened;
      await ledger.submitWithin(1, start('A'), neverAborted);
      expect(await ledger.submitWithin(1, stop('S'), neverAborted)).toMatchObject({ kind: 'recorded' });
      for (const verb of ['stop', 'pause', 'freeze'] as const)
        expect(await ledger.submitWithin(1, stop('T', verb), neverAborted)).toEqual({
          kind: 'too_many_open',
          oldest: 'S',
        });
      expect(await ledger.submitWithin(1, start('B', { requester: 'U0BOB' }), neverAborted)).toMatchObject({
        kind: 'recorded',
      });
    });

    it('is found again when Slack delivers it twice, also at the limit', async () => {
      await using opened = await newLedger(engine);
      const { request } = await opened.ledger.submit(start('A'), neverAborted);
      const again = await opened.ledger.submitWithin(1, start('B', { interaction: 'typed-A' }), neverAborted);
      expect(again).toEqual({ kind: 'recorded', request, isNew: false });
    });

    it('never exceeds the limit, however many are typed at the same time', async () => {
      await using opened = await newLedger(engine);
      const ledgers = engine === 'postgres' ? [opened.ledger, await opened.replica()] : [opened.ledger];
      const ids = Array.from({ length: 12 }, (_, index) => `R${index}`);
      const results = await Promise.all(
        ids.map((id, index) => ledgers[index % ledgers.length]?.submitWithin(5, start(id), neverAborted)),
      );
      expect(results.filter((result) => result?.kind === 'recorded')).toHaveLength(5);
    });
  });

  it('is two requests when it is typed twice', async () => {
    await using opened = await newLedger(engine);
    const results = await Promise.all(['A', 'B'].map((id) => opened.ledger.submit(submission(id), neverAborted)));
    expect(results.map(({ isNew }) => isNew)).toEqual([true, true]);
  });

  it('never replaces another request with the same random ID', async () => {
    await using opened = await newLedger(engine);
    const { request } = await opened.ledger.submit(submission('A'), neverAborted);
    await expect(opened.ledger.submit(submission('A', {}, { interaction: 'other' }), neverAborted)).rejects.toThrow();
    expect(await opened.ledger.load('A')).toEqual(request);
  });
});

describe.each(engines)('a command that cannot be recorded in time (%s)', (engine) => {
  it('is refused at once when the time is already over, and never recorded', async () => {
    await using opened = await newLedger(engine);
    await expect(opened.ledger.submit(submission('A'), AbortSignal.abort())).rejects.toThrow();
    expect(await opened.ledger.load('A')).toBeNull();
  });

  it('is not recorded when the time ends during the write', async () => {
    await using opened = await newLedger(engine);
    const late = new AbortController();
    const submitting = opened.ledger.submit(submission('A'), late.signal);
    queueMicrotask(() => late.abort());
    await expect(submitting).rejects.toThrow();
    expect(await opened.ledger.load('A')).toBeNull();
    expect(await opened.ledger.nextDueAt()).toBeNull();
  });

  it('is not recorded by a transaction whose caller has aborted', async () => {
    await using opened = await newLedger(engine);
    const { request } = await opened.ledger.submit(submission('A'), neverAborted);
    const late = new AbortController();
    const appending = opened.ledger.transaction(async (tx) => {
      const after = await tx.append(request, samples.granted);
      late.abort();
      return after;
    }, late.signal);
    await expect(appending).rejects.toThrow();
    expect(await opened.ledger.load('A')).toEqual(request);
  });
});

describe('a write that waits for the file’s lock', () => {
  it('refuses a command in time, and does not record it later', async () => {
    await using opened = await newLedger();
    const other = opened.raw();
    other.exec('begin immediate');
    const late = new AbortController();
    onTry(3, opened, () => late.abort());
    await expect(opened.ledger.submit(submission('A'), late.signal)).rejects.toMatchObject({
      name: 'LedgerUnavailableError',
      inDoubt: false,
    });
    other.exec('rollback');
    await opened.ledger.submit(submission('B'), neverAborted);
    expect(await opened.ledger.load('A')).toBeNull();
    expect(await opened.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 9 })).toHaveLength(
      1,
    );
  });

  it('records a command as soon as the lock is released', async () => {
    await using opened = await newLedger();
    const other = opened.raw();
    other.exec('begin immediate');
    onTry(2, opened, () => other.exec('rollback'));
    expect(await opened.ledger.submit(submission('A'), neverAborted)).toMatchObject({ isNew: true });
    expect(await opened.ledger.load('A')).not.toBeNull();
    expect(other.isTransaction).toBe(false);
  });

  it('records a response of Campaign, however long a backup takes', async () => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'), ...underWay, samples.dispatching);
    const other = opened.raw();
    other.exec('begin immediate');
    onTry(2, opened, () => other.exec('rollback'));
    expect(await append(opened.ledger, request, samples.ended)).toMatchObject({ state: 'accepted' });
    expect(other.isTransaction).toBe(false);
  });

  it('is retried when another connection wrote between its first read and its own write', async () => {
    await using opened = await newLedger();
    const request = await storeRequest(opened.ledger, submission('A'));
    const other = opened.raw();
    let tries = 0;
    const after = await opened.ledger.transaction(async (tx) => {
      const current = await tx.load(request.id);
      await tx.openRequests(workflowKey(request.order));
      if (++tries === 1) other.exec('pragma user_version = 7');
      return current && tx.append(current, samples.granted);
    }, neverAborted);
    expect(tries).toBe(2);
    expect(await opened.ledger.load('A')).toEqual(after);
  });
});

function onTry(number: number, { clock }: OpenedLedger, act: () => void): void {
  let tries = 0;
  clock.onRead = () => {
    if (++tries === number) act();
  };
}
