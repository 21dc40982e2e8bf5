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
    const freeze = await tx.lastFreeze(organization);
    const isFrozen = (freeze?.order.until ?? 0) > now();
    const after = await tx.append(request, ...(verb === 'unfreeze' && !isFrozen ? [notFrozen] : takenHold));
    if (after?.state === 'accepted' && verb === 'freeze') await supersedeOthers(tx, after);
  });
}

const takenHold: readonly Event[] = [
  { type: 'dispatching', data: { attempt: 1 } },
  { type: 'ended', data: { outcome: 'accepted', because: { kind: 'taken' }, answer: null } },
];

const notFrozen: Event = {
  type: 'ended',
  data: { outcome: 'refused', because: { kind: 'not_frozen' }, answer: null },
};
