import type { Transaction } from 'kysely';
import { seal } from '../digest.ts';
import { dueTasks, priority } from '../due.ts';
import type { Event, Recorded } from '../events.ts';
import { begin, follow, type Request, retell, workflowKey } from '../request.ts';
import { isOutcome } from '../state.ts';
import { nextState } from '../transition.ts';
import type { LedgerTransaction, Submission } from './ledger.ts';
import type { EventRow, Schema } from './schema.ts';

/** One transaction of the database, and what has been written in it. */
export type Writer = { readonly tx: Transaction<Schema>; readonly now: () => number; readonly written: Recorded[] };

/** The ledger's own writing, within one transaction of the database. */
export function ledgerTransaction(writer: Writer): LedgerTransaction {
  const { tx } = writer;
  return {
    load: (id) => load(tx, id),
    append: (request, ...events) => append(writer, request, events),
    async open(key) {
      const held = await tx
        .selectFrom('requests')
        .select('id')
        .where('holds', 'in', [key, stopKey(key)])
        .execute();
      return loadAll(tx, held);
    },
    async lastStop(key) {
      const newest = await Promise.all(runningOrNot.map((verb) => newestSent(tx, key, verb)));
      const loaded = await loadAll(tx, newest.flat());
      const [last] = loaded.toSorted((a, b) => (b.end?.at ?? 0) - (a.end?.at ?? 0));
      return last?.order.verb === 'stop' ? last : null;
    },
  };
}

/** Writes the first event of a request, its index row and its first task. */
export async function insert(writer: Writer, { id, requested }: Submission): Promise<Request> {
  const { tx } = writer;
  const at = writer.now();
  const event = { type: 'requested' as const, data: requested };
  const recorded = { ...seal({ request: id, sequence: 1, at, previousDigest: '', event }), ...event };
  const request = begin(recorded);
  await tx
    .insertInto('requests')
    .values({
      id,
      interaction: requested.interaction,
      channel: requested.channel,
      workflow_key: workflowKey(requested.order),
      verb: requested.order.verb,
      state: request.state,
      requested_at: at,
      holds: null,
    })
    .execute();
  await write(writer, recorded);
  await planTasks(tx, request);
  return request;
}

export async function load(db: Pick<Transaction<Schema>, 'selectFrom'>, id: string): Promise<Request | null> {
  const events = await loadEvents(db, id);
  return events.length === 0 ? null : retell(events);
}

export async function loadAll(
  db: Pick<Transaction<Schema>, 'selectFrom'>,
  rows: readonly { id: string }[],
): Promise<readonly Request[]> {
  const requests = await Promise.all(rows.map(({ id }) => load(db, id)));
  return requests.filter((request) => request !== null);
}

export async function loadEvents(
  db: Pick<Transaction<Schema>, 'selectFrom'>,
  id: string,
): Promise<readonly Recorded[]> {
  const rows = await db.selectFrom('events').selectAll().where('request', '=', id).orderBy('sequence').execute();
  return rows.map(read);
}

async function append(writer: Writer, before: Request, events: readonly Event[]) {
  const { tx } = writer;
  const at = writer.now();
  let request = before;
  for (const event of events) {
    if (nextState(request.state, event) === null) {
      if (request === before) return null;
      throw new Error(`"${event.type}" cannot follow in state "${request.state}"`);
    }
    const sequence = request.sequence + 1;
    const recorded = seal({ request: request.id, sequence, at, previousDigest: request.lastDigest, event });
    await write(writer, recorded);
    request = follow(request, recorded);
  }
  await tx
    .updateTable('requests')
    .set({ state: request.state, holds: holds(request) })
    .where('id', '=', request.id)
    .execute();
  await planTasks(tx, request);
  return request;
}

/** From the grant to the outcome a request holds its workflow; a stop has a hold of its own, for the brake is never blocked. */
function holds(request: Request): string | null {
  if (request.grant === null || isOutcome(request.state)) return null;
  const key = workflowKey(request.order);
  return request.order.verb === 'stop' ? stopKey(key) : key;
}

function stopKey(key: string): string {
  return `${key}!stop`;
}

/** What decides whether a workflow runs: after a start, an earlier stop is past. */
const runningOrNot = ['stop', 'start', 'resume'] as const;

/** The newest of these commands that Campaign took, or may have taken. */
async function newestSent(tx: Transaction<Schema>, key: string, verb: (typeof runningOrNot)[number]) {
  const states = verb === 'stop' ? (['accepted', 'unknown'] as const) : (['accepted'] as const);
  const newest = states.map((state) =>
    tx
      .selectFrom('requests')
      .select('id')
      .where('workflow_key', '=', key)
      .where('verb', '=', verb)
      .where('state', '=', state)
      .orderBy('requested_at', 'desc')
      .limit(1)
      .execute(),
  );
  return (await Promise.all(newest)).flat();
}

/** Writes down what is due now. A task that somebody is at is settled by its owner; one that was put off stays put off. */
async function planTasks(tx: Transaction<Schema>, request: Request): Promise<void> {
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
    priority: priority(task, request),
    attempts: 0,
  }));
  await tx
    .insertInto('tasks')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['request', 'task'])
        .doUpdateSet({ due_at: (eb) => eb.ref('excluded.due_at') })
        .where('tasks.lease_owner', 'is', null)
        .where('tasks.attempts', '=', 0),
    )
    .execute();
}

async function write({ tx, written }: Writer, event: Recorded): Promise<void> {
  const { request, sequence, at, type, data, previousDigest, digest } = event;
  await tx
    .insertInto('events')
    .values({ request, sequence, at, type, data: JSON.stringify(data), previous_digest: previousDigest, digest })
    .execute();
  written.push(event);
}

/** The data column holds what `write` put there: the database refuses changes, and the digests show them. */
function read({ previous_digest, data, ...row }: EventRow): Recorded {
  return { ...row, data: JSON.parse(data), previousDigest: previous_digest } as Recorded;
}
