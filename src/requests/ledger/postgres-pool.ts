import pg from 'pg';
import { findSchema, schemaIn } from './postgres-schema.ts';

/**
 * Time limits in milliseconds, so that no replica blocks the others. The server ends statements and transactions that
 * take too long, wait for a lock or are idle.
 */
const timeLimits = { statement_timeout: 5_000, lock_timeout: 2_000, idle_in_transaction_session_timeout: 10_000 };

const settings = {
  connectionTimeoutMillis: 2_000,
  /** Opening a connection takes longer than recording a command. After a quiet time, commands of several people find some open. */
  idleTimeoutMillis: 600_000,
  /** Firewalls forget a connection on which nothing is sent. */
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** All `bigint` columns are times in milliseconds, which a number represents exactly. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Connections whose search path is the ledger's schema only: other schemas may have tables with the same names. */
export type LedgerPool = {
  readonly pool: pg.Pool;
  /** The ledger's schema; null before the first connection. */
  schema(): string | null;
};

/**
 * Connects at the first query.
 *
 * @param onBroken called when an idle connection is lost, with the server's or the system's message
 */
export function openPool(url: string, onBroken: (reason: string) => void): LedgerPool {
  let schema = schemaIn(url);
  /** As statements: a pooler such as PgBouncer refuses a connection that begins with settings that it does not know. */
  async function enter(client: pg.ClientBase): Promise<void> {
    const limits = Object.entries(timeLimits).map(([name, ms]) => `set ${name} = ${ms}`);
    await client.query(limits.join('; '));
    schema ??= await findSchema(client);
    await client.query("select set_config('search_path', quote_ident($1), false)", [schema]);
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'campaign-wf',
    types,
    ...settings,
    onConnect: enter,
  });
  // Only the message: the error also contains the client, with its connection parameters.
  pool.on('error', ({ message }) => onBroken(message));
  // If a connection in use is lost, its query fails. Without a listener the error would also end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return { pool, schema: () => schema };
}
