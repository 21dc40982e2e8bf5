import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A new and empty database on that server, as its URL. */
export async function newDatabase(server = process.env.TEST_POSTGRES_URL): Promise<string> {
  if (server === undefined) throw new Error('there is no PostgreSQL server');
  const name = `ledger_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

/** Says something to the server over a connection of its own. */
export async function onServer(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
