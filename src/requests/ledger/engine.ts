import type { Kysely, Transaction } from 'kysely';
import type { LedgerProblem } from './health.ts';
import type { RequestCache } from './load.ts';
import type { Schema } from './tables.ts';

/** What differs between the databases. Everything else is said once, in Kysely's words. */
export type Engine = {
  readonly db: Kysely<Schema>;
  readonly requestCache: RequestCache;
  /** Whether several processes work with it at once. */
  readonly isShared: boolean;
  /** What its clock shows, in milliseconds since the epoch. */
  now(db: Kysely<Schema>): Promise<number>;
  /** The same without asking: as it showed the last time, and what has passed since. */
  estimatedNow(): number;
  /** From here to the end of the transaction no other writes about the workflow of this request. */
  lockWorkflow(tx: Transaction<Schema>, request: string): Promise<void>;
  /** To the end of the transaction no freeze takes hold, nor is one lifted, in the organization with this key. */
  lockFreezes(tx: Transaction<Schema>, key: string): Promise<void>;
  /** From here to the end of the transaction no other submits for this person within a limit. */
  lockRequester(tx: Transaction<Schema>, person: string): Promise<void>;
  /** The schema that the tables are in; null where the database knows no schemas. */
  schema(): string | null;
  /** One transaction, and nobody else does such work meanwhile. */
  runExclusively(work: (tx: Transaction<Schema>) => Promise<void>): Promise<void>;
  /** Makes the database refuse changes of events. */
  guardEvents(db: Kysely<unknown>): Promise<void>;
  /** Whether what failed may go well when it is tried again: somebody else was at it, the disk is full, or the database is away. */
  isTransient(error: unknown): boolean;
  /** What keeps the database from being worked with; null where that is not what failed. */
  problemOf(error: unknown): LedgerProblem | null;
  /** Whether a commit that failed with this certainly wrote nothing. */
  isUnwritten(error: unknown): boolean;
  /** Throws where what is written now would be lost with files that were removed or replaced. */
  checkFiles(): void;
  /** Writes something that changes nothing, to find out whether writing works again. */
  probeWrite(tx: Transaction<Schema>): Promise<void>;
  /** Gives back its files and connections, also where nothing was asked of it. */
  close(): Promise<void>;
};
