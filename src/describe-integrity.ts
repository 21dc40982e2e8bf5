import { plain, type Translator } from './locales/translator.ts';
import type { IntegrityProblem } from './requests/ledger/integrity.ts';

/** What is wrong with a request's record, for a terminal. */
export function describeIntegrityProblem(translator: Translator, request: string, flaw: IntegrityProblem): string {
  if (flaw.kind !== 'broken') return plain(translator.translate(`verify.flaw.${flaw.kind}`, { request }));
  return plain(translator.translate('verify.flaw.broken', { request, sequence: String(flaw.sequence) }));
}
