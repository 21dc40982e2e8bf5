import type { Kysely, Transaction } from 'kysely';
import { dueTasks, leastUrgentOfStops } from '../due.ts';
import type { Engine } from './engine.ts';
import type { Claim, Claimable } from './ledger.ts';
import { load } from './reading.ts';
import type { Schema } from './schema.ts';

type ClaimOptions = {
  readonly lease: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly limit: number;
  readonly of: Claimable;
};

/** Takes what is due and nobody is at, or whose lease is over: one statement, so that no two can take the same. */
export async function claim(
  tx: Transaction<Schema>,
  { isShared }: Engine,
  { lease, now, leaseMs, limit, of }: ClaimOptions,
): Promise<readonly Claim[]> {
  const taken = await tx
    .with('due', (db) =>
      db
        .selectFrom('tasks')
        .select(['request', 'task'])
        .where('due_at', '<=', now)
        .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]))
        .$if(of === 'stops', (query) => query.where('priority', '<=', leastUrgentOfStops))
        .orderBy('priority')
        .orderBy('due_at')
        .limit(limit)
        .$if(isShared, (query) => query.forUpdate().skipLocked()),
    )
    .updateTable('tasks')
    .from('due')
    .set({ lease_owner: lease, lease_until: now + leaseMs })
    .whereRef('tasks.request', '=', 'due.request')
    .whereRef('tasks.task', '=', 'due.task')
    .returning(['tasks.request', 'tasks.task', 'tasks.attempts', 'tasks.priority', 'tasks.due_at'])
    .execute();
  return taken
    .toSorted((a, b) => a.priority - b.priority || a.due_at - b.due_at)
    .map(({ request, task, attempts }) => ({ request, task, attempts, lease }));
}

/** Begins the lease anew, unless somebody else has the task by now. */
export async function renew(
  tx: Transaction<Schema>,
  { request, task, lease }: Claim,
  until: number,
): Promise<number | null> {
  const { numUpdatedRows } = await tx
    .updateTable('tasks')
    .set({ lease_until: until })
    .where('request', '=', request)
    .where('task', '=', task)
    .where('lease_owner', '=', lease)
    .executeTakeFirst();
  return numUpdatedRows === 1n ? until : null;
}

/** Gives a task back, unless somebody else has it by now. */
export async function settle(
  tx: Transaction<Schema>,
  engine: Engine,
  { request: id, task, attempts, lease }: Claim,
  notBefore: number | undefined,
): Promise<void> {
  await engine.holdWorkflow(tx, id);
  const request = await load(tx, id, engine.loadedBefore);
  const due = request === null ? undefined : dueTasks(request).get(task);
  if (due === undefined) {
    await tx
      .deleteFrom('tasks')
      .where('request', '=', id)
      .where('task', '=', task)
      .where('lease_owner', '=', lease)
      .execute();
    return;
  }
  await tx
    .updateTable('tasks')
    .set({
      lease_owner: null,
      lease_until: null,
      due_at: Math.max(due, notBefore ?? 0),
      attempts: notBefore === undefined ? 0 : attempts + 1,
    })
    .where('request', '=', id)
    .where('task', '=', task)
    .where('lease_owner', '=', lease)
    .execute();
}

/** The requests that have something due, the most urgent first. */
export async function openRequests(db: Kysely<Schema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('request')
    .groupBy('request')
    .orderBy((eb) => eb.fn.min('priority'))
    .execute();
  return rows.map(({ request }) => request);
}

/** When the next task that nobody is at is due. */
export async function nextDueAt(db: Kysely<Schema>): Promise<number | null> {
  const row = await db
    .selectFrom('tasks')
    .select((eb) => eb.fn.min('due_at').as('at'))
    .where('lease_owner', 'is', null)
    .executeTakeFirst();
  return row?.at ?? null;
}
