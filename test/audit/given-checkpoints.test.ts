import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { newLedger } from '../requests/ledger/ledger.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { id, proofIn, recordedRequest } from './proof.fixture.ts';
import { auditHere } from './run-audit.ts';

it.each([
  ['with the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark', (text: string) => `\ufeff${text}`],
])('a kept checkpoint or proof is read %s', async (_, written) => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const proof = await proofIn(opened);
  for (const text of [proof.checkpoint, JSON.stringify(proof, null, 2)]) {
    const file = newLedgerPath();
    writeFileSync(file, written(text));
    const { code, stderr } = await auditHere(opened.database, ['verify', '--checkpoint', file]);
    expect([code, stderr]).toEqual([0, '']);
  }
});

it('what was kept can come through a pipe, also with the growth since a proof', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const [pipe, proof] = [newLedgerPath(), newLedgerPath()];
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  writeFileSync(proof, JSON.stringify(await proofIn(opened)));
  await opened.ledger.seal();
  const { stdout } = await auditHere(opened.database, ['checkpoint', '--since', proof]);
  const [checked] = await Promise.all([auditHere(null, ['check', proof, '--against', pipe]), writeFile(pipe, stdout)]);
  expect([checked.code, checked.stderr]).toEqual([0, '']);
});

it('the log grows since one checkpoint, not since several lines of a witness file', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const line = (text: string) => `${JSON.stringify({ time: '2026-11-10T12:00:00.000Z', checkpoint: text })}\n`;
  const { checkpoint } = await proofIn(opened, id);
  const file = newLedgerPath();
  writeFileSync(file, line(checkpoint) + line(checkpoint.replace(/\n\d+\n/, '\n3\n')));
  const { code, stderr } = await auditHere(opened.database, ['checkpoint', '--since', file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('is neither a checkpoint nor a file with one')]);
});
