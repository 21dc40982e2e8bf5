import { DatabaseSync, type StatementSync } from 'node:sqlite';
import pg from 'pg';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { usualSchema } from '../../src/requests/ledger/postgres-schema.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** Writes many rows into a ledger that no process has open, in one transaction. All rows of a table have the same columns. */
export type BulkInsert = {
  insert(table: string, rows: readonly Row[]): Promise<void>;
  commit(): Promise<void>;
};

export function bulkInsert(database: Database): Promise<BulkInsert> {
  return database.kind === 'sqlite' ? intoSqlite(database.path) : intoPostgres(database.url);
}

async function intoSqlite(path: string): Promise<BulkInsert> {
  const database = new DatabaseSync(path);
  // What a crash would leave does not matter.
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000; begin');
  // They look at each row whether it is one of the bot's.
  const triggers = database.prepare(`select name, sql from sqlite_schema where type = 'trigger'`).all();
  for (const { name } of triggers) database.exec(`drop trigger ${name}`);
  const prepared = new Map<string, StatementSync>();
  const statementFor = (table: string, columns: readonly string[]) => {
    const known = prepared.get(table) ?? database.prepare(sqlFor(table, columns));
    prepared.set(table, known);
    return known;
  };
  return {
    async insert(table, rows) {
      for (const row of rows) statementFor(table, Object.keys(row)).run(...Object.values(row));
    },
    async commit() {
      for (const { sql } of triggers) database.exec(String(sql));
      database.exec('commit; analyze');
      database.close();
    },
  };
}

function sqlFor(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

async function intoPostgres(url: string): Promise<BulkInsert> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Without triggers and foreign keys.
  await client.query(`set search_path = ${usualSchema}; set session_replication_role = replica; begin`);
  return {
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      if (columns === '') return;
      const from = `json_populate_recordset(null::${table}, $1)`;
      await client.query(`insert into ${table} (${columns}) select ${columns} from ${from}`, [JSON.stringify(rows)]);
    },
    async commit() {
      await client.query('commit');
      await client.query('vacuum analyze');
      await client.end();
    },
  };
}
