import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { logTables, type Schema } from './tables.ts';

/** The schema of a new ledger if the URL names none. In `public` its tables could collide with those of other applications. */
export const usualSchema = 'campaign_wf';

/** Two schemas contain a ledger, and the URL names none. */
export class TwoLedgersError extends Error {
  override name = 'TwoLedgersError';
  readonly schemas: readonly string[];

  constructor(schemas: readonly string[]) {
    super(`there are ledgers in the schemas ${schemas.join(' and ')}`);
    this.schemas = schemas;
  }
}

/** All ledgers are in schemas that are neither the usual one nor named by the URL. */
export class OtherSchemaError extends Error {
  override name = 'OtherSchemaError';
  readonly schemas: readonly string[];

  constructor(schemas: readonly string[]) {
    super(`the URL does not name the schema of the ledger: ${schemas.join(', ')}`);
    this.schemas = schemas;
  }
}

/** A table of another application has a name that the ledger needs. */
export class SchemaTakenError extends Error {
  override name = 'SchemaTakenError';
  readonly table: string;

  constructor(schema: string, table: string) {
    super(`${schema}.${table} belongs to another application`);
    this.table = `${schema}.${table}`;
  }
}

/** The user in the URL is not permitted to create what the ledger needs. The message is the server's. */
export class DatabaseRightsError extends Error {
  override name = 'DatabaseRightsError';
}

/** The schema that the URL names: `?schema=name`, or PostgreSQL's own `?options=-c search_path=name`. */
export function schemaIn(url: string): string | null {
  const { searchParams } = new URL(url);
  const path = /search[_-]path\s*=\s*(?:"([^"]+)"|([^\s",]+))/.exec(searchParams.get('options') ?? '');
  // PostgreSQL folds a name without quotes to lower case.
  const named = searchParams.get('schema')?.trim() || (path?.[1] ?? path?.[2]?.toLowerCase());
  return named === undefined || named === '$user' ? null : named;
}

/** SQL: whether a schema contains a ledger. Other tables with these names are unlikely to have these columns. Reading the catalog needs no rights on the tables. */
const hasLedger = `3 = (
  select count(distinct c.relname) from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = n.oid and c.relkind in ('r', 'p') and not a.attisdropped and (c.relname, a.attname) in
    (('requests', 'workflow_key'), ('events', 'previous_digest'), ('tasks', 'lease_owner')))`;

const isUsual = `(n.nspname in ($1, 'public') or n.nspname = any (current_schemas(false)))`;

/** The schema with the ledger, or the one for a new ledger. Throws a TwoLedgersError, or an OtherSchemaError. */
export async function findSchema(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ schema: string; isUsual: boolean }>(
    `select n.nspname as schema, ${isUsual} as "isUsual" from pg_catalog.pg_namespace n
      where (${isUsual} or has_schema_privilege(n.oid, 'USAGE')) and ${hasLedger} order by 1`,
    [usualSchema],
  );
  const [own, ...others] = rows.filter(({ isUsual }) => isUsual).map(({ schema }) => schema);
  if (own !== undefined && others.length > 0) throw new TwoLedgersError([own, ...others]);
  // A second ledger would not know the first one's open requests and freezes.
  if (own === undefined && rows.length > 0) throw new OtherSchemaError(rows.map(({ schema }) => schema));
  return own ?? usualSchema;
}

/** The server's message. The rights are checked in advance because Kysely hides this error behind its own. */
const denied = (schema: string) => `permission denied for schema ${schema}`;

const tables = [
  'requests',
  'events',
  'tasks',
  'pacing',
  'notified',
  'confirmations',
  ...logTables,
  'texts',
  'kysely_migration',
  'kysely_migration_lock',
];

/** Creates the schema if it is missing. Throws a DatabaseRightsError, or a SchemaTakenError if another application has a table with one of these names. */
export async function prepareSchema(db: Kysely<Schema>, schema: string): Promise<void> {
  const { rows } = await sql<{ isLedger: boolean; mayUse: boolean; mayCreate: boolean; taken: string | null }>`
    select ${sql.raw(hasLedger)} as "isLedger", has_schema_privilege(n.oid, 'USAGE') as "mayUse",
      has_schema_privilege(n.oid, 'CREATE') as "mayCreate", (select min(c.relname) from pg_catalog.pg_class c
      where c.relnamespace = n.oid and c.relname in (${sql.join(tables)})) as taken
    from pg_catalog.pg_namespace n where n.nspname = ${schema}`.execute(db);
  const [found] = rows;
  if (found === undefined) await db.schema.createSchema(schema).execute();
  else if (!found.mayUse || !(found.isLedger || found.mayCreate)) throw new DatabaseRightsError(denied(schema));
  else if (!found.isLedger && found.taken !== null) throw new SchemaTakenError(schema, found.taken);
}
