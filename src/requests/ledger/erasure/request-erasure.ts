import { setTimeout as wait } from 'node:timers/promises';
import type { SigningKey } from '../../../transparency-log/keys.ts';
import { limits } from '../../retry-policy.ts';
import type { Engine } from '../engine.ts';
import type { Erasure, ErasureAnswer, Ledger } from '../ledger.ts';
import { joinLog } from '../log/open-log.ts';
import { type Database, openLedger, openToRead } from '../open-ledger.ts';
import { LedgerInUseError } from '../sqlite.ts';
import { answerOf, type ErasureOrder, orderErasure } from './erasure-orders.ts';
import { leaveOrder } from './leave-order.ts';
import { ErasedTextsKeptError } from './sqlite-erasure.ts';

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
 * Erases the texts of a request, also beside the bot: with PostgreSQL as another process that shares the ledger, with SQLite
 * by an order to the owner of the file. Rejects with an OtherKeyError, or a LedgerUnavailableError.
 */
export function requestErasure(
  request: string,
  erasure: Erasure,
  { database, ...options }: ErasureOptions,
): Promise<RequestedErasure> {
  return database.kind === 'sqlite'
    ? orderErasureOf(request, erasure, { ...options, database })
    : eraseAtOnce(request, erasure, { ...options, database });
}

async function eraseAtOnce(request: string, erasure: Erasure, options: ErasureOptions): Promise<RequestedErasure> {
  const ledger = await openAsGuest(options);
  try {
    const answer = await ledger.eraseText(request, erasure);
    await sealAll(ledger);
    return { answer, isCleared: true };
  } finally {
    await ledger.close();
  }
}

function openAsGuest({ database, key, waitMs }: ErasureOptions): Promise<Ledger> {
  return openLedger({
    database,
    logKey: key,
    asGuest: true,
    leaseMs: limits.lease.ms,
    signal: AbortSignal.timeout(waitMs),
    onRecorded() {},
    onForged() {},
    onKeyBegun() {},
    onCheckpoint() {},
    onForgedCheckpoint() {},
    onTrouble() {},
    onHealthChange() {},
  });
}

/** What another process seals meanwhile, has its place as well. */
async function sealAll(ledger: Ledger): Promise<void> {
  for (;;) {
    const sealed = await ledger.seal();
    if (sealed.kind === 'nothing' || (sealed.kind === 'sealed' && !sealed.isMore)) return;
    if (sealed.kind === 'busy') await wait(pollMs);
  }
}

type OrderOptions = ErasureOptions & { readonly database: Database & { readonly kind: 'sqlite' } };

/** The order comes first, so that whoever is killed leaves it to the next owner. */
async function orderErasureOf(request: string, erasure: Erasure, options: OrderOptions): Promise<RequestedErasure> {
  const { database, key, waitMs } = options;
  const engine = openToRead(database);
  try {
    await joinLog(engine.db, key);
    const order = orderErasure(request, erasure, key, Date.now());
    await leaveOrder(database.path, order, waitMs);
    const isOwner = await carriedOutHere(options);
    const outcome = await outcomeOf(order, engine, isOwner ? 0 : waitMs);
    // Meanwhile the owner may have ended: a bot, or another call of this program.
    if (outcome.answer !== null || isOwner || !(await carriedOutHere(options))) return outcome;
    return await outcomeOf(order, engine, 0);
  } finally {
    await engine.close();
  }
}

async function outcomeOf(order: ErasureOrder, { db }: Engine, waitMs: number): Promise<RequestedErasure> {
  const until = performance.now() + waitMs;
  for (;;) {
    const { answer, isDone } = await answerOf(db, order);
    if (isDone || performance.now() >= until) return { answer, isCleared: isDone };
    await wait(pollMs);
  }
}

/** False if the bot owns the file: it carries out the order. */
async function carriedOutHere(options: OrderOptions): Promise<boolean> {
  const ledger = await openAsGuest(options).catch((error) => {
    if (error instanceof LedgerInUseError) return null;
    throw error;
  });
  if (ledger === null) return false;
  try {
    await ledger.carryOutErasures(() => {}).catch(leavesToNext);
    await sealAll(ledger);
    return true;
  } finally {
    await ledger.close();
  }
}

/** A bot that starts now must not wait for whoever reads the ledger. It clears the files itself. */
function leavesToNext(error: unknown): void {
  if (!(error instanceof ErasedTextsKeptError)) throw error;
}
