import type { Kysely } from 'kysely';
import { z } from 'zod';
import { MissingNodeError, readNodes, readTree } from '../../requests/ledger/log/log-storage.ts';
import type { GivenCheckpoint } from '../../requests/ledger/log/verify-log.ts';
import type { Schema } from '../../requests/ledger/tables.ts';
import { checkpointIn } from '../../transparency-log/checkpoint.ts';
import { consistencyProof, verifyConsistency } from '../../transparency-log/proofs.ts';
import { frontierOf, rootOf } from '../../transparency-log/tree.ts';
import { digestText, proofHashes } from './proof-document.ts';

/** A log of that size had this root. */
type State = { readonly size: number; readonly root: Buffer };

/** The claim that a log grew from one state to another by appending alone, with the proof of RFC 9162, 2.1.4. Nothing of it is trusted. */
export type Growth = { readonly first: State; readonly second: State; readonly proof: readonly Buffer[] };

/** What `checkpoint --since` writes: that the log of `checkpoint` has grown from the one with this size and root. */
export const consistencyDocument = z.object({
  format: z.literal('campaign-wf consistency v1'),
  checkpoint: z.string(),
  since: z.object({ size: z.int().positive(), root: digestText }),
  proof: proofHashes,
});
export type ConsistencyDocument = z.output<typeof consistencyDocument>;

/** Null if its checkpoint is none. */
export function growthOf({ checkpoint: note, since, proof }: ConsistencyDocument): Growth | null {
  const second = checkpointIn(note);
  if (second === null) return null;
  const first = { size: since.size, root: Buffer.from(since.root, 'hex') };
  return { first, second, proof: proof.map((hash) => Buffer.from(hash, 'hex')) };
}

/** How a log grew between two sizes, as the ledger has it. Null if it was never that large, or is not whole. */
export async function growthIn(db: Kysely<Schema>, one: number, other: number): Promise<Growth | null> {
  const [first, second] = one < other ? [one, other] : [other, one];
  if (second > (await readTree(db)).size) return null;
  try {
    const proof = await consistencyProof(first, second, (positions) => readNodes(db, positions));
    return { first: await stateOf(db, first), second: await stateOf(db, second), proof };
  } catch (error) {
    if (!(error instanceof MissingNodeError)) throw error;
    return null;
  }
}

async function stateOf(db: Kysely<Schema>, size: number): Promise<State> {
  return { size, root: rootOf(await readNodes(db, frontierOf(size))) };
}

/** `unproved`: nothing shows that both are checkpoints of one log. */
export type Relation = 'same' | 'later' | 'earlier' | 'unproved';

/** How a given checkpoint is related to one that is known in full. `growth`: between their sizes; of equal sizes none is needed. */
export function relationTo(own: State, given: GivenCheckpoint, growth: Growth | null): Relation {
  if (given.size === own.size) return fits(own, given) ? 'same' : 'unproved';
  if (growth === null) return 'unproved';
  const isLater = given.size > own.size;
  const [ofOwn, ofGiven] = isLater ? [growth.first, growth.second] : [growth.second, growth.first];
  const isBetween = ofOwn.size === own.size && ofOwn.root.equals(own.root) && fits(ofGiven, given);
  return isBetween && isGrowth(growth) ? (isLater ? 'later' : 'earlier') : 'unproved';
}

function fits({ size, root }: State, given: GivenCheckpoint): boolean {
  return size === given.size && root.toString('hex').startsWith(given.root);
}

function isGrowth({ first, second, proof }: Growth): boolean {
  const roots = { firstRoot: first.root, secondRoot: second.root };
  return verifyConsistency({ first: first.size, second: second.size, ...roots, proof });
}
