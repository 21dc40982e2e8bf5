import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from './postgres-server.ts';

const compileCache = fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url));
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/**
 * One server for all tests; each ledger there is a database of its own. And one folder in which Node keeps what it compiled,
 * for all processes that the tests start. `npm run mutate` runs the tests often, and brings both.
 */
export default async function setUp(): Promise<void> {
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  const starting = process.env.TEST_POSTGRES_URL === undefined ? startPostgres() : null;
  const [server] = await Promise.all([starting, fillCompileCache(process.env.NODE_COMPILE_CACHE)]);
  if (server === null) return;
  process.env.TEST_POSTGRES_URL = server.url;
  Object.assign(globalThis, { postgresOfTheTests: server });
}

/** A process without settings loads everything and ends. One that is killed keeps nothing of what it compiled. */
async function fillCompileCache(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const env = { NODE_COMPILE_CACHE: folder };
  await promisify(execFile)(process.execPath, [main], { env, cwd: '/' }).catch(() => {});
}
