import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../src/requests/events.ts';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { cancelPressed, noon, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import {
  append,
  leaseMs,
  ledgerOptions,
  neverAborted,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from './ledger.fixture.ts';

const granted: Event = { type: 'granted', data: { rule: 'leads', approvers: null, expiresAt: noon + 300_000 } };
const asked: readonly Event[] = [granted, samples.announced, { type: 'asked', data: { expiresAt: noon + 300_000 } }];

describe('a ledger that replicas share', () => {
  it('has one request for a command that reaches two of them at once', async () => {
    await using opened = await newLedger('postgres');
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    const results = await Promise.all(
      replicas.flatMap((replica, index) =>
        [1, 2, 3].map((more) =>
          replica.submit(submission(`R${index}${more}`, {}, { interaction: 'typed once' }), neverAborted),
        ),
      ),
    );
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(results.map(({ request }) => request.id)).size).toBe(1);
  });

  it('gives the workflow to one of several grants, and the others see which', async () => {
    await using opened = await newLedger('postgres');
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    const ids = ['A', 'B', 'C'];
    for (const id of ids) await storeRequest(opened.ledger, submission(id, { verb: 'start' }));
    const seen = await Promise.all(
      replicas.map((replica, index) =>
        replica.transaction(async (tx) => {
          const request = await tx.load(ids[index] ?? '');
          const open = await tx.openRequests('acme/wkf110');
          if (request === null || open.length > 0) return open.map(({ id }) => id);
          await tx.append(request, granted);
          return [];
        }),
      ),
    );
    const [winner] = ids.filter((_, index) => seen[index]?.length === 0);
    expect(seen.toSorted((a, b) => a.length - b.length)).toEqual([[], [winner], [winner]]);
  });

  it('records twenty simultaneous presses one after the other, in one unbroken chain', async () => {
    await using opened = await newLedger('postgres');
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    const request = await storeRequest(opened.ledger, submission('A'), ...asked);
    const presses = Array.from({ length: 20 }, (_, index): Event => {
      return { type: 'pressed', data: { by: 'U0CAROL', choice: 'cancel', interaction: `press-${index}` } };
    });
    const ledgerOf = (index: number) => replicas[index % replicas.length] ?? opened.ledger;
    await Promise.all(presses.map((press, index) => append(ledgerOf(index), request, press)));
    const after = await opened.ledger.load('A');
    expect(after).toMatchObject({ sequence: request.sequence + 20 });
    expect(new Set(after?.presses.map(({ interaction }) => interaction)).size).toBe(20);
  });

  it('notifies the approvers of a burst by one announcement, whichever process posts it, and again in a later attempt', async () => {
    await using opened = await newLedger('postgres');
    const replica = await opened.replica();
    const [one, other] = await Promise.all(
      ['A', 'B'].map((id) => storeRequest(opened.ledger, submission(id, { workflowId: id }), granted)),
    );
    if (one === undefined || other === undefined) throw new Error('there are two requests');
    expect(await opened.ledger.transaction((tx) => tx.notifiedBy(one))).toBeNull();
    expect(await replica.transaction((tx) => tx.notifiedBy(other))).toBe('A');
    expect(await replica.transaction((tx) => tx.notifiedBy(one))).toBeNull();
  });

  it('gives each task to one of them, however many claim at once', async () => {
    await using opened = await newLedger('postgres');
    const replicas = [opened.ledger, await opened.replica(), await opened.replica()];
    for (let id = 0; id < 12; id++) await storeRequest(opened.ledger, submission(`R${id}`, { workflowId: `W${id}` }));
    const claims = (await Promise.all([...replicas, ...replicas].map((replica) => replica.claim(5)))).flat();
    expect(claims).toHaveLength(12);
    expect(new Set(claims.map(({ request }) => request)).size).toBe(12);
  });

  it('settles a task only when no writer has locked its workflow, so a task that becomes due meanwhile is not lost', async () => {
    await using opened = await newLedger('postgres');
    const other = await opened.replica();
    await storeRequest(opened.ledger, submission('A'), ...asked, cancelPressed);
    const [claim] = await opened.ledger.claim(1);
    if (claim === undefined) throw new Error('nothing is due');
    const judged: Event = { ...samples.press_refused, data: { ...samples.press_refused.data, interaction: 'press-3' } };
    let settling: Promise<void> | undefined;
    await other.transaction(async (tx) => {
      const request = await tx.load('A');
      settling = opened.ledger.settle(claim);
      await somebodyWaits(opened);
      if (request !== null) await tx.append(request, judged, samples.pressed);
    });
    await settling;
    expect((await other.claim(9)).map(({ task }) => task)).toContain('decide');
  });
});

async function somebodyWaits(opened: OpenedLedger): Promise<void> {
  const waiting = `select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where datname = current_database() and locktype = 'advisory' and not granted`;
  while ((await opened.query(waiting)).length === 0) await setImmediate();
}

describe('a connection that ends', () => {
  /** The server ends the connection of each process that writes an event: at the commit, or at once. */
  async function ended(moment: 'at the commit' | 'before the commit') {
    await using opened = await newLedger('postgres');
    const kind = moment === 'at the commit' ? 'deferrable initially deferred' : 'not deferrable';
    await opened.query(`create function leave() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
    await opened.query(`create constraint trigger leaves after insert on events ${kind}
      for each row execute function leave()`);
    const late = new AbortController();
    let tries = 0;
    opened.clock.onRead = () => {
      if (++tries === 2) late.abort();
    };
    return await opened.ledger.submit(submission('A'), late.signal).catch((error: unknown) => error);
  }

  it('at the commit leaves in doubt whether the command was recorded, and before it does not', async () => {
    expect(await ended('at the commit')).toMatchObject({ name: 'LedgerUnavailableError', inDoubt: true });
    expect(await ended('before the commit')).toMatchObject({ name: 'LedgerUnavailableError', inDoubt: false });
  });
});

describe('an expired lease', () => {
  it('can be claimed by another process, and its former owner can neither renew nor settle it', async () => {
    await using opened = await newLedger('postgres');
    const other = await opened.replica();
    await storeRequest(opened.ledger, submission('A', { verb: 'start' }), ...underWay);
    const [mine] = await opened.ledger.claim(1);
    opened.clock.now += leaseMs;
    expect(await other.claim(1)).toEqual([]);
    opened.clock.now += 1;
    const [theirs] = await other.claim(1);
    if (mine === undefined || theirs === undefined) throw new Error('nothing was due');
    expect(theirs).toMatchObject({ request: 'A', task: mine.task });
    expect(await opened.ledger.transaction((tx) => tx.renew(mine))).toBeNull();
    await opened.ledger.settle(mine, opened.clock.now + 5_000);
    expect(await opened.ledger.nextDueAt()).toBeNull();
    expect(await other.transaction((tx) => tx.renew(theirs))).toBe(opened.clock.now + leaseMs);
  });

  it('can be renewed as long as no other process has claimed the task', async () => {
    await using opened = await newLedger('postgres');
    await storeRequest(opened.ledger, submission('A'));
    const [claim] = await opened.ledger.claim(1);
    if (claim === undefined) throw new Error('nothing was due');
    opened.clock.now += 10 * leaseMs;
    expect(await opened.ledger.transaction((tx) => tx.renew(claim))).toBe(opened.clock.now + leaseMs);
    expect(await (await opened.replica()).claim(1)).toEqual([]);
  });
});

describe('the clock of a shared ledger', () => {
  it("is the server's, whatever the clock of a replica shows", async () => {
    const ledger = await openLedger(ledgerOptions({ kind: 'postgres', url: await newDatabase() }));
    const { now } = Date;
    const [behind, before] = [3_600_000, now()];
    Date.now = () => now() - behind;
    try {
      const { request } = await ledger.submit(submission('A'), neverAborted);
      expect(request.requestedAt).toBeGreaterThanOrEqual(before - 1);
      expect(Math.abs(ledger.now() - now())).toBeLessThan(behind / 2);
    } finally {
      Date.now = now;
      await ledger.close();
    }
  });
});

describe('replicas that start at the same moment on an empty database', () => {
  it('create its tables once', async () => {
    const database = { kind: 'postgres', url: await newDatabase() } as const;
    const replicas = await Promise.all([1, 2, 3, 4].map(() => openLedger(ledgerOptions(database))));
    const [first] = replicas;
    await first?.submit(submission('A'), neverAborted);
    for (const replica of replicas) expect(await replica.load('A')).not.toBeNull();
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});
