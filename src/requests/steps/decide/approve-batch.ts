import type { Event, EventOf, JudgedBy, ProbeResult } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { Ports } from '../../ports.ts';
import { type PendingPress, type Request, workflowKey } from '../../request.ts';
import { isAsked, itemsInLockOrder } from '../../rules/batch.ts';
import { precedes } from '../../rules/exclusivity.ts';
import { isHeldByPress } from '../../rules/press-hold.ts';
import { supersedeForLater, supersedeOthers } from '../send/freeze.ts';

type Approval = { readonly event: EventOf<'approved'>; readonly seen: ReadonlyMap<string, ProbeResult | null> };

/**
 * The last confirmation of a batch approves each of its items, or schedules it. From then on they go their own ways. While a command is being
 * sent to one of the workflows, nothing is recorded, and the press is judged again.
 */
export async function approveBatch(
  tx: LedgerTransaction,
  batch: Request,
  { event, seen }: Approval,
  ports: Pick<Ports, 'directory' | 'now'>,
): Promise<void> {
  const press = batch.presses.find(({ interaction }) => interaction === event.data.interaction);
  if (isHeldByPress(batch, press?.at ?? 0, ports)) return;
  const items = (await itemsInLockOrder(batch, tx)).filter(isAsked);
  const type = batch.grant?.dueAt === undefined ? 'approved' : 'scheduled';
  for (const item of type === 'approved' ? items : []) {
    const open = await tx.openRequests(workflowKey(item.order));
    if (open.some((other) => precedes(other, item))) return;
  }
  await tx.append(batch, { type, data: event.data });
  for (const item of items) {
    const confirmations = batch.confirmations.map((one): Event => confirmed(ofItem(one, item), batch));
    const after = await tx.append(item, ...confirmations, {
      type,
      data: { ...ofItem(event.data, item), seen: seen.get(item.id) ?? null },
    });
    if (after?.state === 'scheduled') await supersedeForLater(tx, after);
    else if (after?.order.verb === 'stop') await supersedeOthers(tx, after);
  }
}

/** The items of a batch can be granted by different rules. */
function ofItem<Decision extends JudgedBy>({ rule, ...decision }: Decision, { grant }: Request) {
  return { ...decision, ...(rule !== undefined && rule !== grant?.rule && { rule }) };
}

function confirmed(confirmation: Request['confirmations'][number], { grant }: Request): Event {
  return { type: 'confirmed', data: { ...confirmation, needed: grant?.needed ?? 1 } };
}

/** Cancels what is not sent yet. The batch is cancelled as a whole unless something of it was sent. */
export async function cancelBatch(
  tx: LedgerTransaction,
  batch: Request,
  { by, interaction }: Pick<PendingPress, 'by' | 'interaction'>,
): Promise<void> {
  const because = { kind: 'decided', by, interaction } as const;
  const cancelled: Event = { type: 'ended', data: { outcome: 'cancelled', because, answer: null } };
  const items = (await itemsInLockOrder(batch, tx)).filter(({ grant }) => grant !== null);
  const wasSent = items.some(({ dispatch }) => dispatch.attempts > dispatch.notReached.length);
  if (!items.some(isAsked)) {
    const refusal = { kind: 'too_late', state: 'dispatching' } as const;
    return void (await tx.append(batch, { type: 'press_refused', data: { by, interaction, refusal } }));
  }
  // The end of a batch ends its items.
  if (!wasSent) return void (await tx.append(batch, cancelled));
  for (const item of items.filter(isAsked)) await tx.append(item, cancelled);
  await tx.append(batch, { type: 'partly_cancelled', data: { by, interaction } });
}
