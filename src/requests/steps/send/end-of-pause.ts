import { randomBytes } from 'node:crypto';
import { newRequestId } from '../../../commands/vocabulary/ids.ts';
import type { EventOf } from '../../events.ts';
import type { LedgerTransaction, Submission } from '../../ledger/ledger.ts';
import type { Ports } from '../../ports.ts';
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

/**
 * When Campaign ends a pause; nothing for other commands, and where nobody is to be reminded.
 *
 * @param pausedAt when Campaign has accepted it, in milliseconds since the epoch
 */
export function pauseEnd(
  { order, batch }: Pick<Request, 'order' | 'batch'>,
  pausedAt: number,
  { pausesEndAfter }: Pick<Ports, 'pausesEndAfter'>,
): Pick<EventOf<'ended'>['data'], 'pauseEndsAt'> {
  // A batch has one reminder for all.
  const afterMs = order.verb === 'pause' && batch === null ? pausesEndAfter(order.organization) : null;
  return afterMs === null ? {} : { pauseEndsAt: pausedAt + afterMs };
}

/** A resume that was asked for by the button of a reminder answers it, once a rule permits it. */
export async function answerReminder(
  tx: Pick<LedgerTransaction, 'load' | 'append'>,
  { id, order, requester }: Request,
): Promise<void> {
  const { after, due } = order;
  const pause = after === undefined || due !== undefined ? null : await tx.load(after);
  if (pause === null || pause.pauseReminder.answer?.choice === 'resume') return;
  await tx.append(pause, { type: 'pause_answered', data: { choice: 'resume', by: requester, request: id } });
}
