import { excerpt } from './parse-result.ts';
import type { Word } from './text.ts';

/** Words that may say when, and what may be typed instead. */
export type Doubt = { readonly typed: string; readonly suggestions: readonly string[] };

export function doubtful(typed: string, suggestions: readonly string[] = []): Doubt {
  return { typed, suggestions };
}

/** The words as a reason, if they can be shown as a whole. */
export function quoted(words: readonly Word[]): readonly string[] {
  const reason = `"${words.map(({ text }) => text).join(' ')}"`;
  return words.some(({ text }) => text.includes('"')) || excerpt(reason) !== reason ? [] : [reason];
}

/** Words in quotation marks are a reason. The mark before ’til is an apostrophe. */
export function isQuoted([first]: readonly Word[]): boolean {
  const text = first?.text ?? '';
  return /^[\p{Pi}\p{Pf}"`‚„‛‟']/u.test(text) && !/^['‘’‛]till?$/i.test(text);
}
