import { type Kysely, sql, type Transaction } from 'kysely';
import { dueTasks } from '../due.ts';
import { keepsLane, type Lane, laneOf, lanes, postingOf, priority, type Slots } from '../priority.ts';
import type { Engine } from './engine.ts';
import type { Claim } from './ledger.ts';
import { load } from './load.ts';
import { isSlotFree, takeSlot, waitsForSlot } from './pacing.ts';
import type { Schema, TaskRow } from './tables.ts';

type ClaimOptions = {
  readonly lease: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly slots: Slots;
};

/** Claims due tasks that are unclaimed or whose lease has ended. One statement, so that two processes cannot claim the same task. */
export async function claim(
  tx: Transaction<Schema>,
  { isShared }: Engine,
  { lease, now, leaseMs, slots }: ClaimOptions,
): Promise<readonly Claim[]> {
  const open = lanes.filter((lane) => slots[lane] > 0);
  if (open.length === 0) return [];
  const due = open.map((lane) => {
    const ofLane = dueIn(tx, lane, now)
      .limit(slots[lane])
      .$if(isShared, (query) => query.forUpdate().skipLocked());
    return sql`select request, task from (${ofLane}) as ${sql.ref(lane)}`;
  });
  due.push(sql`select request, task from (${nextInPacedChannel(tx, isShared, open, now)}) as paced`);
  // Materialized, so that each lane is read, and its rows are locked, once.
  const { rows } = await sql<ClaimedRow>`with due as materialized (${sql.join(due, sql` union all `)})
    update tasks set lease_owner = ${lease}, lease_until = ${now + leaseMs} from due
    where tasks.request = due.request and tasks.task = due.task
    returning tasks.request, tasks.task, tasks.lane, tasks.attempts, tasks.priority, tasks.rank, tasks.due_at,
      case when ${waitsForSlot(now)} then tasks.channel end as paced_channel`.execute(tx);
  for (const { paced_channel: channel } of rows) if (channel !== null) await takeSlot(tx, channel, now);
  return rows
    .toSorted((a, b) => a.priority - b.priority || a.rank - b.rank || a.due_at - b.due_at)
    .map(({ request, task, lane, attempts }) => ({ request, task, lane, attempts, lease }));
}

type ClaimedRow = Pick<TaskRow, 'request' | 'task' | 'lane' | 'attempts' | 'priority' | 'rank' | 'due_at'> & {
  /** The paced channel whose slot the task takes; null if it takes none. */
  readonly paced_channel: string | null;
};

/** Whether a task is due and unclaimed, or its lease has ended. */
function isClaimable(now: number) {
  return sql<boolean>`tasks.due_at <= ${now} and (tasks.lease_until is null or tasks.lease_until < ${now})`;
}

function dueIn(tx: Transaction<Schema>, lane: Lane, now: number) {
  return tx
    .selectFrom('tasks')
    .select(['request', 'task'])
    .where('lane', '=', lane)
    .where((eb) => eb.not(waitsForSlot(now)))
    .where(isClaimable(now))
    .orderBy('priority')
    .orderBy('rank')
    .orderBy('due_at');
}

/** The most urgent task that can post in a paced channel now. Locks the channel's row too, so that two processes cannot take one slot. */
function nextInPacedChannel(tx: Transaction<Schema>, isShared: boolean, open: readonly Lane[], now: number) {
  return tx
    .selectFrom('tasks')
    .innerJoin('pacing', 'pacing.channel', 'tasks.channel')
    .select(['tasks.request', 'tasks.task'])
    .where(isSlotFree(now))
    .where('tasks.lane', 'in', open)
    .where(isClaimable(now))
    .orderBy('tasks.priority')
    .orderBy('tasks.rank')
    .orderBy('tasks.due_at')
    .limit(1)
    .$if(isShared, (query) => query.forUpdate().skipLocked());
}

/** Renews the lease, unless another process has claimed the task. */
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

/** Releases a claim, unless another process has claimed the task. */
export async function settle(
  tx: Transaction<Schema>,
  engine: Engine,
  { request: id, task, attempts, lease }: Claim,
  notBefore: number | undefined,
): Promise<void> {
  await engine.lockWorkflow(tx, id);
  const request = await load(tx, id, engine.requestCache);
  const due = request === null ? undefined : dueTasks(request).get(task);
  if (request === null || due === undefined) {
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
      ...postingOf(task, request),
      ...(!keepsLane(request) && { lane: laneOf(task, request), priority: priority(task, request) }),
    })
    .where('request', '=', id)
    .where('task', '=', task)
    .where('lease_owner', '=', lease)
    .execute();
}

/** The IDs of the requests that have a task, the most urgent first. */
export async function openRequests(db: Kysely<Schema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('request')
    .groupBy('request')
    .orderBy((eb) => eb.fn.min('priority'))
    .execute();
  return rows.map(({ request }) => request);
}
