import { isVerb } from '../access/policy.ts';
import { isOutcome } from './outcome.ts';
import { announcementState, type Request } from './request.ts';
import { nextProbeAt } from './rules/effect.ts';

/**
 * What can be due for a request. Each is one sequential thread of work: `advance` asks for access,
 * announces, expires and sends; `decide` judges presses; `look` sees after a doubtful send; `report` posts
 * the outcome; `answer` tells people why their press did not count; `show` keeps the announcement true;
 * `follow` watches what comes of an accepted command, and `note` tells it.
 */
export const tasks = ['decide', 'advance', 'report', 'look', 'answer', 'show', 'follow', 'note'] as const;
export type Task = (typeof tasks)[number];

/** Due since the beginning of time. */
const atOnce = 0;

/** When each task of a request is due, in milliseconds since the epoch; what is absent is not due at all. */
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
  return due;
}

function advanceAt(request: Request): number | null {
  switch (request.state) {
    case 'submitted':
    case 'announced':
    case 'dispatching':
      return atOnce;
    case 'awaiting_approval':
      return request.grant?.expiresAt ?? atOnce;
    case 'approved':
      return request.dispatch.retryAt ?? atOnce;
    default:
      return null;
  }
}

/** After a doubtful send the workflow is looked at once, and only then is the outcome told. */
function needsProbe(request: Request): boolean {
  return request.state === 'unknown' && request.observation === null && isVerb(request.order.verb);
}

function needsOutcomePost(request: Request): boolean {
  return isOutcome(request.state) && request.outcomePost.done === null && !needsProbe(request);
}

function nextObservationAt({ state, end, observation, order, followUpPost: note }: Request): number | null {
  return state === 'accepted' && isVerb(order.verb) && end !== null && observation === null && !note.done
    ? nextProbeAt(end.at, end.at)
    : null;
}

/** The outcome comes first in the thread. */
function needsFollowUp({ state, observation, outcomePost: report, followUpPost: note }: Request): boolean {
  return state === 'accepted' && observation !== null && report.done !== null && !note.done;
}

function needsUpdate(request: Request): boolean {
  const { announcement, shown, questionRevision: turn } = request;
  if (announcement.ts === null || shown === null) return false;
  return shown.state !== announcementState(request) || shown.questionRevision !== turn;
}
