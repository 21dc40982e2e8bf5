import { randomBytes } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { numberOf } from './statement.ts';

/**
 * The same pool for Kysely. The server parses each of the ledger's statements once for each connection, and plans most of
 * them once: to do so takes it several times as long as to execute them. Other statements are sent as they are.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  // Kysely keeps what it knows of a connection by its client.
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const prepared = known.get(client) ?? preparingClient(client);
      known.set(client, prepared);
      return prepared;
    },
    end: () => pool.end(),
  };
}

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  let session = newSession();
  const query = async (text: string, parameters: readonly unknown[]) => {
    const [number, values] = [numberOf(text), [...parameters]];
    if (number === undefined) return client.query(text, values);
    try {
      return await client.query({ name: `${session}_${number}`, text, values });
    } catch (error) {
      // The transaction has failed. The next one prepares every statement again, under other names.
      if (isStalePlan(error)) session = newSession();
      throw error;
    }
  };
  return Object.assign(Object.create(client), { query });
}

/** Random, so that a pooler that gives one server connection to several clients in turn never executes one's statement for another. */
function newSession(): string {
  return randomBytes(9).toString('base64url');
}

/** SQLSTATE: no such prepared statement, or one of that name exists. */
const otherSession = /^(26000|42P05)$/;

/**
 * Whether a statement can succeed once it is prepared again: a migration has changed the type of a column that it returns
 * (the server has no SQLSTATE of its own for that), or the pooler has given the client another server connection.
 */
export function isStalePlan(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.routine === 'RevalidateCachedQuery' || otherSession.test(error.code ?? '');
}
