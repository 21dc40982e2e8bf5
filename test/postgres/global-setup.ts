import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from './postgres-server.ts';

const compileCache = fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url));
const main = fileURLToPath(new URL('../../start/main.js', import.meta.url));

/**
 * One database server for all tests, in which each ledger has its own database; one build of the sandbox's page; and one
 * folder for what Node compiles in the processes that the tests start. `npm run mutate` runs the tests often, and provides
 * the server and that folder. What the planner knows of a table is what a test lets it analyze. The bot is bundled before the tests, so that the first ones to start it do not all do so.
 */
export default async function setUp(): Promise<void> {
  const builds = await mkdtemp(join(tmpdir(), 'campaign-wf-page-'));
  process.env.SANDBOX_PAGE_BUILD = join(builds, 'page');
  Object.assign(globalThis, { pageBuildsOfTheTests: builds });
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  const starting = process.env.TEST_POSTGRES_URL === undefined ? startPostgres({ vacuums: false }) : null;
  if (starting === null) return;
  const [server] = await Promise.all([starting, bundle()]);
  process.env.TEST_POSTGRES_URL = server.url;
  Object.assign(globalThis, { postgresOfTheTests: server });
}

/** Without settings, the bot ends at once. */
async function bundle(): Promise<void> {
  await promisify(execFile)(process.execPath, [main], { env: {}, cwd: '/' }).catch(() => {});
}
