import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProofDocument } from '../../src/audit/proof/proof-document.ts';
import { formatVerifierKey, generateKey, verifierKeyOf } from '../../src/transparency-log/keys.ts';
import { inFile, proofIn, recordedRequest } from '../audit/proof.fixture.ts';
import { newLedger } from '../requests/ledger/ledger.fixture.ts';

const program = fileURLToPath(new URL('../../docs/check-proof.mjs', import.meta.url));
const key = generateKey('bot.example');
const verifierKey = formatVerifierKey(verifierKeyOf(key));

/** Runs the program of the page, which has nothing of this project. */
async function check(document: ProofDocument, ...more: readonly string[]) {
  const running = promisify(execFile)(process.execPath, [program, inFile(document), ...more]);
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe('the program in the documentation', () => {
  let sound: ProofDocument;
  let short: string;

  beforeAll(async () => {
    await using opened = await newLedger('sqlite', { logKey: key });
    await recordedRequest(opened);
    sound = await proofIn(opened);
    const { size, root } = opened.ledger.checkpoint();
    short = `${size}·${root.slice(0, 16)}`;
  });

  it('confirms a proof, and the signature of its checkpoint', async () => {
    for (const more of [[], [verifierKey]]) {
      const { code, stdout, stderr } = await check(sound, ...more);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`${sound.events.length} events of ${sound.request} stand in the log`);
      expect(stdout).toContain(`checkpoint ${short}\n`);
    }
  });

  it.each<[string, (document: ProofDocument) => void]>([
    ['event 1: the digest', ({ events }) => void Object.assign(events[0]?.event.data ?? {}, { requester: 'U0EVE' })],
    ['event 2: the digest before it', ({ events }) => void Object.assign(events[0] ?? {}, { digest: 'a'.repeat(64) })],
    ['event 3: the request or the number', ({ events }) => void events.splice(1, 1)],
    ['event 2: its place in the log', ({ events }) => void events[1]?.proof.pop()],
    ['event 2: its place in the log', ({ events }) => void Object.assign(events[1] ?? {}, { index: 999 })],
    ['event 1: the reason', ({ texts }) => void Object.assign(texts[1] ?? {}, { text: 'as agreed' })],
    ['event 1: the name', ({ texts }) => void Object.assign(texts[1] ?? {}, { kind: 'name' })],
    ['the name of U0BOB', ({ people }) => void Object.assign(people, { U0BOB: 'eve' })],
    ['the name of U0EVE', ({ people }) => void Object.assign(people, { U0EVE: 'alice' })],
    ['the rule', (document) => void Object.assign(document, { rule: 'leads' })],
    ['a document without events', ({ events }) => void events.splice(0)],
    [
      'the signature of the checkpoint',
      (document) => void Object.assign(document, { checkpoint: document.checkpoint.replace(/^.*/, 'x') }),
    ],
  ])('says that of a changed document, %s does not hold', async (flaw, change) => {
    const document = structuredClone(sound);
    change(document);
    const { code, stdout } = await check(document, verifierKey);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${flaw} does not hold\n`)]);
  });
});
