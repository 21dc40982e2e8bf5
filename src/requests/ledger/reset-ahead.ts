import { type Kysely, sql } from 'kysely';
import type { Task } from '../due.ts';
import type { RecordedEvent } from '../events.ts';
import type { Request } from '../request.ts';
import { limits } from '../retry-policy.ts';
import { loadEvents, type Writer } from './load.ts';
import type { Schema } from './tables.ts';
import { append, loadLocked } from './transaction.ts';

/** A clock that was turned back by less delays nothing for longer. */
export const smallMs = 60_000;

/**
 * The requests with due tasks that have events ahead of the clock, since it was last found to be turned back. Reads the events
 * of what is due, and only where the clock may have been turned back.
 */
export async function recordedAhead(db: Kysely<Schema>, now: number, id?: string): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`
    select distinct tasks.request as id from tasks
    inner join events on events.request = tasks.request
    where events.at > ${Math.floor(now) + smallMs} ${id === undefined ? sql`` : sql`and tasks.request = ${id}`}
      and not exists (
        select 1 from events as later
        where later.request = events.request and later.sequence > events.sequence and later.type = 'clock_turned_back')
    order by id`.execute(db);
  return rows.map((row) => row.id);
}

/** What a request has recorded ahead of the clock counts from now. Its tasks are due anew. */
export async function countAnew(writer: Writer, id: string): Promise<void> {
  const { db } = writer;
  const request = await loadLocked(writer, id);
  const now = await writer.now();
  // Another process may have done so.
  if (request === null || (await recordedAhead(db, now, id)).length === 0) return;
  const expiresAt = expiryFrom(now, request, await loadEvents(db, id));
  await append(writer, request, [{ type: 'clock_turned_back', data: { ...(expiresAt !== null && { expiresAt }) } }]);
  const isLater = db.updateTable('tasks').where('request', '=', id).where('due_at', '>', now);
  await isLater.where('attempts', '>', 0).set({ due_at: now }).execute();
}

/** A question that was put ahead of the clock waits as long as it was to. Null: it was not, or is none. */
function expiryFrom(now: number, { state, grant }: Request, events: readonly RecordedEvent[]): number | null {
  if (state !== 'submitted' && state !== 'announced' && state !== 'awaiting_approval') return null;
  const put = events.findLast((event) => event.type === 'granted' || event.type === 'changed');
  if (put === undefined || put.at <= now + smallMs || put.data.expiresAt === null) return null;
  return Math.min(now + put.data.expiresAt - put.at, grant?.dueAt ?? Number.POSITIVE_INFINITY);
}

/** Tasks that are due at once, or once they have waited after a try. */
const neverAhead: readonly Task[] = ['decide', 'report', 'look', 'answer', 'show', 'note', 'call', 'follow'];

/**
 * No try waits longer than Slack may ask for, no lease lasts longer than a new one, and no channel is paced for longer. What
 * does was written by a clock that was ahead. A task that is not due yet is left alone once it is claimed.
 */
export async function freeAhead({ db, now: clock }: Writer): Promise<boolean> {
  const now = await clock();
  const { lease, pacing, slackRetryAfter } = limits;
  const latest = now + slackRetryAfter.mostMs + smallMs;
  const [tasks] = await db
    .updateTable('tasks')
    .set({ due_at: now })
    .where('due_at', '>', latest)
    .where((eb) => eb.or([eb('attempts', '>', 0), eb('task', 'in', neverAhead)]))
    .where('task', '<>', 'pause_reminder')
    .execute();
  const [leases] = await db
    .updateTable('tasks')
    .set({ lease_until: now + lease.ms })
    .where('lease_until', '>', now + lease.ms + smallMs)
    .execute();
  const [channels] = await db
    .updateTable('pacing')
    .set({ free_at: now, edits_free_at: 0, paced_until: now + pacing.pacedMs })
    .where('paced_until', '>', latest + pacing.pacedMs)
    .execute();
  await db
    .deleteFrom('notified')
    .where('last_at', '>', now + smallMs)
    .execute();
  return [tasks, leases, channels].some((result) => (result?.numUpdatedRows ?? 0n) > 0n);
}
