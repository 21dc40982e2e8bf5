import { isDeepStrictEqual } from 'node:util';
import { approversOf } from '../../../access/approvals.ts';
import type { Approval } from '../../../access/policy.ts';
import type { Event } from '../../events.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { EndReason } from '../../outcome.ts';
import type { Step } from '../../ports.ts';
import { ending } from '../../record.ts';
import type { Request } from '../../request.ts';
import { isTooLate } from '../../retry-policy.ts';
import { itemsInLockOrder, itemsOf, workflowsOf } from '../../rules/batch.ts';
import { findConflict } from '../../rules/exclusivity.ts';
import { answerReminder } from '../send/end-of-pause.ts';
import { replacementOf } from '../send/freeze.ts';
import { type GrantFacts, granted, type Judged, judge, lookUpAgain, refused } from './authorize.ts';
import { resolveMoments } from './moments.ts';

/**
 * Decides for each workflow of a batch whether the requester may ask for it. What may not be asked ends as refused before
 * the question is put. All that is asked needs the same confirmations; otherwise one answer could not count for it.
 */
export const authorizeBatch: Step = async (batch, ports, { attempts }) => {
  if (isTooLate(batch, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const moments = await resolveMoments(batch, ports);
  if (moments.kind === 'bad_time' || moments.kind === 'no_zone') return ending('refused', moments);
  if (moments.kind === 'unknown') return lookUpAgain(moments.refusal, batch, ports, attempts);
  const items = await itemsOf(batch, ports.ledger);
  const judged = await Promise.all(items.map((item) => judge(item, ports, attempts, moments.known)));
  const waits = judged.flatMap((one) => (one.kind === 'wait' ? [one.notBefore] : []));
  if (waits.length > 0) return { notBefore: Math.min(...waits) };
  const byItem = new Map(items.map(({ id }, index) => [id, judged[index]]));
  return { record: (current, tx) => grantAll(tx, current, byItem, ports.now()) };
};

/** An item that may be asked about, or why it may not. */
type Permitted = { readonly item: Request; readonly facts: GrantFacts };
type Obstructed = { readonly item: Request; readonly because: EndReason };

async function grantAll(
  tx: LedgerTransaction,
  batch: Request,
  judged: ReadonlyMap<string, Judged | undefined>,
  now: number,
): Promise<readonly Event[]> {
  if (batch.grant !== null || batch.state !== 'submitted') return [];
  const found: (Permitted | Obstructed)[] = [];
  for (const item of await submittedItems(tx, batch))
    found.push(await withConflict(item, judged.get(item.id), tx, now));
  const { asked, obstructed } = sortedOut(batch, found);
  for (const { item, because } of obstructed) await tx.append(item, refused(because));
  for (const { item, facts } of asked) await tx.append(item, granted(item, facts, now));
  const [first] = asked;
  if (first !== undefined) await answerReminder(tx, batch);
  return [first === undefined ? refused(reasonOfAll(obstructed)) : grantedBatch(batch, first, asked, now)];
}

/** All workflows are locked before the freezes, which every transaction locks last. */
async function submittedItems(tx: LedgerTransaction, batch: Request): Promise<readonly Request[]> {
  return (await itemsInLockOrder(batch, tx)).filter(({ state }) => state === 'submitted');
}

async function withConflict(
  item: Request,
  judged: Judged | undefined,
  tx: LedgerTransaction,
  now: number,
): Promise<Permitted | Obstructed> {
  if (judged?.kind === 'refused') return { item, because: judged.because };
  if (judged?.kind !== 'permitted') return { item, because: { kind: 'too_late' } };
  const competing = await tx.competingRequests(item.order);
  const because =
    judged.facts.moments.dueAt === undefined
      ? findConflict(item, competing, now)
      : await replacedBy(tx, item, competing.open);
  return because === null ? { item, facts: judged.facts } : { item, because };
}

/** A command for later meets what competes with it when it is due. */
async function replacedBy(tx: LedgerTransaction, item: Request, open: readonly Request[]): Promise<EndReason | null> {
  const replacement = await replacementOf(tx, item, open);
  return replacement && { kind: 'busy', request: replacement.id };
}

/** The first workflow of the command that may be asked about decides which confirmations the others have to need as well. */
function sortedOut(batch: Request, found: readonly (Permitted | Obstructed)[]) {
  const place = new Map(workflowsOf(batch).map(({ request }, index) => [request, index]));
  const inOrder = found.toSorted((a, b) => (place.get(a.item.id) ?? 0) - (place.get(b.item.id) ?? 0));
  const first = inOrder.find((one) => 'facts' in one);
  const asked: Permitted[] = [];
  const obstructed: Obstructed[] = [];
  for (const one of inOrder) {
    if ('because' in one) obstructed.push(one);
    else if (first !== undefined && isSameApproval(one.facts, first.facts, batch)) asked.push(one);
    else obstructed.push({ item: one.item, because: { kind: 'other_approval' } });
  }
  return { asked, obstructed };
}

function isSameApproval(one: GrantFacts, other: GrantFacts, { requester }: Request): boolean {
  const terms = ({ approval, emergency }: GrantFacts) => approval && { ...termsOf(approval, requester), emergency };
  return isDeepStrictEqual(terms(one), terms(other));
}

function termsOf(approval: Approval, requester: string) {
  const { users, groups } = approversOf(approval, requester);
  const { count, withinMs, remindAfterMs, escalation } = approval;
  return { users, groups, count, withinMs, remindAfterMs, escalation };
}

function grantedBatch(batch: Request, { facts }: Permitted, asked: readonly Permitted[], now: number): Event {
  const { data } = granted(batch, facts, now);
  const items = asked.map(({ item, facts: { seen } }) => ({ request: item.id, seen }));
  return { type: 'granted', data: { ...data, seen: null, items } };
}

/** One reason for all, or each has its own. */
function reasonOfAll([first, ...others]: readonly Obstructed[]): EndReason {
  if (first === undefined) return { kind: 'too_late' };
  const { because } = first;
  return others.every((other) => isDeepStrictEqual(other.because, because)) ? because : { kind: 'each' };
}
