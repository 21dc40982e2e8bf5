import { isDeepStrictEqual } from 'node:util';
import { sql, type Transaction } from 'kysely';
import { withDigest } from '../digest.ts';
import { dueTasks, type Task } from '../due.ts';
import type { Event, RecordedEvent } from '../events.ts';
import { keepsLane, laneOf, postingOf, priority } from '../priority.ts';
import { applyEvent, initialRequest } from '../replay.ts';
import { isBatch, type Request } from '../request.ts';
import { inLockOrder, isForItems, itemEvent, workflowsOf } from '../rules/batch.ts';
import { type EventText, separateTexts } from '../texts.ts';
import { isUnsent, nextState } from '../transition.ts';
import { notifiedBy } from './announcement-bursts.ts';
import { indexConfirmations } from './confirmations.ts';
import type { Claim, LedgerTransaction, Submission } from './ledger.ts';
import { load, type Writer } from './load.ts';
import { competingRequests, freezeKey, lastFreeze, openRequests, sentSince } from './queries.ts';
import { parametersOf, statement, valuesOf } from './statement.ts';
import { eventColumns, indexRow, requestColumns, type Schema, type TaskRow, textColumns } from './tables.ts';
import { answerWatch } from './watches/answer-watch.ts';
import { orderWatch } from './watches/order-watch.ts';

/** Implements the ledger's operations within a transaction of the database. */
export function ledgerTransaction(writer: Writer, leaseMs: number): LedgerTransaction {
  const { db, engine } = writer;
  return {
    load: (id) => loadLocked(writer, id),
    append: (request, ...events) => append(writer, request, events),
    renew: async (claim) => renew(db, claim, (await writer.now()) + leaseMs),
    openRequests: (key) => openRequests(writer, key),
    sentSince: (key, since) => sentSince(writer, key, since),
    notifiedBy: (request) => notifiedBy(writer, request),
    async competingRequests(order) {
      await engine.lockFreezes(db, freezeKey(order.organization));
      return competingRequests(writer, order);
    },
    async lastFreeze(organization) {
      await engine.lockFreezes(db, freezeKey(organization));
      return lastFreeze(writer, organization);
    },
    orderWatch: (request, order) => orderWatch(writer, request, order),
    answerWatch: (request) => answerWatch(writer, request),
    async submit(submission) {
      await insert(writer, submission, othersNotCounted);
    },
  };
}

/** Where the bot has a key, a request that may be sent has no event in the log beyond those that the ledger has of it. */
export async function loadLocked(writer: Writer, id: string): Promise<Request | null> {
  const { db, engine, codes } = writer;
  await engine.lockWorkflow(db, id);
  const request = await load(writer, id);
  if (codes === null || request === null || !isUnsent(request.state)) return request;
  const { sequence } = request;
  const [removed] = (await sealedAfter(db, null, { request: id, sequence })).rows;
  if (removed === undefined) return request;
  writer.forged({ request: id, sequence: removed.sequence });
  return null;
}

/** An event in the log after that one. */
const sealedAfter = statement<{ readonly sequence: number }>((db, parameter) =>
  db
    .selectFrom('log_leaves')
    .select('sequence')
    .where('request', '=', parameter('request'))
    .where('sequence', '>', parameter('sequence'))
    .orderBy('sequence')
    .limit(sql.lit(1))
    .compile(),
);

const renewLease = statement((db, parameter) =>
  db
    .updateTable('tasks')
    .set({ lease_until: parameter('until') })
    .where('request', '=', parameter('request'))
    .where('task', '=', parameter('task'))
    .where('lease_owner', '=', parameter('lease'))
    .compile(),
);

/** Renews the lease, unless another process has claimed the task. */
async function renew(tx: Transaction<Schema>, { request, task, lease }: Claim, until: number): Promise<number | null> {
  const { numAffectedRows } = await renewLease(tx, null, { request, task, lease, until });
  return numAffectedRows === 1n ? until : null;
}

const insertRequest = statement((db) =>
  db
    .insertInto('requests')
    .values(parametersOf(requestColumns, 1).map((row) => ({ ...row, sealed_sequence: sql.lit(0) })))
    .onConflict((conflict) => conflict.column('interaction').doNothing())
    .compile(),
);

/** Writes the index row of a request, its first event and its first task. Null if the interaction is already recorded. */
export async function insert(
  writer: Writer,
  { id, requested, immediateEvents = [] }: Submission,
  others: OpenRequests,
): Promise<Request | null> {
  const at = await writer.now();
  const event = { type: 'requested' as const, data: requested };
  const sealed = sealSeparated({ request: id, sequence: 1, at, previousDigest: '' }, event);
  const request = initialRequest({ ...sealed.event, ...event });
  const { numAffectedRows } = await insertRequest(writer.db, null, valuesOf([indexRow(request)]));
  if (numAffectedRows === 0n) return null;
  await write(writer, [sealed]);
  writer.changed.set(id, request);
  await planTasks(writer, null, request, { others });
  return append(writer, request, immediateEvents);
}

const indexed = ['state', 'channel', 'holds', 'open_by', 'head_sequence', 'head_digest'] as const;

const updateIndex = statement<never, readonly (typeof indexed)[number][]>((db, parameter, columns) =>
  db
    .updateTable('requests')
    .set(Object.fromEntries(columns.map((column) => [column, parameter(column)])))
    .where('id', '=', parameter('id'))
    .compile(),
);

/** Writes the columns that have changed: each one that is written costs as many writes as there are indexes with it. */
async function writeIndex(tx: Transaction<Schema>, current: Request, request: Request): Promise<void> {
  const [before, after] = [indexRow(current), indexRow(request)];
  await updateIndex(
    tx,
    indexed.filter((column) => before[column] !== after[column]),
    after,
  );
}

/** Appends events to a request. Null, with nothing written, if the first of them is not allowed in its state. */
export async function append(
  writer: Writer,
  current: Request,
  events: readonly Event[],
  { own }: Pick<Plan, 'own'> = {},
): Promise<Request | null> {
  if (events.length === 0) return current;
  const at = await writer.now();
  const recorded: Sealed[] = [];
  let request = current;
  for (const event of events) {
    if (nextState(request.state, event) === null) {
      if (request === current) return null;
      throw new Error(`event "${event.type}" is not allowed in state "${request.state}"`);
    }
    const sequence = request.sequence + 1;
    const sealed = sealSeparated({ request: request.id, sequence, at, previousDigest: request.lastDigest }, event);
    recorded.push(sealed);
    request = applyEvent(request, { ...sealed.event, ...event });
  }
  await write(writer, recorded);
  writer.changed.set(request.id, request);
  await writeIndex(writer.db, current, request);
  await indexConfirmations(writer.db, current, request);
  const isPressed = events.some(({ type }) => type === 'pressed');
  await planTasks(writer, current, request, { fresh: isPressed ? ['decide'] : [], ...(own && { own }) });
  if (isBatch(request)) await appendToItems(writer, request, events);
  return request;
}

/** In the order in which every transaction locks workflows. */
async function appendToItems(writer: Writer, batch: Request, events: readonly Event[]): Promise<void> {
  const forItems = events.filter(isForItems);
  for (const { request: id } of inLockOrder(workflowsOf(batch))) {
    for (const event of forItems) {
      const item = await loadLocked(writer, id);
      const own = item && itemEvent(event, item);
      if (item !== null && own !== null) await append(writer, item, [own]);
    }
  }
}

/** The open requests of one person: how many, and how many of them are stops and freezes that are not announced yet. */
export type OpenRequests = { readonly count: number; readonly newStops: number };

/** Others are counted only at the submission. Later tasks of a request that is not granted are not put in the lane `new_stops`. */
const othersNotCounted: OpenRequests = { count: 0, newStops: Number.POSITIVE_INFINITY };

type Plan = {
  /** At the submission, the requester's other open requests. */
  readonly others?: OpenRequests;
  /** The task of the step that writes this, which the step settles itself. */
  readonly own?: Task;
  /** Tasks that have something new to do. */
  readonly fresh?: readonly Task[];
};

const deleteUnclaimed = statement<never, { readonly tasks: readonly Task[] }>((db, parameter, { tasks }) =>
  db
    .deleteFrom('tasks')
    .where('request', '=', parameter('request'))
    .where('lease_owner', 'is', null)
    .where('task', 'in', tasks)
    .compile(),
);

type Upsert = { readonly rows: number; readonly keepsLane: boolean; readonly fresh: readonly Task[] };

const upsertTasks = statement<never, Upsert>((db, _, { rows, keepsLane: keeps, fresh }) =>
  db
    .insertInto('tasks')
    .values(parametersOf(plannedColumns, rows))
    .onConflict((conflict) =>
      conflict
        .columns(['request', 'task'])
        .doUpdateSet((eb) => ({
          due_at: eb.ref('excluded.due_at'),
          channel: eb.ref('excluded.channel'),
          post_by: eb.ref('excluded.post_by'),
          ...(!keeps && { lane: eb.ref('excluded.lane'), priority: eb.ref('excluded.priority') }),
        }))
        .where('tasks.lease_owner', 'is', null)
        .where(({ eb, or }) => or([eb('tasks.attempts', '=', 0), ...fresh.map((task) => eb('tasks.task', '=', task))])),
    )
    .compile(),
);

/**
 * Writes the tasks that have changed. A claimed task is left to its owner. A postponed task stays postponed, unless it is
 * one of the `fresh` tasks.
 */
async function planTasks(
  { db }: Writer,
  before: Request | null,
  request: Request,
  { others = othersNotCounted, own, fresh = [] }: Plan,
): Promise<void> {
  const planned = before === null ? new Map<Task, PlannedTask>() : plannedTasks(before, othersNotCounted);
  const due = plannedTasks(request, others);
  const over = [...planned.keys()].filter((task) => !due.has(task) && task !== own);
  if (over.length > 0) await deleteUnclaimed(db, { tasks: over }, { request: request.id });
  const isNew = (row: PlannedTask) => fresh.includes(row.task) || !isDeepStrictEqual(row, planned.get(row.task));
  const rows = [...due.values()].filter((row) => row.task !== own && isNew(row));
  if (rows.length === 0) return;
  await upsertTasks(db, { rows: rows.length, keepsLane: keepsLane(request), fresh }, valuesOf(rows));
}

const plannedColumns = [
  'request',
  'task',
  'due_at',
  'lane',
  'priority',
  'rank',
  'channel',
  'post_by',
  'attempts',
] as const satisfies readonly (keyof TaskRow)[];
type PlannedTask = Pick<TaskRow, (typeof plannedColumns)[number]>;

function plannedTasks(request: Request, others: OpenRequests): ReadonlyMap<Task, PlannedTask> {
  const rows = [...dueTasks(request)].map(([task, due_at]): [Task, PlannedTask] => [
    task,
    {
      request: request.id,
      task,
      due_at,
      lane: laneOf(task, request, others.newStops),
      priority: priority(task, request),
      rank: others.count,
      ...postingOf(task, request),
      attempts: 0,
    },
  ]);
  return new Map(rows);
}

/** An event as it is stored, and its texts beside it. */
type Sealed = { readonly event: RecordedEvent; readonly texts: readonly EventText[] };

function sealSeparated(
  place: Pick<RecordedEvent, 'request' | 'sequence' | 'at' | 'previousDigest'>,
  event: Event,
): Sealed {
  const { stored, texts } = separateTexts(event);
  return { event: withDigest({ ...place, event: stored }), texts };
}

const insertEvents = statement<never, number>((db, _, count) =>
  db.insertInto('events').values(parametersOf(eventColumns, count)).compile(),
);

const insertTexts = statement<never, number>((db, _, count) =>
  db.insertInto('texts').values(parametersOf(textColumns, count)).compile(),
);

/** PostgreSQL inserts into both tables by one statement, which saves a round trip. SQLite has no such statement. */
const insertBoth = statement<never, { readonly events: number; readonly texts: number }>((db, _, { events, texts }) =>
  db
    .with('beside', (query) => query.insertInto('texts').values(parametersOf(textColumns, texts, events)))
    .insertInto('events')
    .values(parametersOf(eventColumns, events))
    .compile(),
);

async function write({ db, engine, written, codes }: Writer, sealed: readonly Sealed[]): Promise<void> {
  const rows = sealed.map(({ event: { request, sequence, at, type, data, previousDigest, digest } }) => {
    const mac = codes?.codeOf(digest) ?? null;
    return { request, sequence, at, type, data: JSON.stringify(data), previous_digest: previousDigest, digest, mac };
  });
  const texts = sealed.flatMap(({ event: { request, sequence }, texts }) =>
    texts.map((text) => ({ request, sequence, ...text })),
  );
  if (texts.length > 0 && engine.isShared) {
    const values = { ...valuesOf(rows), ...valuesOf(texts, rows.length) };
    await insertBoth(db, { events: rows.length, texts: texts.length }, values);
  } else {
    await insertEvents(db, rows.length, valuesOf(rows));
    if (texts.length > 0) await insertTexts(db, texts.length, valuesOf(texts));
  }
  written.push(...sealed.map(({ event }) => event));
}
