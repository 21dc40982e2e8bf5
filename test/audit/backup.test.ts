import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { alice, bob, inSandbox } from '../e2e/people.ts';
import { newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

/** In a folder that has nothing else. */
function newTarget(): string {
  return join(dirname(newLedgerPath()), 'copy.sqlite');
}

async function filledLedger(): Promise<OpenedLedger> {
  const opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'), ...underWay);
  await opened.ledger.seal();
  return opened;
}

it.concurrent('a copy of a busy bot’s ledger is whole, verifies, and a bot starts with it', () =>
  inSandbox({ mode: 'http' }, async ({ sandbox, type, announced, press, outcome, sent }) => {
    const target = newTarget();
    await type(alice, 'stop WKF110 before the copy');
    const question = await announced('WKF110', 'awaiting_approval');
    let isBusy = true;
    const busy = (async () => {
      for (let n = 0; isBusy; n++) await type(alice, `status WKF${200 + (n % 50)}`).then(() => type(bob, 'pause WKF1'));
    })();
    const { code, stdout, stderr } = await runAudit(`sqlite:${sandbox.ledgerPath}`, ['backup', target]);
    isBusy = false;
    await busy;
    expect([code, stderr]).toEqual([0, '']);
    const [, checkpoint = ''] = /, checkpoint (\d+·[0-9a-f]{16})\.\n$/.exec(stdout) ?? [];
    expect(readdirSync(dirname(target))).toEqual(['copy.sqlite']);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const verified = await runAudit(`sqlite:${target}`, ['verify', '--checkpoint', checkpoint]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ requests with \d+ events: /) });
    expect(readdirSync(dirname(target))).toEqual(['copy.sqlite']);

    await sandbox.bot().end('SIGTERM');
    for (const end of ['', '-wal', '-shm']) rmSync(`${sandbox.ledgerPath}${end}`, { force: true });
    copyFileSync(target, sandbox.ledgerPath);
    await sandbox.restart('SIGTERM');
    await press(bob, question, 'approve');
    await outcome(question);
    expect(sent('WKF110')).toEqual(['{"method":"stop"}']);
  }));

it('while another process writes without a pause, it comes to an end', async () => {
  await using opened = await filledLedger();
  const target = newTarget();
  const other = opened.raw();
  other.exec('create table padding (text text)');
  const insert = other.prepare('insert into padding values (?)');
  for (let n = 0; n < 3_000; n++) insert.run('x'.repeat(4_000));
  let [isOver, writes] = [false, 0];
  const writing = (async () => {
    for (; !isOver; writes++) {
      insert.run('y');
      await new Promise(setImmediate);
    }
  })();
  const { code } = await runAudit(urlOf(opened), ['backup', target]);
  isOver = true;
  await writing;
  expect(code).toBe(0);
  expect(writes).toBeGreaterThan(100);
  expect((await runAudit(`sqlite:${target}`, ['verify'])).code).toBe(0);
});

it('a state in which every event has its place is waited for, and otherwise it is said', async () => {
  await using opened = await filledLedger();
  opened.clock.now = Date.now();
  await storeRequest(opened.ledger, submission('8K3M9QPB', { workflowId: 'WKF2' }));
  const unsealed = newTarget();
  const { code, stderr } = await auditHere(opened.database, ['backup', unsealed]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 request has events that wait for their place')]);
  const target = newTarget();
  const copying = auditHere(opened.database, ['backup', target]);
  await opened.ledger.seal();
  expect(await copying).toMatchObject({ code: 0, stderr: '' });
  expect((await runAudit(`sqlite:${target}`, ['verify', '8K3M9QPB'])).code).toBe(0);
});

it('in a folder, the copy gets a name with the time', async () => {
  await using opened = await filledLedger();
  const folder = dirname(newTarget());
  const { stdout } = await auditHere(opened.database, ['backup', folder]);
  const [name] = readdirSync(folder);
  expect(name).toMatch(/^campaign-wf-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.sqlite$/);
  expect(stdout).toContain(`copied to ${join(folder, name ?? '')} (`);
});

it('an existing file stays as it is, unless it may be replaced', async () => {
  await using opened = await filledLedger();
  const target = newTarget();
  writeFileSync(target, 'mine');
  const refused = await auditHere(opened.database, ['backup', target]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('exists already')]);
  expect(statSync(target).size).toBe(4);
  expect((await auditHere(opened.database, ['backup', target, '--force'])).code).toBe(0);
  expect(statSync(target).size).toBeGreaterThan(4);
});

it.each(['', '-wal', '-owner'])('the ledger’s own file %s is not replaced, whatever it is called', async (end) => {
  await using opened = await filledLedger();
  const link = newTarget();
  symlinkSync(`${opened.path}${end}`, link);
  for (const path of [`${opened.path}${end}`, link]) {
    const { code, stderr } = await auditHere(opened.database, ['backup', path, '--force']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('belongs to the ledger itself')]);
  }
  expect((await auditHere(opened.database, ['verify'])).code).toBe(0);
});

it('a log that another file has left there is not taken over', async () => {
  await using opened = await filledLedger();
  const target = newTarget();
  writeFileSync(`${target}-wal`, 'of another file');
  const { code, stderr } = await auditHere(opened.database, ['backup', target, '--force']);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`${target}-wal is there already`)]);
  expect(existsSync(target)).toBe(false);
});

it('a copy that does not verify is not kept', async () => {
  await using opened = await filledLedger();
  await opened.query('drop trigger events_no_update');
  await opened.query('update events set at = at + 1 where sequence = 2');
  const target = newTarget();
  const { code, stdout, stderr } = await auditHere(opened.database, ['backup', target]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('The copy does not hold and was not kept. 1 request cannot be trusted, 1 was verified.');
  expect(readdirSync(dirname(target))).toEqual([]);
});

it('a damaged page is noticed, also where no event is', async () => {
  await using opened = await filledLedger();
  const [index] = await opened.query("select rootpage from sqlite_schema where name = 'pacing_by_end'");
  await opened.ledger.close();
  const file = openSync(opened.path, 'r+');
  writeSync(file, Buffer.alloc(4_096, 0xff), 0, 4_096, (Number(index?.rootpage) - 1) * 4_096);
  closeSync(file);
  const target = newTarget();
  const { code, stderr } = await auditHere(opened.database, ['backup', target]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('could not be copied, and nothing was kept')]);
  expect(readdirSync(dirname(target))).toEqual([]);
});

it.each([
  ['in a folder that is none', (target: string) => join(target, 'deeper.sqlite')],
  ['without a name', () => ''],
])('a target %s is answered with a sentence', async (_, path) => {
  await using opened = await filledLedger();
  const { code, stdout, stderr } = await auditHere(opened.database, ['backup', path(newTarget())]);
  expect([code > 0, stdout]).toEqual([true, '']);
  expect(stderr.trimEnd()).toMatch(/^[^\n]+\.$/);
});

it('before the first start there is nothing to copy', async () => {
  const target = newTarget();
  const { code, stderr } = await runAudit(`sqlite:${target}-nowhere`, ['backup', target]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('There is no ledger at')]);
  expect(readdirSync(dirname(target))).toEqual([]);
});

it('for PostgreSQL the command is named, without the password', async () => {
  const url = 'postgres://bot:s3cret@db.example:5433/work?schema=ops&sslmode=require';
  const { code, stdout, stderr } = await runAudit(url, ['backup', '/tmp/copy']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(
    'pg_dump --format=custom --schema=ops --file=ledger.dump postgres://bot@db.example:5433/work?sslmode=require',
  );
});
