import type { Event } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { Request } from '../request.ts';
import { supersedeOthers } from './supersede.ts';

/** Puts a freeze on, or lifts it: both are facts of the ledger, and take hold with this transaction. */
export async function carryOutFreeze({ id }: Request, { ledger, now }: Ports): Promise<undefined> {
  await ledger.transaction(async (tx) => {
    const request = await tx.load(id);
    if (request === null) return;
    const { verb, organization } = request.order;
    // Of an unfreeze it is the freeze that it lifts.
    const freeze = verb === 'freeze' ? request : await tx.lastFreeze(organization);
    const isInForce = (freeze?.order.until ?? 0) > now();
    const after = await tx.append(request, ...(isInForce ? takenHold : [inVain(verb)]));
    if (after?.state === 'accepted' && verb === 'freeze') await supersedeOthers(tx, after);
  });
}

const takenHold: readonly Event[] = [
  { type: 'dispatching', data: { attempt: 1 } },
  { type: 'ended', data: { outcome: 'accepted', because: { kind: 'taken' }, answer: null } },
];

/** A freeze whose time is over would take the place of one that is in force. */
function inVain(verb: Request['order']['verb']): Event {
  const because = { kind: verb === 'freeze' ? 'freeze_over' : 'not_frozen' } as const;
  return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
}
