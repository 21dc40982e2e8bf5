import type { Event } from '../events.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { type Request, workflowKey } from '../request.ts';
import { isUnsent } from '../transition.ts';

/** The brake is never blocked: a stop takes the place of every command that is not sent, or not again, yet. */
export async function supersedeOthers(tx: LedgerTransaction, stop: Request): Promise<void> {
  const others = await tx.open(workflowKey(stop.order));
  const unsent = others.filter(({ id, state }) => id !== stop.id && isUnsent(state));
  await supersede(tx, unsent, stop);
}

export async function supersede(
  tx: LedgerTransaction,
  others: readonly Request[],
  { id }: Pick<Request, 'id'>,
): Promise<void> {
  const because = { kind: 'superseded', by: id } as const;
  const event: Event = { type: 'ended', data: { outcome: 'superseded', because, answer: null } };
  for (const other of others) await tx.append(other, event);
}
