import type { Task } from '../due.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Ports, PutOff, Step } from '../ports.ts';
import type { Request } from '../request.ts';
import { advance } from './advance.ts';
import { answerPress } from './answer-press.ts';
import { decidePressed } from './decide-press.ts';
import { follow } from './follow.ts';
import { reportOrLog, showOrLeave } from './give-up.ts';
import { look } from './look.ts';
import { note } from './note.ts';

const steps: Record<Task, Step> = {
  advance,
  answer: answerPress,
  decide: decidePressed,
  follow,
  look,
  note,
  report: reportOrLog,
  show: showOrLeave,
};

/** Performs one step of a task; what it did to the request is on record when it returns. */
export function perform(claim: Claim, request: Request, ports: Ports): Promise<PutOff | undefined> {
  return steps[claim.task](request, ports, claim);
}
