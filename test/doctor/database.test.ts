import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { checkDisk } from '../../src/doctor/checks/database-check.ts';
import type { Finding as Reported } from '../../src/doctor/finding.ts';
import { formatSigningKey, generateKey } from '../../src/transparency-log/keys.ts';
import { urlOf } from '../audit/run-audit.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { copyOfKept } from '../requests/ledger/kept/open-kept.ts';
import { engines, newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { examine, newFolder } from './examine.ts';

const only = 'database';
const lookAt = (DATABASE_URL: string, more: Record<string, string> = {}) =>
  examine({ DATABASE_URL, ...more }, { only });

describe.each(engines)('%s', (engine) => {
  it('a ledger that can be used, beside the bot, with the head of its record', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('R1'));
    await opened.ledger.seal();
    const { exit, named, findings } = await lookAt(urlOf(opened));
    expect(exit).toBe(0);
    expect(named('database_ready')).toMatchObject([{ version: expect.stringMatching(/^(SQLite|PostgreSQL) \d+\./) }]);
    expect(named('record_head')).toMatchObject([{ events: expect.any(Number), head: expect.stringMatching(/^\d+·/) }]);
    expect(findings.some(({ level }) => level === 'failure')).toBe(false);
    // The bot goes on.
    await storeRequest(opened.ledger, submission('R2', { workflowId: 'WKF111' }));
  });

  it('an older ledger, which the next start migrates, and this does not', async () => {
    const database = await copyOfKept(engine, '2026-11');
    const url = database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url;
    const first = await lookAt(url);
    expect(first.exit).toBe(0);
    expect(first.named('database_to_migrate')).toMatchObject([{ level: 'warning', count: expect.any(Number) }]);
    expect((await lookAt(url)).named('database_to_migrate')).toEqual(first.named('database_to_migrate'));
  });

  it('a ledger that a newer version has worked with', async () => {
    await using opened = await newLedger(engine);
    await opened.query(`insert into kysely_migration values ('9999 newer', '2030-01-01')`);
    const { exit, named } = await lookAt(urlOf(opened));
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('a newer campaign-wf has worked with');
  });

  it('a record with a key, and settings without it or with another one', async () => {
    const logKey = generateKey('campaign-wf');
    await using opened = await newLedger(engine, { logKey });
    await storeRequest(opened.ledger, submission('R1'));
    await opened.ledger.seal();
    const url = urlOf(opened);
    const right = await lookAt(url, { CAMPAIGN_WF_LOG_KEY: formatSigningKey(logKey) });
    expect([right.exit, ...right.named('log_key_missing'), ...right.named('log_key_begins')]).toEqual([0]);
    const missing = await lookAt(url);
    expect([missing.exit, missing.named('log_key_missing').length]).toEqual([1, 1]);
    const other = formatSigningKey(generateKey('campaign-wf'));
    const begins = await lookAt(url, { CAMPAIGN_WF_LOG_KEY: other });
    expect([begins.exit, begins.named('log_key_begins').length]).toEqual([0, 1]);
    expect(begins.output).not.toContain(other);
  });
});

describe('a SQLite file', () => {
  it('that does not exist is made by the first start, and not here', async () => {
    const path = join(newFolder(), 'new', 'ledger.sqlite');
    const { exit, named } = await lookAt(`sqlite:${path}`);
    expect(exit).toBe(0);
    expect(named('database_new')).toMatchObject([{ place: path }]);
    expect(named('disk_free').concat(named('disk_low'))).toHaveLength(1);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is left as it was, with no other file beside it', async () => {
    await using opened = await newLedger('sqlite');
    await storeRequest(opened.ledger, submission('R1'));
    await opened.ledger.close();
    const folder = dirname(opened.path);
    const before = [readdirSync(folder), statSync(opened.path).mtimeMs, statSync(opened.path).size];
    expect((await lookAt(`sqlite:${opened.path}`)).named('database_ready')).toHaveLength(1);
    expect([readdirSync(folder), statSync(opened.path).mtimeMs, statSync(opened.path).size]).toEqual(before);
    await opened.reopen();
  });

  it('in a folder that cannot be made', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const { exit, named } = await lookAt(`sqlite:${join(file, 'ledger.sqlite')}`);
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('(ENOTDIR)');
  });

  it('that is no database', async () => {
    const path = join(newFolder(), 'ledger.sqlite');
    writeFileSync(path, 'not a database, but a text that is long enough to be taken for a page of one');
    const { exit, named } = await lookAt(`sqlite:${path}`);
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('file is not a database');
  });

  it('that is a folder', async () => {
    const path = join(newFolder(), 'ledger.sqlite');
    mkdirSync(path);
    expect((await lookAt(`sqlite:${path}`)).exit).toBe(1);
  });

  it('of another program is one to which the ledger is added', async () => {
    const path = join(newFolder(), 'other.sqlite');
    const other = new DatabaseSync(path);
    other.exec('create table other (x)');
    other.close();
    expect((await lookAt(`sqlite:${path}`)).named('database_new')).toHaveLength(1);
  });
});

it('a disk without space', async () => {
  // The file systems of the kernel have none.
  if (!existsSync('/proc')) return;
  const reported: Reported[] = [];
  await checkDisk('/proc', (finding) => reported.push(finding));
  expect(reported).toEqual([{ level: 'failure', name: 'disk_low', values: { place: '/proc', megabytes: 0 } }]);
});

describe('a PostgreSQL server', () => {
  it('that does not answer, without its password', async () => {
    const { exit, named, output } = await lookAt('postgres://bot:s3cret-word@127.0.0.1:1/campaign');
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('ECONNREFUSED');
    expect(output).not.toContain('s3cret-word');
  });

  it('that refuses the password', async () => {
    const url = Object.assign(new URL(await newDatabase()), { username: 'nobody', password: 'wrong-word' }).href;
    const { exit, named, output } = await lookAt(url);
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('DATABASE_URL');
    expect(output).not.toContain('wrong-word');
  });

  it('with an empty database is ready for the first start, which creates nothing here', async () => {
    const url = await newDatabase();
    const { exit, named } = await lookAt(url);
    expect(exit).toBe(0);
    expect(named('database_new')).toHaveLength(1);
    const { rows } = await onServer(url, `select 1 from pg_namespace where nspname = 'campaign_wf'`);
    expect(rows).toEqual([]);
  });

  it('whose user may not create the tables, or not write into them', async () => {
    const url = await newDatabase();
    const name = `reader_${new URL(url).pathname.slice(-12)}`;
    await onServer(url, `create role ${name} login password 'reader-word'`);
    const asReader = Object.assign(new URL(url), { username: name, password: 'reader-word' }).href;
    const before = await lookAt(asReader);
    expect(before.exit).toBe(1);
    expect(before.named('database_unusable')[0]?.message).toContain('permission denied');
    await using opened = await newLedger('postgres', { database: { kind: 'postgres', url } });
    await opened.query(`grant usage on schema campaign_wf to ${name}`);
    await opened.query(`grant select on all tables in schema campaign_wf to ${name}`);
    const after = await lookAt(asReader);
    expect(after.exit).toBe(1);
    expect(after.named('database_unusable')[0]?.message).toContain('permission denied');
  });

  it('of an older ledger, whose user may not change its tables', async () => {
    const database = await copyOfKept('postgres', '2026-11');
    const url = database.kind === 'postgres' ? database.url : '';
    const name = `reader_${new URL(url).pathname.slice(-12)}`;
    await onServer(url, `create role ${name} login password 'reader-word'`);
    await onServer(url, `grant usage on schema campaign_wf to ${name}`);
    await onServer(url, `grant select on all tables in schema campaign_wf to ${name}`);
    const { exit, named } = await lookAt(Object.assign(new URL(url), { username: name, password: 'reader-word' }).href);
    expect(exit).toBe(1);
    expect(named('database_unusable')[0]?.message).toContain('permission denied');
  });
});
