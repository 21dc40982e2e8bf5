import type { Ledger, Submission } from './ledger/ledger.ts';
import type { RecordedRefusal } from './outcome.ts';

/** Writes down that somebody was refused to read: told at once, so that nothing is left to do. */
export async function recordRefusedQuery(
  ledger: Pick<Ledger, 'submit'>,
  submission: Submission,
  refusal: RecordedRefusal,
  signal: AbortSignal,
): Promise<void> {
  await ledger.submit(
    {
      ...submission,
      immediateEvents: [
        { type: 'ended', data: { outcome: 'refused', because: { kind: 'access', refusal }, answer: null } },
        { type: 'reported', data: { via: 'private', ts: null } },
      ],
    },
    signal,
  );
}
