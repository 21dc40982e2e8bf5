import { type Kysely, sql, type Transaction } from 'kysely';
import type { Writer } from '../load.ts';
import { statement } from '../statement.ts';
import type { Schema } from '../tables.ts';
import { type Checkpoint, type LogIdentity, recordCheckpoint } from './checkpoints.ts';
import { appendLeaves, readTree } from './log-storage.ts';
import { byTime, type UnsealedEvent } from './places.ts';

/** `busy`: another process seals at the moment. `isMore`: more events than one batch holds were waiting. */
export type Sealed =
  | { readonly kind: 'busy' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'sealed'; readonly events: number; readonly isMore: boolean; readonly checkpoint: Checkpoint };

/** The events of how many requests are sealed at once. */
const requestsPerBatch = 200;

/**
 * Gives committed events their places in the log, and records the checkpoint of the log as it is then, all in one
 * transaction. One process at a time: another one that dies meanwhile has sealed nothing, and holds no lock.
 */
export async function seal(writer: Writer, identity: LogIdentity): Promise<Sealed> {
  const { db: tx, engine, now } = writer;
  if (!(await engine.lockLog(tx, 'if_free'))) return { kind: 'busy' };
  const waiting = await unsealedRequests(tx);
  if (waiting.length === 0) return { kind: 'nothing' };
  const events = byTime(await unsealedEvents(tx, waiting));
  if (events.length === 0) {
    await markSealed(tx, waiting);
    return { kind: 'nothing' };
  }
  const tree = await appendLeaves(
    tx,
    await readTree(tx),
    events.map(({ request, sequence, digest }) => ({ request, sequence, digest })),
  );
  await markSealed(tx, waiting);
  writer.mustSync = true;
  const checkpoint = await recordCheckpoint(tx, identity, tree, await now());
  return { kind: 'sealed', events: events.length, isMore: waiting.length === requestsPerBatch, checkpoint };
}

/** A literal condition, as in the definition of the index. */
export const isUnsealed = sql<boolean>`head_sequence > sealed_sequence`;

/** `unsealed`: a request with an event that waits for its place. */
const readLogState = statement<Checkpoint & { readonly unsealed: string | null }>((db) =>
  db
    .selectFrom('log_checkpoints')
    .selectAll()
    // In the order of the index, which is nearly empty: the server takes a third of all requests to be unsealed.
    .select(({ selectFrom }) =>
      selectFrom('requests').select('id').where(isUnsealed).orderBy('id').limit(sql.lit(1)).as('unsealed'),
    )
    .orderBy('size', 'desc')
    .limit(sql.lit(1))
    .compile(),
);

/** The newest checkpoint, and whether events wait for their places: one cheap statement, without a lock. */
export async function logState(
  db: Kysely<Schema>,
): Promise<{ readonly newest: Checkpoint | undefined; readonly isWaiting: boolean }> {
  const [row] = (await readLogState(db, null, {})).rows;
  if (row === undefined) return { newest: undefined, isWaiting: true };
  const { unsealed, ...newest } = row;
  return { newest, isWaiting: unsealed !== null };
}

async function unsealedRequests(tx: Transaction<Schema>): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('requests')
    .select('id')
    .where(isUnsealed)
    .orderBy('id')
    .limit(requestsPerBatch)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Only what the bot has recorded: events beyond the last one that the index row names were added by somebody else. An event
 * of a ledger that was restored without its log can have a place already, which it keeps.
 */
function unsealedEvents(tx: Transaction<Schema>, requests: readonly string[]): Promise<readonly UnsealedEvent[]> {
  return tx
    .selectFrom('events')
    .innerJoin('requests', 'requests.id', 'events.request')
    .leftJoin('log_leaves', (join) =>
      join.onRef('log_leaves.request', '=', 'events.request').onRef('log_leaves.sequence', '=', 'events.sequence'),
    )
    .select(['events.request', 'events.sequence', 'events.at', 'events.digest'])
    .where('requests.id', 'in', requests)
    .whereRef('events.sequence', '>', 'requests.sealed_sequence')
    .whereRef('events.sequence', '<=', 'requests.head_sequence')
    .where('log_leaves.place', 'is', null)
    .execute();
}

async function markSealed(tx: Transaction<Schema>, requests: readonly string[]): Promise<void> {
  await tx
    .updateTable('requests')
    .set(({ selectFrom }) => ({
      sealed_sequence: selectFrom('log_leaves')
        .whereRef('log_leaves.request', '=', 'requests.id')
        .select(({ fn }) => fn.max('log_leaves.sequence').as('last')),
    }))
    .where('id', 'in', requests)
    .execute();
}
