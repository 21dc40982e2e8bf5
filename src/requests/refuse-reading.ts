import type { Ledger, Submission } from './ledger/ledger.ts';
import type { RecordedRefusal } from './outcome.ts';

/** Records a refused query. The person got the reply already, so the request is recorded with its end and no task is due. */
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
