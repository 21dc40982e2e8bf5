import { DatabaseSync } from 'node:sqlite';

/** The statements that SQLite prepares meanwhile. */
export async function preparedDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const { prepare } = DatabaseSync.prototype;
  const statements: string[] = [];
  DatabaseSync.prototype.prepare = function remember(sql) {
    statements.push(sql);
    return prepare.call(this, sql);
  };
  try {
    await work();
  } finally {
    DatabaseSync.prototype.prepare = prepare;
  }
  return statements;
}
