import { sql } from 'kysely';
import { isOutcome } from '../../outcome.ts';
import type { Request } from '../../request.ts';
import { copiedFrom } from '../../rules/asked-again.ts';
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
  const quotedBy = await quotesOf(writer, batch);
  let erased: Erased = { kind: 'nothing_to_erase' };
  for (const one of all) {
    const request = await eraseOne(writer, one, erasure);
    if (one.id === id && request !== null) erased = { kind: 'erased', request, quotedBy };
  }
  return erased;
}

/** Null: there was nothing to erase. */
async function eraseOne(writer: Writer, request: Request, { by, because }: Erasure): Promise<Request | null> {
  const { id } = request;
  const removed = await writer.db.deleteFrom('texts').where('request', '=', id).returning('sequence').execute();
  if (removed.length === 0) return null;
  const sequences = [...new Set(removed.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  const after = await append(writer, request, [{ type: 'text_erased', data: { by, because, sequences } }]);
  const erased = after && (await loadWhole(writer.db, id, writer.codes));
  if (erased === null) throw new Error(`the texts of ${id} were removed, but not recorded as erased`);
  writer.changed.set(id, erased);
  return erased;
}

/** Whether other requests can have its reason as well: refusals quote that of a freeze, and the others are copies. */
function isRepeated(request: Request): boolean {
  const { order, state } = request;
  return order.verb === 'freeze' || order.verb === 'pause' || state === 'expired' || copiedFrom(request) !== null;
}

/**
 * The requests that have the reason of this one as well: whose refusals quote a freeze; a pause and the resumes that end it;
 * and what expired with what was asked again in its place. Reads all texts: nobody waits for it.
 */
async function quotesOf(writer: Writer, request: Request): Promise<readonly string[]> {
  const { id, order } = request;
  if (!order.reason || !isRepeated(request)) return [];
  const rows = await writer.db
    .selectFrom('texts')
    .innerJoin('events', (join) =>
      join.onRef('events.request', '=', 'texts.request').onRef('events.sequence', '=', 'texts.sequence'),
    )
    .selectAll('events')
    .where('texts.kind', '=', sql.lit('reason'))
    .where('texts.text', '=', order.reason)
    .where('texts.request', '<>', id)
    .execute();
  const origin = await originOf(writer, request);
  const quoting = new Set<string>();
  for (const event of rows.map(recordedEvent)) {
    if (event.type === 'requested') {
      // The texts of a batch and its items are erased together.
      const { batch = null } = event.data;
      const copy = { ...event.data, id: event.request, batch };
      if (batch !== id && (await originOf(writer, copy)) === origin) quoting.add(batch ?? event.request);
    } else if (quotedFreeze(event) === id) quoting.add(event.request);
  }
  return [...quoting].sort();
}

/** The request whose author wrote the reason. */
async function originOf(
  writer: Writer,
  copy: { readonly id: string } & Parameters<typeof copiedFrom>[0],
): Promise<string> {
  const earlier = copiedFrom(copy);
  if (earlier === null) return copy.id;
  const request = await load(writer, earlier);
  return request === null ? earlier : originOf(writer, request);
}
