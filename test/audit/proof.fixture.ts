import { writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { type ProofDocument, proofDocument } from '../../src/audit/proof/proof-document.ts';
import { type OpenedLedger, storeRequest, submission } from '../requests/ledger/ledger.fixture.ts';
import { underWay } from '../requests/request.fixture.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { auditHere } from './run-audit.ts';

/** The request that is proved. */
export const id = '7K3M9QPA';

const pressed = { type: 'pressed', data: { by: 'U0BOB', name: 'bob', choice: 'cancel', interaction: 'p' } } as const;

/** A request among others, sealed in several batches, so that its proofs have several hashes. */
export async function recordedRequest({ ledger }: OpenedLedger): Promise<void> {
  for (const one of ['1K3M9QPA', '2K3M9QPA']) await storeRequest(ledger, submission(one, { workflowId: one }));
  await storeRequest(ledger, submission(id, {}, { name: 'alice' }), ...underWay, pressed);
  await ledger.seal();
  await storeRequest(ledger, submission('3K3M9QPA', { workflowId: 'WKF3' }), ...underWay);
  await ledger.seal();
}

export async function proofIn({ database }: Pick<OpenedLedger, 'database'>, request = id): Promise<ProofDocument> {
  const { code, stdout, stderr } = await auditHere(database, ['prove', request]);
  expect([code, stderr]).toEqual([0, '']);
  return proofDocument.parse(JSON.parse(stdout));
}

/** The path of a new file. */
export function inFile(document: unknown): string {
  const path = `${newLedgerPath()}.json`;
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

/** What `check` says, without a ledger. */
export function checked(document: unknown, ...options: readonly string[]) {
  return auditHere(null, ['check', inFile(document), ...options]);
}
