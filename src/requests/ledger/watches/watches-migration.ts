import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The workflows that are looked at, and the channels that are told of them. Neither grows with history. */
export const watches: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('watched')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('organization', 'text', (column) => column.notNull())
      .addColumn('workflow_id', 'text', (column) => column.notNull())
      .addColumn('every_ms', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('was_due', 'bigint')
      .addColumn('lease', 'text')
      .addColumn('lease_until', 'bigint')
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('failing_since', 'bigint')
      .addColumn('answered_at', 'bigint')
      .addColumn('reading', 'text')
      .addColumn('runs', 'text')
      .execute();
    await db.schema.createIndex('watched_by_due').on('watched').column('due_at').execute();
    await db.schema.createIndex('watched_by_answer').on('watched').columns(['organization', 'answered_at']).execute();
    await db.schema
      .createTable('watches')
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('terms', 'text', (column) => column.notNull())
      .addColumn('memory', 'text')
      .addColumn('muted_until', 'bigint')
      .addColumn('muted_by', 'text')
      .addColumn('ts', 'text')
      .addColumn('outbox', 'text')
      .addColumn('post_at', 'bigint')
      .addColumn('post_lease', 'text')
      .addColumn('post_lease_until', 'bigint')
      .addColumn('problem', 'text')
      .addPrimaryKeyConstraint('watches_key', ['key', 'channel'])
      .execute();
    await db.schema.createIndex('watches_by_channel').on('watches').column('channel').execute();
    await sql`create index watches_by_post on watches (post_at) where post_at is not null`.execute(db);
  },
};

/** By which request an alert is muted. */
export const mutedByRequest: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('watches').addColumn('muted_request', 'text').execute();
  },
};

/** Which watches somebody has asked for. */
export const askedWatches: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('watches').addColumn('asked', 'text').execute();
  },
};
