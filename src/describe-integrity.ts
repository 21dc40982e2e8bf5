import { plain, type Translator } from './locales/translator.ts';
import type { IntegrityProblem } from './requests/ledger/integrity.ts';

/** The integrity problem of a request's record, for a terminal. */
export function describeIntegrityProblem(translator: Translator, request: string, problem: IntegrityProblem): string {
  if (problem.kind !== 'broken') return plain(translator.translate(`verify.flaw.${problem.kind}`, { request }));
  return plain(translator.translate('verify.flaw.broken', { request, sequence: String(problem.sequence) }));
}
