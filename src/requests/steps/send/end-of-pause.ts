import { randomBytes } from 'node:crypto';
import { newRequestId } from '../../../commands/vocabulary/ids.ts';
import type { Submission } from '../../ledger/ledger.ts';
import type { Request } from '../../request.ts';

/** The resume that ends a pause at the time that was asked for; null if none was. It is a request like any other, of the same person. */
export function endOfPause({ id, requester, team, channel, order, grant, requestedAt }: Request): Submission | null {
  const at = grant?.resumesAt ?? null;
  if (at === null) return null;
  const { resumes: _, reason, ...what } = order;
  const due = { kind: 'moment', at, zone: grant?.zone ?? 'UTC' } as const;
  return {
    id: newRequestId(randomBytes(5)),
    requested: {
      ...{ requester, team, channel, interaction: `${id} resume` },
      order: { ...what, verb: 'resume', reason: reason ?? '', due, after: id, askedAt: requestedAt },
    },
  };
}
