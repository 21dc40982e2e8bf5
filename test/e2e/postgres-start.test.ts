import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startBot } from '../../sandbox/bot-process.ts';
import { botEnv, type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { openLedger } from '../../src/requests/ledger/open-ledger.ts';
import { problemLine } from '../../src/settings/problem.ts';
import { readLedgerSettings } from '../../src/settings/read-settings.ts';
import { startProblem } from '../../src/start-problem.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { ledgerOptions } from '../requests/ledger/ledger.fixture.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
});

afterAll(() => sandbox.close());

const translator = translatorFor('en');

/** Starts with this database. Returns 'opened', or the problem as it is printed. */
async function start(DATABASE_URL: string): Promise<unknown> {
  const read = readLedgerSettings({ DATABASE_URL }, translator);
  if (!read.ok) return { problem: read.problems.map((problem) => problemLine(problem, translator)).join('\n') };
  try {
    await (await openLedger(ledgerOptions(read.database))).close();
    return 'opened';
  } catch (error) {
    const problem = startProblem(error, translator);
    if (problem === null) throw error;
    return { problem: problemLine(problem, translator) };
  }
}

/** The same with the whole process: exit code 0 once it was ready and stopped, or how it ended before. */
async function startProcess(DATABASE_URL: string): Promise<unknown> {
  const { slack, campaign, ledgerPath } = sandbox;
  const env = { ...botEnv(slack, campaign, 'http'), DATABASE_URL };
  const folder = ledgerPath.replace(/\/[^/]*$/, '');
  return startBot(env, folder).then(
    (bot) => bot.end('SIGTERM'),
    (error: unknown) => error,
  );
}

function containsInOrder(...words: readonly string[]) {
  return expect.stringMatching(new RegExp(words.map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')));
}

const refused = (...words: readonly string[]) => ({ problem: containsInOrder('DATABASE_URL', ...words) });
const exits2 = (...words: readonly string[]) => ({ exit: 2, output: containsInOrder('DATABASE_URL', ...words) });

/** The tables of the database, with their schema. */
async function tablesIn(url: string): Promise<readonly string[]> {
  const { rows } = await onServer(
    url,
    `select schemaname || '.' || tablename as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  return rows.map(({ name }) => name);
}

const ours = [
  ...['confirmations', 'events', 'kysely_migration', 'kysely_migration_lock'],
  ...['log_checkpoints', 'log_events', 'log_leaves', 'log_nodes', 'log_posts'],
  ...['notified', 'pacing', 'requests', 'tasks', 'texts', 'watched', 'watches'],
];
const inSchema = (schema: string) => ours.map((table) => `${schema}.${table}`);

/** A user of this database without further privileges. */
async function newUser(url: string, password = 'pretend'): Promise<{ name: string; url: string }> {
  const name = `user_${randomBytes(4).toString('hex')}`;
  await onServer(url, `create role ${name} login password '${password}'`);
  await onServer(url, 'revoke create on schema public from public');
  const at = new URL(url);
  return { name, url: `postgres://${name}:${password}@${at.host}${at.pathname}` };
}

it('a user without the right to create is refused with exit 2 and advice, and leaves nothing behind', async () => {
  const database = await newDatabase();
  const user = await newUser(database);
  expect(await startProcess(user.url)).toMatchObject(
    exits2('permission denied for database', 'create schema campaign_wf authorization'),
  );
  expect(await tablesIn(database)).toEqual([]);
  await onServer(database, 'create schema campaign_wf');
  expect(await startProcess(user.url)).toMatchObject(exits2('permission denied for schema campaign_wf'));
  expect(await tablesIn(database)).toEqual([]);
  await onServer(database, `alter schema campaign_wf owner to ${user.name}`);
  expect(await startProcess(user.url)).toBe(0);
  expect(await tablesIn(database)).toEqual(inSchema('campaign_wf'));
});

it.each(['kysely_migration', 'requests', 'tasks', 'events'])(
  'a table %s of another application is not touched: the ledger has its own schema, and is refused in that one',
  async (table) => {
    const database = await newDatabase();
    await onServer(database, `create table ${table} (name text, timestamp text)`);
    await onServer(database, `insert into ${table} values ('0001_users', 'then')`);
    const result = await start(`${database}?schema=public`);
    expect(result).toMatchObject(refused(`public.${table} belongs to another application`));
    expect(await tablesIn(database)).toEqual([`public.${table}`]);
    expect(await start(database)).toBe('opened');
    expect(await tablesIn(database)).toEqual([...inSchema('campaign_wf'), `public.${table}`]);
    expect((await onServer(database, `select * from public.${table}`)).rows).toHaveLength(1);
  },
);

it.each([
  ['requests', 'create view campaign_wf.requests as select 1 as id'],
  ['pacing', 'create table campaign_wf.pacing (id integer)'],
  ['events', 'create domain campaign_wf.events as text'],
  ['requests_by_end', 'create table campaign_wf.x (id integer); create index requests_by_end on campaign_wf.x (id)'],
  [
    'refuse_change_of_events',
    "create function campaign_wf.refuse_change_of_events() returns integer language sql as 'select 1'",
  ],
])('another application has %s of any kind in the schema of the ledger, and is named', async (name, made) => {
  const database = await newDatabase();
  await onServer(database, `create schema campaign_wf; ${made}`);
  const before = await tablesIn(database);
  expect(await start(database)).toMatchObject(refused(`campaign_wf.${name} belongs to another application`));
  expect(await tablesIn(database)).toEqual(before);
});

it('a user who may only read the ledger is refused', async () => {
  const database = await newDatabase();
  await (await openLedger(ledgerOptions({ kind: 'postgres', url: database }))).close();
  const { name, url } = await newUser(database);
  await onServer(database, `grant usage on schema campaign_wf to ${name}`);
  await onServer(database, `grant select on all tables in schema campaign_wf to ${name}`);
  expect(await start(url)).toMatchObject(refused('permission denied for table'));
  await onServer(database, `grant insert, update, delete on all tables in schema campaign_wf to ${name}`);
  expect(await start(url)).toBe('opened');
});

it('a search path in the URL is parsed as PostgreSQL does', async () => {
  const database = await newDatabase();
  expect(await start(`${database}?options=-c%20search_path%3DLedgers`)).toBe('opened');
  expect(await start(`${database}?options=--search-path%3DLedgers`)).toBe('opened');
  expect(await tablesIn(database)).toEqual(inSchema('ledgers'));
});

it('a ledger in public is used there, and of two the URL must name one', async () => {
  const database = await newDatabase();
  await (await openLedger(ledgerOptions({ kind: 'postgres', url: `${database}?schema=public` }))).close();
  expect(await start(database)).toBe('opened');
  expect(await tablesIn(database)).toEqual(inSchema('public'));
  expect(await start(`${database}?schema=campaign_wf`)).toBe('opened');
  expect(await start(database)).toMatchObject(
    refused('more than one ledger (in the schemas campaign_wf, public)', '?schema='),
  );
  expect(await start(`${database}?options=-c%20search_path%3Dpublic`)).toBe('opened');
});

it('beside a ledger in a schema that the URL does not name, none is created unless the URL names it', async () => {
  const database = await newDatabase();
  expect(await start(`${database}?schema=third`)).toBe('opened');
  for (const path of ['', '?options=-c%20search_path%3D%22%24user%22', '?options=-c%20lock_timeout%3D1s']) {
    expect(await start(database + path)).toMatchObject(refused('a ledger in another schema (third)', '?schema='));
    expect(await tablesIn(database)).toEqual(inSchema('third'));
  }
  const otherUser = await newUser(database);
  await onServer(database, `create schema campaign_wf authorization ${otherUser.name}`);
  expect(await start(otherUser.url)).toBe('opened');
  expect(await start(`${database}?schema=third`)).toBe('opened');
  expect(await start(`${database}?schema=campaign_wf`)).toBe('opened');
});

it.each([
  ['100%', '100%'],
  ['p%zz w', 'p%zz w'],
  ['%E4%zz', '%E4%zz'],
  ['a%40b%23', 'a@b#'],
])('the password %s in the URL is the password %s', async (written, password) => {
  const database = await newDatabase();
  const user = await newUser(database, password);
  await onServer(database, `create schema authorization ${user.name}`);
  await onServer(database, `alter schema ${user.name} rename to campaign_wf`);
  const url = new URL(database);
  expect(await start(`postgres://${user.name}:${written}@${url.host}${url.pathname}`)).toBe('opened');
  const wrong = await startProcess(`postgres://${user.name}:${written}x@${url.host}${url.pathname}`);
  expect(wrong).toMatchObject(exits2('password authentication failed'));
  expect(wrong).toMatchObject({ output: expect.not.stringContaining(password) });
});

it.each([
  [
    'does not exist',
    (url: URL) => Object.assign(url, { pathname: '/nowhere' }).href,
    'database "nowhere" does not exist',
  ],
  ['has no TLS, which the URL requires', (url: URL) => `${url.href}?sslmode=verify-full`, 'does not support SSL'],
  [
    'needs a certificate file that does not exist',
    (url: URL) => `${url.href}?sslrootcert=/nowhere.pem`,
    '/nowhere.pem',
  ],
  ['has a # in its password', () => 'postgres://u:12#3@127.0.0.1/d', 'write # as %23'],
  ['has a / in its password', () => 'postgres://u:12/3@127.0.0.1/d', 'write # as %23'],
])('a database that %s is refused with an explanation', async (_what, wrong, words) => {
  expect(await start(wrong(new URL(await newDatabase())))).toMatchObject(refused(words));
});
