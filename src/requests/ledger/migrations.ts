import { type Kysely, type RawBuilder, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import type { Engine } from './engine.ts';
import { createLog } from './log/log-migration.ts';
import type { Schema } from './tables.ts';
import { askedWatches, mutedByRequest, watches } from './watches/watches-migration.ts';

/** Migrations only go forward: nothing in a ledger is ever reverted. */
const first = ({ guardEvents }: Engine): Migration => ({
  async up(db: Kysely<unknown>) {
    await createRequests(db);
    await createEvents(db, guardEvents);
    await createTasks(db);
  },
});

/** Stores the last event of each request in its index row, so that a missing last event is detected. */
const heads: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['head_sequence integer not null default 0', "head_digest text not null default ''"]) {
      await sql`alter table requests add column ${sql.raw(column)}`.execute(db);
    }
    await sql`update requests set (head_sequence, head_digest) = (
      select sequence, digest from events where events.request = requests.id order by sequence desc limit 1
    )`.execute(db);
  },
};

/** Separate indexes for refused requests: anybody can create many of them, and they must not slow down other queries. */
const refusals: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, condition] of [
      ['refused', "state = 'refused'"],
      ['others', "state <> 'refused'"],
    ] as const) {
      const of = (columns: string) => sql.raw(`requests (${columns}, requested_at, id) where ${condition}`);
      await sql`create index ${sql.ref(`${name}_by_channel`)} on ${of('channel')}`.execute(db);
      await sql`create index ${sql.ref(`${name}_by_workflow`)} on ${of('channel, workflow_key')}`.execute(db);
    }
    for (const name of ['requests_by_channel', 'requests_by_workflow']) await db.schema.dropIndex(name).execute();
  },
};

/** Before commands could be asked for a later time. */
const wasOpen = sql<boolean>`state in ('submitted', 'announced', 'awaiting_approval', 'approved', 'dispatching')`;

/** Literals, as in the definition of the index: with parameters SQLite would not use it. */
export const isOpen = sql<boolean>`state in ('submitted', 'announced', 'awaiting_approval', 'scheduled', 'approved', 'dispatching')`;

/** A request that waits for a confirmation has no lock key any more, so open requests are found by their state. */
const questions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index open_by_workflow on requests (workflow_key) where ${wasOpen}`.execute(db);
    await sql`update requests set holds = null
      where holds is not null and state in ('submitted', 'announced', 'awaiting_approval') and exists (
        select 1 from events
        where request = requests.id and type = 'granted' and data not like '%"approvers":null%'
      )`.execute(db);
  },
};

/** The open requests of each person, and the lane of each task. Existing tasks get their lane when they are settled next. */
const lanes = ({ isShared }: Engine): Migration => ({
  async up(db: Kysely<unknown>) {
    await sql`alter table requests add column open_by text`.execute(db);
    const data = sql.raw(isShared ? 'data::json' : 'data');
    await sql`update requests set open_by = (
      select ${data} ->> 'requester' from events where events.request = requests.id and sequence = 1
    ) where ${wasOpen}`.execute(db);
    await sql`create index requests_open on requests (open_by, verb, state) where open_by is not null`.execute(db);
    await sql`alter table tasks add column lane text not null default 'rest'`.execute(db);
    await sql`alter table tasks add column rank integer not null default 0`.execute(db);
    await db.schema.createIndex('tasks_by_lane').on('tasks').columns(['lane', 'due_at']).execute();
  },
});

/** The channel in which each task posts, and the channels that Slack has limited. */
const pacing: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table tasks add column channel text`.execute(db);
    await sql`alter table tasks add column post_by bigint`.execute(db);
    await sql`create index tasks_by_channel on tasks (channel) where channel is not null`.execute(db);
    await db.schema
      .createTable('pacing')
      .addColumn('channel', 'text', (column) => column.primaryKey())
      .addColumn('free_at', 'bigint', (column) => column.notNull())
      .addColumn('edits_free_at', 'bigint', (column) => column.notNull())
      .addColumn('paced_until', 'bigint', (column) => column.notNull())
      .execute();
  },
};

/** Bursts of announcements, so that each burst notifies its approvers once. */
const notified: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('notified')
      .addColumn('burst', 'text', (column) => column.primaryKey())
      .addColumn('request', 'text', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint', (column) => column.notNull())
      .execute();
  },
};

/** The channels that are paced now. Rows of channels that Slack has limited once stay. */
const paced: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex('pacing_by_end').on('pacing').column('paced_until').execute();
  },
};

/**
 * Finds the requests of a person and of an environment, the newest first. Separate indexes for refused requests, as above;
 * what somebody has confirmed needs none, because only approvers can confirm.
 */
const history = ({ isShared }: Engine): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const column of ['organization', 'requester']) {
      await sql`alter table requests add column ${sql.raw(column)} text not null default ''`.execute(db);
    }
    const data = sql.raw(isShared ? 'data::json' : 'data');
    await sql`update requests set (organization, requester) = (
      select ${data} -> 'order' ->> 'organization', ${data} ->> 'requester' from events
      where events.request = requests.id and sequence = 1
    ) where exists (select 1 from events where events.request = requests.id and sequence = 1)`.execute(db);
    for (const [name, condition] of [
      ['refused', "state = 'refused'"],
      ['others', "state <> 'refused'"],
    ] as const) {
      for (const column of ['organization', 'requester']) {
        const index = sql.ref(`${name}_by_${column}`);
        const columns = sql.raw(`channel, ${column}, requested_at, id`);
        await sql`create index ${index} on requests (${columns}) where ${sql.raw(condition)}`.execute(db);
      }
    }
    await createConfirmations(db, data);
  },
});

/** Earlier confirmations are those of the events, except the requesters' own. */
async function createConfirmations(db: Kysely<unknown>, data: RawBuilder<unknown>) {
  await db.schema
    .createTable('confirmations')
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('confirmations_key', ['request', 'person'])
    .execute();
  await sql`insert into confirmations (person, request, channel, requested_at)
    select distinct person, id, channel, requested_at from (
      select ${data} ->> 'by' as person, request from events where type in ('confirmed', 'approved')
    ) as confirmed join requests on requests.id = confirmed.request
    where person is not null and person <> requester`.execute(db);
  await db.schema
    .createIndex('confirmations_by_person')
    .on('confirmations')
    .columns(['channel', 'person', 'requested_at', 'request'])
    .execute();
}

/** The transparency log over all events. */
const log = (engine: Engine, origin: string | null): Migration => ({ up: (db) => createLog(db, engine, origin) });

/** The checkpoints of the days, for the channel of the record. */
const logPosts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('log_posts')
      .addColumn('day', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('root', 'text', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .addColumn('may_be_posted', 'integer', (column) => column.notNull())
      .addColumn('problem', 'text')
      .addColumn('ts', 'text')
      .execute();
  },
};

/** What people wrote, beside the events, so that it can be erased. Events of earlier versions keep theirs. */
const texts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('texts')
      .addColumn('request', 'text', (column) => column.notNull())
      .addColumn('sequence', 'integer', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('salt', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('texts_key', ['request', 'sequence', 'kind'])
      .execute();
  },
};

/** Orders of the audit program to erase texts. With PostgreSQL it erases them itself. */
const erasures = ({ isShared }: Engine): Migration => ({
  async up(db: Kysely<unknown>) {
    if (isShared) return;
    await db.schema
      .createTable('erasures')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('request', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('because', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('mac', 'text')
      .addColumn('answer', 'text')
      .addColumn('done_at', 'bigint')
      .execute();
  },
});

/** All requests in the order of their time, for who reads a period. */
const periods: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex('requests_by_time').on('requests').columns(['requested_at', 'id']).execute();
  },
};

/** What waits for a confirmation in a channel, the oldest first. */
const waiting: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index questions_by_channel on requests (channel, requested_at, id)
      where state = 'awaiting_approval'`.execute(db);
  },
};

/** Commands for a later time are open as well. */
const scheduled: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex('open_by_workflow').execute();
    await sql`create index open_by_workflow on requests (workflow_key) where ${isOpen}`.execute(db);
  },
};

/** Updates of announcements get a lane of their own, and those that are too late are found among many that wait. */
const updatesLane: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`update tasks set lane = 'updates' where task = 'show'`.execute(db);
    await db.schema.dropIndex('tasks_by_channel').execute();
    await sql`create index tasks_by_channel on tasks (channel, post_by) where channel is not null`.execute(db);
  },
};

/** The emergencies that wait for their review. */
const reviews: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index tasks_of_review on tasks (request) where task = 'review'`.execute(db);
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

async function createEvents(db: Kysely<unknown>, guardEvents: Engine['guardEvents']) {
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
  await guardEvents(db);
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

/** All migrations, by name and in order. */
function migrationsFor(engine: Engine, origin: string | null): Record<string, Migration> {
  return {
    '0001-first': first(engine),
    '0002-heads': heads,
    '0003-refusals': refusals,
    '0004-questions': questions,
    '0005-lanes': lanes(engine),
    '0006-pacing': pacing,
    '0007-notified': notified,
    '0008-paced': paced,
    '0009-log': log(engine, origin),
    '0010-texts': texts,
    '0011-history': history(engine),
    '0012-erasures': erasures(engine),
    '0013-periods': periods,
    '0014-log-posts': logPosts,
    '0015-waiting': waiting,
    '0016-scheduled': scheduled,
    '0017-updates': updatesLane,
    '0018-watches': watches,
    '0019-reviews': reviews,
    '0020-asked-watches': askedWatches,
    '0021-muted-by-request': mutedByRequest,
  };
}

/** The tables were migrated by a newer version of campaign-wf. */
export class LedgerNewerError extends Error {
  override name = 'LedgerNewerError';
}

/** The tables have not been migrated to this version yet. */
export class LedgerOlderError extends Error {
  override name = 'LedgerOlderError';
}

/**
 * Runs missing migrations, in one process at a time. Rejects with a LedgerNewerError if the tables are newer. `origin`: the
 * name of a new log; null: a random one.
 */
export async function migrate(engine: Engine, origin: string | null): Promise<void> {
  const migrations = migrationsFor(engine, origin);
  await engine.runExclusively(async (tx) => {
    const schema = engine.schema();
    await refuseNewer(tx, schema, migrations);
    const failures: unknown[] = [];
    const migrator = new Migrator({
      db: tx,
      provider: { getMigrations: async () => keepFailures(migrations, failures) },
      ...(schema !== null && { migrationTableSchema: schema }),
    });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw failures[0] ?? error;
  });
}

/** For who only reads. Rejects with a LedgerNewerError or a LedgerOlderError if the tables are not those of this version. */
export async function checkVersion(engine: Engine): Promise<void> {
  const known = migrationsFor(engine, null);
  const applied = await refuseNewer(engine.db, engine.schema(), known);
  if (applied.length < Object.keys(known).length) throw new LedgerOlderError();
}

/** How many migrations are applied, and how many are not. Rejects with a LedgerNewerError. */
export async function migrationState(engine: Engine): Promise<{ readonly applied: number; readonly missing: number }> {
  const known = migrationsFor(engine, null);
  const applied = (await refuseNewer(engine.db, engine.schema(), known)).length;
  return { applied, missing: Object.keys(known).length - applied };
}

/** The names of the applied migrations. */
async function refuseNewer(
  db: Kysely<Schema>,
  schema: string | null,
  known: Record<string, Migration>,
): Promise<readonly string[]> {
  const applied = await appliedMigrations(db, schema);
  if (!applied.every((name) => name in known)) throw new LedgerNewerError();
  return applied;
}

/** After an error the migrator continues in the failed transaction and returns a later error. This keeps the first one. */
function keepFailures(migrations: Record<string, Migration>, failures: unknown[]): Record<string, Migration> {
  const kept = Object.entries(migrations).map(([name, { up }]): [string, Migration] => {
    const keep = (error: unknown) => {
      failures.push(error);
      throw error;
    };
    return [name, { up: (db) => up(db).catch(keep) }];
  });
  return Object.fromEntries(kept);
}

async function appliedMigrations(db: Kysely<Schema>, schema: string | null): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE && (table.schema ?? null) === schema)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return rows.map(({ name }) => name);
}
