import { sql } from 'kysely';
import { isVerb } from '../../../access/policy.ts';
import type { Verb } from '../../../commands/command.ts';
import type { Request } from '../../request.ts';
import { limits } from '../../retry-policy.ts';
import { conclusionOf } from '../../rules/effect.ts';
import {
  changeIn,
  type LookFacts,
  organizationAfter,
  type SeenChange,
  type Stepped,
  type Watched,
  watchAfter,
  watchedAfter,
} from '../../watches/after-look.ts';
import type { WorkflowLook } from '../../watches/condition.ts';
import { isEmpty } from '../../watches/outbox.ts';
import type { KnownCommand, Telling } from '../../watches/watch-step.ts';
import type { ClaimedLook, LooksToClaim, SettledLook } from '../../watches/watch-store.ts';
import { loadAll, type Writer } from '../load.ts';
import { atMost } from '../queries.ts';
import { statement } from '../statement.ts';
import { changeWatch } from './change-watch.ts';
import { endMute } from './watch-posts.ts';
import {
  isOfOrganization,
  memoryOf,
  organizationKey,
  organizationRow,
  outboxOf,
  runsOf,
  termsOf,
  type WatchedRow,
  type WatchRow,
} from './watch-rows.ts';

type ClaimedRow = Pick<WatchedRow, 'key' | 'workflow_id'> & { readonly was_due: number };

const claimDue = statement<ClaimedRow, { readonly isShared: boolean }>((db, parameter, { isShared }) => {
  const now = parameter('now');
  // Where the process ends before it has settled this, the next look is due when the lease ends.
  return sql<ClaimedRow>`with due as materialized (
        select key, due_at from watched
        where organization = ${parameter('organization')} and due_at <= ${now}
          and (lease_until is null or lease_until < ${now})
        order by due_at limit ${atMost(parameter('most'))} ${sql.raw(isShared ? 'for update skip locked' : '')})
      update watched set lease = ${parameter('lease')}, lease_until = ${parameter('until')},
        was_due = watched.due_at, due_at = ${parameter('until')}
      from due where watched.key = due.key
      returning watched.key, watched.workflow_id, watched.was_due`.compile(db);
});

export async function claimLooks(
  { db, engine: { isShared }, now: clock }: Writer,
  { organization, most, lease, leaseMs }: LooksToClaim & { readonly lease: string },
): Promise<readonly ClaimedLook[]> {
  const now = await clock();
  const { rows } = await claimDue(db, { isShared }, { organization, now, most, lease, until: now + leaseMs });
  return rows.map(({ key, workflow_id, was_due }) => {
    return { key, organization, lease, workflowId: workflow_id, claimedAt: now, lateMs: now - was_due };
  });
}

/** Records what a look has shown, what that ends, and what is to be told of it. Null: another process has looked in the meantime. */
export async function settleLook(
  writer: Writer,
  claim: ClaimedLook,
  look: WorkflowLook,
  endChanged: (change: SeenChange) => Promise<boolean>,
): Promise<SettledLook | null> {
  const { db, engine } = writer;
  const { key, lease, organization } = claim;
  const now = await writer.now();
  const row = await db
    .selectFrom('watched')
    .selectAll()
    .where('key', '=', key)
    .where('lease', '=', lease)
    .executeTakeFirst();
  if (row === undefined) return null;
  const before = watchedIn(row, now);
  const watched = watchedAfter(before, look, now);
  const change = changeIn(before, look);
  // Requests are locked before watches, as by an order about a watch.
  const hasEnded = typeof change === 'string' ? false : await endChanged(change);
  const keys = [key, organizationKey(organization)];
  const awake = db.selectFrom('watches').selectAll().where('source', '<>', 'resting');
  const selected = awake.where('key', 'in', keys).orderBy('key').orderBy('channel');
  const rows = await (engine.isShared ? selected.forUpdate() : selected).execute();
  const facts: LookFacts = {
    now,
    runsBefore: before.runs,
    organizationAnsweredAt: watched.failures > 0 ? await lastAnswer(writer, organization) : null,
    command: change === 'none' ? null : await lastCommand(writer, key),
  };
  const told = await settleWatches(writer, rows, { look, watched, facts });
  const { retryAfterMs } = look;
  const waitMs = retryAfterMs === null ? null : Math.min(retryAfterMs, limits.watch.mostRetryAfterMs);
  await releaseLook(writer, claim, watched, waitMs === null ? null : now + waitMs);
  return { told, hasEnded };
}

function watchedIn(row: WatchedRow, now: number): Watched {
  const { every_ms: everyMs, failures, failing_since, answered_at, reading } = row;
  return { everyMs, failures, failingSince: failing_since, answeredAt: answered_at, reading, runs: runsOf(row, now) };
}

type Seen = { readonly look: WorkflowLook; readonly watched: Watched; readonly facts: LookFacts };

async function settleWatches(
  writer: Writer,
  rows: readonly WatchRow[],
  { look, watched, facts }: Seen,
): Promise<readonly Telling[]> {
  const [ofOrganization, ofWorkflow] = [rows.filter(isOfOrganization), rows.filter((row) => !isOfOrganization(row))];
  const told: (Telling | null)[] = [];
  for (const row of ofWorkflow) {
    told.push(await write(writer, row, watchAfter(watchIn(row), look, watched, facts)));
    await endMute(writer, row);
    const known = ofOrganization.find(({ channel }) => channel === row.channel);
    if (known === undefined && watched.failures === 0) continue;
    const whole = known ?? organizationRow(termsOf(row));
    const stepped = organizationAfter(watchIn(whole), watched, facts);
    if (stepped !== null && known === undefined) await insert(writer, whole);
    told.push(await write(writer, whole, stepped));
    await endMute(writer, whole);
  }
  return told.filter((one) => one !== null);
}

function watchIn(row: WatchRow) {
  const { muted_until: mutedUntil, ts } = row;
  return { terms: termsOf(row), memory: memoryOf(row), mutedUntil, outbox: outboxOf(row), hasMessage: ts !== null };
}

async function insert({ db }: Writer, row: WatchRow): Promise<void> {
  await db
    .insertInto('watches')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function write(writer: Writer, row: WatchRow, stepped: Stepped | null): Promise<Telling | null> {
  if (stepped === null) return null;
  const { memory, outbox, telling } = stepped;
  if (telling !== null) writer.mustSync = true;
  await changeWatch(writer.db, row, {
    memory: JSON.stringify(memory),
    ...(telling !== null && {
      outbox: JSON.stringify(outbox),
      post_at: isEmpty(outbox) ? null : await writer.now(),
      // A new alert has a message of its own.
      ...(telling === 'alert' && { ts: null, problem: null }),
    }),
  });
  return telling;
}

async function releaseLook(
  { db }: Writer,
  { key, lease, organization, claimedAt }: ClaimedLook,
  { everyMs, failures, failingSince, answeredAt, reading, runs }: Watched,
  notBefore: number | null,
): Promise<void> {
  const nextAt = claimedAt + everyMs;
  await db
    .updateTable('watched')
    .set((eb) => ({
      ...{ lease: null, lease_until: null, failures, reading },
      ...{ failing_since: failingSince, answered_at: answeredAt, runs: JSON.stringify(runs) },
      // Another process may have been asked to wait for longer.
      due_at: eb.case().when('due_at', '<', nextAt).then(eb.lit(nextAt)).else(eb.ref('due_at')).end(),
    }))
    .where('key', '=', key)
    .where('lease', '=', lease)
    .execute();
  if (notBefore === null) return;
  // Of all processes: the limit is the gateway's, for the whole organization.
  await db
    .updateTable('watched')
    .set({ due_at: notBefore })
    .where('organization', '=', organization)
    .where('due_at', '<', notBefore)
    .execute();
}

async function lastAnswer({ db }: Writer, organization: string): Promise<number | null> {
  const newest = db.selectFrom('watched').select('answered_at').where('organization', '=', organization);
  const row = await newest
    .where('answered_at', 'is not', null)
    .orderBy('answered_at', 'desc')
    .limit(atMost(1))
    .executeTakeFirst();
  return row?.answered_at ?? null;
}

const mayHaveActed = ['accepted', 'unknown', 'dispatching'] as const;
const verbs = ['start', 'pause', 'resume', 'stop'] as const;

const lastCommands = statement<{ readonly id: string }>((db, parameter) => {
  const newest = verbs.flatMap((verb) =>
    mayHaveActed.map(
      (state) => sql`select id from (
        select id from requests where workflow_key = ${parameter('key')} and verb = ${sql.lit(verb)}
          and state = ${sql.lit(state)}
        order by requested_at desc limit 1) as ${sql.raw(`${verb}_${state}`)}`,
    ),
  );
  return sql<{ readonly id: string }>`${sql.join(newest, sql` union all `)}`.compile(db);
});

/**
 * The newest command that Campaign has accepted, or may have. Null also where its outcome is unknown, and the channel did not
 * read that it has taken effect: then nobody knows.
 */
async function lastCommand(writer: Writer, key: string): Promise<KnownCommand | null> {
  const { rows } = await lastCommands(writer.db, null, { key });
  const now = await writer.now();
  const commands = (await loadAll(writer, rows)).flatMap((request) => {
    const { id, order, end } = request;
    const { verb } = order;
    return isVerb(verb) ? [{ request: id, verb, at: end?.at ?? now, isKnown: isKnown(verb, request) }] : [];
  });
  const [newest] = commands.toSorted((a, b) => b.at - a.at);
  return newest?.isKnown ? newest : null;
}

function isKnown(verb: Verb, { state, observation }: Pick<Request, 'state' | 'observation'>): boolean {
  return state !== 'unknown' || (observation !== null && conclusionOf(verb, observation) === 'as_asked');
}
