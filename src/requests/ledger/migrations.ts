import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/** Forward only: what is written in a ledger is never taken back. */
const first: Migration = {
  async up(db: Kysely<unknown>) {
    await createRequests(db);
    await createEvents(db);
    await createTasks(db);
  },
};

async function createRequests(db: Kysely<unknown>) {
  await db.schema
    .createTable('requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('interaction', 'text', (column) => column.notNull().unique())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('workflow_key', 'text', (column) => column.notNull())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('holds', 'text', (column) => column.unique())
    .execute();
  await index(db, 'requests_by_channel', ['channel', 'requested_at']);
  await index(db, 'requests_by_workflow', ['channel', 'workflow_key', 'requested_at']);
  await index(db, 'requests_by_end', ['workflow_key', 'verb', 'state', 'requested_at']);
}

async function createEvents(db: Kysely<unknown>) {
  await db.schema
    .createTable('events')
    .addColumn('request', 'text', (column) => column.notNull().references('requests.id'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('previous_digest', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_key', ['request', 'sequence'])
    .execute();
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`events_no_${change}`)} before ${sql.raw(change)} on events
      begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
  }
  // "replace into" deletes without a trigger for deletion (SQLite documentation, ON CONFLICT).
  await sql`create trigger events_no_replace before insert on events
    when exists (select 1 from events where request = new.request and sequence = new.sequence)
    begin select raise(abort, 'the ledger is append-only'); end`.execute(db);
}

async function createTasks(db: Kysely<unknown>) {
  await db.schema
    .createTable('tasks')
    .addColumn('request', 'text', (column) => column.notNull().references('requests.id'))
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint')
    .addPrimaryKeyConstraint('tasks_key', ['request', 'task'])
    .execute();
  await db.schema.createIndex('tasks_by_due').on('tasks').column('due_at').execute();
}

function index(db: Kysely<unknown>, name: string, columns: string[]) {
  return db.schema.createIndex(name).on('requests').columns(columns).execute();
}

export const migrations: MigrationProvider = {
  getMigrations: async () => ({ '0001-first': first }),
};
