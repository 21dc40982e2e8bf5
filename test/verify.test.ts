import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { newDatabase, onServer } from './postgres/new-database.ts';
import { newLedger, type OpenedLedger, storeRequest, submission } from './requests/ledger/ledger.fixture.ts';
import { underWay } from './requests/request.fixture.ts';
import { newLedgerPath } from './requests/scene/ledger-path.fixture.ts';

const program = fileURLToPath(new URL('../src/verify.ts', import.meta.url));

type Ended = { code: number; stdout: string; stderr: string };

async function run(DATABASE_URL: string, ...args: readonly string[]): Promise<Ended> {
  const command = ['--disable-warning=ExperimentalWarning', program, ...args];
  const { NODE_COMPILE_CACHE } = process.env;
  const options = { env: { DATABASE_URL, NODE_COMPILE_CACHE }, cwd: tmpdir() };
  const running = promisify(execFile)(process.execPath, command, options);
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

function urlOf({ database }: OpenedLedger): string {
  return database.kind === 'postgres' ? database.url : `sqlite:${database.path}`;
}

it.concurrent.each(['sqlite', 'postgres'] as const)(
  'a record on %s is said to be sound, or what is wrong with it',
  async (engine) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await storeRequest(opened.ledger, submission('8K3M9QPB', { workflowId: 'WKF2' }));
    expect(await run(urlOf(opened))).toEqual({
      code: 0,
      stdout: '2 requests with 5 events: every one follows from those before it.\n',
      stderr: '',
    });
    await opened.query("update requests set head_sequence = 3 where id = '7K3M9QPA'");
    const { code, stdout } = await run(urlOf(opened));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^7K3M9QPA: events at its end were removed or added\.\n1 request cannot be trusted, 2 were verified\./,
    );
  },
);

it.concurrent('of one request, typed in any case, its events are listed with their digests', async () => {
  await using opened = await newLedger();
  const { firstDigest } = await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  const { code, stdout } = await run(urlOf(opened), '7k3m9qpa');
  expect(code).toBe(0);
  const [first, ...more] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^ {2}1 {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}requested +[0-9a-f]{64}$/);
  expect(first).toContain(firstDigest);
  expect(more).toHaveLength(underWay.length + 1);
});

it.concurrent('a request that is not there is said not to be', async () => {
  await using opened = await newLedger();
  const { code, stdout } = await run(urlOf(opened), '7K3M9QPA');
  expect(code).toBe(1);
  expect(stdout).toContain('7K3M9QPA: there is no such request in this ledger.');
});

const translator = 'The bot makes it at its first start; if it has run already, check DATABASE_URL';

it.concurrent.each(['data/nowhere.sqlite', './nowhere.sqlite', '../nowhere/nowhere.sqlite'])(
  'before the first start, %s is named with its whole path, and not made',
  async (path) => {
    const whole = resolve(tmpdir(), path);
    for (const _again of [1, 2]) {
      const { code, stderr } = await run(`sqlite:${path}`);
      expect(code).toBe(1);
      expect(stderr).toContain(`There is no ledger at ${whole}. ${translator}`);
    }
    expect(existsSync(whole)).toBe(false);
  },
);

it.concurrent('a SQLite file without a ledger in it is named', async () => {
  const path = newLedgerPath();
  writeFileSync(path, '');
  expect((await run(`sqlite:${path}`)).stderr).toContain(`There is no ledger at ${path}. ${translator}`);
});

it.concurrent('a PostgreSQL database without a ledger is named without its password', async () => {
  const url = new URL(await newDatabase());
  await onServer(url.href, 'create table events (name text)');
  const { host, pathname } = url;
  const { code, stderr } = await run(url.href);
  expect(code).toBe(1);
  expect(stderr).toContain(`There is no ledger at postgres://${host}${pathname}. ${translator}`);
  url.password = 'not-the-password';
  const refused = await run(url.href);
  expect(refused.stderr).toContain(`The ledger postgres://${host}${pathname} cannot be read: `);
  expect(refused.stderr).not.toContain('not-the-password');
});

it.concurrent('a ledger that cannot be read is named with why', async () => {
  const path = newLedgerPath();
  writeFileSync(path, 'not a database, and longer than any header would be'.repeat(99));
  const { code, stderr } = await run(`sqlite:${path}`);
  expect(code).toBe(1);
  expect(stderr).toBe(`The ledger ${path} cannot be read: file is not a database\n`);
});

it.concurrent('an address that is none is a matter of settings', async () => {
  const { code, stderr } = await run('mysql://db');
  expect(code).toBe(2);
  expect(stderr).toContain('DATABASE_URL is not a database');
});
