import type { Kysely } from 'kysely';
import { formatVerifierKey, type SigningKey, verifierKeyOf } from '../../../transparency-log/keys.ts';
import type { LogEventRow, Schema } from '../tables.ts';
import { createEventCodes } from './event-codes.ts';
import { hasOwnDigest } from './log-chain.ts';

export function allLogEvents(db: Kysely<Schema>): Promise<LogEventRow[]> {
  return db.selectFrom('log_events').selectAll().orderBy('sequence').execute();
}

/**
 * Those events of the log itself that the bot has recorded, as far as this key shows it: the ones since the key began have
 * its code, and the code of its beginning vouches for the chain before. If the key is null or has not begun, whoever writes
 * into the database can have written them.
 */
export function ownLogEvents(all: readonly LogEventRow[], key: SigningKey | null): readonly LogEventRow[] {
  const whole = all.filter(hasOwnDigest);
  if (key === null) return whole;
  const codes = createEventCodes(key);
  const verifier = formatVerifierKey(verifierKeyOf(key));
  const hasCode = ({ digest, mac }: LogEventRow) => codes.isCodeOf(digest, mac);
  const from = whole.findLastIndex((row) => begins(row, verifier) && hasCode(row));
  const beginning = whole[from];
  return beginning === undefined
    ? whole
    : [...chainBefore(beginning, whole.slice(0, from)), ...whole.slice(from).filter(hasCode)];
}

function begins({ type, data }: LogEventRow, verifier: string): boolean {
  return type === 'key_began' && JSON.parse(data).key === verifier;
}

/** The events, of these in their order, each of which is the one that the next names. */
function chainBefore(next: LogEventRow, rows: readonly LogEventRow[]): readonly LogEventRow[] {
  const chain: LogEventRow[] = [];
  let expected = next.previous_digest;
  for (const row of rows.toReversed()) {
    if (row.digest !== expected) continue;
    chain.unshift(row);
    expected = row.previous_digest;
  }
  return chain;
}
