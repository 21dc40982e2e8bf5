import type { Task } from '../due.ts';
import type { Ports, PutOff, Step } from '../ports.ts';
import type { Request } from '../request.ts';
import { advance } from './advance.ts';
import { answerPress } from './answer-press.ts';
import { decidePressed } from './decide-press.ts';
import { reportOrLog, showOrLeave } from './give-up.ts';
import { look } from './look.ts';

const steps: Record<Task, Step> = {
  advance,
  answer: answerPress,
  decide: decidePressed,
  look,
  report: reportOrLog,
  show: showOrLeave,
};

/** Performs one step of a task; what it did to the request is on record when it returns. */
export function perform(task: Task, request: Request, ports: Ports, attempts: number): Promise<PutOff | undefined> {
  return steps[task](request, ports, attempts);
}
