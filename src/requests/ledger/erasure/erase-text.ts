import { sql } from 'kysely';
import { isOutcome } from '../../outcome.ts';
import type { Request } from '../../request.ts';
import { itemsInLockOrder } from '../../rules/batch.ts';
import { quotedFreeze } from '../../texts.ts';
import type { Erased, Erasure } from '../ledger.ts';
import { load, loadWhole, type Writer } from '../load.ts';
import { recordedEvent } from '../tables.ts';
import { append, loadLocked } from '../transaction.ts';

/**
 * Removes the texts of a request that has ended, and records that. A batch and its items have the same texts, so they are
 * removed of all of them.
 */
export async function eraseText(writer: Writer, id: string, erasure: Erasure): Promise<Erased> {
  // A batch is locked before its items.
  const known = await load(writer, id);
  const batchId = known?.batch ?? id;
  const batch = await loadLocked(writer, batchId);
  if (known === null || batch === null) return { kind: 'no_such_request' };
  const all = [batch, ...(await itemsInLockOrder(batch, { load: (one) => loadLocked(writer, one) }))];
  if (all.some(({ state }) => !isOutcome(state))) return { kind: 'still_open' };
  let erased: Erased = { kind: 'nothing_to_erase' };
  for (const one of all) {
    const result = await eraseOne(writer, one, erasure);
    if (one.id === id) erased = result;
  }
  return erased;
}

async function eraseOne(writer: Writer, request: Request, { by, because }: Erasure): Promise<Erased> {
  const { id } = request;
  const { reason } = request.order;
  const quotedBy = repeats(request) && reason ? await quotesOf(writer, request, reason) : [];
  const removed = await writer.db.deleteFrom('texts').where('request', '=', id).returning('sequence').execute();
  if (removed.length === 0) return { kind: 'nothing_to_erase' };
  const sequences = [...new Set(removed.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  const after = await append(writer, request, [{ type: 'text_erased', data: { by, because, sequences } }]);
  const erased = after && (await loadWhole(writer.db, id, writer.codes));
  if (erased === null) throw new Error(`the texts of ${id} were removed, but not recorded as erased`);
  writer.changed.set(id, erased);
  return { kind: 'erased', request: erased, quotedBy };
}

/** Whether other requests can have its reason as well: refusals quote that of a freeze, and the end of a pause has that of the pause. */
function repeats({ order: { verb, after } }: Request): boolean {
  return verb === 'freeze' || verb === 'pause' || after !== undefined;
}

/** The requests that have the reason of this one as well. Reads all texts: nobody waits for it. */
async function quotesOf({ db }: Writer, { id, order }: Request, reason: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('texts')
    .innerJoin('events', (join) =>
      join.onRef('events.request', '=', 'texts.request').onRef('events.sequence', '=', 'texts.sequence'),
    )
    .selectAll('events')
    .where('texts.kind', '=', sql.lit('reason'))
    .where('texts.text', '=', reason)
    .where('texts.request', '<>', id)
    .execute();
  const quoting = rows.map(recordedEvent).filter((event) => {
    if (event.type !== 'requested') return quotedFreeze(event) === id;
    return event.request === order.after || event.data.order.after === id;
  });
  return [...new Set(quoting.map(({ request }) => request))].sort();
}
