import type { Task } from '../due.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Ports, Postponement, Step } from '../ports.ts';
import type { Request } from '../request.ts';
import { advance } from './advance.ts';
import { replyToPress } from './answer-press.ts';
import { judgePresses } from './decide-press.ts';
import { observeEffect } from './follow.ts';
import { postOutcomeOrLog, updateAnnouncementOrLeave } from './give-up.ts';
import { probeAfterDoubt } from './look.ts';
import { postFollowUp } from './note.ts';

const steps: Record<Task, Step> = {
  advance,
  answer: replyToPress,
  decide: judgePresses,
  follow: observeEffect,
  look: probeAfterDoubt,
  note: postFollowUp,
  report: postOutcomeOrLog,
  show: updateAnnouncementOrLeave,
};

/** What ends or sends a request, or changes what the channel shows of it. */
const reconciledFirst: ReadonlySet<Task> = new Set(['advance', 'decide', 'show']);

/** Performs one step of a task; what it did to the request is on record when it returns. */
export async function perform(claim: Claim, request: Request, ports: Ports): Promise<Postponement | undefined> {
  const step = steps[claim.task];
  if (!reconciledFirst.has(claim.task) || !ports.reconciliation.wasOpen(request.id)) return step(request, ports, claim);
  const putOff = await ports.reconciliation.ready(request.id);
  if (putOff !== null) return putOff;
  const current = await ports.ledger.load(request.id);
  // What it came to is on record by now, and something else may be due.
  return current?.sequence === request.sequence ? step(request, ports, claim) : undefined;
}
