import { plain, type Words } from './locales/words.ts';
import type { Flaw } from './requests/ledger/verify.ts';

/** What is wrong with a request's record, for a terminal. */
export function sayFlaw(words: Words, request: string, flaw: Flaw): string {
  if (flaw.kind !== 'broken') return plain(words.say(`verify.flaw.${flaw.kind}`, { request }));
  return plain(words.say('verify.flaw.broken', { request, sequence: String(flaw.sequence) }));
}
