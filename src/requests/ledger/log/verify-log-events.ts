import type { Kysely } from 'kysely';
import type { SigningKey } from '../../../transparency-log/keys.ts';
import type { LeafRow, LogEventRow, Schema } from '../tables.ts';
import { hasOwnDigest, logId } from './log-chain.ts';
import { allLogEvents, ownLogEvents } from './own-log-events.ts';

/**
 * The first event of the log itself that was changed, removed or added, or that the bot has not recorded, by its sequence.
 * They are few: when the log began, its keys, and when older copies were restored. `key`: that of the bot; null: it is only
 * checked that events have a code since a key began.
 */
export async function* verifyLogEvents(db: Kysely<Schema>, key: SigningKey | null): AsyncGenerator<number> {
  const events = await allLogEvents(db);
  const leaves = await db.selectFrom('log_leaves').selectAll().where('request', '=', logId).execute();
  const own = new Set(ownLogEvents(events, key));
  const firstKey = events.findIndex(({ type }) => type === 'key_began');
  let previousDigest = '';
  const count = Math.max(events.length, ...leaves.map(({ sequence }) => sequence));
  for (let sequence = 1; sequence <= count; sequence++) {
    const index = events.findIndex((one) => one.sequence === sequence);
    const event = events[index];
    const leaf = leaves.find((one) => one.sequence === sequence);
    const isWhole = event?.previous_digest === previousDigest && hasOwnDigest(event) && event.digest === leaf?.digest;
    const isOwn = event !== undefined && own.has(event) && (firstKey < 0 || index < firstKey || event.mac !== null);
    if (!isWhole || !isOwn || !isWhereItSays(event, leaf)) {
      yield sequence;
      return;
    }
    previousDigest = event.digest;
  }
}

/** The beginning of a key holds the size of the log before it. */
function isWhereItSays({ type, data }: LogEventRow, { place }: LeafRow): boolean {
  return type !== 'key_began' || JSON.parse(data).size === place;
}
