import { type Expression, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { dueTasks, type Task } from '../due.ts';
import type { Event } from '../events.ts';
import { keepsLane, type Lane, laneOf, lanes, postingOf, priority, type Slots, updates } from '../priority.ts';
import type { Request } from '../request.ts';
import type { Claim, Completed, Completion, DueTask } from './ledger.ts';
import type { Writer } from './load.ts';
import { isSlotFree, pacedUpdates, takeSlot, unpacedTasks, waitsForSlot, waitsForSlotOf } from './pacing.ts';
import { atMost } from './queries.ts';
import { type Parameter, statement } from './statement.ts';
import type { Schema, TaskRow } from './tables.ts';
import { append, ledgerTransaction, loadLocked } from './transaction.ts';

type NewLease = { readonly lease: string; readonly leaseMs: number };

const claimDue = statement<ClaimedRow, { readonly open: readonly Lane[]; readonly isShared: boolean }>(
  (db, parameter, { open, isShared }) => {
    const now = parameter('now');
    const lock = sql.raw(isShared ? 'for update of tasks skip locked' : '');
    const lockBoth = sql.raw(isShared ? 'for update skip locked' : '');
    const due = open.map((lane) => dueIn(lane, parameter(lane), now, lock));
    const posting = open.filter((lane) => lane !== 'updates');
    if (posting.length > 0) due.push(nextInPacedChannel(posting, now, lockBoth));
    if (open.includes('updates')) due.push(nextUpdate(now, lockBoth), tooLateUpdates(parameter('updates'), now, lock));
    // Materialized, so that each lane is read, and its rows are locked, once.
    return sql<ClaimedRow>`with due as materialized (${sql.join(due, sql` union all `)})
      update tasks set lease_owner = ${parameter('lease')}, lease_until = ${parameter('until')} from due
      where tasks.request = due.request and tasks.task = due.task
      returning tasks.request, tasks.task, tasks.lane, tasks.attempts, tasks.priority, tasks.rank, tasks.due_at,
        case when ${waitsForSlot(now)} then tasks.channel end as paced_channel`.compile(db);
  },
);

/** Claims due tasks that are unclaimed or whose lease has ended. One statement, so that two processes cannot claim the same task. */
export async function claim(
  { db: tx, engine: { isShared }, now: clock }: Writer,
  { lease, leaseMs, slots }: NewLease & { readonly slots: Slots },
): Promise<readonly Claim[]> {
  const open = lanes.filter((lane) => slots[lane] > 0);
  if (open.length === 0) return [];
  const now = await clock();
  const { rows } = await claimDue(tx, { open, isShared }, { ...slots, now, lease, until: now + leaseMs });
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
function isClaimable(now: Expression<number>) {
  return sql<boolean>`tasks.due_at <= ${now} and (tasks.lease_until is null or tasks.lease_until < ${now})`;
}

/** SQL: the most urgent tasks of a lane that need no slot. */
function dueIn(
  lane: Lane,
  slots: Expression<number>,
  now: Expression<number>,
  lock: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`select request, task from (
    select request, task from ${unpacedTasks(lane, now)} and ${isClaimable(now)}
    order by priority, rank, due_at limit ${atMost(slots)} ${lock}) as ${sql.raw(lane)}`;
}

/** SQL: the most urgent task that can post in a paced channel now. */
function nextInPacedChannel(
  open: readonly Lane[],
  now: Expression<number>,
  lock: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const isPostedThere = sql`tasks.channel = pacing.channel and lane in (${sql.join(open.map(sql.lit))})`;
  return nextForSlot('paced', isPostedThere, now, lock);
}

/** SQL: the same for updates, which are read only while their slot is free. */
function nextUpdate(now: Expression<number>, lock: RawBuilder<unknown>): RawBuilder<unknown> {
  const isUpdate = sql`pacing.channel = ${sql.lit(updates)} and lane = 'updates'`;
  return nextForSlot('paced_update', isUpdate, now, lock);
}

/**
 * SQL: the most urgent of these tasks whose slot is free. Locks the channel's row too, so that two processes cannot take one
 * slot. A `cross join` makes SQLite begin with the paced channels, which are few.
 */
function nextForSlot(
  name: string,
  which: RawBuilder<unknown>,
  now: Expression<number>,
  lock: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`select request, task from (
    select tasks.request, tasks.task from pacing cross join tasks
    where ${which} and ${isSlotFree(now)} and ${isClaimable(now)}
    order by tasks.priority, tasks.rank, tasks.due_at limit 1 ${lock}) as ${sql.raw(name)}`;
}

/** SQL: updates that do not wait for their slot any more, because it is too late for them. */
function tooLateUpdates(
  slots: Expression<number>,
  now: Expression<number>,
  lock: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`select request, task from (
    select request, task from ${pacedUpdates(now)} cross join tasks
    where tasks.channel = paced.channel and post_by < ${now} and ${isClaimable(now)}
    order by post_by limit ${atMost(slots)} ${lock}) as too_late`;
}

/** Releases a claim, unless another process has claimed the task. */
export async function settle(writer: Writer, claim: Claim, notBefore: number | undefined): Promise<void> {
  const request = await loadLocked(writer, claim.request);
  const dueAt = request === null ? undefined : dueTasks(request).get(claim.task);
  if (request === null || dueAt === undefined) return remove(writer.db, claim);
  const attempts = notBefore === undefined ? 0 : claim.attempts + 1;
  await release(writer.db, claim, {
    due_at: Math.max(dueAt, notBefore ?? 0),
    attempts,
    ...placeOf(claim.task, request),
  });
}

const placeColumns = ['channel', 'post_by', 'lane', 'priority'] as const;
type Place = Readonly<Partial<Pick<TaskRow, (typeof placeColumns)[number]>>>;

/** The columns of `Place` that a statement sets. */
type SetPlace = { readonly set: readonly (keyof Place)[] };

function setting({ set }: SetPlace, parameter: Parameter) {
  const columns = ['due_at', 'attempts', ...set];
  return Object.fromEntries(columns.map((column) => [column, parameter(column)]));
}

function columnsOf(place: Place): readonly (keyof Place)[] {
  return placeColumns.filter((column) => column in place);
}

const releaseTask = statement<never, SetPlace>((db, parameter, shape) =>
  ownTask(db, parameter)
    .set({ ...setting(shape, parameter), lease_owner: null, lease_until: null })
    .compile(),
);

type Released = Pick<TaskRow, 'due_at' | 'attempts'> & Place;

async function release(tx: Transaction<Schema>, { request, task, lease }: Claim, row: Released): Promise<void> {
  await releaseTask(tx, { set: columnsOf(row) }, { ...row, request, task, lease });
}

const removeTask = statement((db, parameter) =>
  db
    .deleteFrom('tasks')
    .where('request', '=', parameter('request'))
    .where('task', '=', parameter('task'))
    .where('lease_owner', '=', parameter('lease'))
    .compile(),
);

async function remove(tx: Transaction<Schema>, { request, task, lease }: Claim): Promise<void> {
  await removeTask(tx, null, { request, task, lease });
}

function ownTask(db: Kysely<Schema>, parameter: Parameter) {
  return db
    .updateTable('tasks')
    .where('request', '=', parameter('request'))
    .where('task', '=', parameter('task'))
    .where('lease_owner', '=', parameter('lease'));
}

/** Where a task posts, and its place among the other tasks. */
function placeOf(task: Task, request: Request): Place {
  const lane = { lane: laneOf(task, request), priority: priority(task, request) };
  return { ...postingOf(task, request), ...(!keepsLane(request) && lane) };
}

/** Ends a step: its events, the release of its task, the claims of what follows, and their intents are one transaction. */
export async function complete(
  writer: Writer,
  claim: Claim,
  { record, slots, intent }: Completion,
  lease: NewLease,
): Promise<Completed> {
  const current = await loadLocked(writer, claim.request);
  if (current === null) {
    await remove(writer.db, claim);
    return { recorded: null, next: [], left: [] };
  }
  const tx = ledgerTransaction(writer, lease.leaseMs);
  const events = await record(current, tx);
  const after = await append(writer, current, events, { own: claim.task });
  const request = after ?? current;
  const following = fitting(request, claim, slots, await writer.now());
  const next = [
    ...(await proceed(writer, claim, request, following.includes(claim.task) ? lease : null)),
    ...(await claimNext(
      writer,
      request,
      following.filter((task) => task !== claim.task && !dueTasks(current).has(task)),
      lease,
    )),
  ];
  const recorded = events.length === 0 ? null : after;
  const intentOf = async (task: Task, latest: Request) => (await intent?.(task, latest, tx)) ?? null;
  const begun = await begin(writer, request, next, intentOf, lease);
  return { recorded, next: begun, left: tasksLeft(new Map([[request.id, request], ...writer.changed]), begun) };
}

function tasksLeft(requests: ReadonlyMap<string, Request>, claimed: readonly Claim[]): readonly DueTask[] {
  const isClaimed = (id: string, task: Task) => claimed.some((claim) => claim.request === id && claim.task === task);
  return [...requests].flatMap(([id, request]) =>
    [...dueTasks(request)]
      .filter(([task]) => !isClaimed(id, task))
      .map(([task, dueAt]): DueTask => ({ request: id, task, dueAt })),
  );
}

/** Records the intents of the steps that follow. */
async function begin(
  writer: Writer,
  request: Request,
  claims: readonly Claim[],
  intentOf: (task: Task, request: Request) => Promise<Event | null>,
  { leaseMs }: NewLease,
): Promise<readonly Claim[]> {
  const begun: Claim[] = [];
  let current = request;
  for (const claim of claims) {
    const event = await intentOf(claim.task, current);
    const after = event === null ? null : await append(writer, current, [event], { own: claim.task });
    current = after ?? current;
    begun.push(after === null ? claim : { ...claim, begunUntil: (await writer.now()) + leaseMs });
  }
  return begun;
}

const claimAgain = statement<Pick<TaskRow, 'lease_owner' | 'lane'>, SetPlace>((db, parameter, shape) => {
  const posting = { channel: parameter('channel'), post_by: parameter('post_by') };
  const unlessWaiting = (value: Expression<never>) =>
    sql<never>`case when ${waitsForSlotOf(posting, parameter('now'))} then null else ${value} end`;
  return ownTask(db, parameter)
    .set({
      ...setting(shape, parameter),
      lease_owner: unlessWaiting(parameter('newLease')),
      lease_until: unlessWaiting(sql<never>`cast(${parameter('until')} as bigint)`),
    })
    .returning(['lease_owner', 'lane'])
    .compile();
});

/** Releases the task of a step, or claims it again, unless it has to wait for a slot of its channel. */
async function proceed(
  { db, now: clock }: Writer,
  claim: Claim,
  request: Request,
  again: NewLease | null,
): Promise<readonly Claim[]> {
  const dueAt = dueTasks(request).get(claim.task);
  if (dueAt === undefined) {
    await remove(db, claim);
    return [];
  }
  const row = { due_at: dueAt, attempts: 0, ...placeOf(claim.task, request) };
  if (again === null) {
    await release(db, claim, row);
    return [];
  }
  const now = await clock();
  const { task, lease } = claim;
  const values = { ...row, request: request.id, task, lease, now, newLease: again.lease, until: now + again.leaseMs };
  const { rows } = await claimAgain(db, { set: columnsOf(row) }, values);
  const [claimed] = rows;
  if (claimed === undefined || claimed.lease_owner === null) return [];
  return [{ request: request.id, task, lane: claimed.lane, attempts: 0, lease: again.lease }];
}

type Following = Pick<TaskRow, 'task' | 'lane' | 'priority'>;

const claimFollowing = statement<Following, { readonly tasks: readonly Task[] }>((db, parameter, { tasks }) => {
  const now = parameter('now');
  return db
    .updateTable('tasks')
    .set({ lease_owner: parameter('lease'), lease_until: parameter('until') })
    .where('request', '=', parameter('request'))
    .where('task', 'in', tasks)
    .where('lease_owner', 'is', null)
    .where('attempts', '=', 0)
    .where(isClaimable(now))
    .where((eb) => eb.not(waitsForSlot(now)))
    .returning(['task', 'lane', 'priority'])
    .compile();
});

/** Claims tasks that have become due with the events of a step. */
async function claimNext(
  { db, now: clock }: Writer,
  request: Request,
  following: readonly Task[],
  { lease, leaseMs }: NewLease,
): Promise<readonly Claim[]> {
  if (following.length === 0) return [];
  const now = await clock();
  const values = { request: request.id, now, lease, until: now + leaseMs };
  const { rows } = await claimFollowing(db, { tasks: following }, values);
  return rows
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ task, lane }) => ({ request: request.id, task, lane, attempts: 0, lease }));
}

/** The tasks that are due now and for which their lanes have room. The step that ends leaves its slot to them. */
function fitting(request: Request, claim: Claim, slots: Slots, now: number): readonly Task[] {
  const left = { ...slots, [claim.lane]: slots[claim.lane] + 1 };
  return [...dueTasks(request)]
    .filter(([, dueAt]) => dueAt <= now)
    .map(([task]) => ({ task, lane: keepsLane(request) ? claim.lane : laneOf(task, request) }))
    .filter(({ lane }) => left[lane]-- > 0)
    .map(({ task }) => task);
}

/** The IDs of the requests that have a task, the most urgent first. Reminders of pauses are for later, and look in the channel for themselves. */
export async function openRequests(db: Kysely<Schema>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('request')
    .where('task', '<>', 'pause_reminder')
    .groupBy('request')
    .orderBy((eb) => eb.fn.min('priority'))
    .execute();
  return rows.map(({ request }) => request);
}
