import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { orderErasure } from '../../src/requests/ledger/erasure/erasure-orders.ts';
import { formatSigningKey, generateKey } from '../../src/transparency-log/keys.ts';
import { alice, type Conversation, inSandbox, requestId } from '../e2e/people.ts';
import { newDatabase, onServer } from '../postgres/new-database.ts';
import { runAudit } from './run-audit.ts';

const secret = 'Frau Müller hat sich vertan';
const why = 'GDPR request 12';
const key = generateKey('log.example');

const urlOf = ({ ledgerPath }: Sandbox) => `sqlite:${ledgerPath}`;

/** A pause that has ended, with a reason. */
async function paused({ type, announced }: Conversation): Promise<string> {
  await type(alice, `pause WKF200 ${secret}`);
  return requestId(await announced('WKF200', 'accepted'));
}

function query({ ledgerPath }: Sandbox, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(ledgerPath, { timeout: 5_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** What `history` shows of the workflow. */
async function historyOf({ ask }: Conversation): Promise<string> {
  return (await ask(alice, 'history WKF200')).text;
}

const erasures = "select sequence, data from events where type = 'text_erased'";

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

/** Whether somebody could write into the ledger now. */
function isWritable({ ledgerPath }: Sandbox): boolean {
  const database = new DatabaseSync(ledgerPath);
  try {
    database.exec('begin immediate; rollback');
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

/** Suspends the bot between two of its transactions: within one, nobody else could write. */
async function standStill(sandbox: Sandbox): Promise<void> {
  const { pid } = sandbox.bot();
  for (;;) {
    process.kill(pid, 'SIGSTOP');
    await wait(20);
    if (isWritable(sandbox)) return;
    process.kill(pid, 'SIGCONT');
    await wait(20);
  }
}

/** Starts the program while the bot stands still, and waits until it has left its order. */
async function orderWhileStill(sandbox: Sandbox, id: string) {
  await standStill(sandbox);
  const program = fileURLToPath(new URL('../../src/audit.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', program, 'erase', id, '--because', why];
  const running = spawn(process.execPath, args, { env: { DATABASE_URL: urlOf(sandbox) }, cwd: tmpdir() });
  const exited = once(running, 'exit');
  await until(() => query(sandbox, 'select * from erasures').length === 1);
  return { running, exited };
}

it('beside a busy bot that owns a SQLite ledger, it is erased from its files, and the bot answers meanwhile', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, type } = talk;
    const id = await paused(talk);
    expect(await historyOf(talk)).toContain(secret);
    let isBusy = true;
    const acknowledged: string[] = [];
    const busy = (async () => {
      for (let n = 300; isBusy; n++) acknowledged.push(await type(alice, `pause WKF${n} wrong list`));
    })();
    const { code, stdout, stderr } = await runAudit(urlOf(sandbox), ['erase', id, '--because', why, '--by', 'dpo']);
    isBusy = false;
    await busy;
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringContaining(`What people wrote in ${id}`)]);
    expect(acknowledged.length).toBeGreaterThan(5);
    for (const text of acknowledged) expect(text).toMatch(/^Asked: |^$/);
    expect(query(sandbox, erasures)).toEqual([
      { sequence: expect.any(Number), data: JSON.stringify({ by: 'dpo', because: why, sequences: [1] }) },
    ]);
    for (const end of ['', '-wal']) expect(readFileSync(`${sandbox.ledgerPath}${end}`, 'utf8')).not.toContain(secret);
    expect(query(sandbox, 'select done_at from erasures')).toEqual([{ done_at: expect.any(Number) }]);
    await until(() => query(sandbox, 'select id from requests where head_sequence > sealed_sequence').length === 0);
    const verified = await runAudit(urlOf(sandbox), ['verify']);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(`${id}: 2 texts were erased`)]);
    expect(await historyOf(talk)).not.toContain(secret);
  }));

it('an order outlives a kill of the bot, and is carried out once by the next one', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox } = talk;
    const id = await paused(talk);
    const { exited } = await orderWhileStill(sandbox, id);
    await sandbox.restart('SIGKILL');
    await until(() => query(sandbox, 'select id from erasures where done_at is not null').length === 1);
    await exited;
    await sandbox.restart('SIGKILL');
    expect(query(sandbox, erasures)).toHaveLength(1);
    expect(query(sandbox, `select * from texts where request = '${id}'`)).toEqual([]);
  }));

it('an order outlives a kill of the program', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox } = talk;
    const id = await paused(talk);
    const { running, exited } = await orderWhileStill(sandbox, id);
    running.kill('SIGKILL');
    await exited;
    process.kill(sandbox.bot().pid, 'SIGCONT');
    await until(() => query(sandbox, 'select id from erasures where done_at is not null').length === 1);
    expect(query(sandbox, erasures)).toHaveLength(1);
    const again = await runAudit(urlOf(sandbox), ['erase', id, '--because', why]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`${id} has nothing to erase`)]);
  }));

it('a bot that was killed between erasing and clearing its files clears them when it starts', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox } = talk;
    const id = await paused(talk);
    expect((await runAudit(urlOf(sandbox), ['erase', id, '--because', why])).code).toBe(0);
    query(sandbox, 'update erasures set done_at = null');
    await until(() => query(sandbox, 'select done_at from erasures where done_at is not null').length === 1);
    expect(query(sandbox, erasures)).toHaveLength(1);
  }));

it('with a key, an order that somebody wrote by hand is not carried out, and logged once', () =>
  inSandbox({ mode: 'http', env: { CAMPAIGN_WF_LOG_KEY: formatSigningKey(key) } }, async (talk) => {
    const { sandbox } = talk;
    const id = await paused(talk);
    const genuine = orderErasure(id, { by: 'dpo', because: why }, key, Date.now());
    const forged = [
      { ...genuine, id: 'no code', mac: null },
      { ...genuine, id: 'another code', mac: genuine.mac },
      { ...genuine, id: 'another key', mac: orderErasure(id, genuine, generateKey('other.example'), 0).mac },
      { ...genuine, id: 'no hex', mac: 'x'.repeat(64) },
    ];
    const database = new DatabaseSync(sandbox.ledgerPath, { timeout: 5_000 });
    const insert = database.prepare('insert into erasures values (?, ?, ?, ?, ?, ?, null, null)');
    for (const one of forged) insert.run(one.id, one.request, one.by, one.because, one.asked_at, one.mac);
    database.close();
    await until(() => query(sandbox, 'select id from erasures where done_at is null').length === 0);
    const logged = () => sandbox.bot().log.filter((line) => line.includes('was not given with the bot’s key'));
    await until(() => logged().length === forged.length);
    await sandbox.restart('SIGTERM');
    expect(logged()).toEqual([]);
    expect(query(sandbox, 'select answer from erasures')).toEqual(forged.map(() => ({ answer: '{"kind":"forged"}' })));
    expect(query(sandbox, erasures)).toEqual([]);

    const without = await runAudit(urlOf(sandbox), ['erase', id, '--because', why]);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('set CAMPAIGN_WF_LOG_KEY')]);
    const logKey = formatSigningKey(key);
    expect((await runAudit(urlOf(sandbox), ['erase', id, '--because', why], { logKey })).code).toBe(0);
    expect(query(sandbox, erasures)).toHaveLength(1);
    await until(() => query(sandbox, 'select id from requests where head_sequence > sealed_sequence').length === 0);
    expect((await runAudit(urlOf(sandbox), ['verify'], { logKey })).code).toBe(0);
  }));

it('beside a bot on PostgreSQL, it is erased at once, and shown by the bot as erased', async () => {
  const url = await newDatabase();
  const logKey = formatSigningKey(key);
  await inSandbox({ mode: 'http', env: { DATABASE_URL: url, CAMPAIGN_WF_LOG_KEY: logKey } }, async (talk) => {
    const id = await paused(talk);
    expect(await historyOf(talk)).toContain(secret);
    const { code, stdout, stderr } = await runAudit(url, ['erase', id, '--because', why], { logKey });
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringContaining(`What people wrote in ${id}`)]);
    expect(await historyOf(talk)).not.toContain(secret);
    const { rows } = await onServer(`${url}?options=-c%20search_path%3Dcampaign_wf`, erasures);
    expect(rows).toHaveLength(1);
    const verified = await runAudit(url, ['verify'], { logKey });
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(`${id}: 2 texts were erased`)]);
  });
});
