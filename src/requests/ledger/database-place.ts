import { resolve } from 'node:path';
import type { Database } from './open-ledger.ts';

/** As an absolute path, or the server and the database without the password. */
export function placeOf(database: Database): string {
  if (database.kind === 'sqlite') return resolve(database.path);
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
}
