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
import { inLockOrder, itemsOf, workflowsOf } from '../../rules/batch.ts';
import { findConflict } from '../../rules/exclusivity.ts';
import { type GrantFacts, granted, type Judged, judge, refused } from './authorize.ts';

/**
 * Decides for each workflow of a batch whether the requester may ask for it. What may not be asked ends as refused before
 * the question is put. All that is asked needs the same confirmations; otherwise one answer could not count for it.
 */
export const authorizeBatch: Step = async (batch, ports, { attempts }) => {
  if (isTooLate(batch, ports.now())) return ending('not_sent', { kind: 'too_late' });
  const items = await itemsOf(batch, ports.ledger);
  const judged = await Promise.all(items.map((item) => judge(item, ports, attempts)));
  const waits = judged.flatMap((one) => (one.kind === 'wait' ? [one.notBefore] : []));
  if (waits.length > 0) return { notBefore: Math.min(...waits) };
  const byItem = new Map(items.map(({ id }, index) => [id, judged[index]]));
  return { record: (current, tx) => grantAll(tx, current, byItem, ports.now()) };
};

type Permitted = { readonly item: Request; readonly facts: GrantFacts };

async function grantAll(
  tx: LedgerTransaction,
  batch: Request,
  judged: ReadonlyMap<string, Judged | undefined>,
  now: number,
): Promise<readonly Event[]> {
  if (batch.grant !== null || batch.state !== 'submitted') return [];
  // All workflows are locked before the freezes, which every transaction locks last.
  const items: Request[] = [];
  for (const { request } of inLockOrder(workflowsOf(batch))) {
    const item = await tx.load(request);
    if (item?.state === 'submitted') items.push(item);
  }
  const obstacles = new Map<string, EndReason>();
  const permitted: Permitted[] = [];
  for (const item of items) {
    const obstacle = await obstacleTo(item, judged.get(item.id), tx, now);
    if ('because' in obstacle) obstacles.set(item.id, obstacle.because);
    else permitted.push(obstacle);
  }
  const order = workflowsOf(batch).map(({ request }) => request);
  const first = permitted.toSorted((a, b) => order.indexOf(a.item.id) - order.indexOf(b.item.id))[0];
  const asked = permitted.filter(({ facts }) => first !== undefined && isSameApproval(facts, first.facts, batch));
  for (const { item } of permitted) {
    if (!asked.some((one) => one.item === item)) obstacles.set(item.id, { kind: 'other_approval' });
  }
  for (const item of items) {
    const because = obstacles.get(item.id);
    if (because !== undefined) await tx.append(item, refused(because));
  }
  for (const { item, facts } of asked) await tx.append(item, granted(item, facts, now));
  return [first === undefined ? refused(reasonOfAll([...obstacles.values()])) : grantedBatch(batch, first, asked, now)];
}

async function obstacleTo(
  item: Request,
  judged: Judged | undefined,
  tx: LedgerTransaction,
  now: number,
): Promise<Permitted | { readonly because: EndReason }> {
  if (judged?.kind === 'refused') return { because: judged.because };
  if (judged?.kind !== 'permitted') return { because: { kind: 'too_late' } };
  const because = findConflict(item, await tx.competingRequests(item.order), now);
  return because === null ? { item, facts: judged.facts } : { because };
}

function isSameApproval(one: GrantFacts, other: GrantFacts, { requester }: Request): boolean {
  const terms = ({ approval }: GrantFacts) => approval && termsOf(approval, requester);
  return isDeepStrictEqual(terms(one), terms(other));
}

function termsOf(approval: Approval, requester: string) {
  const { users, groups } = approversOf(approval, requester);
  return { users, groups, count: approval.count, withinMs: approval.withinMs };
}

function grantedBatch(batch: Request, { facts }: Permitted, asked: readonly Permitted[], now: number): Event {
  const { data } = granted(batch, facts, now);
  const items = asked.map(({ item, facts: { seen } }) => ({ request: item.id, seen }));
  return { type: 'granted', data: { ...data, seen: null, items } };
}

/** One reason for all, or each has its own. */
function reasonOfAll([first, ...others]: readonly EndReason[]): EndReason {
  if (first === undefined) return { kind: 'too_late' };
  return others.every((other) => isDeepStrictEqual(other, first)) ? first : { kind: 'each' };
}
