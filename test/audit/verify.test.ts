import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { runAudit, urlOf } from './run-audit.ts';

const run = (url: string, ...args: readonly string[]) => runAudit(url, ['verify', ...args]);

it.concurrent.each(['sqlite', 'postgres'] as const)(
  'a record on %s is said to be sound, or what is wrong with it',
  async (engine) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await storeRequest(opened.ledger, submission('8K3M9QPB', { workflowId: 'WKF2' }));
    await opened.ledger.seal();
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
  await opened.ledger.seal();
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

it.concurrent.each(['sqlite', 'postgres'] as const)('a ledger on %s of a newer version is not read', async (engine) => {
  await using opened = await newLedger(engine);
  await opened.query(
    "insert into kysely_migration (name, timestamp) values ('9999-of-tomorrow', '2099') returning name",
  );
  const { code, stdout, stderr } = await run(urlOf(opened));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^A newer campaign-wf has worked with the ledger .+\. Use that version to read it\.\n$/);
});

it.concurrent('it is what “npm run verify” runs, with what is typed after it', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  await opened.ledger.seal();
  const env = { ...process.env, DATABASE_URL: urlOf(opened) };
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const verified = promisify(execFile)('npm', ['run', '--silent', 'verify', '--', '7K3M9QPA'], { env, cwd });
  expect((await verified).stdout).toMatch(/^ {2}1 .* requested .*\n1 request with 1 event: /);
});
