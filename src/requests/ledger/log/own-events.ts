import type { Kysely } from 'kysely';
import { firstBroken } from '../../digest.ts';
import { type EventRow, recordedEvent, type Schema } from '../tables.ts';
import type { EventCodes } from './event-codes.ts';

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
 * Throws a ForgedEventError unless every event follows from the one before it and has the bot's code, or got its place
 * in the log before there were codes. `after`: the event before the first of them.
 */
export async function checkOwn(
  db: Kysely<Schema>,
  rows: readonly EventRow[],
  codes: EventCodes,
  after?: { readonly sequence: number; readonly digest: string },
): Promise<void> {
  const broken = firstBroken(rows.map(recordedEvent), after);
  const [first] = rows;
  if (broken !== null && first !== undefined) throw new ForgedEventError({ ...first, sequence: broken });
  const without = rows.filter(({ digest, mac }) => !codes.isCodeOf(digest, mac));
  const [doubtful] = without;
  if (doubtful === undefined) return;
  const older = await digestsBefore(db, doubtful.request, codes.from);
  const forged = without.find(({ sequence, digest }) => older.get(sequence) !== digest);
  if (forged !== undefined) throw new ForgedEventError(forged);
}

/** The digests of a request's events that got their places before this one. */
async function digestsBefore(db: Kysely<Schema>, request: string, place: number): Promise<ReadonlyMap<number, string>> {
  const leaves = db.selectFrom('log_leaves').select(['sequence', 'digest']);
  const rows = await leaves.where('request', '=', request).where('place', '<', place).execute();
  return new Map(rows.map(({ sequence, digest }) => [sequence, digest]));
}
