import { withDigest } from '../../src/requests/digest.ts';
import type { Event, EventOf, EventType, Order, RecordedEvent } from '../../src/requests/events.ts';
import { type Outcome, outcomes } from '../../src/requests/outcome.ts';

export const noAnswer = { status: null, text: null, adobeRequestId: null } as const;

/** 10 November 2026, 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 10, 12);

export function orderOf(order: Partial<Order> = {}): Order {
  return {
    verb: 'stop',
    workflowId: 'WKF110',
    alias: null,
    environment: 'prod',
    organization: 'acme',
    reason: 'wrong audience',
    ...order,
  };
}

export function requestedBy(
  order: Partial<Order> = {},
  rest: Partial<EventOf<'requested'>['data']> = {},
): EventOf<'requested'>['data'] {
  return {
    requester: 'U0ALICE',
    team: 'T0ACME',
    channel: 'C0OPS',
    interaction: 'typed-1',
    ...rest,
    order: orderOf(order),
  };
}

/** One event of each type. */
export const samples: { [T in EventType]: EventOf<T> } = {
  requested: { type: 'requested', data: requestedBy() },
  granted: { type: 'granted', data: { rule: 'everybody', approvers: null, expiresAt: null } },
  announcing: { type: 'announcing', data: { attempt: 1 } },
  announced: { type: 'announced', data: { ts: '1.1' } },
  not_posted: { type: 'not_posted', data: { message: 'announcement', reason: 'unreachable' } },
  asked: { type: 'asked', data: { expiresAt: noon } },
  reminded: { type: 'reminded', data: { reminder: 1 } },
  escalated: {
    type: 'escalated',
    data: {
      stage: 1,
      to: { users: ['U0DAVE'], groups: ['S0DUTY'] },
      asked: { users: ['U0DAVE'], groups: ['S0DUTY'], except: [] },
      people: ['U0DAVE', 'U0FAY'],
    },
  },
  listed: { type: 'listed', data: { stage: 1, people: ['U0FAY'], unlisted: ['S0DUTY'], isFinal: true } },
  paging: { type: 'paging', data: { people: ['U0DAVE', 'U0FAY'] } },
  paged: { type: 'paged', data: { reached: ['U0DAVE'], missed: [{ person: 'U0FAY', reason: 'doubt' }] } },
  calling: { type: 'calling', data: { call: { kind: 'stage', number: 1 }, attempt: 1 } },
  called: { type: 'called', data: { call: { kind: 'stage', number: 1 }, ts: '1.4' } },
  pressed: { type: 'pressed', data: { by: 'U0CAROL', choice: 'approve', interaction: 'press-1' } },
  reason_given: { type: 'reason_given', data: { by: 'U0CAROL', interaction: 'reason-1' } },
  press_refused: {
    type: 'press_refused',
    data: { by: 'U0EVE', interaction: 'press-2', refusal: { kind: 'too_late', state: 'approved' } },
  },
  press_answered: { type: 'press_answered', data: { interaction: 'press-2', told: true } },
  confirmed: { type: 'confirmed', data: { by: 'U0CAROL', interaction: 'press-1', needed: 2, seen: null } },
  changed: {
    type: 'changed',
    data: {
      by: 'U0CAROL',
      interaction: 'press-1',
      before: 'in_progress',
      now: 'erroneous',
      seen: { kind: 'seen', reading: 'erroneous', field: 'logicalStatus', raw: 'error' },
      expiresAt: noon,
    },
  },
  scheduled: { type: 'scheduled', data: { by: 'U0CAROL', interaction: 'press-1' } },
  approved: { type: 'approved', data: { by: 'U0CAROL', interaction: 'press-1' } },
  emergency_offered: { type: 'emergency_offered', data: { afterMs: 120_000 } },
  emergency_telling: { type: 'emergency_telling', data: { message: 'declared', number: 0, attempt: 1 } },
  emergency_told: { type: 'emergency_told', data: { message: 'declared', number: 0, ts: '1.5' } },
  emergency_listed: {
    type: 'emergency_listed',
    data: { number: 0, people: ['U0FAY'], reviewers: ['U0FAY'], unlisted: ['S0DUTY'], outside: ['U0DAVE'] },
  },
  emergency_found: {
    type: 'emergency_found',
    data: {
      ...{ rule: 'Leads', reviewBy: { users: [], groups: ['S0HEADS'] }, by: 'U0EVE', at: noon, reviewedBy: null },
      ...{ number: 0, ts: '1.5', toldAt: noon },
    },
  },
  reviewed: { type: 'reviewed', data: { by: 'U0EVE', interaction: 'press-9' } },
  clock_turned_back: { type: 'clock_turned_back', data: { expiresAt: noon + 300_000 } },
  dispatching: { type: 'dispatching', data: { attempt: 1 } },
  not_reached: { type: 'not_reached', data: { reason: 'no_connection', retryAt: noon, answer: noAnswer } },
  ended: endedAs('accepted'),
  reconciled: reconciledAs('accepted'),
  partly_cancelled: { type: 'partly_cancelled', data: { by: 'U0CAROL', interaction: 'press-3' } },
  progressed: { type: 'progressed', data: { ended: 1, observing: 1, observed: 0 } },
  observed: { type: 'observed', data: { observation: { kind: 'not_shown' } } },
  reporting: { type: 'reporting', data: { attempt: 1 } },
  reported: { type: 'reported', data: { via: 'thread', ts: '1.2' } },
  noting: { type: 'noting', data: { attempt: 1 } },
  moved: { type: 'moved', data: { channel: 'G0OPS' } },
  notified: { type: 'notified', data: { ts: '2.1' } },
  noted: { type: 'noted', data: { ts: '1.3' } },
  text_erased: { type: 'text_erased', data: { by: 'U0CAROL', because: 'asked by the person', sequences: [1] } },
  pause_reminding: { type: 'pause_reminding', data: { attempt: 1, endsAt: noon, items: [] } },
  pause_reminded: { type: 'pause_reminded', data: { ts: '1.4' } },
  pause_not_reminded: { type: 'pause_not_reminded', data: { because: 'other_command' } },
  pause_answered: { type: 'pause_answered', data: { choice: 'leave', by: 'U0BOB', interaction: 'press-4' } },
  pause_answer_shown: { type: 'pause_answer_shown', data: { choice: 'leave', problem: null } },
  shown: { type: 'shown', data: { state: 'approved', problem: null } },
};

/** Taken over from a channel that has the announcement and the outcome. */
export function reconciledAs(outcome: Outcome): EventOf<'reconciled'> {
  const announcement = { ts: '1.1', shows: outcome };
  const data = { outcome, digest: 'd'.repeat(64), ts: '1.2', postedAt: noon, announcement, note: null };
  return { type: 'reconciled', data };
}

export const cancelPressed: Event = {
  type: 'pressed',
  data: { by: 'U0BOB', choice: 'cancel', interaction: 'press-3' },
};

export function endedAs(outcome: Outcome): EventOf<'ended'> {
  return { type: 'ended', data: { outcome, because: { kind: 'taken' }, answer: noAnswer } };
}

/** Every event that the transition table distinguishes. */
export const everyEvent: readonly Event[] = [
  ...Object.values(samples).filter(({ type }) => type !== 'ended' && type !== 'reconciled'),
  cancelPressed,
  ...outcomes.map(endedAs),
  ...outcomes.map(reconciledAs),
];

/** Events as the ledger stores them, a second apart. */
export function recorded(events: readonly Event[], request = 'REQUEST1'): readonly RecordedEvent[] {
  const result: RecordedEvent[] = [];
  for (const [index, event] of events.entries()) {
    const previousDigest = result.at(-1)?.digest ?? '';
    result.push(withDigest({ request, sequence: index + 1, at: noon + index * 1_000, previousDigest, event }));
  }
  return result;
}
