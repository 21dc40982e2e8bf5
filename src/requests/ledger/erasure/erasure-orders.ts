import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Kysely } from 'kysely';
import { erasureKey, type SigningKey } from '../../../transparency-log/keys.ts';
import type { AnsweredOrder, Erasure, ErasureAnswer } from '../ledger.ts';
import type { Writer } from '../load.ts';
import type { ErasureRow, Schema } from '../tables.ts';
import { eraseText } from './erase-text.ts';

// One process owns a SQLite ledger, and no other one changes what it has recorded. So the audit program leaves an order to
// erase texts, and the owner carries it out: the bot, or, where none is running, the program itself.

export type ErasureOrder = Pick<ErasureRow, 'id' | 'request' | 'by' | 'because' | 'asked_at' | 'mac'>;

/** How long an order that is done is kept, for whoever still waits for its answer. */
const keptMs = 86_400_000;

/** A new order. With the bot's key it has a code, which nobody can make who can only write into the database. */
export function orderErasure(
  request: string,
  { by, because }: Erasure,
  key: SigningKey | null,
  now: number,
): ErasureOrder {
  const order = { id: randomUUID(), request, by, because, asked_at: now };
  return { ...order, mac: key === null ? null : codeOf(order, key).toString('hex') };
}

/** HMAC-SHA256 over the canonical JSON (RFC 8785) of the order. */
function codeOf({ id, request, by, because, asked_at }: Omit<ErasureOrder, 'mac'>, key: SigningKey): Buffer {
  return createHmac('sha256', erasureKey(key))
    .update(canonicalize({ id, request, by, because, asked_at }) ?? '')
    .digest();
}

function isGenuine(order: ErasureOrder, key: SigningKey): boolean {
  const [expected, given] = [codeOf(order, key), Buffer.from(order.mac ?? '', 'hex')];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The orders that are not done. A table that is nearly always empty costs less to read than SQLite's `data_version`. */
export function ordersLeft(db: Kysely<Schema>): Promise<readonly ErasureRow[]> {
  return db.selectFrom('erasures').selectAll().where('done_at', 'is', null).orderBy('asked_at').execute();
}

/** What a ledger does for {@link carryOutOrders}. */
type Owner = {
  left(): Promise<readonly ErasureRow[]>;
  writing<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  /** Rejects with an ErasedTextsKeptError while somebody reads the ledger. */
  discardErased(): Promise<void>;
  /** Called for each order that is carried out. */
  answered(order: AnsweredOrder): void;
};

/** Carries out every order that is left, each once. `key`: the one in force. */
export async function carryOutOrders(owner: Owner, key: SigningKey | null): Promise<void> {
  const orders = await owner.left();
  if (orders.length === 0) return;
  // One that has its answer was carried out before, and what it erased is still to be cleared from the files.
  for (const order of orders) {
    if (order.answer === null) owner.answered(await owner.writing((writer) => carryOut(writer, order, key)));
  }
  await owner.discardErased();
  await owner.writing((writer) => markDone(writer, orders));
}

/** Erases the texts and answers the order in one transaction, so that it is carried out once. */
async function carryOut(writer: Writer, order: ErasureRow, key: SigningKey | null): Promise<AnsweredOrder> {
  const answer = await answerTo(writer, order, key);
  writer.mustSync = true;
  const answered = writer.db.updateTable('erasures').set({ answer: JSON.stringify(answer) });
  await answered.where('id', '=', order.id).execute();
  return { request: order.request, by: order.by, answer };
}

async function answerTo(writer: Writer, order: ErasureRow, key: SigningKey | null): Promise<ErasureAnswer> {
  if (key !== null && !isGenuine(order, key)) return { kind: 'forged' };
  const erased = await eraseText(writer, order.request, order);
  return erased.kind === 'erased' ? { kind: 'erased', quotedBy: erased.quotedBy } : { kind: erased.kind };
}

/** Called when nothing of the erased texts is left in the files. */
async function markDone(writer: Writer, orders: readonly ErasureRow[]): Promise<void> {
  const now = await writer.now();
  writer.mustSync = true;
  const ids = orders.map(({ id }) => id);
  await writer.db.updateTable('erasures').set({ done_at: now }).where('id', 'in', ids).execute();
  await writer.db
    .deleteFrom('erasures')
    .where('done_at', '<', now - keptMs)
    .execute();
}

/** What came of an order. `answer` null: nothing yet. `isDone`: nothing of the texts is left in the files either. */
export async function answerOf(
  db: Kysely<Schema>,
  { id }: Pick<ErasureOrder, 'id'>,
): Promise<{ readonly answer: ErasureAnswer | null; readonly isDone: boolean }> {
  const row = await db.selectFrom('erasures').select(['answer', 'done_at']).where('id', '=', id).executeTakeFirst();
  const { answer = null, done_at = null } = row ?? {};
  return { answer: answer === null ? null : JSON.parse(answer), isDone: done_at !== null };
}
