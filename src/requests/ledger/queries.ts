import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely';
import { allWorkflows } from '../../access/patterns.ts';
import type { RequestedAction } from '../../access/policy.ts';
import { verbs } from '../../commands/command.ts';
import type { Order } from '../events.ts';
import { isOutcome, type Outcome } from '../outcome.ts';
import { type Request, workflowKey } from '../request.ts';
import { hasPaused } from '../rules/effect.ts';
import { type CompetingRequests, mayHaveBeenSent } from '../rules/exclusivity.ts';
import type { CommandsTo, PendingOutcomes } from './ledger.ts';
import { loadAll, type Reader } from './load.ts';
import { isOpen } from './migrations.ts';
import { statement } from './statement.ts';
import type { Schema } from './tables.ts';

/** All channels. */
export function channels(db: Kysely<Schema>): Promise<readonly string[]> {
  return channelsWhere(db, sql<boolean>`state <> 'refused'`);
}

/**
 * The channels of the requests for which the condition of a partial index is true. Jumps from one channel to the next in
 * that index, so that the number of requests does not matter.
 */
export async function channelsWhere(
  db: Kysely<Schema>,
  condition: Expression<boolean>,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let last = ''; found.length < most; ) {
    const next = await db
      .selectFrom('requests')
      .select('channel')
      .where(condition)
      .where('channel', '>', last)
      .orderBy('channel')
      .limit(atMost(1))
      .executeTakeFirst();
    if (next === undefined) break;
    last = next.channel;
    found.push(last);
  }
  return found;
}

/** Commands with the states in which they took effect, or may have. */
type Lasting = readonly (readonly [verb: RequestedAction, state: Outcome])[];

/** What decides whether a workflow runs: a start cancels the effect of an earlier stop. */
const runningOrNot: Lasting = [
  ['stop', 'accepted'],
  ['stop', 'unknown'],
  ['start', 'accepted'],
  ['resume', 'accepted'],
];

/** One whose outcome is unknown counts once the workflow was seen paused. */
const pausedOrNot: Lasting = [
  ['pause', 'accepted'],
  ['pause', 'unknown'],
];

/** What decides whether an environment is frozen. */
const frozenOrNot: Lasting = [
  ['freeze', 'accepted'],
  ['unfreeze', 'accepted'],
];

/** Of the commands that were sent to a workflow since another one was asked for, the newest decide. */
const mostSent = 20;

/** A request can end later than one that was submitted after it. This many of one workflow are compared; two at once are rare. */
const mostConcurrent = 5;

/** What competes with a request for this workflow, found by one statement. */
export async function competingRequests(
  reader: Reader,
  order: Pick<Order, 'organization' | 'workflowId'>,
): Promise<CompetingRequests> {
  const [key, freezes] = [workflowKey(order), freezeKey(order.organization)];
  const found = await findAll(reader, 'competing', { key, freezes });
  return {
    open: found.filter((request) => isOpenFor(request, key)),
    lastStop: lastInEffect(found, key, 'stop', runningOrNot),
    lastFreeze: lastInEffect(found, freezes, 'freeze', frozenOrNot),
  };
}

/** The granted requests of a workflow without an outcome. */
export async function openRequests(reader: Reader, key: string): Promise<readonly Request[]> {
  const found = await findAll(reader, 'open', { key });
  return found.filter((request) => isOpenFor(request, key));
}

/** The commands to a workflow that Campaign accepted, or may have, and that were requested after that time. */
export async function sentSince(reader: Reader, key: string, since: number): Promise<readonly Request[]> {
  const { rows } = await findSent(reader.db, null, { key, since });
  return loadAll(reader, rows);
}

/** The open requests of a workflow, and the newest commands to it that Campaign accepted. */
export async function commandsTo(reader: Reader, key: string): Promise<CommandsTo> {
  const found = await findAll(reader, 'workflow', { key });
  return {
    open: found.filter((request) => isOpenFor(request, key)),
    accepted: found.filter(
      (request) => (request.state === 'accepted' || hasPaused(request)) && mayHaveBeenSent(request),
    ),
  };
}

/** The newest freeze of an organization that took effect, unless it was lifted since. Its time may have ended. */
export async function lastFreeze(reader: Reader, organization: string): Promise<Request | null> {
  const key = freezeKey(organization);
  return lastInEffect(await findAll(reader, 'freezes', { freezes: key }), key, 'freeze', frozenOrNot);
}

export function freezeKey(organization: string): string {
  return workflowKey({ organization, workflowId: allWorkflows });
}

type Found = { readonly id: string };

/** By the index `requests_by_end`. */
const findSent = statement<Found>((db, parameter) =>
  db
    .selectFrom('requests')
    .select('id')
    .where('workflow_key', '=', parameter('key'))
    .where('verb', 'in', verbs.map(sql.lit))
    .where('state', 'in', (['accepted', 'unknown'] as const).map(sql.lit))
    .where('requested_at', '>', parameter('since'))
    .orderBy('requested_at', 'desc')
    .limit(sql.lit(mostSent))
    .compile(),
);

/** Which requests are looked up by one statement. */
type Group = 'open' | 'freezes' | 'competing' | 'workflow';

const find = statement<Found, Group>((db, parameter, group) => {
  const freezes = newestOf(parameter('freezes'), frozenOrNot);
  const parts = {
    open: () => [openOf(parameter('key'))],
    freezes: () => freezes,
    workflow: () => [openOf(parameter('key')), ...newestOf(parameter('key'), [...runningOrNot, ...pausedOrNot])],
    competing: () => [openOf(parameter('key')), ...newestOf(parameter('key'), runningOrNot), ...freezes],
  };
  return sql<Found>`${sql.join(parts[group](), sql` union all `)}`.compile(db);
});

async function findAll(
  reader: Reader,
  group: Group,
  keys: { readonly key?: string; readonly freezes?: string },
): Promise<readonly Request[]> {
  const { rows } = await find(reader.db, group, keys);
  return loadAll(reader, rows);
}

function openOf(key: Expression<string>): RawBuilder<unknown> {
  return sql`select id from requests where workflow_key = ${key} and ${isOpen}`;
}

/** In parentheses with a name, because the parts of a union have no limit of their own. */
function newestOf(key: Expression<string>, lasting: Lasting): readonly RawBuilder<unknown>[] {
  return lasting.map(
    ([verb, state]) => sql`select id from (
      select id from requests where workflow_key = ${key} and verb = ${sql.lit(verb)} and state = ${sql.lit(state)}
      order by requested_at desc limit ${sql.lit(mostConcurrent)}) as ${sql.raw(`${verb}_${state}`)}`,
  );
}

function isOpenFor({ order, grant, state }: Request, key: string): boolean {
  return workflowKey(order) === key && grant !== null && !isOutcome(state);
}

/** The request that took effect last, if it has this command. */
function lastInEffect(found: readonly Request[], key: string, verb: RequestedAction, lasting: Lasting): Request | null {
  const ofKey = found.filter(
    ({ order, state }) =>
      workflowKey(order) === key && lasting.some(([wanted, inState]) => order.verb === wanted && state === inState),
  );
  const [last] = ofKey.filter(mayHaveBeenSent).toSorted((a, b) => (b.end?.at ?? 0) - (a.end?.at ?? 0));
  return last?.order.verb === verb ? last : null;
}

/** A limit as an expression: SQLite compiles a statement anew whenever a parameter is bound that is its limit. */
export function atMost(count: number | Expression<number>) {
  return sql<number>`(${count} + 0)`;
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
        .limit(atMost(1))
        .as('since'),
    )
    .execute();
  const times = rows.flatMap(({ since }) => (since === null ? [] : [since]));
  return { count: rows.length, since: times.length === 0 ? null : Math.min(...times) };
}
