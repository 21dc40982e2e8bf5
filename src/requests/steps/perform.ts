import type { Postponement } from '../attempt-results.ts';
import type { Task } from '../due.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Ports, Step } from '../ports.ts';
import { endRequest, record } from '../record.ts';
import { announcementState, type Request } from '../request.ts';
import { limits } from '../retry-policy.ts';
import { mayTakeBack } from '../rules/authorization.ts';
import { authorize } from './decide/authorize.ts';
import { judgePresses } from './decide/judge-presses.ts';
import { announce, updateAnnouncement } from './post/announce.ts';
import { postFollowUp } from './post/post-follow-up.ts';
import { logOutcome, postOutcome } from './post/post-outcome.ts';
import { replyToPress } from './post/reply-to-press.ts';
import { dispatch } from './send/dispatch.ts';
import { observeEffect, probeAfterDoubt } from './send/observe.ts';

/** The next step on a request's way from the order to the outcome. */
export const advance: Step = async (request, ports, claim) => {
  switch (request.state) {
    case 'submitted':
      return (request.grant === null ? authorize : announce)(request, ports, claim);
    case 'awaiting_approval':
      return expire(request, ports, claim);
    case 'approved':
      return dispatch(request, ports, claim);
    case 'dispatching':
      // The process that sent it is gone, and nobody knows how far it came.
      return endRequest(request, 'unknown', { kind: 'crashed' }, ports);
    default:
      return undefined;
  }
};

/** Who pressed in time is heard, even if judging the press takes a moment longer: a short one, for who was not asked. */
const expire: Step = async (request, ports, { attempts }) => {
  const wasAsked = request.presses.some((press) => mayTakeBack(request, press, ports.directory) !== false);
  const looks = wasAsked ? limits.expiry.rechecks : limits.expiry.rechecksForOthers;
  if (request.presses.length > 0 && attempts < looks) return { notBefore: ports.now() + limits.expiry.recheckMs };
  return endRequest(request, 'expired', { kind: 'expired' }, ports);
};

/** Reports; after ten faults in a row the outcome goes to the log. That Slack is away is no fault: the step waits for it. */
export const postOutcomeOrLog: Step = async (request, ports, claim) => {
  try {
    return await postOutcome(request, ports, claim);
  } catch (error) {
    // Where not even this can be written, the fault is the ledger's, and does not count.
    const failed = await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason: 'fault' } });
    if (failed === null || failed.outcomePost.faults < limits.faults.tries) throw error;
    return logOutcome(failed, ports, error);
  }
};

/** Shows; after ten vain tries of which the last was a fault, the announcement stays as it is until there is more to show. */
export const updateAnnouncementOrLeave: Step = async (request, ports, claim) => {
  try {
    return await updateAnnouncement(request, ports, claim);
  } catch (error) {
    if (claim.attempts + 1 < limits.faults.tries) throw error;
    ports.count.fault('step');
    ports.log.error({ request: request.id, err: error }, 'the announcement cannot be brought up to date');
    await record(request, ports, {
      type: 'shown',
      data: { state: announcementState(request), turn: request.questionRevision, problem: 'fault' },
    });
    return undefined;
  }
};

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
