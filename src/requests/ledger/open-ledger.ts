import { setTimeout as wait } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { dueTasks } from '../due.ts';
import type { Recorded } from '../events.ts';
import type { Claim, Ledger, LedgerTransaction, RecentQuery, Submission } from './ledger.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';
import { isBusy, openSqlite } from './sqlite.ts';
import { insert, ledgerTransaction, load, loadAll, loadEvents, type Writer } from './transaction.ts';
import { waiting } from './waiting.ts';

/** How often a write is tried again while another process holds the file. */
const busyRetryMs = 25;

/** How long the bot's own writes wait for the file: what Campaign answered must not be lost to a backup. */
const ownPatienceMs = 5_000;

export type LedgerOptions = {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** Names this process in the leases. */
  readonly owner: string;
  readonly now: () => number;
  /** How long nobody else takes what this process has claimed. */
  readonly leaseMs: number;
  /** Hears of every event once it is committed. */
  readonly recorded: (event: Pick<Recorded, 'request' | 'sequence' | 'type'>) => void;
};

/** Opens the ledger, brings its tables up to date and takes over what the process before it left. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const db = openSqlite(options.path);
  try {
    await migrate(db);
    // One process owns the file, so whoever held a lease is gone.
    await db.updateTable('tasks').set({ lease_owner: null, lease_until: null }).execute();
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return ledgerOver(db, options);
}

async function migrate(db: Kysely<Schema>): Promise<void> {
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error !== undefined) throw error;
}

function ledgerOver(db: Kysely<Schema>, { owner, now, leaseMs, recorded }: LedgerOptions): Ledger {
  const transact = <T>(work: (tx: Transaction<Schema>) => Promise<T>, signal?: AbortSignal): Promise<T> =>
    whenFree(
      () => db.transaction().execute((tx) => untilAborted(work(tx), signal)),
      signal ?? AbortSignal.timeout(ownPatienceMs),
    );
  /** A transaction that is tried again has written nothing the time before. */
  async function writing<T>(work: (writer: Writer) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { result, written } = await transact(async (tx) => {
      const events: Recorded[] = [];
      return { result: await work({ tx, now, written: events }), written: events };
    }, signal);
    for (const event of written) recorded(event);
    return result;
  }
  return {
    submit: (submission, signal) => writing((writer) => submit(writer, submission), signal),
    transaction: <T>(work: (transaction: LedgerTransaction) => Promise<T>, signal?: AbortSignal) =>
      writing((writer) => work(ledgerTransaction(writer)), signal),
    load: (id) => load(db, id),
    events: (id) => loadEvents(db, id),
    recent: (query) => recent(db, query),
    claim: (limit) => transact((tx) => claim(tx, { owner, until: now() + leaseMs, now: now(), limit })),
    settle: (claimed, notBefore) => transact((tx) => settle(tx, claimed, notBefore)),
    nextDueAt: () => nextDueAt(db),
    waiting: () => waiting(db),
    close: () => db.destroy(),
  };
}

async function submit(writer: Writer, submission: Submission) {
  const { tx } = writer;
  const { interaction } = submission.requested;
  const known = await tx.selectFrom('requests').select('id').where('interaction', '=', interaction).execute();
  const [before] = await loadAll(tx, known);
  if (before !== undefined) return { request: before, isNew: false };
  return { request: await insert(writer, submission), isNew: true };
}

/** Fails a transaction that its caller has given up on, so that nothing is committed behind the caller's back. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const result = await work;
  signal?.throwIfAborted();
  return result;
}

async function whenFree<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await wait(busyRetryMs, undefined, { signal });
    }
  }
}

async function recent(db: Kysely<Schema>, { channel, workflowKey, limit }: RecentQuery) {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('channel', '=', channel)
    .$if(workflowKey !== null, (query) => query.where('workflow_key', '=', workflowKey))
    .orderBy('requested_at', 'desc')
    .limit(limit)
    .execute();
  return loadAll(db, rows);
}

type ClaimOptions = { owner: string; until: number; now: number; limit: number };

async function claim(tx: Transaction<Schema>, { owner, until, now, limit }: ClaimOptions): Promise<readonly Claim[]> {
  const rows = await tx
    .selectFrom('tasks')
    .select(['request', 'task', 'attempts'])
    .where('due_at', '<=', now)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
    .orderBy('priority')
    .orderBy('due_at')
    .limit(limit)
    .execute();
  for (const { request, task } of rows) {
    await tx
      .updateTable('tasks')
      .set({ lease_owner: owner, lease_until: until })
      .where('request', '=', request)
      .where('task', '=', task)
      .execute();
  }
  return rows;
}

async function settle(tx: Transaction<Schema>, claim: Claim, notBefore: number | undefined): Promise<void> {
  const request = await load(tx, claim.request);
  const due = request === null ? undefined : dueTasks(request).get(claim.task);
  if (due === undefined) {
    await tx.deleteFrom('tasks').where('request', '=', claim.request).where('task', '=', claim.task).execute();
    return;
  }
  await tx
    .updateTable('tasks')
    .set({
      lease_owner: null,
      lease_until: null,
      due_at: Math.max(due, notBefore ?? 0),
      attempts: notBefore === undefined ? 0 : claim.attempts + 1,
    })
    .where('request', '=', claim.request)
    .where('task', '=', claim.task)
    .execute();
}

async function nextDueAt(db: Kysely<Schema>): Promise<number | null> {
  const row = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.min('due_at').as('at'))
    .where('lease_owner', 'is', null)
    .executeTakeFirst();
  return row?.at ?? null;
}
