import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import type { Schema } from './tables.ts';

/** Where a new ledger stands unless the URL says otherwise: in `public` its tables would meet those of other applications. */
export const usualSchema = 'campaign_wf';

/** Two schemas have a ledger, and nothing says which one is meant. */
export class TwoLedgersError extends Error {
  override name = 'TwoLedgersError';
  readonly schemas: readonly string[];

  constructor(schemas: readonly string[]) {
    super(`there are ledgers in the schemas ${schemas.join(' and ')}`);
    this.schemas = schemas;
  }
}

/** The only ledger stands in a schema that is neither the usual one nor the one of the URL. */
export class OtherSchemaError extends Error {
  override name = 'OtherSchemaError';
  readonly schemas: readonly string[];

  constructor(schemas: readonly string[]) {
    super(`the URL does not name the schema of the ledger: ${schemas.join(', ')}`);
    this.schemas = schemas;
  }
}

/** A table that is not ours has a name that the ledger needs. */
export class SchemaTakenError extends Error {
  override name = 'SchemaTakenError';
  readonly table: string;

  constructor(schema: string, table: string) {
    super(`${schema}.${table} belongs to another application`);
    this.table = `${schema}.${table}`;
  }
}

/** The user of the URL may not make what the ledger needs. The message is the server's. */
export class DatabaseRightsError extends Error {
  override name = 'DatabaseRightsError';
}

/** What the URL says: `?schema=name`, or PostgreSQL's own `?options=-c search_path=name`. */
export function schemaIn(url: string): string | null {
  const { searchParams } = new URL(url);
  const path = /search[_-]path\s*=\s*(?:"([^"]+)"|([^\s",]+))/.exec(searchParams.get('options') ?? '');
  // PostgreSQL reads a name without quotes in lower case.
  const named = searchParams.get('schema')?.trim() || (path?.[1] ?? path?.[2]?.toLowerCase());
  return named === undefined || named === '$user' ? null : named;
}

/** Tables of other applications may have the same names, but hardly these columns. The catalog can be read without rights on the tables. */
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
  // A new ledger beside it would not know what is open there, nor a freeze.
  if (own === undefined && rows.length > 0) throw new OtherSchemaError(rows.map(({ schema }) => schema));
  return own ?? usualSchema;
}

/** As the server says it; asked beforehand, for Kysely hides that error behind one of its own. */
const denied = (schema: string) => `permission denied for schema ${schema}`;

const tables = ['requests', 'events', 'tasks', 'pacing', 'notified', 'kysely_migration', 'kysely_migration_lock'];

/** Makes the schema where it is missing. Throws a DatabaseRightsError, or a SchemaTakenError where another application has a table of these names in it. */
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
