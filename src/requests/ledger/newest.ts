import type { Kysely } from 'kysely';
import { allWorkflows } from '../../access/workflow-pattern.ts';
import { mayHaveBeenSent } from '../exclusivity.ts';
import { type Request, workflowKey } from '../request.ts';
import { type RequestCache, loadAll } from './reading.ts';
import type { Schema } from './schema.ts';

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
