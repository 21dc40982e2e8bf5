import { isAlertAnswer } from '../../access/policy.ts';
import type { Task } from '../due.ts';
import type { Event } from '../events.ts';
import type { Claim, LedgerTransaction } from '../ledger/ledger.ts';
import type { Ports, Step, StepResult } from '../ports.ts';
import { ending, record, recording } from '../record.ts';
import { announcementState, isBatch, type Request } from '../request.ts';
import { isTooLate, limits } from '../retry-policy.ts';
import { wasNamed } from '../rules/authorization.ts';
import { authorize } from './decide/authorize.ts';
import { authorizeBatch } from './decide/authorize-batch.ts';
import { escalate } from './decide/escalate.ts';
import { judgePresses } from './decide/judge-presses.ts';
import { offerEmergency } from './decide/offer-emergency.ts';
import { release, releaseBatch } from './decide/release.ts';
import { announce, announcing, updateAnnouncement } from './post/announce.ts';
import { callInThread } from './post/call.ts';
import { page } from './post/page.ts';
import { noting, postFollowUp } from './post/post-follow-up.ts';
import { logOutcome, postOutcome, reporting } from './post/post-outcome.ts';
import { remindOfPause } from './post/remind-of-pause.ts';
import { replyToPress } from './post/reply-to-press.ts';
import { tellEmergency } from './post/tell-emergency.ts';
import { answerAlert } from './send/apply-answer.ts';
import { dispatch, endInterrupted } from './send/dispatch.ts';
import { followEffects, followItems } from './send/follow-batch.ts';
import { observeEffect, probeAfterDoubt } from './send/probe.ts';

/** The next step of a request on its way to the outcome. */
export const advance: Step = async (request, ports, claim) => {
  switch (request.state) {
    case 'submitted':
      return decideOrAnnounce(request)(request, ports, claim);
    case 'awaiting_approval':
      return expire(request, ports, claim);
    case 'scheduled':
      return (isBatch(request) ? releaseBatch : release)(request, ports, claim);
    case 'approved':
      return (isBatch(request) ? followItems : dispatch)(request, ports, claim);
    case 'dispatching':
      return endInterrupted();
    default:
      return undefined;
  }
};

function decideOrAnnounce(request: Request): Step {
  if (request.grant !== null) return announce;
  if (isAlertAnswer(request.order.verb)) return answerAlert;
  return isBatch(request) ? authorizeBatch : authorize;
}

/** A press in time still counts if judging it takes longer than the question: two minutes for people who were asked, three seconds for others. */
const expire: Step = async (request, ports, { attempts }) => {
  const wasAsked = request.presses.some((press) => wasNamed(request, press, ports.directory) !== false);
  const looks = wasAsked ? limits.expiry.rechecks : limits.expiry.rechecksForOthers;
  if (request.presses.length > 0 && attempts < looks) return { notBefore: ports.now() + limits.expiry.recheckMs };
  return ending('expired', { kind: 'expired' });
};

/** Posts the outcome; after ten faults of our own in a row it goes to the log. Slack being unavailable is not a fault: the step is postponed. */
export const postOutcomeOrLog: Step = async (request, ports, claim) => {
  try {
    return await postOutcome(request, ports, claim);
  } catch (error) {
    // If even this cannot be recorded, the fault is the ledger's and does not count.
    const failed = await record(request, ports, { type: 'not_posted', data: { message: 'outcome', reason: 'fault' } });
    if (failed === null || failed.outcomePost.faults < limits.faults.tries) throw error;
    return logOutcome(failed, ports, error);
  }
};

/** Updates the announcement. After ten failed attempts, the last one a fault, it is not retried until the next change. */
export const updateAnnouncementOrLeave: Step = async (request, ports, claim) => {
  try {
    return await updateAnnouncement(request, ports, claim);
  } catch (error) {
    if (claim.attempts + 1 < limits.faults.tries) throw error;
    ports.count.fault('step');
    ports.log.error({ request: request.id, err: error }, 'the announcement could not be updated');
    const state = announcementState(request);
    return recording({ type: 'shown', data: { state, turn: request.questionRevision, problem: 'fault' } });
  }
};

const steps: Record<Task, Step> = {
  advance,
  answer: replyToPress,
  call: callInThread,
  decide: judgePresses,
  escalate,
  follow: (request, ports, claim) => (isBatch(request) ? followEffects : observeEffect)(request, ports, claim),
  look: probeAfterDoubt,
  note: postFollowUp,
  pause_reminder: remindOfPause,
  page,
  offer: offerEmergency,
  review: tellEmergency,
  report: postOutcomeOrLog,
  show: updateAnnouncementOrLeave,
};

/** Tasks that end a request, send its command, change its announcement, or ask people. */
const reconciledFirst: ReadonlySet<Task> = new Set(['advance', 'decide', 'show', 'escalate', 'page', 'call', 'offer']);

/** Performs one step of a task. */
export async function perform(claim: Claim, request: Request, ports: Ports): Promise<StepResult> {
  const step = steps[claim.task];
  if (!reconciledFirst.has(claim.task) || !ports.reconciliation.wasOpen(request.id)) return step(request, ports, claim);
  const postponement = await ports.reconciliation.ready(request.id);
  if (postponement !== null) return postponement;
  const current = await ports.ledger.load(request.id);
  // The comparison has changed the request, so another task may be due.
  return current?.sequence === request.sequence ? step(request, ports, claim) : undefined;
}

/**
 * The intent of a step that follows another one, where it is the first attempt and nothing has to be looked up before. It
 * is recorded in the transaction that ends the step before. Null: the step records its own.
 */
export async function firstIntent(
  task: Task,
  request: Request,
  tx: LedgerTransaction,
  { reconciliation, now }: Ports,
): Promise<Event | null> {
  const { state, grant, announcement, outcomePost, followUpPost } = request;
  if (reconciliation.wasOpen(request.id)) return null;
  switch (task) {
    case 'advance': {
      const isFirst = state === 'submitted' && grant !== null && announcement.attempts === 0;
      return isFirst && !isTooLate(request, now()) ? announcing(tx, request) : null;
    }
    case 'report':
      return outcomePost.attempts === 0 && !announcement.inDoubt ? reporting(request) : null;
    case 'note':
      return followUpPost.attempts === 0 ? noting(request) : null;
    default:
      return null;
  }
}
