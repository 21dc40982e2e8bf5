import type { Transaction } from 'kysely';
import { seal } from '../digest.ts';
import { dueTasks, type Task } from '../due.ts';
import type { Event, RecordedEvent } from '../events.ts';
import { keepsLane, laneOf, postingOf, priority } from '../priority.ts';
import { applyEvent, initialRequest } from '../replay.ts';
import type { Request } from '../request.ts';
import { nextState } from '../transition.ts';
import { notifiedBy } from './announcement-bursts.ts';
import { renew } from './claims.ts';
import type { Engine } from './engine.ts';
import type { LedgerTransaction, Submission } from './ledger.ts';
import { load, loadAll } from './load.ts';
import { isOpen } from './migrations.ts';
import { freezeKey, lastFreeze, lastStop } from './queries.ts';
import { indexRow, type Schema } from './tables.ts';

/** A transaction of the database, and the events written in it. */
export type Writer = { readonly tx: Transaction<Schema>; readonly engine: Engine; readonly written: RecordedEvent[] };

/** Implements the ledger's operations within a transaction of the database. */
export function ledgerTransaction(writer: Writer, leaseMs: number): LedgerTransaction {
  const { tx, engine } = writer;
  return {
    async load(id) {
      await engine.lockWorkflow(tx, id);
      return load(tx, id, engine.requestCache);
    },
    append: (request, ...events) => append(writer, request, events),
    renew: async (claim) => renew(tx, claim, (await engine.now(tx)) + leaseMs),
    async openRequests(key) {
      const rows = await tx.selectFrom('requests').select('id').where('workflow_key', '=', key).where(isOpen).execute();
      return (await loadAll(tx, rows, engine.requestCache)).filter(({ grant }) => grant !== null);
    },
    notifiedBy: (request) => notifiedBy(tx, engine, request),
    lastStop: (key) => lastStop(tx, key, engine.requestCache),
    async lastFreeze(organization) {
      await engine.lockFreezes(tx, freezeKey(organization));
      return lastFreeze(tx, organization, engine.requestCache);
    },
  };
}

/** Writes the index row of a request, its first event and its first task. Null if the interaction is already recorded. */
export async function insert(
  writer: Writer,
  { id, requested, immediateEvents = [] }: Submission,
  others: OpenRequests,
): Promise<Request | null> {
  const { tx, engine } = writer;
  const at = await engine.now(tx);
  const event = { type: 'requested' as const, data: requested };
  const recorded = { ...seal({ request: id, sequence: 1, at, previousDigest: '', event }), ...event };
  const request = initialRequest(recorded);
  const inserted = await tx
    .insertInto('requests')
    .values(indexRow(request))
    .onConflict((conflict) => conflict.column('interaction').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 0n) return null;
  await write(writer, recorded);
  await planTasks(tx, request, others);
  return immediateEvents.length === 0 ? request : append(writer, request, immediateEvents);
}

async function append(writer: Writer, before: Request, events: readonly Event[]) {
  const { tx, engine } = writer;
  const at = await engine.now(tx);
  let request = before;
  for (const event of events) {
    if (nextState(request.state, event) === null) {
      if (request === before) return null;
      throw new Error(`event "${event.type}" is not allowed in state "${request.state}"`);
    }
    const sequence = request.sequence + 1;
    const recorded = seal({ request: request.id, sequence, at, previousDigest: request.lastDigest, event });
    await write(writer, recorded);
    request = applyEvent(request, recorded);
  }
  const { state, channel, holds, open_by, head_sequence, head_digest } = indexRow(request);
  await tx
    .updateTable('requests')
    .set({ state, channel, holds, open_by, head_sequence, head_digest })
    .where('id', '=', request.id)
    .execute();
  const isPressed = events.some(({ type }) => type === 'pressed');
  await planTasks(tx, request, othersNotCounted, isPressed ? ['decide'] : []);
  return request;
}

/** The open requests of one person: how many, and how many of them are stops and freezes that are not announced yet. */
export type OpenRequests = { readonly count: number; readonly newStops: number };

/** Others are counted only at the submission. Later tasks of a request that is not granted are not put in the lane `new_stops`. */
const othersNotCounted: OpenRequests = { count: 0, newStops: Number.POSITIVE_INFINITY };

/**
 * Writes the due tasks of a request. A claimed task is left to its owner. A postponed task stays postponed, unless it is
 * one of the `fresh` tasks, which have something new to do.
 */
async function planTasks(
  tx: Transaction<Schema>,
  request: Request,
  others: OpenRequests,
  fresh: readonly Task[] = [],
): Promise<void> {
  const due = dueTasks(request);
  await tx
    .deleteFrom('tasks')
    .where('request', '=', request.id)
    .where('lease_owner', 'is', null)
    .$if(due.size > 0, (query) => query.where('task', 'not in', [...due.keys()]))
    .execute();
  if (due.size === 0) return;
  const rows = [...due].map(([task, due_at]) => ({
    request: request.id,
    task,
    due_at,
    lane: laneOf(task, request, others.newStops),
    priority: priority(task, request),
    rank: others.count,
    ...postingOf(task, request),
    attempts: 0,
  }));
  await tx
    .insertInto('tasks')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['request', 'task'])
        .doUpdateSet((eb) => ({
          due_at: eb.ref('excluded.due_at'),
          channel: eb.ref('excluded.channel'),
          post_by: eb.ref('excluded.post_by'),
          ...(!keepsLane(request) && { lane: eb.ref('excluded.lane'), priority: eb.ref('excluded.priority') }),
        }))
        .where('tasks.lease_owner', 'is', null)
        .where(({ eb, or }) => or([eb('tasks.attempts', '=', 0), ...fresh.map((task) => eb('tasks.task', '=', task))])),
    )
    .execute();
}

async function write({ tx, written }: Writer, event: RecordedEvent): Promise<void> {
  const { request, sequence, at, type, data, previousDigest, digest } = event;
  await tx
    .insertInto('events')
    .values({ request, sequence, at, type, data: JSON.stringify(data), previous_digest: previousDigest, digest })
    .execute();
  written.push(event);
}
