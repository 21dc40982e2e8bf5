import type { Vocabulary } from './vocabulary.ts';
import type { Word } from './words.ts';

/** The words behind the command word, and the text they were cut from. */
export type CommandText = { readonly text: string; readonly words: readonly Word[]; readonly vocabulary: Vocabulary };
