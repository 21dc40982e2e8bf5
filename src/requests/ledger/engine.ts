import type { Kysely, Transaction } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Request } from '../request.ts';
import type { LedgerProblem } from './health.ts';
import type { Schema } from './tables.ts';

/** Committed requests, as they were loaded or written last. */
export type RequestCache = Pick<LRUCache<string, Request>, 'get' | 'set' | 'delete'>;

/** How many requests are cached: more than are open or shown at once. */
const mostCached = 1_000;

export function createRequestCache(): RequestCache {
  return new LRUCache({ max: mostCached });
}

/** What differs between the databases. Everything else is written once, with Kysely. */
export type Engine = {
  readonly db: Kysely<Schema>;
  readonly requestCache: RequestCache;
  /** Whether several processes use the database at once. */
  readonly isShared: boolean;
  /** The time of the database's clock, in milliseconds since the epoch. */
  now(db: Kysely<Schema>): Promise<number>;
  /** The same without a query: the last time that was read, plus the time since. */
  estimatedNow(): number;
  /** Until the transaction ends, no other transaction writes about the workflow of this request. */
  lockWorkflow(tx: Transaction<Schema>, request: string): Promise<void>;
  /** Until the transaction ends, no freeze takes effect or is lifted in the organization with this key. */
  lockFreezes(tx: Transaction<Schema>, key: string): Promise<void>;
  /** Until the transaction ends, no other transaction calls `submitWithin` for this person. */
  lockRequester(tx: Transaction<Schema>, person: string): Promise<void>;
  /** Until the transaction ends, no other transaction adds watches, or removes them. */
  lockWatches(tx: Transaction<Schema>): Promise<void>;
  /** Until the transaction ends, no other transaction gives places in the log. Whether this one has the lock. */
  lockLog(tx: Kysely<Schema>, how: 'wait' | 'if_free'): Promise<boolean>;
  /** The schema of the tables; null if the database has no schemas. */
  schema(): string | null;
  /** Runs `work` in one transaction that excludes all other calls of this function. */
  runExclusively<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Makes the database refuse changes of events. */
  guardEvents(db: Kysely<unknown>): Promise<void>;
  /** Makes the database refuse changes of the log. */
  guardLog(db: Kysely<unknown>): Promise<void>;
  /** Whether a retry can succeed: a lock was held, the disk is full, or the database is unavailable. */
  isTransient(error: unknown): boolean;
  /** The problem of the database that an error stands for; null if it stands for none. */
  problemOf(error: unknown): LedgerProblem | null;
  /** Whether a commit that failed with this error certainly wrote nothing. */
  isUnwritten(error: unknown): boolean;
  /** Throws if the files were removed or replaced, so that writes would be lost. */
  checkFiles(): void;
  /** Called immediately before a commit, with the requests that it changes. `mustSync`: it is not only about tasks. */
  committing(changed: Iterable<Request>, mustSync: boolean): void;
  /** Resolves once everything that was committed before the call would survive a power failure. */
  synced(): Promise<void>;
  /** Leaves nothing of texts that were erased before in the files. With PostgreSQL, its vacuum does that. */
  discardErased(): Promise<void>;
  /** Makes a write that changes nothing, to check whether writes work again. */
  probeWrite(tx: Transaction<Schema>): Promise<void>;
  /** Closes files and connections, also if they were never used. */
  close(): Promise<void>;
};
