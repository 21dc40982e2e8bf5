import type { RecordedEvent } from '../events.ts';
import { textHash, textHashes } from '../texts.ts';
import type { TextRow } from './tables.ts';

export type TextProblem = { readonly kind: 'altered_text' | 'missing_text'; readonly sequence: number };

export type CheckedTexts = {
  /** How many texts are gone, as an event says. */
  readonly erased: number;
  readonly problems: readonly TextProblem[];
};

/** Compares the texts of a request with the hashes in its events. */
export function checkTexts(events: readonly RecordedEvent[], texts: readonly TextRow[]): CheckedTexts {
  const hashes = events.flatMap(({ sequence, ...event }) =>
    Object.entries(textHashes(event)).map(([kind, hash]) => ({ sequence, key: keyOf(sequence, kind), hash })),
  );
  const expected = new Map(hashes.map(({ key, hash }) => [key, hash]));
  const known = new Set(texts.map(({ sequence, kind }) => keyOf(sequence, kind)));
  const gone = hashes.filter(({ key }) => !known.has(key)).map(({ sequence }) => sequence);
  const erased = new Set(events.flatMap((event) => (event.type === 'text_erased' ? event.data.sequences : [])));
  const altered = texts.filter((row) => expected.get(keyOf(row.sequence, row.kind)) !== textHash(row));
  return {
    erased: gone.filter((sequence) => erased.has(sequence)).length,
    problems: [
      ...altered.map(({ sequence }) => ({ kind: 'altered_text', sequence }) as const),
      ...gone
        .filter((sequence) => !erased.has(sequence))
        .map((sequence) => ({ kind: 'missing_text', sequence }) as const),
    ],
  };
}

function keyOf(sequence: number, kind: string): string {
  return `${sequence} ${kind}`;
}
