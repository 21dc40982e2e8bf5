import type { Kysely } from 'kysely';
import type { SigningKey } from '../../../transparency-log/keys.ts';
import type { Schema } from '../tables.ts';
import type { KeptCheckpoint, LogState, Restored } from './log-event.ts';
import { allLogEvents, ownLogEvents } from './own-log-events.ts';

/** That the bot started on a ledger that was behind, as the log says it. `at`: when it was recorded, in milliseconds since the epoch. */
export type Restoration = Restored & { readonly at: number };

/** The oldest first. `key`: that of the bot; one that was not recorded with it does not count. Null: it is not known. */
export async function restorations(db: Kysely<Schema>, key: SigningKey | null): Promise<readonly Restoration[]> {
  const recorded = ownLogEvents(await allLogEvents(db), key).filter(({ type }) => type === 'restored');
  return recorded.map(({ data, at }) => ({ ...JSON.parse(data), at }));
}

/**
 * Whether a checkpoint that does not fit the log is one that this restoration lost: it counts more than the restored ledger
 * had, at most as much as the bot saw, and is older. Of a ledger that was written anew before, nothing is explained.
 */
export function explains({ size, seen, at }: Restoration, checkpoint: Pick<KeptCheckpoint, 'size' | 'at'>): boolean {
  return checkpoint.size > size && wasSeen({ seen, at }, checkpoint);
}

/** Whether the bot knew of a checkpoint, or of a larger one, when it recorded this, so that it needs no other record. */
export function wasSeen(
  { seen, at }: { readonly seen: LogState; readonly at: number },
  checkpoint: Pick<KeptCheckpoint, 'size' | 'at'>,
): boolean {
  return checkpoint.size <= seen.size && checkpoint.at < at;
}
