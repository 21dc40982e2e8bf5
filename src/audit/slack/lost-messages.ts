import type { Kysely } from 'kysely';
import { explains, type Restoration, restorations } from '../../requests/ledger/log/restorations.ts';
import type { Schema } from '../../requests/ledger/tables.ts';
import type { SigningKey } from '../../transparency-log/keys.ts';
import { changedAt, type PostedMessage } from './posted-message.ts';

/** Slack's clock and the bot's differ by less: the bot warns of half of it. */
const clockSkewMs = 60_000;

/** An older copy of the ledger was restored. `copiedAt`: the time of the last checkpoint in it, in milliseconds since the epoch. */
type Loss = { readonly restoration: Restoration; readonly copiedAt: number };

/** Which restoration of the ledger, if any, lost what a message tells. */
export async function losses(
  db: Kysely<Schema>,
  key: SigningKey | null,
): Promise<(message: PostedMessage) => Restoration | null> {
  const all = await Array.fromAsync(await restorations(db, key), async (restoration) => ({
    restoration,
    copiedAt: await lastCheckpointAt(db, restoration.size),
  }));
  return (message) => all.find((loss) => isLost(message, loss))?.restoration ?? null;
}

/**
 * A message of the time between the copy and the restoration. Just after the copy, messages still carry a checkpoint that
 * the copy has.
 */
function isLost(message: PostedMessage, { restoration, copiedAt }: Loss): boolean {
  const { checkpoint } = message;
  const at = changedAt(message);
  if (checkpoint === 'unreadable') return false;
  if (checkpoint !== null && explains(restoration, { ...checkpoint, at })) return true;
  const isInCopy = checkpoint === null || checkpoint.size <= restoration.size;
  return isInCopy && at > copiedAt - clockSkewMs && at < restoration.at;
}

async function lastCheckpointAt(db: Kysely<Schema>, size: number): Promise<number> {
  const checkpoints = db.selectFrom('log_checkpoints').select('at').where('size', '<=', size);
  const last = await checkpoints.orderBy('size', 'desc').limit(1).executeTakeFirst();
  return last?.at ?? Number.POSITIVE_INFINITY;
}
