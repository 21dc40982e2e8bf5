import type { Kysely } from 'kysely';
import { allWorkflows } from '../../access/workflow-pattern.ts';
import { type Request, workflowKey } from '../request.ts';
import { loadAll } from './reading.ts';
import type { Schema } from './schema.ts';

type Reader = Pick<Kysely<Schema>, 'selectFrom'>;

/** What decides whether a workflow runs: after a start, an earlier stop is past. */
const runningOrNot = ['stop', 'start', 'resume'] as const;

/** What decides whether an environment is frozen. */
const frozenOrNot = ['freeze', 'unfreeze'] as const;

type Lasting = (typeof runningOrNot | typeof frozenOrNot)[number];

/** The newest stop that Campaign took, or may have taken, unless it has taken a start since. */
export async function lastStop(db: Reader, key: string): Promise<Request | null> {
  const last = await newestOf(db, key, runningOrNot);
  return last?.order.verb === 'stop' ? last : null;
}

/** The newest freeze of an organization that took hold, unless it was lifted since; it may be over. */
export async function lastFreeze(db: Reader, organization: string): Promise<Request | null> {
  const last = await newestOf(db, workflowKey({ organization, workflowId: allWorkflows }), frozenOrNot);
  return last?.order.verb === 'freeze' ? last : null;
}

/** Which of these took effect last. */
async function newestOf(db: Reader, key: string, verbs: readonly Lasting[]): Promise<Request | null> {
  const newest: { id: string }[] = [];
  for (const verb of verbs) newest.push(...(await newestSent(db, key, verb)));
  const loaded = await loadAll(db, newest);
  return loaded.toSorted((a, b) => (b.end?.at ?? 0) - (a.end?.at ?? 0))[0] ?? null;
}

/** Whoever asked first may come through last. Of one workflow hardly two are at work at once. */
const atWorkAtOnce = 5;

/** Which of these commands was taken last, or may have been: one for each state that it may be in. */
async function newestSent(db: Reader, key: string, verb: Lasting) {
  const states = verb === 'stop' ? (['accepted', 'unknown'] as const) : (['accepted'] as const);
  const newest: { id: string }[] = [];
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
    newest.push(...(askedLast.length > 1 ? await endedLast(db, askedLast) : askedLast));
  }
  return newest;
}

function endedLast(db: Reader, asked: readonly { id: string }[]) {
  const ids = asked.map(({ id }) => id);
  return db
    .selectFrom('events')
    .select('request as id')
    .where('request', 'in', ids)
    .where('type', '=', 'ended')
    .orderBy('at', 'desc')
    .limit(1)
    .execute();
}
