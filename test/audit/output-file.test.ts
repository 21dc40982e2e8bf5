import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { newLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { auditHere, urlOf } from './run-audit.ts';

const program = fileURLToPath(new URL('../../src/audit.ts', import.meta.url));

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a program that %s ends leaves no part of a file', async (signal) => {
  await using opened = await newLedger();
  // A copy waits for the place of such an event in the log.
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
  const args = ['--disable-warning=ExperimentalWarning', program, 'backup', join(folder, 'copy.sqlite')];
  const running = spawn(process.execPath, args, { env: { DATABASE_URL: urlOf(opened) } });
  const closed = once(running, 'close');
  while (readdirSync(folder).length === 0) await wait(5);
  running.kill(signal);
  expect(await closed).toEqual([null, signal]);
  expect(readdirSync(folder)).toEqual([]);
});

it('while the record is verified, the process notices signals', async () => {
  await using opened = await newLedger();
  await storeRequest(opened.ledger, submission('7K3M9QPA'));
  await opened.ledger.seal();
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const { code } = await auditHere(opened.database, ['verify']);
  clearImmediate(next);
  expect(code).toBe(0);
  expect(turns).toBeGreaterThan(1);
});

it.each([[['export']], [['checkpoint']]])('a pipe is not replaced by the file of %j', async (command) => {
  await using opened = await newLedger();
  const pipe = join(mkdtempSync(join(tmpdir(), 'campaign-wf-')), 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  const option = command[0] === 'checkpoint' ? '--out' : '--output';
  const { code, stderr } = await auditHere(opened.database, [...command, option, pipe, '--force']);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${pipe} is a device or a pipe`)]);
  expect(statSync(pipe).isFIFO()).toBe(true);
});
