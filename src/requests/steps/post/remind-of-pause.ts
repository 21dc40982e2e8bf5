import type { PostResult } from '../../attempt-results.ts';
import type { Event, EventOf, PauseAnswer, PauseInForce } from '../../events.ts';
import type { Claim } from '../../ledger/ledger.ts';
import type { SlackReason } from '../../outcome.ts';
import type { Ports, Recording, Step, StepResult } from '../../ports.ts';
import { updates } from '../../priority.ts';
import { holdOnRateLimit, record, recordIntent, recording } from '../../record.ts';
import { retryInNewChannel } from '../../recovery/moved-channel.ts';
import type { Request } from '../../request.ts';
import { backoffMs, isTransient, limits, postponed } from '../../retry-policy.ts';
import { reminderAt } from '../../rules/pause-reminder.ts';
import { stillPaused } from '../send/still-paused.ts';
import { logUnthreaded } from './post-outcome.ts';

/** Reminds of an accepted pause once, and shows who answered that. After ten faults in a row it is left. */
export const remindOfPause: Step = async (request, ports, claim) => {
  const { done, answer } = request.pauseReminder;
  try {
    return await (done === null ? remind(request, ports, claim) : showAnswer(request, ports, claim));
  } catch (error) {
    if (claim.attempts + 1 < limits.faults.tries) throw error;
    ports.count.fault('step');
    ports.log.error({ request: request.id, err: error }, 'a reminder of a pause could not be posted');
    return done === null ? posted(null) : recording(shown(answer?.choice ?? 'leave', 'fault'));
  }
};

async function remind(request: Request, ports: Ports, claim: Claim): Promise<StepResult> {
  const before = await searchFirst(request, ports, claim);
  if (before !== 'absent') return before;
  const { end, order } = request;
  const afterMs = ports.pausesEndAfter(order.organization);
  if (afterMs === null || end === null) return recording(notReminded({ because: 'turned_off' }));
  // The setting may have changed since the pause.
  const endsAt = end.at + afterMs;
  const due = reminderAt(end.at, endsAt);
  if (ports.now() < due) return { notBefore: due, isUncounted: true };
  const found = await stillPaused(request, endsAt, ports);
  switch (found.kind) {
    case 'wait':
      return { notBefore: found.until, isUncounted: true };
    case 'over': {
      const { because, seen } = found;
      return recording(notReminded({ because, ...(seen && { seen }) }));
    }
    case 'paused':
      return post(request, { endsAt, items: found.items }, ports, claim);
    default:
      return found satisfies never;
  }
}

/** A reminder in doubt, or that a restored ledger lacks, is in the thread. It is rare enough to look every time. */
async function searchFirst(request: Request, ports: Ports, { attempts }: Claim): Promise<'absent' | StepResult> {
  const { inDoubt, arrivesBy } = request.pauseReminder;
  if (inDoubt && arrivesBy > ports.now()) return { notBefore: arrivesBy, isUncounted: true };
  const found = await ports.messenger.findPauseReminder(request);
  switch (found.kind) {
    case 'found':
      return posted(found.ts, found.unthreaded);
    case 'unreachable':
      return { notBefore: ports.now() + pauseMs(attempts, ports), isUncounted: attempts >= limits.outcome.often };
    case 'unknowable':
      // A missing reminder is better than a second one.
      return inDoubt ? giveUp(request, ports, 'unknowable') : 'absent';
    case 'absent':
      return 'absent';
    default:
      return found satisfies never;
  }
}

async function post(request: Request, about: PauseInForce, ports: Ports, claim: Claim): Promise<StepResult> {
  const attempt = request.pauseReminder.attempts + 1;
  const begun = await recordIntent(request, ports, claim, { type: 'pause_reminding', data: { attempt, ...about } });
  return begun === null ? undefined : settle(begun, await ports.messenger.postPauseReminder(begun), ports, claim);
}

/** Tried until Campaign ends the pause: nobody needs to read it afterwards. */
async function settle(request: Request, result: PostResult, ports: Ports, { attempts }: Claim): Promise<StepResult> {
  if (result.kind === 'posted') {
    if (result.unthreaded) logUnthreaded(request, result.ts, ports);
    return posted(result.ts, result.unthreaded);
  }
  const reason = result.kind === 'refused' ? result.reason : result.kind;
  const elsewhere = reason === 'channel_not_found' ? await retryInNewChannel(request, attempts, ports) : null;
  const isLate = ports.now() > (request.pauseReminder.about?.endsAt ?? 0);
  if (isLate || (elsewhere === null && !isTransient(result))) return giveUp(request, ports, reason);
  await holdOnRateLimit(result, request.channel, ports);
  await record(request, ports, { type: 'not_posted', data: { message: 'pause_reminder', reason } });
  if (elsewhere !== null) return elsewhere;
  const { notBefore } = postponed(result, attempts, ports);
  return {
    notBefore: Math.max(notBefore, ports.now() + pauseMs(attempts, ports)),
    isUncounted: attempts >= limits.outcome.often,
  };
}

function pauseMs(attempts: number, { random }: Ports): number {
  return backoffMs(attempts, random(), limits.pauseReminder.mostPauseMs);
}

function giveUp(request: Request, ports: Ports, reason: string): Recording {
  const { id, order, channel } = request;
  ports.log.warn({ request: id, order, channel, reason }, 'a reminder of a pause could not be posted');
  return posted(null);
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

function posted(ts: string | null, unthreaded?: true): Recording {
  const event: Event = { type: 'pause_reminded', data: { ts, ...(unthreaded && { unthreaded }) } };
  return { record: (current) => (current.pauseReminder.done === null ? [event] : []) };
}

function notReminded(data: EventOf<'pause_not_reminded'>['data']): Event {
  return { type: 'pause_not_reminded', data };
}

function shown(choice: PauseAnswer['choice'], problem: SlackReason | 'fault' | null): Event {
  return { type: 'pause_answer_shown', data: { choice, problem } };
}
