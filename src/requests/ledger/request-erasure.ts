import { setTimeout as wait } from 'node:timers/promises';
import type { SigningKey } from '../../transparency-log/keys.ts';
import { limits } from '../retry-policy.ts';
import { answerOf, orderErasure } from './erasure-orders.ts';
import { leaveOrder } from './leave-order.ts';
import type { Erasure, ErasureAnswer, Ledger } from './ledger.ts';
import { joinLog } from './log/open-log.ts';
import { type Database, openLedger, openToRead } from './open-ledger.ts';
import { LedgerInUseError } from './sqlite.ts';

export type RequestedErasure = {
  /** Null: the bot has the order, and has not carried it out yet. */
  readonly answer: ErasureAnswer | null;
  /** Whether nothing of the texts is left in the ledger's files. */
  readonly isCleared: boolean;
};

export type ErasureOptions = {
  readonly database: Database;
  /** The bot's key; null if it has none. */
  readonly key: SigningKey | null;
  /** How long to wait for the bot. */
  readonly waitMs: number;
};

/** How often an order is looked at, and a log that another process seals, in milliseconds. */
const pollMs = 100;

/**
 * Erases the texts of a request, also beside the bot. With PostgreSQL as another process that shares the ledger; with SQLite
 * as the owner of the file, or by an order to the bot that owns it. Rejects with an OtherKeyError, or a LedgerUnavailableError.
 */
export async function requestErasure(
  request: string,
  erasure: Erasure,
  options: ErasureOptions,
): Promise<RequestedErasure> {
  const ledger = await openAsGuest(options);
  if (ledger === null) return orderFromBot(request, erasure, options);
  try {
    const erased = await ledger.eraseText(request, erasure);
    await sealAll(ledger);
    return { answer: erased, isCleared: true };
  } finally {
    await ledger.close();
  }
}

/** Null if the bot owns the file. */
async function openAsGuest({ database, key, waitMs }: ErasureOptions): Promise<Ledger | null> {
  try {
    return await openLedger({
      database,
      logKey: key,
      asGuest: true,
      leaseMs: limits.lease.ms,
      signal: AbortSignal.timeout(waitMs),
      onRecorded() {},
      onForged() {},
      onKeyBegun() {},
      onCheckpoint() {},
      onTrouble() {},
      onHealthChange() {},
    });
  } catch (error) {
    if (error instanceof LedgerInUseError) return null;
    throw error;
  }
}

/** What another process seals meanwhile, has its place as well. */
async function sealAll(ledger: Ledger): Promise<void> {
  for (;;) {
    const sealed = await ledger.seal();
    if (sealed.kind === 'nothing' || (sealed.kind === 'sealed' && !sealed.isMore)) return;
    if (sealed.kind === 'busy') await wait(pollMs);
  }
}

async function orderFromBot(
  request: string,
  erasure: Erasure,
  { database, key, waitMs }: ErasureOptions,
): Promise<RequestedErasure> {
  if (database.kind !== 'sqlite') throw new TypeError('only a SQLite ledger has an owner');
  const engine = openToRead(database);
  try {
    await joinLog(engine.db, key);
    const order = orderErasure(request, erasure, key, Date.now());
    await leaveOrder(database.path, order, waitMs);
    const until = performance.now() + waitMs;
    for (;;) {
      const { answer, isDone } = await answerOf(engine.db, order);
      if (isDone || performance.now() > until) return { answer, isCleared: isDone };
      await wait(pollMs);
    }
  } finally {
    await engine.close();
  }
}
