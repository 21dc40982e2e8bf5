import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { consistencyDocument } from '../../src/audit/proof/consistency.ts';
import { witnessLine } from '../../src/requests/ledger/log/witness-lines.ts';
import { formatCheckpoint, parseCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { generateKey } from '../../src/transparency-log/keys.ts';
import { verifyConsistency } from '../../src/transparency-log/proofs.ts';
import { engines, newLedger, type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { checked, inFile, proofIn, recordedRequest } from './proof.fixture.ts';
import { auditHere, runAudit, urlOf } from './run-audit.ts';

async function goOn({ ledger }: OpenedLedger, ...ids: readonly string[]): Promise<void> {
  for (const one of ids) {
    await storeRequest(ledger, submission(one, { workflowId: one }));
    await ledger.seal();
  }
}

function shortOf({ ledger }: OpenedLedger): string {
  const { size, root } = ledger.checkpoint();
  return `${size}·${root.slice(0, 16)}`;
}

describe.each(engines)('the checkpoint of a log on %s', (engine) => {
  it('is printed as text, and written to a file', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const { note } = opened.ledger.checkpoint();
    expect(await runAudit(urlOf(opened), ['checkpoint'])).toEqual({
      code: 0,
      stdout: note,
      stderr: `Messages in the channel show it as ${shortOf(opened)}.\n`,
    });
    const path = `${newLedgerPath()}.txt`;
    const written = await auditHere(opened.database, ['checkpoint', '--out', path]);
    expect(written).toEqual({
      code: 0,
      stdout: '',
      stderr: `The checkpoint ${shortOf(opened)} was written to ${path}.\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe(note);
    expect((await auditHere(opened.database, ['checkpoint', '--out', path])).code).toBe(1);
    expect((await auditHere(opened.database, ['checkpoint', '--out', path, '--force'])).code).toBe(0);
    expect((await auditHere(opened.database, ['verify', '--checkpoint', path])).code).toBe(0);
  });

  it('is one of the bot’s key, if that is given', async () => {
    const logKey = generateKey('log.example');
    await using opened = await newLedger(engine, { logKey });
    await recordedRequest(opened);
    const { note } = opened.ledger.checkpoint();
    const root = Buffer.alloc(32, 7);
    const forged = formatCheckpoint({ origin: 'log.example', size: 99, root });
    await opened.query(
      `insert into log_checkpoints (size, at, root, note) values (99, 1, '${root.toString('hex')}', '${forged}')`,
    );
    expect(await auditHere(opened.database, ['checkpoint'], { logKey })).toMatchObject({ code: 0, stdout: note });
  });

  it('comes with the proof that the log has grown from an earlier one, which shows it without the ledger', async () => {
    await using opened = await newLedger(engine);
    await recordedRequest(opened);
    const [document, before] = [await proofIn(opened), shortOf(opened)];
    const first = opened.ledger.checkpoint();
    await goOn(opened, '4K3M9QPA', '5K3M9QPA', '6K3M9QPA');
    const path = `${newLedgerPath()}.json`;
    expect((await auditHere(opened.database, ['checkpoint', '--since', inFile(document), '--out', path])).code).toBe(0);
    const { checkpoint, since, proof } = consistencyDocument.parse(JSON.parse(readFileSync(path, 'utf8')));
    const second = parseCheckpoint(checkpoint);
    if (second === null) throw new Error('there is no checkpoint');
    expect(since).toEqual({ size: first.size, root: first.root });
    const claim = {
      first: since.size,
      second: second.size,
      firstRoot: Buffer.from(since.root, 'hex'),
      secondRoot: second.root,
      proof: proof.map((hash) => Buffer.from(hash, 'hex')),
    };
    expect(verifyConsistency(claim)).toBe(true);
    const { code, stdout } = await checked(document, '--against', path);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `From ${before}, the log has grown to the given checkpoint ${shortOf(opened)} by additions alone.`,
    );
    expect(stdout).not.toMatch(/consistent in itself|later than the given/);
    for (const since of [before, first.note]) {
      const again = await auditHere(opened.database, ['checkpoint', '--since', since]);
      expect(again.stdout).toBe(readFileSync(path, 'utf8'));
    }
  });

  it('is compared with a document, which asks the ledger for the hashes between the two', async () => {
    await using opened = await newLedger(engine);
    const earlier = shortOf(opened);
    await recordedRequest(opened);
    const [document, same] = [await proofIn(opened), shortOf(opened)];
    await goOn(opened, '4K3M9QPA', '5K3M9QPA', '6K3M9QPA');
    const against = async (given: string) => {
      const { code, stdout } = await auditHere(opened.database, ['check', inFile(document), '--against', given]);
      return [code, stdout.split('\n').find((line) => line.includes('given'))];
    };
    expect((await checked(document, '--against', same)).stdout).toContain(`Its checkpoint is the given one, ${same}.`);
    const { note } = opened.ledger.checkpoint();
    for (const later of [shortOf(opened), note, inFile(note), inFile(await proofIn(opened))]) {
      const grown = `From ${same}, the log has grown to the given checkpoint ${shortOf(opened)} by additions alone.`;
      expect(await against(later)).toEqual([0, grown]);
    }
    const fromEarlier = `From the given checkpoint ${earlier}, the log had grown to ${same} by additions alone.`;
    expect(await against(earlier)).toEqual([0, fromEarlier]);
    const { stdout } = await auditHere(opened.database, ['check', inFile(document), '--against', earlier]);
    expect(stdout).toContain('5 of the events are later than the given checkpoint, which does not vouch for that');
    const [size, zeros] = [opened.ledger.checkpoint().size, '0'.repeat(16)];
    for (const other of [size, size - 1, size + 1, 1].map((one) => `${one}·${zeros}`)) {
      expect(await against(other)).toEqual([1, expect.stringMatching(`^Nothing shows that ${same} and the given`)]);
    }
    const otherOfSameSize = same.replace(/·.*/, `·${zeros}`);
    expect((await checked(document, '--against', otherOfSameSize)).code).toBe(1);
  });
});

it('a witness file has the checkpoint of a document, or a later one, and needs no ledger for the first', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const own = opened.ledger.checkpoint();
  const document = await proofIn(opened);
  await goOn(opened, '4K3M9QPA', '5K3M9QPA');
  const later = opened.ledger.checkpoint();
  const [same, grown] = [inFile(witnessLine(own) + witnessLine(later)), inFile(witnessLine(later).repeat(2))];
  expect((await checked(document, '--against', same)).stdout).toContain('Its checkpoint is the given one');
  const { code, stdout } = await auditHere(opened.database, ['check', inFile(document), '--against', grown]);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`to the given checkpoint ${shortOf(opened)} by additions`),
  ]);
  const forged = { ...own, note: own.note.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(32).toString('base64')}\n`) };
  expect((await checked(document, '--against', inFile(witnessLine(forged).repeat(2)))).code).toBe(1);
});

it('a document of prove is a file with a checkpoint, however large it is', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const document = { ...(await proofIn(opened)), padding: 'x'.repeat(100_000) };
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    const { code } = await auditHere(opened.database, ['verify', '--checkpoint', inFile(text)]);
    expect(code).toBe(0);
  }
});

describe('a log that was written anew', () => {
  it('fits no document of the log before, whatever it is asked for', async () => {
    await using opened = await newLedger();
    await recordedRequest(opened);
    const [document, before] = [await proofIn(opened), shortOf(opened)];
    await using other = await newLedger();
    await goOn(other, '1K3M9QPA');
    await recordedRequestAgain(other);
    const against = ['check', inFile(document), '--against', shortOf(other)];
    expect((await auditHere(other.database, against)).code).toBe(1);
    const since = await auditHere(other.database, ['checkpoint', '--since', before]);
    expect([since.code, since.stdout]).toEqual([1, '']);
    expect(since.stderr).toBe(
      `The log of this ledger, ${shortOf(other)}, has not grown from ${before}: that is of another log, or this ledger is older or was written anew.\n`,
    );
  });

  it('and a forged growth to it fit no document', async () => {
    await using opened = await newLedger();
    await recordedRequest(opened);
    const document = await proofIn(opened);
    await goOn(opened, '4K3M9QPA');
    const { stdout } = await auditHere(opened.database, ['checkpoint', '--since', inFile(document)]);
    const growth = consistencyDocument.parse(JSON.parse(stdout));
    for (const forged of [
      { ...growth, proof: [] },
      { ...growth, proof: growth.proof.map(() => '0'.repeat(64)) },
      { ...growth, proof: [...growth.proof, '0'.repeat(64)] },
      { ...growth, since: { ...growth.since, size: growth.since.size - 1 } },
      { ...growth, since: { ...growth.since, root: '0'.repeat(64) } },
    ]) {
      const { code, stdout: said } = await checked(document, '--against', inFile(forged));
      expect([code, said]).toEqual([1, expect.stringContaining('Nothing shows that')]);
    }
  });
});

/** Another log, at least as long. */
async function recordedRequestAgain(other: OpenedLedger): Promise<void> {
  await goOn(
    other,
    ...['2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'].map((one) => `${one}K3M9QPA`),
  );
}

it('a ledger that is behind the document shows nothing, and one that is not there is named', async () => {
  await using opened = await newLedger();
  await recordedRequest(opened);
  const document = inFile(await proofIn(opened));
  await using empty = await newLedger();
  const later = `${opened.ledger.checkpoint().size + 1}·${'0'.repeat(16)}`;
  const behind = await auditHere(empty.database, ['check', document, '--against', later]);
  expect([behind.code, behind.stdout]).toEqual([1, expect.stringContaining('Nothing shows that')]);
  const nowhere = await auditHere({ kind: 'sqlite', path: '/nowhere/ledger.sqlite' }, [
    'check',
    document,
    '--against',
    later,
  ]);
  expect([nowhere.code, nowhere.stderr]).toEqual([
    1,
    expect.stringMatching(/^There is no ledger at .* --against takes a file that checkpoint --since has written/),
  ]);
  const none = await auditHere(null, ['check', document, '--against', 'nothing']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('is neither a checkpoint nor a file with one')]);
});
