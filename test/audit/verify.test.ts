import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Checkpoint } from '../../src/requests/ledger/log/checkpoints.ts';
import { witnessLine } from '../../src/requests/ledger/log/witness-lines.ts';
import { formatCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { emptyRoot } from '../../src/transparency-log/tree.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

const run = (url: string, ...args: readonly string[]) => runAudit(url, ['verify', ...args]);
const here = ({ database }: OpenedLedger, ...args: readonly string[]) => auditHere(database, ['verify', ...args]);

it.concurrent.each(['sqlite', 'postgres'] as const)(
  'a record on %s is said to be sound, or what is wrong with it',
  async (engine) => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await storeRequest(opened.ledger, submission('8K3M9QPB', { workflowId: 'WKF2' }));
    await opened.ledger.seal();
    expect(await run(urlOf(opened))).toEqual({
      code: 0,
      stdout: [
        '2 requests with 5 events: every one follows from those before it.',
        'The log with 6 places is whole.\n',
      ].join('\n'),
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

it.concurrent('a terminal shows how many events and places are verified', async () => {
  await using opened = await newLedger();
  for (const id of ['7K3M9QPA', '8K3M9QPB'])
    await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...underWay);
  await opened.ledger.seal();
  const shown: string[] = [];
  await auditHere(opened.database, ['verify'], { progress: shown });
  expect(shown).toEqual(['4 of 8 events', '8 of 8 events', 'Log: 9 of 9 places']);
});

it.concurrent('what was recorded just now waits for its place', async () => {
  await using opened = await newLedger();
  opened.clock.now = Date.now() + 9_000;
  await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  const { code, stdout } = await here(opened);
  expect(code).toBe(0);
  expect(stdout).toContain('4 events were recorded a moment ago and get their place in the log within seconds.');
});

describe.each(['sqlite', 'postgres'] as const)('the log on %s', (engine) => {
  it('is compared with a checkpoint that was kept, as a message shows it, as text and as a file', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
    await opened.ledger.seal();
    const { size, root, note } = opened.ledger.checkpoint();
    const file = `${newLedgerPath()}.txt`;
    writeFileSync(file, note);
    for (const kept of [`${size}·${root.slice(0, 16)}`, note, note.trimEnd(), file]) {
      const { code, stdout } = await here(opened, '--checkpoint', kept);
      expect([code, stdout]).toEqual([0, expect.stringContaining('The log with 5 places is whole.')]);
    }
    const later = await here(opened, '--checkpoint', `${size + 1}·${root.slice(0, 16)}`);
    expect(later.code).toBe(1);
    expect(later.stdout).toContain('Log: it has 5 places, and the given checkpoint counts 6.');
    const other = await here(opened, '--checkpoint', `${size}·${'0'.repeat(16)}`);
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('Log: the given checkpoint of size 5 is of another log.');
    expect(other.stdout).toContain('The log cannot be trusted: 1 problem.');
  });

  it('is compared with every line of a witness file, whose last line may have been cut off', async () => {
    const kept: Checkpoint[] = [];
    await using opened = await newLedger(engine, { onCheckpoint: (checkpoint) => kept.push(checkpoint) });
    for (const id of ['7K3M9QPA', '8K3M9QPB', '9K3M9QPC']) {
      await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...underWay);
      await opened.ledger.seal();
    }
    const file = `${newLedgerPath()}.jsonl`;
    const lines = (checkpoints: readonly Checkpoint[]) => checkpoints.map(witnessLine).join('');
    writeFileSync(file, `${lines(kept)}${witnessLine(opened.ledger.checkpoint()).slice(0, 99)}`);
    const whole = await here(opened, '--checkpoint', file);
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('The log with 13 places is whole.')]);
    expect(whole.stderr).toBe(`${file}: line 5 is cut off or no checkpoint, and was not compared.\n`);
    const other = kept.map(({ size, note, ...one }) => {
      const changed = size === 5 || size === 9 ? note.replace(/\n[^\n]+\n$/, `\n${'0'.repeat(43)}=\n`) : note;
      return { ...one, size, note: changed };
    });
    writeFileSync(file, `${lines(other)}\n`);
    const rewritten = await here(opened, '--checkpoint', file);
    expect([rewritten.code, rewritten.stderr]).toEqual([1, '']);
    expect(rewritten.stdout).toContain('the given checkpoint of size 5 is of another log (so is 1 other).');
    const later = [14, 15, 16].map((size) => ({ ...opened.ledger.checkpoint(), size }));
    const larger = later.map((one) => ({ ...one, note: one.note.replace('\n13\n', `\n${one.size}\n`) }));
    writeFileSync(file, lines([...kept, ...larger]));
    const behind = await here(opened, '--checkpoint', file);
    expect(behind.code).toBe(1);
    expect(behind.stdout).toContain('the given checkpoint counts 16 (2 others are too large as well).');
    writeFileSync(file, '{"time":"2026-11-10T12:00:00.000Z"}\n');
    expect((await here(opened, '--checkpoint', file)).code).toBe(2);
  });

  it('names a request that was removed with all its rows, also the newest one', async () => {
    await using opened = await newLedger(engine);
    for (const id of ['7K3M9QPA', '8K3M9QPB']) {
      await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...underWay);
    }
    await opened.ledger.seal();
    const trigger = { sqlite: 'drop trigger events_no_delete', postgres: 'drop trigger events_no_change on events' };
    await opened.query(trigger[engine]);
    const tables = { confirmations: 'request', tasks: 'request', events: 'request', requests: 'id' };
    for (const [table, column] of Object.entries(tables)) {
      await opened.query(`delete from ${table} where ${column} = '8K3M9QPB'`);
    }
    const { code, stdout } = await here(opened);
    expect(code).toBe(1);
    expect(stdout).toContain('8K3M9QPB: the request was removed, with its 4 events. The log has their places.');
  });
});

it.concurrent('a witness file with 100,000 lines is read as a stream', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  await opened.ledger.seal();
  const { note, ...newest } = opened.ledger.checkpoint();
  const [origin = ''] = note.split('\n');
  const lines = Array.from({ length: 100_000 }, (_, index) => {
    const [size, root] = [index + 6, Buffer.alloc(32, index)];
    return witnessLine({ at: newest.at, note: formatCheckpoint({ origin, size, root }) });
  });
  const file = `${newLedgerPath()}.jsonl`;
  writeFileSync(file, lines.join(''));
  const { code, stdout } = await here(opened, '--checkpoint', file);
  expect(code).toBe(1);
  expect(stdout).toContain('the given checkpoint counts 100005 (99,999 others are too large as well).');
});

const empty = formatCheckpoint({ origin: 'log.example', size: 0, root: emptyRoot });

it.concurrent.each([
  '',
  'nothing',
  '12·9ae1',
  '/nowhere/checkpoint.txt',
  tmpdir(),
  'long '.repeat(100),
  `0·${'0'.repeat(16)}`,
  empty,
])('“%s” is no checkpoint', async (typed) => {
  await using opened = await newLedger();
  const { code, stdout, stderr } = await here(opened, `--checkpoint=${typed}`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(typed === '' ? /needs a value/ : /is neither a checkpoint nor a file with one/);
});

it.concurrent('of one request, typed in any case, its events are listed with their digests', async () => {
  await using opened = await newLedger();
  const { firstDigest } = await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  await opened.ledger.seal();
  const { code, stdout } = await here(opened, '7k3m9qpa');
  expect(code).toBe(0);
  const [first, ...more] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^ {2}1 {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}requested +[0-9a-f]{64}$/);
  expect(first).toContain(firstDigest);
  expect(more).toHaveLength(underWay.length + 1);
});

it.concurrent('a request that is not there is said not to be', async () => {
  await using opened = await newLedger();
  const { code, stdout } = await here(opened, '7K3M9QPA');
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
  const { code, stdout, stderr } = await here(opened);
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
