import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';
import type { Schema } from '../tables.ts';
import { recordCheckpoint } from './checkpoints.ts';
import { insertLogEvent } from './log-chain.ts';
import { appendLeaves, appendNodes, type StoredTree } from './log-storage.ts';
import { isUnsealed } from './sealing.ts';

/** How many leaves are read at a time. */
const pageSize = 5_000;

/** Creates the tables of the log, and gives the events of earlier versions their places. `origin`: the name of the log; null: a random one. */
export async function createLog(db: Kysely<unknown>, engine: Engine, origin: string | null): Promise<void> {
  await createTables(db);
  await engine.guardLog(db);
  const name = origin ?? `campaign-wf/${randomBytes(8).toString('hex')}`;
  await beginLog(db as Kysely<Schema>, name, await engine.now(db as Kysely<Schema>));
}

async function createTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('log_leaves')
    .addColumn('place', 'bigint', (column) => column.primaryKey())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addUniqueConstraint('log_leaves_event', ['request', 'sequence'])
    .execute();
  await schema
    .createTable('log_nodes')
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_nodes_key', ['level', 'place'])
    .execute();
  await schema
    .createTable('log_checkpoints')
    .addColumn('size', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('root', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('log_events')
    .addColumn('sequence', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('previous_digest', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('mac', 'text')
    .execute();
  await schema.alterTable('events').addColumn('mac', 'text').execute();
  await schema.alterTable('requests').addColumn('sealed_sequence', 'integer').execute();
  await schema.createIndex('requests_unsealed').on('requests').column('id').where(isUnsealed).execute();
}

/** The first checkpoint says how many events are older than the log. */
async function beginLog(db: Kysely<Schema>, origin: string, at: number): Promise<void> {
  await placeOldEvents(db);
  const old = await storeNodes(db);
  const began = await insertLogEvent(db, { type: 'log_began', data: { origin, migrated: old.size } }, at, null);
  const tree = await appendLeaves(db, old, [began]);
  const extensions = old.size === 0 ? [] : [`migrated ${old.size}`];
  await recordCheckpoint(db, { origin, key: null }, tree, at, extensions);
}

/** By time, and those of one request by their sequence even if the clock was set back between them, as in `places.ts`. */
async function placeOldEvents(db: Kysely<Schema>): Promise<void> {
  await sql`insert into log_leaves (place, request, sequence, digest)
    select row_number() over (order by reached, request, sequence) - 1, request, sequence, digest from (
      select request, sequence, digest, max(at) over (partition by request order by sequence) as reached from events
    ) as timed`.execute(db);
  await sql`update requests set sealed_sequence = head_sequence`.execute(db);
}

async function storeNodes(db: Kysely<Schema>): Promise<StoredTree> {
  let tree: StoredTree = { size: 0, frontier: [] };
  for (;;) {
    const leaves = await db
      .selectFrom('log_leaves')
      .select('digest')
      .where('place', '>=', tree.size)
      .orderBy('place')
      .limit(pageSize)
      .execute();
    if (leaves.length === 0) return tree;
    tree = await appendNodes(db, tree, leaves);
  }
}
