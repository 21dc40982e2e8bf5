import { type Kysely, sql } from 'kysely';
import type { Schema } from '../tables.ts';

/** Somebody reads the ledger, so that its log still has erased texts. */
export class ErasedTextsKeptError extends Error {
  override name = 'ErasedTextsKeptError';
}

/**
 * Leaves nothing of erased texts in the files. `secure_delete` overwrites deleted rows, but not the copies that rows leave
 * behind where SQLite has moved them to another page before. So all texts are written anew, by which every page of the table is
 * overwritten, and the log is moved into the database and emptied. Throws an ErasedTextsKeptError.
 */
export async function discardErased(db: Kysely<Schema>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`create temporary table kept as select * from texts order by rowid`.execute(tx);
    await tx.deleteFrom('texts').execute();
    await sql`insert into texts select * from kept`.execute(tx);
    await sql`drop table kept`.execute(tx);
  });
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
  if (rows[0]?.busy !== 0) throw new ErasedTextsKeptError('a reader of the ledger keeps erased texts in its log');
}
