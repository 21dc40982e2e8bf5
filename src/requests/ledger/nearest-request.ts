import type { Kysely } from 'kysely';
import { idAlphabet } from '../../commands/vocabulary/ids.ts';
import type { Schema } from './tables.ts';

/** A request whose ID differs from this one by a single character, or by two neighbours in the other order; null without one. */
export async function nearestRequest(db: Kysely<Schema>, id: string): Promise<string | null> {
  const near = [...substituted(id), ...swapped(id)];
  const found = await db.selectFrom('requests').select('id').where('id', 'in', near).orderBy('id').limit(1).execute();
  return found[0]?.id ?? null;
}

function substituted(id: string): readonly string[] {
  return Array.from(id).flatMap((_, at) =>
    Array.from(idAlphabet, (letter) => `${id.slice(0, at)}${letter}${id.slice(at + 1)}`),
  );
}

function swapped(id: string): readonly string[] {
  return Array.from({ length: id.length - 1 }, (_, at) =>
    [id.slice(0, at), id.charAt(at + 1), id.charAt(at), id.slice(at + 2)].join(''),
  );
}
