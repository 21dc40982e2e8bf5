import type { Event } from '../events.ts';
import { longerFreeze } from '../exclusivity.ts';
import type { Ports } from '../ports.ts';
import type { EndReason } from '../reasons.ts';
import type { Request } from '../request.ts';
import { supersedeOthers } from './supersede.ts';

/** Puts a freeze on, or lifts it: both are facts of the ledger, and take hold with this transaction. */
export async function applyFreeze({ id }: Request, { ledger, now }: Ports): Promise<undefined> {
  await ledger.transaction(async (tx) => {
    const request = await tx.load(id);
    if (request === null) return;
    const { verb, organization } = request.order;
    const obstacle = whyWithoutEffect(request, await tx.lastFreeze(organization), now());
    const after = await tx.append(request, ...(obstacle === null ? applied : [withoutEffect(obstacle)]));
    if (after?.state === 'accepted' && verb === 'freeze') await supersedeOthers(tx, after);
  });
}

const applied: readonly Event[] = [
  { type: 'dispatching', data: { attempt: 1 } },
  { type: 'ended', data: { outcome: 'accepted', because: { kind: 'taken' }, answer: null } },
];

function withoutEffect(because: EndReason): Event {
  return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
}

/** Much may have come to pass while it waited. @param freeze the last one of the environment */
function whyWithoutEffect(request: Request, freeze: Request | null, now: number): EndReason | null {
  const hasEnded = (one: Request | null) => (one?.order.until ?? 0) <= now;
  if (request.order.verb === 'unfreeze') return hasEnded(freeze) ? { kind: 'not_frozen' } : null;
  return hasEnded(request) ? { kind: 'freeze_over' } : longerFreeze(request, freeze, now);
}
