import type { Transaction } from 'kysely';
import { confirmers, isBatch, type Request } from '../request.ts';
import { parametersOf, statement, valuesOf } from './statement.ts';
import type { ConfirmationRow, Schema } from './tables.ts';

const columns = ['person', 'request', 'channel', 'requested_at'] as const satisfies readonly (keyof ConfirmationRow)[];

const upsert = statement<never, number>((db, _, count) =>
  db
    .insertInto('confirmations')
    .values(parametersOf(columns, count))
    .onConflict((conflict) =>
      conflict.columns(['request', 'person']).doUpdateSet((eb) => ({ channel: eb.ref('excluded.channel') })),
    )
    .compile(),
);

const move = statement((db, parameter) =>
  db
    .updateTable('confirmations')
    .set({ channel: parameter('channel') })
    .where('request', '=', parameter('request'))
    .compile(),
);

/** Notes who else than the requester has confirmed since, and the channel where it has a new ID. Of a batch, its items are found. */
export async function indexConfirmations(tx: Transaction<Schema>, before: Request, after: Request): Promise<void> {
  if (isBatch(after)) return;
  const known = new Set([after.requester, ...confirmers(before)]);
  const { id: request, channel, requestedAt: requested_at } = after;
  const rows = confirmers(after)
    .filter((person) => !known.has(person))
    .map((person) => ({ person, request, channel, requested_at }));
  if (rows.length > 0) await upsert(tx, rows.length, valuesOf(rows));
  if (channel !== before.channel) await move(tx, null, { request, channel });
}
