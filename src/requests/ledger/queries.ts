import { type Kysely, sql } from 'kysely';
import { allWorkflows } from '../../access/patterns.ts';
import { type Request, workflowKey } from '../request.ts';
import { mayHaveBeenSent } from '../rules/exclusivity.ts';
import type { PendingOutcomes, RecentQuery } from './ledger.ts';
import { loadAll, type RequestCache } from './load.ts';
import type { Schema } from './tables.ts';

/** All channels. Jumps from one channel to the next in the index, so that the number of requests does not matter. */
export async function channels(db: Kysely<Schema>): Promise<readonly string[]> {
  const found: string[] = [];
  for (let last = ''; ; ) {
    const next = await db
      .selectFrom('requests')
      .select('channel')
      .where('state', '<>', sql.lit('refused'))
      .where('channel', '>', last)
      .orderBy('channel')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return found;
    last = next.channel;
    found.push(last);
  }
}

/** The newest requests of a channel, or of one workflow in it. */
export async function recent(
  db: Kysely<Schema>,
  { channel, workflowKey, refused, limit, after }: RecentQuery,
  cache: RequestCache,
): Promise<readonly Request[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('channel', '=', channel)
    // A literal, as in the definition of the indexes: with a parameter SQLite would not use them.
    .where('state', refused ? '=' : '<>', sql.lit('refused'))
    .$if(workflowKey !== null, (query) => query.where('workflow_key', '=', workflowKey))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('requested_at', 'id'), '<', tuple(after?.requestedAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return loadAll(db, rows, cache);
}

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** The commands that decide whether a workflow runs: a start cancels the effect of an earlier stop. */
const runningOrNot = ['stop', 'start', 'resume'] as const;

/** The commands that decide whether an environment is frozen. */
const frozenOrNot = ['freeze', 'unfreeze'] as const;

type Lasting = (typeof runningOrNot | typeof frozenOrNot)[number];

/** The newest stop that Campaign accepted, or may have accepted, unless it has accepted a start since. */
export async function lastStop(db: Reader, key: string, cache: RequestCache): Promise<Request | null> {
  const last = await newestInEffect(db, key, runningOrNot, cache);
  return last?.order.verb === 'stop' ? last : null;
}

/** The newest freeze of an organization that took effect, unless it was lifted since. Its time may have ended. */
export async function lastFreeze(db: Reader, organization: string, cache: RequestCache): Promise<Request | null> {
  const last = await newestInEffect(db, freezeKey(organization), frozenOrNot, cache);
  return last?.order.verb === 'freeze' ? last : null;
}

export function freezeKey(organization: string): string {
  return workflowKey({ organization, workflowId: allWorkflows });
}

/** The request with one of these commands that took effect last. */
async function newestInEffect(
  db: Reader,
  key: string,
  verbs: readonly Lasting[],
  cache: RequestCache,
): Promise<Request | null> {
  const sent: Request[] = [];
  for (const verb of verbs) sent.push(...(await newestSent(db, key, verb, cache)));
  return sent.filter(mayHaveBeenSent).toSorted((a, b) => (b.end?.at ?? 0) - (a.end?.at ?? 0))[0] ?? null;
}

/** A request can end later than one that was submitted after it. This many of one workflow are compared; two at once are rare. */
const mostConcurrent = 5;

/** The newest requests with this command that were accepted, or may have been. */
async function newestSent(db: Reader, key: string, verb: Lasting, cache: RequestCache): Promise<readonly Request[]> {
  const states = verb === 'stop' ? (['accepted', 'unknown'] as const) : (['accepted'] as const);
  const newest: Request[] = [];
  for (const state of states) {
    const rows = await db
      .selectFrom('requests')
      .select('id')
      .where('workflow_key', '=', key)
      .where('verb', '=', verb)
      .where('state', '=', state)
      .orderBy('requested_at', 'desc')
      .limit(mostConcurrent)
      .execute();
    newest.push(...(await loadAll(db, rows, cache)));
  }
  return newest;
}

/** Starts from the tasks, which are few however long the history is, and reads single events from there. */
export async function pendingOutcomes(db: Kysely<Schema>): Promise<PendingOutcomes> {
  const rows = await db
    .selectFrom('tasks')
    .where('task', '=', 'report')
    .where('attempts', '>', 0)
    .select((eb) =>
      eb
        .selectFrom('events')
        .whereRef('events.request', '=', 'tasks.request')
        .where('type', 'in', ['ended', 'reconciled'])
        .select('at')
        .limit(1)
        .as('since'),
    )
    .execute();
  const times = rows.flatMap(({ since }) => (since === null ? [] : [since]));
  return { count: rows.length, since: times.length === 0 ? null : Math.min(...times) };
}
