import { isOfWatch } from '../../../access/policy.ts';
import type { Event } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { EndReason } from '../../outcome.ts';
import type { Ports, Recording } from '../../ports.ts';
import { askedAt, isForLater, type Request, workflowKey } from '../../request.ts';
import { workflowsOf } from '../../rules/batch.ts';
import { isReplacedBy, longerFreeze } from '../../rules/exclusivity.ts';
import { isUndecided, isUnsent } from '../../transition.ts';
import { applied } from './dispatching.ts';

/** Declares or lifts a freeze. Both are facts of the ledger: they take effect with this transaction. */
export function applyFreeze(judged: { readonly rule: string }, { now }: Pick<Ports, 'now'>): Recording {
  return {
    async record(request, tx) {
      const { verb, organization } = request.order;
      const obstacle = whyWithoutEffect(request, await tx.lastFreeze(organization), now());
      if (obstacle !== null) return [withoutEffect(obstacle)];
      if (request.state === 'approved' && verb === 'freeze') await supersedeOthers(tx, request);
      return applied(request, judged);
    },
  };
}

function withoutEffect(because: EndReason): Event {
  return { type: 'ended', data: { outcome: 'refused', because, answer: null } };
}

/** Why the freeze, or lifting it, has no effect any more after it waited. @param freeze the last one of the environment */
function whyWithoutEffect(request: Request, freeze: Request | null, now: number): EndReason | null {
  const hasEnded = (one: Request | null) => (one?.order.until ?? 0) <= now;
  if (request.order.verb === 'unfreeze') return hasEnded(freeze) ? { kind: 'not_frozen' } : null;
  return hasEnded(request) ? { kind: 'freeze_over' } : longerFreeze(request, freeze, now);
}

/**
 * An overriding command is never blocked: a stop supersedes every command that has not been sent, or waits to be sent again.
 * What is for later waits for how the stop ends, and a watch does not mind.
 */
export async function supersedeOthers(tx: LedgerTransaction, stop: Request): Promise<void> {
  const others = await tx.openRequests(workflowKey(stop.order));
  const unsent = others.filter(
    (other) => other.id !== stop.id && isUnsent(other.state) && !isForLater(other) && !isOfWatch(other.order.verb),
  );
  await supersede(tx, unsent, stop);
}

/**
 * A command for later gives way to every command that was asked for after it, and so does the question about one: once that
 * may have taken effect, or waits for its own time.
 */
export async function supersedeForLater(tx: LedgerTransaction, command: Request): Promise<void> {
  const open = await tx.openRequests(workflowKey(command.order));
  const isEarlier = (other: Request) => isForLater(other) && askedAt(other) <= askedAt(command);
  await supersede(
    tx,
    open.filter((other) => other.id !== command.id && isEarlier(other)),
    command,
  );
}

/** The command that takes the place of one for later; null: none does. @param open the open requests of its workflow */
export async function replacementOf(
  tx: LedgerTransaction,
  later: Request,
  open: readonly Request[],
): Promise<Request | null> {
  const sent = await tx.sentSince(workflowKey(later.order), askedAt(later));
  return [...sent, ...open].find((other) => isReplacedBy(later, other)) ?? null;
}

export function supersede(
  tx: LedgerTransaction,
  others: readonly Request[],
  { id }: Pick<Request, 'id'>,
): Promise<void> {
  return supersedeWith(tx, others, supersededBy(id));
}

/** Each leaves its batch, if it is one of several. */
export async function supersedeWith(tx: LedgerTransaction, others: readonly Request[], event: Event): Promise<void> {
  for (const other of others) {
    await tx.append(other, event);
    if (other.batch !== null) await leaveBatch(tx, other, event);
  }
}

export function supersededBy(id: string): Event {
  return { type: 'ended', data: { outcome: 'superseded', because: { kind: 'superseded', by: id }, answer: null } };
}

/** One workflow less to decide on: the announcement says so, and without any the batch has ended. */
async function leaveBatch(tx: LedgerTransaction, { id, batch: of }: Request, superseded: Event): Promise<void> {
  const batch = of === null ? null : await tx.load(of);
  if (batch === null || (batch.state !== 'scheduled' && !isUndecided(batch.state))) return;
  const left = await askedOf(tx, batch);
  const ended = workflowsOf(batch).length - left;
  const progressed: Event = { type: 'progressed', data: { ...batch.progress, ended, without: id } };
  await tx.append(batch, left === 0 ? superseded : progressed);
}

/** How many of its workflows are still asked about. Read without locks: those of the other workflows are not this transaction's. */
async function askedOf(tx: LedgerTransaction, batch: Request): Promise<number> {
  const { organization } = batch.order;
  let left = 0;
  for (const { request, workflowId } of workflowsOf(batch)) {
    const open = await tx.openRequests(workflowKey({ organization, workflowId }));
    if (open.some(({ id }) => id === request)) left += 1;
  }
  return left;
}
