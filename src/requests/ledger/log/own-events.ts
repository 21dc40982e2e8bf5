import type { Kysely } from 'kysely';
import { inclusionProof, verifyInclusion } from '../../../transparency-log/proofs.ts';
import { firstBroken } from '../../digest.ts';
import { type EventRow, recordedEvent, type Schema } from '../tables.ts';
import type { KeyInForce } from './event-codes.ts';
import type { LogState } from './log-event.ts';
import { leafHashOf, readNodes } from './log-storage.ts';

/** An event of this request was not written by the bot, or was changed since: nothing is done about the request. */
export class ForgedEventError extends Error {
  override name = 'ForgedEventError';
  readonly request: string;
  readonly sequence: number;

  constructor({ request, sequence }: Pick<EventRow, 'request' | 'sequence'>) {
    super(`event ${sequence} of request ${request} was not recorded by the bot`);
    this.request = request;
    this.sequence = sequence;
  }
}

/**
 * Throws a ForgedEventError unless every event follows from the one before it and has the bot's code, or stood in the log
 * before the key began. `after`: the event before the first of them.
 */
export async function checkOwn(
  db: Kysely<Schema>,
  rows: readonly EventRow[],
  key: KeyInForce,
  after?: { readonly sequence: number; readonly digest: string },
): Promise<void> {
  const broken = firstBroken(rows.map(recordedEvent), after);
  const [first] = rows;
  if (broken !== null && first !== undefined) throw new ForgedEventError({ ...first, sequence: broken });
  for (const row of rows) {
    if (!key.isCodeOf(row.digest, row.mac) && !(await stoodBefore(db, row, key.before)))
      throw new ForgedEventError(row);
  }
}

/** Whether the log had the event when it was of that size: by a proof, because places and hashes are rows that anybody can have written. */
async function stoodBefore(db: Kysely<Schema>, row: EventRow, { size, root }: LogState): Promise<boolean> {
  const { request, sequence, digest } = row;
  const leaves = db.selectFrom('log_leaves').select('place');
  const leaf = await leaves.where('request', '=', request).where('sequence', '=', sequence).executeTakeFirst();
  if (leaf === undefined || leaf.place >= size) return false;
  const proof = await inclusionProof(leaf.place, size, (positions) => readNodes(db, positions));
  const [own, rootHash] = [leafHashOf(digest), Buffer.from(root, 'hex')];
  return verifyInclusion({ leafHash: own, index: leaf.place, size, proof, root: rootHash });
}
