import { type Kysely, sql } from 'kysely';
import { allWorkflows } from '../../access/patterns.ts';
import { type Request, workflowKey } from '../request.ts';
import { mayHaveBeenSent } from '../rules/exclusivity.ts';
import type { PendingOutcomes, RecentQuery } from './ledger.ts';
import { loadAll, type RequestCache } from './load.ts';
import type { Schema } from './tables.ts';

/** From one channel to the next by the index, however many requests each has. */
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
  before: RequestCache,
): Promise<readonly Request[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('channel', '=', channel)
    // Said as the indexes say it: a parameter would keep SQLite from using them.
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
  return loadAll(db, rows, before);
}

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** What decides whether a workflow runs: after a start, an earlier stop is past. */
const runningOrNot = ['stop', 'start', 'resume'] as const;

/** What decides whether an environment is frozen. */
const frozenOrNot = ['freeze', 'unfreeze'] as const;

type Lasting = (typeof runningOrNot | typeof frozenOrNot)[number];

/** The newest stop that Campaign took, or may have taken, unless it has taken a start since. */
export async function lastStop(db: Reader, key: string, before: RequestCache): Promise<Request | null> {
  const last = await newestInEffect(db, key, runningOrNot, before);
  return last?.order.verb === 'stop' ? last : null;
}

/** The newest freeze of an organization that took hold, unless it was lifted since; it may be over. */
export async function lastFreeze(db: Reader, organization: string, before: RequestCache): Promise<Request | null> {
  const last = await newestInEffect(db, freezeKey(organization), frozenOrNot, before);
  return last?.order.verb === 'freeze' ? last : null;
}

export function freezeKey(organization: string): string {
  return workflowKey({ organization, workflowId: allWorkflows });
}

/** Which of these took effect last. */
async function newestInEffect(
  db: Reader,
  key: string,
  verbs: readonly Lasting[],
  before: RequestCache,
): Promise<Request | null> {
  const sent: Request[] = [];
  for (const verb of verbs) sent.push(...(await newestSent(db, key, verb, before)));
  return sent.filter(mayHaveBeenSent).toSorted((a, b) => (b.end?.at ?? 0) - (a.end?.at ?? 0))[0] ?? null;
}

/** Whoever asked first may come through last. Of one workflow hardly two are at work at once. */
const atWorkAtOnce = 5;

/** Those of these commands that were asked for last, and that were taken, or may have been. */
async function newestSent(db: Reader, key: string, verb: Lasting, before: RequestCache): Promise<readonly Request[]> {
  const states = verb === 'stop' ? (['accepted', 'unknown'] as const) : (['accepted'] as const);
  const newest: Request[] = [];
  for (const state of states) {
    const askedLast = await db
      .selectFrom('requests')
      .select('id')
      .where('workflow_key', '=', key)
      .where('verb', '=', verb)
      .where('state', '=', state)
      .orderBy('requested_at', 'desc')
      .limit(atWorkAtOnce)
      .execute();
    newest.push(...(await loadAll(db, askedLast, before)));
  }
  return newest;
}

/** Looks at what is due, which is little however long the history is, and from there at single events. */
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
