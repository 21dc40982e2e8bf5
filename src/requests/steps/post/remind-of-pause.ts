import type { Postponement, PostResult } from '../../attempt-results.ts';
import type { Event, EventOf, PauseAnswer, PauseInForce } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { SlackReason } from '../../outcome.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { updates } from '../../priority.ts';
import { holdOnRateLimit, recording } from '../../record.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, limits, postponed } from '../../retry-policy.ts';
import { nextReminderLook, reminderAt } from '../../rules/pause-reminder.ts';
import { stillPaused } from '../send/still-paused.ts';
import { findReply, type PostedReply, postNow, type Reply } from './post-reply.ts';

/** Reminds of an accepted pause once, and shows who answered that. After ten faults in a row it is left. */
export const remindOfPause: Step = async (request, ports, claim) => {
  const { done, answer } = request.pauseReminder;
  try {
    return await (done === null ? remind(request, ports, claim) : showAnswer(request, ports, claim));
  } catch (error) {
    if (claim.attempts + 1 < limits.faults.tries) throw error;
    ports.count.fault('step');
    ports.log.error({ request: request.id, err: error }, 'a reminder of a pause could not be posted');
    return done === null ? { record: reminded({ ts: null }) } : recording(shown(answer?.choice ?? 'leave', 'fault'));
  }
};

async function remind(request: Request, ports: Ports, claim: Claim): Promise<StepResult> {
  const { inDoubt, arrivesBy } = request.pauseReminder;
  if (inDoubt && arrivesBy > ports.now()) return { notBefore: arrivesBy, isUncounted: true };
  const next = inDoubt ? null : nextLook(request, ports);
  if (next !== null) return { notBefore: next, isUncounted: true };
  // A restored ledger may lack it, too. It is rare enough to look every time.
  const before = await findReply(reminder, request, ports, claim);
  if (before !== 'absent') return before;
  const { end, order } = request;
  const afterMs = ports.pausesEndAfter(order.organization);
  if (afterMs === null || end === null) return recording(notReminded({ because: 'turned_off' }));
  const endsAt = end.at + afterMs;
  const found = await stillPaused(request, endsAt, ports);
  switch (found.kind) {
    case 'wait':
      return { notBefore: found.until, isUncounted: true };
    case 'over': {
      const { because, seen } = found;
      return recording(notReminded({ because, ...(seen && { seen }) }));
    }
    case 'paused':
      return postNow(reminder, reminding(request, { endsAt, items: found.items }), request, ports, claim);
    default:
      return found satisfies never;
  }
}

/**
 * Until when it is too early by the setting of now, which may have changed since the pause, or by the recorded one while that
 * is turned off; null once it is due.
 */
function nextLook({ end, order }: Request, { pausesEndAfter, now }: Ports): number | null {
  if (end === null) return null;
  const afterMs = pausesEndAfter(order.organization);
  const due = reminderAt(end.at, afterMs === null ? (end.pauseEndsAt ?? 0) : end.at + afterMs);
  return now() < due ? nextReminderLook(due, now()) : null;
}

const reminder: Reply = {
  message: 'pause_reminder',
  progress: ({ pauseReminder }) => pauseReminder,
  find: (messenger, request) => messenger.findPauseReminder(request),
  post: (messenger, request) => messenger.postPauseReminder(request),
  retry: retryUntilEnd,
  isLeftInDoubt: true,
  direct: (messenger, request) => messenger.sendPauseReminderDirectly(request),
  done: (_, posted) => reminded(posted),
  logGivenUp({ id, order, channel }, reason, log, told) {
    log.warn({ request: id, order, channel, reason, told }, 'a reminder of a pause could not be posted');
  },
};

function reminding({ pauseReminder }: Request, about: PauseInForce): Event {
  return { type: 'pause_reminding', data: { attempt: pauseReminder.attempts + 1, ...about } };
}

/** Tried until Campaign ends the pause: nobody needs to read it afterwards. */
function retryUntilEnd(failed: PostResult, attempts: number, ports: Ports, request: Request): Postponement | null {
  const { about } = request.pauseReminder;
  const now = ports.now();
  if (about !== null && now > about.endsAt) return null;
  const { notBefore } = postponed(failed, attempts, ports);
  const pauseMs = backoffMs(attempts, ports.random(), limits.pauseReminder.mostPauseMs);
  return { notBefore: Math.max(notBefore, now + pauseMs), isUncounted: attempts >= limits.outcome.often };
}

/** Shows the answer in the reminder, whose buttons it ends. */
async function showAnswer(request: Request, ports: Ports, { attempts }: Claim): Promise<StepResult> {
  const { answer } = request.pauseReminder;
  if (answer === null) return undefined;
  const result = await ports.messenger.updatePauseReminder(request);
  if (isTransient(result)) {
    await holdOnRateLimit(result, updates, ports);
    return postponed(result, attempts, ports);
  }
  return recording(shown(answer.choice, result.kind === 'refused' ? result.reason : null));
}

function reminded(data: PostedReply): Recording['record'] {
  return (current) => (current.pauseReminder.done === null ? [{ type: 'pause_reminded', data }] : []);
}

function notReminded(data: EventOf<'pause_not_reminded'>['data']): Event {
  return { type: 'pause_not_reminded', data };
}

function shown(choice: PauseAnswer['choice'], problem: SlackReason | 'fault' | null): Event {
  return { type: 'pause_answer_shown', data: { choice, problem } };
}
