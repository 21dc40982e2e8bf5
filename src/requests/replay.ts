import { isHalting } from '../access/policy.ts';
import type { EventOf, PossibleEmergency, RecordedEvent } from './events.ts';
import type { EndReason } from './outcome.ts';
import { afterProblem, attempted, unposted } from './post-progress.ts';
import { emergencyPageAfter } from './replay-direct-messages.ts';
import { declared, emergencyAfter, found, withTold } from './replay-emergency.ts';
import { escalationAfter, unescalated } from './replay-escalation.ts';
import { turnedBack } from './replay-turned-back.ts';
import {
  askedStages,
  type DecisionReason,
  initialAnnouncementState,
  type PendingPress,
  type Request,
} from './request.ts';
import { nextState } from './transition.ts';

/** Replays a request from its events, which must be complete and in order. */
export function replay(events: readonly RecordedEvent[]): Request {
  const [first, ...rest] = events;
  if (first?.type !== 'requested') throw new Error('the first event of a request must be "requested"');
  return rest.reduce(applyEvent, initialRequest(first));
}

/** The request after its first event. */
export function initialRequest(event: RecordedEvent<EventOf<'requested'>>): Request {
  const { requester, team, channel, interaction, order, batch = null } = event.data;
  const { reasonHash, reason = null, ...others } = order;
  return {
    id: event.request,
    state: 'submitted',
    sequence: event.sequence,
    lastDigest: event.digest,
    firstDigest: event.digest,
    ...{ requester, team, channel, interaction },
    order: { ...others, reason },
    batch,
    originalChannel: channel,
    requestedAt: event.at,
    grant: null,
    askedAt: null,
    firstAskedAt: null,
    escalation: unescalated,
    announcement: { ...unposted, ts: null, notifiedBy: null },
    presses: [],
    pendingNotices: [],
    refusedPresses: [],
    refusedCount: 0,
    refusedDecisions: [],
    confirmations: [],
    changed: null,
    isEmergencyOffered: false,
    emergency: null,
    questionRevision: 0,
    judgedInteractions: [],
    approval: null,
    dispatch: { attempts: 0, retryAt: null, notReached: [] },
    progress: { ended: 0, observing: 0, observed: 0 },
    end: null,
    partlyCancelled: null,
    decisionReason: null,
    observation: null,
    outcomePost: { ...unposted, done: null, problem: null, notified: null, faults: 0 },
    followUpPost: { ...unposted, done: false },
    pauseReminder: { ...unposted, about: null, done: null, answer: null, shown: null },
    shown: null,
  };
}

/** Applies one event. Throws if {@link nextState} does not allow it. */
export function applyEvent(request: Request, event: RecordedEvent): Request {
  const state = nextState(request.state, event);
  if (state === null) throw new Error(`event "${event.type}" is not allowed in state "${request.state}"`);
  return { ...request, ...reduce(request, event), state, sequence: event.sequence, lastDigest: event.digest };
}

function reduce(request: Request, event: RecordedEvent): Partial<Request> {
  switch (event.type) {
    case 'requested':
    // An erased text is not loaded any more.
    case 'text_erased':
      return {};
    case 'asked':
      return { askedAt: event.at, firstAskedAt: event.at };
    case 'escalated':
      return { escalation: escalationAfter(request, event), questionRevision: request.questionRevision + 1 };
    case 'paging':
    case 'paged':
      return event.data.about === 'emergency'
        ? emergencyPageAfter(request, event)
        : { escalation: escalationAfter(request, event) };
    case 'reminded':
    case 'listed':
    case 'calling':
    case 'called':
      return { escalation: escalationAfter(request, event) };
    case 'granted':
      return { grant: granted(event.data) };
    case 'clock_turned_back':
      return turnedBack(request, event);
    case 'moved':
      return { channel: event.data.channel };
    case 'announcing':
      return {
        announcement: { ...request.announcement, ...attempted(event), notifiedBy: event.data.notifiedBy ?? null },
      };
    case 'announced':
      return announced(request, event.data.ts);
    case 'not_posted':
      return notPosted(request, event);
    case 'pressed':
      return { presses: [...request.presses, pendingPress(request, event)] };
    case 'reason_given':
      return reasonGiven(request, event.data);
    case 'press_refused':
      return pressRefused(request, event.data);
    case 'press_answered':
      return {
        pendingNotices: request.pendingNotices.filter(({ interaction }) => interaction !== event.data.interaction),
      };
    case 'confirmed':
      return confirmed(request, event.data);
    case 'changed':
      return changed(request, event);
    case 'scheduled':
      return scheduled(request, event);
    case 'approved':
      return {
        ...withoutPress(request, event.data.interaction),
        approval: approval(request, event),
        ...declared(request, event),
      };
    case 'emergency_offered':
      return { isEmergencyOffered: true, questionRevision: request.questionRevision + 1 };
    case 'emergency_telling':
    case 'emergency_told':
      return emergencyAfter(request, event);
    case 'emergency_listed':
      return emergencyPageAfter(request, event);
    case 'emergency_found':
      return found(request, event);
    case 'reviewed':
      return { ...withoutPress(request, event.data.interaction), ...emergencyAfter(request, event) };
    case 'dispatching':
      return { dispatch: { ...request.dispatch, attempts: event.data.attempt, retryAt: null } };
    case 'progressed':
      return progressed(request, event.data);
    case 'partly_cancelled':
      return {
        ...withoutPress(request, event.data.interaction),
        partlyCancelled: event.data,
        decisionReason: reasonOf(request, { kind: 'decided', ...event.data }),
      };
    case 'not_reached':
      return { dispatch: notReached(request, event.data) };
    case 'ended':
      return ended(request, event);
    case 'reconciled':
      return reconciled(request, event);
    case 'observed':
      return observed(request, event.data);
    case 'reporting':
      return { outcomePost: { ...request.outcomePost, ...attempted(event) } };
    case 'reported':
      return { outcomePost: { ...request.outcomePost, inDoubt: false, done: event.data, problem: null } };
    case 'notified':
      return { outcomePost: { ...request.outcomePost, notified: event.data.ts } };
    case 'noting':
      return { followUpPost: { ...request.followUpPost, ...attempted(event) } };
    case 'noted':
      return { followUpPost: { ...request.followUpPost, inDoubt: false, done: true } };
    case 'pause_reminding': {
      const { endsAt, items } = event.data;
      return { pauseReminder: { ...request.pauseReminder, ...attempted(event), about: { endsAt, items } } };
    }
    case 'pause_reminded':
      return { pauseReminder: { ...request.pauseReminder, inDoubt: false, done: { ts: event.data.ts } } };
    case 'pause_not_reminded':
      return { pauseReminder: { ...request.pauseReminder, inDoubt: false, done: { ts: null } } };
    case 'pause_answered':
      return { pauseReminder: { ...request.pauseReminder, answer: event.data } };
    case 'pause_answer_shown':
      return { pauseReminder: { ...request.pauseReminder, shown: event.data.choice } };
    case 'shown':
      return { shown: { state: event.data.state, questionRevision: event.data.turn ?? 0 } };
    default:
      return event satisfies never;
  }
}

function granted({ count = 1, seen = null, ...data }: EventOf<'granted'>['data']): Request['grant'] {
  return { ...data, needed: count, seen };
}

/** How many refused presses are kept, to be shown in the status. */
const mostRefused = 3;

/** Whoever presses before it is recorded that the question was posted has seen whom it asks. */
function pendingPress(request: Request, { data, at }: RecordedEvent<EventOf<'pressed'>>): PendingPress {
  const { name, nameHash, reasonHash, ...press } = data;
  return { ...press, at, questionRevision: request.shown?.questionRevision ?? 0, stages: askedStages(request).length };
}

function pressRefused(request: Request, refused: EventOf<'press_refused'>['data']): Partial<Request> {
  const counted = refused.refusal.kind === 'access' ? [refused] : [];
  return {
    ...withoutPress(request, refused.interaction),
    pendingNotices: [...request.pendingNotices, refused],
    refusedPresses: [...request.refusedPresses, ...counted].slice(-mostRefused),
    refusedCount: request.refusedCount + counted.length,
    refusedDecisions: refusedBefore(request, refused),
  };
}

function refusedBefore(request: Request, refused: EventOf<'press_refused'>['data']): Request['refusedDecisions'] {
  const { by, interaction, refusal } = refused;
  const choice = request.presses.find((press) => press.interaction === interaction)?.choice;
  if (choice === undefined || refusal.kind !== 'access') return request.refusedDecisions;
  const others = request.refusedDecisions.filter((one) => one.by !== by || one.choice !== choice);
  return [...others, { by, choice, refusal: refusal.refusal }];
}

function confirmed(request: Request, { needed, ...confirmation }: EventOf<'confirmed'>['data']): Partial<Request> {
  return {
    ...withoutPress(request, confirmation.interaction),
    grant: request.grant && { ...request.grant, needed },
    confirmations: [...request.confirmations, confirmation],
    questionRevision: request.questionRevision + 1,
  };
}

/** The last confirmation. It counts when the command is due. */
function scheduled(request: Request, event: RecordedEvent<EventOf<'scheduled'>>): Partial<Request> {
  const { by, interaction, seen = null, emergency, ...judgedBy } = event.data;
  if (by === null || interaction === null) return {};
  if (emergency !== undefined) return { ...withoutPress(request, interaction), ...declared(request, event) };
  return {
    ...withoutPress(request, interaction),
    confirmations: [...request.confirmations, { by, interaction, seen, ...judgedBy }],
  };
}

/** Earlier confirmations were given for another state of the workflow: they are dropped, and the people are notified. */
function changed(request: Request, event: RecordedEvent<EventOf<'changed'>>): Partial<Request> {
  const { expiresAt, seen, asked, emergency, ...data } = event.data;
  const { by, before, now, interaction, item, items } = data;
  const refusal = { kind: 'changed', before, now } as const;
  const all = [...request.confirmations, { by, interaction }];
  const refused = all.map((one) => ({ by: one.by, interaction: one.interaction, refusal }));
  return {
    ...withoutPress(request, interaction),
    grant: request.grant && {
      ...withEmergency(request.grant, emergency),
      ...{ expiresAt, seen, ...(asked && { asked }), ...(items && { items }) },
    },
    confirmations: [],
    askedAt: event.at,
    escalation: escalationAfter(request, event),
    isEmergencyOffered: isStillOffered(request, emergency),
    changed: { before, now, by, questionRevision: request.questionRevision + 1, ...(item !== undefined && { item }) },
    questionRevision: request.questionRevision + 1,
    pendingNotices: [...request.pendingNotices, ...refused],
  };
}

/** @param emergency that of the new question; null: it has none; undefined: that of the question before */
function withEmergency<Grant extends NonNullable<Request['grant']>>(
  { emergency: before, ...grant }: Grant,
  emergency: PossibleEmergency | null | undefined = before,
): Omit<Grant, 'emergency'> & Pick<NonNullable<Request['grant']>, 'emergency'> {
  return { ...grant, ...(emergency != null && { emergency }) };
}

/** Events of earlier versions do not say what becomes of it: then its time begins anew. */
function isStillOffered(
  { isEmergencyOffered, order }: Request,
  emergency: PossibleEmergency | null | undefined,
): boolean {
  return isEmergencyOffered && emergency != null && isHalting(order.verb);
}

/** The announcement shows the effect of an accepted command as well. */
function observed(
  { questionRevision, end }: Request,
  { observation, isShown, pauseEndsAt }: EventOf<'observed'>['data'],
): Partial<Request> {
  return {
    observation,
    ...(isShown && { questionRevision: questionRevision + 1 }),
    ...(pauseEndsAt !== undefined && end !== null && { end: { ...end, pauseEndsAt } }),
  };
}

/** The attempt has ended, without a message or in doubt. */
function notPosted(request: Request, { data, at }: RecordedEvent<EventOf<'not_posted'>>): Partial<Request> {
  const { message, reason } = data;
  switch (message) {
    case 'announcement':
      return { announcement: { ...request.announcement, ...afterProblem(request.announcement, reason, at) } };
    case 'outcome': {
      const faults = reason === 'fault' ? request.outcomePost.faults + 1 : 0;
      return {
        outcomePost: {
          ...request.outcomePost,
          ...afterProblem(request.outcomePost, reason, at),
          problem: reason,
          faults,
        },
      };
    }
    case 'call':
      return { escalation: escalationAfter(request, { type: 'not_posted', data, at }) };
    case 'note':
      return { followUpPost: { ...request.followUpPost, ...afterProblem(request.followUpPost, reason, at) } };
    case 'pause_reminder':
      return { pauseReminder: { ...request.pauseReminder, ...afterProblem(request.pauseReminder, reason, at) } };
    case 'emergency':
      return withTold(request, (told) => afterProblem(told, reason, at));
    default:
      return message satisfies never;
  }
}

function notReached({ dispatch }: Request, { retryAt, reason }: EventOf<'not_reached'>['data']): Request['dispatch'] {
  return { ...dispatch, retryAt, notReached: [...dispatch.notReached, reason] };
}

function ended(request: Request, { data, at, digest }: RecordedEvent<EventOf<'ended'>>): Partial<Request> {
  const withoutDecision = data.because.kind === 'decided' ? withoutPress(request, data.because.interaction) : {};
  return {
    ...withoutDecision,
    end: { ...data, at, digest },
    decisionReason: reasonOf(request, data.because) ?? request.decisionReason,
  };
}

function reasonOf({ presses }: Request, because: EndReason): DecisionReason | null {
  if (because.kind !== 'decided') return null;
  const { by, interaction } = because;
  const own = presses.find((press) => press.interaction === interaction)?.reason;
  // The person may have pressed the button first, and then typed the same with a reason.
  const text = own ?? presses.findLast((press) => press.by === by && press.choice === 'cancel')?.reason;
  return text === undefined ? null : { by, text, isLate: false };
}

/** The announcement shows it as well: that is a new revision of it. */
function reasonGiven(request: Request, { by, reason = null }: EventOf<'reason_given'>['data']): Partial<Request> {
  const isLate = request.outcomePost.attempts > 0;
  return { decisionReason: { by, text: reason, isLate }, questionRevision: request.questionRevision + 1 };
}

/** Messages that the channel shows are posted already and are not posted again. */
function reconciled(request: Request, { data, digest }: RecordedEvent<EventOf<'reconciled'>>): Partial<Request> {
  const { outcome, ts, announcement, postedAt, pauseEndsAt } = data;
  const because = { kind: 'reconciled' } as const;
  const done = { via: 'thread', ts } as const;
  return {
    ...(announcement && { announcement: { ...request.announcement, inDoubt: false, ts: announcement.ts } }),
    ...(announcement?.shows && { shown: { state: announcement.shows, questionRevision: request.questionRevision } }),
    ...(ts !== null && { outcomePost: { ...request.outcomePost, inDoubt: false, problem: null, done } }),
    ...(data.note !== null && { followUpPost: { ...request.followUpPost, inDoubt: false, done: true } }),
    end: {
      ...{ outcome, because, answer: null, at: postedAt, digest: data.digest ?? digest },
      ...(pauseEndsAt !== undefined && { pauseEndsAt }),
    },
  };
}

function announced(request: Request, ts: string): Partial<Request> {
  return {
    announcement: { ...request.announcement, inDoubt: false, ts },
    shown: { state: initialAnnouncementState(request), questionRevision: request.questionRevision },
  };
}

/** A workflow that was stopped by another command leaves the question. */
function progressed(
  { grant, questionRevision }: Request,
  { without, ...progress }: EventOf<'progressed'>['data'],
): Partial<Request> {
  const items = without === undefined ? undefined : grant?.items?.filter(({ request }) => request !== without);
  return { progress, questionRevision: questionRevision + 1, ...(grant && items && { grant: { ...grant, items } }) };
}

/** The time of a decision is that of the press, not that of its judgement. */
function approval({ presses }: Request, { data, at }: RecordedEvent<EventOf<'approved'>>): Request['approval'] {
  const { by, interaction, seen = null, stage } = data;
  const press = presses.find((one) => one.interaction === interaction);
  return { by, at: press?.at ?? at, seen, ...(stage !== undefined && { stage }) };
}

function withoutPress(request: Request, interaction: string | null): Partial<Request> {
  if (interaction === null) return {};
  const presses = request.presses.filter((press) => press.interaction !== interaction);
  return { presses, judgedInteractions: [...request.judgedInteractions, interaction] };
}
