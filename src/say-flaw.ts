import { plain, type Translator } from './locales/words.ts';
import type { IntegrityProblem } from './requests/ledger/verify.ts';

/** What is wrong with a request's record, for a terminal. */
export function describeIntegrityProblem(words: Translator, request: string, flaw: IntegrityProblem): string {
  if (flaw.kind !== 'broken') return plain(words.translate(`verify.flaw.${flaw.kind}`, { request }));
  return plain(words.translate('verify.flaw.broken', { request, sequence: String(flaw.sequence) }));
}
