import { isVerb } from '../access/policy.ts';
import { isOutcome } from './outcome.ts';
import { announcementState, isBatch, type Request } from './request.ts';
import { limits } from './retry-policy.ts';
import { nextProbeAt } from './rules/effect.ts';
import { nextRound } from './rules/emergency-round.ts';
import { emergencyFrom } from './rules/emergency-time.ts';
import { nextNudge } from './rules/nudge.ts';
import { nextReminderLook, reminderAt } from './rules/pause-reminder.ts';

/**
 * The tasks of a request. Their names are stored in the ledger. Each task runs one step at a time:
 *
 * - `decide` judges presses;
 * - `advance` authorizes, announces, expires and dispatches the request;
 * - `report` posts the outcome;
 * - `look` probes the workflow after a dispatch whose result is unknown;
 * - `answer` replies to people whose press was refused;
 * - `show` updates the announcement;
 * - `follow` observes the effect of an accepted command;
 * - `note` posts the follow-up with that effect, or with the reason of a cancellation;
 * - `pause_reminder` reminds of an accepted pause before Campaign ends it, and shows who answered that;
 * - `escalate` reminds those who are asked, and asks others as well;
 * - `page` sends direct messages to those whom it asks, and to those who are named of an emergency;
 * - `call` says in the thread whom it reminds or asks;
 * - `offer` lets the announcement offer an emergency where nobody has confirmed in time;
 * - `review` tells of an emergency that was declared, and asks for its review until it is given.
 */
export const tasks = [
  'decide',
  'advance',
  'report',
  'look',
  'answer',
  'show',
  'follow',
  'note',
  'pause_reminder',
  'escalate',
  'page',
  'call',
  'offer',
  'review',
] as const;
export type Task = (typeof tasks)[number];

/** Due now: the epoch is always in the past. */
const atOnce = 0;

/** When each task of a request is due, in milliseconds since the epoch. A task that is absent is not due. */
export function dueTasks(request: Request): ReadonlyMap<Task, number> {
  const due = new Map<Task, number>();
  const advance = advanceAt(request);
  if (request.presses.length > 0) due.set('decide', atOnce);
  if (advance !== null) due.set('advance', advance);
  if (needsOutcomePost(request)) due.set('report', atOnce);
  if (needsProbe(request)) due.set('look', atOnce);
  if (request.pendingNotices.length > 0) due.set('answer', atOnce);
  if (needsUpdate(request)) due.set('show', atOnce);
  const follow = nextObservationAt(request);
  if (follow !== null) due.set('follow', follow);
  if (needsFollowUp(request)) due.set('note', atOnce);
  const reminder = nextReminderAt(request);
  if (reminder !== null) due.set('pause_reminder', reminder);
  for (const [task, at] of dueToEscalate(request)) due.set(task, at);
  const offer = offerAt(request);
  if (offer !== null) due.set('offer', offer);
  const page = nextPageAt(request);
  if (page !== null) due.set('page', page);
  const review = nextTellingAt(request);
  if (review !== null) due.set('review', review);
  return request.batch === null ? due : new Map([...due].filter(([task]) => itemTasks.has(task)));
}

/** Messages are posted for the whole batch. An item answers only who decides on it alone. */
const itemTasks: ReadonlySet<Task> = new Set(['decide', 'advance', 'look', 'answer', 'follow']);

function dueToEscalate(request: Request): readonly (readonly [Task, number])[] {
  if (request.state !== 'awaiting_approval') return [];
  const { calls, unpaged, unlisted } = request.escalation;
  const next = nextNudge(request);
  return [
    ...(next === null ? [] : [['escalate', next.at] as const]),
    ...(unpaged.length + unlisted.length === 0 ? [] : [['page', atOnce] as const]),
    ...(calls.length === 0 ? [] : [['call', atOnce] as const]),
  ];
}

function advanceAt(request: Request): number | null {
  if (request.batch !== null && (request.state === 'submitted' || request.state === 'announced')) return null;
  switch (request.state) {
    case 'submitted':
    case 'announced':
    case 'dispatching':
      return atOnce;
    case 'awaiting_approval':
      return request.grant?.expiresAt ?? atOnce;
    case 'scheduled':
      return request.grant?.dueAt ?? atOnce;
    case 'approved':
      return request.dispatch.retryAt ?? atOnce;
    default:
      return null;
  }
}

/** After a dispatch whose result is unknown, the workflow is probed once before the outcome is posted. */
function needsProbe(request: Request): boolean {
  return !isBatch(request) && request.state === 'unknown' && request.observation === null && isVerb(request.order.verb);
}

function needsOutcomePost(request: Request): boolean {
  return isOutcome(request.state) && request.outcomePost.done === null && !needsProbe(request);
}

function nextObservationAt(request: Request): number | null {
  const { state, end, observation, order, progress, followUpPost } = request;
  if (state === 'completed') return progress.observing > 0 && !followUpPost.done ? atOnce : null;
  return state === 'accepted' && isVerb(order.verb) && end !== null && observation === null && !followUpPost.done
    ? nextProbeAt(end.at, end.at)
    : null;
}

/** The follow-up is posted after the outcome. */
function needsFollowUp(request: Request): boolean {
  return hasFollowUp(request) && request.outcomePost.done !== null && !request.followUpPost.done;
}

function hasFollowUp({ state, observation, decisionReason, progress }: Request): boolean {
  const hasLateReason = decisionReason?.isLate === true;
  if (state === 'accepted') return observation !== null;
  if (state === 'completed') return progress.observing === 0 && (progress.observed > 0 || hasLateReason);
  return hasLateReason;
}

/** An answer that the reminder does not show is due at once. The setting of its time may change before it is due. */
function nextReminderAt({ end, pauseReminder: { done, answer, shown } }: Request): number | null {
  if (done === null) {
    const endsAt = end?.pauseEndsAt;
    return endsAt === undefined ? null : nextReminderLook(reminderAt(end?.at ?? 0, endsAt), end?.at ?? 0);
  }
  return done.ts !== null && answer !== null && answer.choice !== shown ? atOnce : null;
}

/** Null where the question ends before that. */
function offerAt(request: Request): number | null {
  if (request.state !== 'awaiting_approval' || request.isEmergencyOffered) return null;
  const at = emergencyFrom(request);
  return at === null || at >= (request.grant?.expiresAt ?? Number.POSITIVE_INFINITY) ? null : at;
}

/** At once, then once a day; and once more when the review was given. */
function nextTellingAt({ emergency }: Request): number | null {
  if (emergency === null || emergency.told.isDone) return null;
  const { told, review } = emergency;
  return review !== null || told.at === null ? atOnce : told.at + limits.emergency.remindMs;
}

/** With the messages about it. */
function nextPageAt({ emergency }: Request): number | null {
  if (emergency === null || emergency.told.isDone) return null;
  const { unpaged, unlisted } = emergency.direct;
  return unpaged.length + unlisted.length > 0 ? atOnce : (nextRound(emergency)?.at ?? null);
}

function needsUpdate(request: Request): boolean {
  const { announcement, shown, questionRevision } = request;
  if (announcement.ts === null || shown === null) return false;
  return shown.state !== announcementState(request) || shown.questionRevision !== questionRevision;
}
