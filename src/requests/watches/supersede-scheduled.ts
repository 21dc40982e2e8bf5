import type { LedgerTransaction } from '../ledger/ledger.ts';
import { type Request, workflowKey } from '../request.ts';
import { stateBefore } from '../steps/decide/release.ts';
import { supersedeWith } from '../steps/send/freeze.ts';
import type { SeenChange } from './after-look.ts';

/**
 * Ends the commands for later whose workflow is not as it was when they were asked for. Where the change began from another
 * state, they are left to the moment when they are due. True if there
 * were any.
 */
export async function supersedeScheduled(
  tx: LedgerTransaction,
  workflow: { readonly organization: string; readonly workflowId: string },
  { from, to }: SeenChange,
): Promise<boolean> {
  const scheduled: Request[] = [];
  for (const { id } of await tx.openRequests(workflowKey(workflow))) {
    const request = await tx.load(id);
    if (request?.state === 'scheduled' && (await stateBefore(tx, request, to)) === from) scheduled.push(request);
  }
  const because = { kind: 'changed_since', before: from, now: to } as const;
  await supersedeWith(tx, scheduled, { type: 'ended', data: { outcome: 'superseded', because, answer: null } });
  return scheduled.length > 0;
}
