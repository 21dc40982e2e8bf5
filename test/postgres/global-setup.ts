import { startPostgres } from './postgres-server.ts';

/** One server for all tests; each ledger there is a database of its own. */
export default async function setUp(): Promise<void> {
  const server = await startPostgres();
  process.env.TEST_POSTGRES_URL = server.url;
  Object.assign(globalThis, { postgresOfTheTests: server });
}
