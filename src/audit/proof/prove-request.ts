import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../../requests/events.ts';
import type { Engine } from '../../requests/ledger/engine.ts';
import { type IntegrityProblem, type VerifiedRequest, verify } from '../../requests/ledger/integrity.ts';
import { MissingNodeError, readNodes } from '../../requests/ledger/log/log-storage.ts';
import { newestCheckpointFor } from '../../requests/ledger/log/own-checkpoint.ts';
import type { Schema } from '../../requests/ledger/tables.ts';
import type { SigningKey } from '../../transparency-log/keys.ts';
import { inclusionProof } from '../../transparency-log/proofs.ts';
import { checkProof } from './check-proof.ts';
import { howToCheck, type ProofDocument, proofFormat } from './proof-document.ts';
import { peopleIn, ruleIn } from './rule-and-people.ts';

export type Proved =
  | { readonly kind: 'proved'; readonly document: ProofDocument }
  | { readonly kind: 'unknown' }
  /** So many of its events have no place in the log yet. */
  | { readonly kind: 'waiting'; readonly events: number }
  | { readonly kind: 'flawed'; readonly problem: IntegrityProblem }
  /** The request holds, and the log does not fit its newest checkpoint: that of the bot, where its key is known. */
  | { readonly kind: 'log_flawed' };

/** Makes the document that proves one request. Nothing is proved that does not hold. `key`: that of the bot, if it is known. */
export async function proveRequest(engine: Engine, id: string, key: SigningKey | null = null): Promise<Proved> {
  const verified = await verifiedRequest(engine, id, key);
  const [problem] = verified.problems;
  if (problem?.kind === 'unknown') return { kind: 'unknown' };
  if (problem !== undefined) return { kind: 'flawed', problem };
  if (verified.unsealed > 0) return { kind: 'waiting', events: verified.unsealed };
  const document = await documentOf(engine.db, verified, key);
  const isSound = document !== null && checkProof(document, []).problems.length === 0;
  return isSound ? { kind: 'proved', document } : { kind: 'log_flawed' };
}

async function verifiedRequest(engine: Engine, id: string, key: SigningKey | null): Promise<VerifiedRequest> {
  for await (const verified of verify(engine, id, key)) return verified;
  throw new Error(`no verification result for ${id}`);
}

/** The places are read before the checkpoint, which therefore covers them. Null: the log lacks what the proofs need. */
async function documentOf(
  db: Kysely<Schema>,
  verified: VerifiedRequest,
  key: SigningKey | null,
): Promise<ProofDocument | null> {
  const { request, events, texts } = verified;
  const leaves = await db.selectFrom('log_leaves').selectAll().where('request', '=', request).execute();
  const placeOf = new Map(leaves.map(({ sequence, place }) => [sequence, place]));
  const checkpoint = await newestCheckpointFor(db, { key });
  if (checkpoint === null) return null;
  const proved: ProofDocument['events'] = [];
  for (const event of events) {
    const index = placeOf.get(event.sequence);
    const proof = index === undefined ? null : await proofOf(db, index, checkpoint.size);
    if (index === undefined || proof === null) return null;
    proved.push({ event: recordOf(event), digest: event.digest, index, proof });
  }
  return {
    format: proofFormat,
    request,
    checkpoint: checkpoint.note,
    events: proved,
    rule: ruleIn(events),
    people: peopleIn(events, texts),
    texts: texts
      .map(({ sequence, kind, text, salt }) => ({ sequence, kind, text, salt }))
      .toSorted((a, b) => a.sequence - b.sequence || (a.kind < b.kind ? -1 : 1)),
    how: howToCheck,
  };
}

/** Null if the tree of that size cannot have the leaf, or a node is missing: the log was changed. */
async function proofOf(db: Kysely<Schema>, index: number, size: number): Promise<string[] | null> {
  if (index >= size) return null;
  try {
    const hashes = await inclusionProof(index, size, (positions) => readNodes(db, positions));
    return hashes.map((hash) => hash.toString('hex'));
  } catch (error) {
    if (!(error instanceof MissingNodeError)) throw error;
    return null;
  }
}

function recordOf({ request, sequence, at, type, data, previousDigest }: RecordedEvent) {
  return { request, sequence, time: new Date(at).toISOString(), type, data, previous: previousDigest };
}
