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

/** Who has decided for it: the confirmers, and whoever declared an emergency. */
function decidedBy(request: Request): readonly string[] {
  const { emergency } = request;
  return [...confirmers(request), ...(emergency === null ? [] : [emergency.by])];
}

/** Notes who else than the requester has confirmed since, or declared an emergency, and the channel where it has a new ID. Of a batch, its items are found. */
export async function indexConfirmations(tx: Transaction<Schema>, before: Request, after: Request): Promise<void> {
  if (isBatch(after)) return;
  const known = new Set([after.requester, ...decidedBy(before)]);
  const { id: request, channel, requestedAt: requested_at } = after;
  const rows = [...new Set(decidedBy(after))]
    .filter((person) => !known.has(person))
    .map((person) => ({ person, request, channel, requested_at }));
  if (rows.length > 0) await upsert(tx, rows.length, valuesOf(rows));
  if (channel !== before.channel) await move(tx, null, { request, channel });
}
