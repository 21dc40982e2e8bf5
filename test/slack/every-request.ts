import { verbs } from '../../src/commands/command.ts';
import type {
  CampaignResponse,
  Event,
  EventOf,
  Observation,
  Order,
  ProbeResult,
  RecordedWorkflowState,
} from '../../src/requests/events.ts';
import { type EndReason, type Outcome, outcomes, type RecordedRefusal } from '../../src/requests/outcome.ts';
import { replay } from '../../src/requests/replay.ts';
import type { Request } from '../../src/requests/request.ts';
import { all, campaignReasons, slackReasons } from '../locales/closed-sets.ts';
import { noAnswer, noon, reconciledAs, recorded, requestedBy } from '../requests/events.fixture.ts';

const leads = { users: ['U0BOB', 'U0CAROL'], groups: ['S0LEADS'] };
const nobody = { users: [], groups: [] };

/** Each refusal, with all its details and with none. */
const refusalsByReason: Record<RecordedRefusal['reason'], readonly Omit<RecordedRefusal, 'reason'>[]> = {
  wrong_channel: [{ channels: ['C0OPS', 'C0MKT', 'G0LEADS'] }, { channels: ['C0OPS'] }],
  channel_moved: [{ channels: ['C0OPS', 'G0LEADS'] }],
  not_permitted: [
    { permitted: leads, channels: ['C0OPS', 'C0MKT'] },
    { permitted: nobody, channels: [] },
  ],
  reason_required: [{ rule: 'Leads stop anything' }],
  one_at_a_time: [{ rule: 'Operators' }],
  reason_mismatch: [{ rule: 'Leads stop anything', hint: 'a change number, such as CHG0012345' }],
  frozen: [
    { because: 'Campaign restarts at 06:00', until: noon, request: null },
    { because: 'wrong audience', until: noon, request: 'OTHER001' },
  ],
  not_asked_yet: [{ at: noon }],
  own_request: [{ permitted: leads }, { permitted: nobody }],
  too_few_approvers: [
    { rule: 'Leads stop anything', count: 1 },
    { rule: 'Leads stop anything', count: 2 },
  ],
  too_few_can_approve: [
    ...(['empty', 'requester', 'accounts', 'requester_and_accounts'] as const).map((shortage) => ({
      rule: 'Leads stop anything',
      count: 1,
      permitted: leads,
      shortage,
      able: [],
      gone: ['S0LEADS'],
    })),
    { rule: 'Leads stop anything', count: 2, permitted: leads, shortage: 'requester', able: ['U0CAROL'], gone: [] },
    ...[1, 2].map((count) => ({
      ...{ rule: 'Leads stop anything', count, permitted: leads, shortage: 'not_in_channel' as const, gone: [] },
      able: count === 1 ? [] : ['U0CAROL'],
    })),
    { rule: 'Leads stop anything', count: 2, permitted: leads, shortage: 'not_in_channel', able: [], gone: [] },
  ],
  environment_gone: [{}],
  other_workspace: [{}],
  not_an_approver: [{ permitted: leads }, { permitted: nobody }, {}],
  approval_needed: [
    { permitted: leads, count: 1 },
    { permitted: leads, count: 2 },
    { permitted: nobody, count: 1 },
  ],
  no_emergency: [{ rule: 'Leads stop anything' }],
  not_in_emergency: [{ permitted: leads }, { permitted: nobody }],
  too_early_for_emergency: [{ from: noon }],
  emergency_needs_reason: [{}],
  not_a_reviewer: [{ permitted: leads }],
  own_emergency: [{ permitted: leads }, { permitted: nobody }],
  review_needs_comment: [{}],
  requester_refused: [{}],
  protected_workflow: [{}, { protection: 'technical' }, { protection: 'configured' }],
  shared_channel: [{}],
  archived_channel: [{}],
  bot_not_in_channel: [{}],
  guest: [{}],
  stranger: [{}],
  bot: [{}],
  deactivated: [{}],
  lookup_failed: [
    { failed: 'person' },
    { failed: 'person', person: 'U0ALICE' },
    { failed: 'group' },
    { failed: 'group', groups: ['S0LEADS'] },
    { failed: 'group', groups: ['S0LEADS', 'S0OPS'] },
    { failed: 'channel' },
    {},
  ],
};
export const refusals: readonly RecordedRefusal[] = all(refusalsByReason).flatMap((reason) =>
  refusalsByReason[reason].map((details) => ({ reason, ...details })),
);

export const readings = ['editing', 'in_progress', 'finished', 'warning', 'erroneous', null] as const;
export const observations: readonly Observation[] = [
  ...readings.map((reading) => ({ kind: 'seen', reading, field: 'logicalStatus', raw: '11, failed' }) as const),
  { kind: 'not_shown' },
  { kind: 'not_found' },
  ...campaignReasons.map((reason) => ({ kind: 'failed', reason }) as const),
];

export const someResponse: CampaignResponse = {
  status: 400,
  text: 'RST-360011 An error has occurred',
  adobeRequestId: 'req-1',
};

/** A request with these events after its first one. */
export function requestWith(events: readonly Event[], order: Partial<Order> = {}): Request {
  return replay(recorded([{ type: 'requested', data: requestedBy(order, { interaction: 'typed-1' }) }, ...events]));
}

const expiresAt = noon + 300_000;

const grant = (expiresAt: number | null, rest: Partial<EventOf<'granted'>['data']> = {}): Event => ({
  type: 'granted',
  data: { rule: 'everybody', approvers: expiresAt === null ? null : leads, expiresAt, ...rest },
});

export function probeShowing(reading: RecordedWorkflowState | null): ProbeResult {
  return { kind: 'seen', reading, field: 'logicalStatus', raw: 'raw' };
}

/** Waiting for a confirmation, after a probe with this result. */
export const waitingWith = (seen: ProbeResult): readonly Event[] => [
  grant(expiresAt, { seen }),
  ...announced,
  { type: 'asked', data: { expiresAt } },
];
const announced: readonly Event[] = [
  { type: 'announcing', data: { attempt: 1 } },
  { type: 'announced', data: { ts: '1.1' } },
];

export const waiting: readonly Event[] = [grant(expiresAt), ...announced, { type: 'asked', data: { expiresAt } }];

/** Waiting for a group in which not everybody can confirm. */
export const waitingForSome: readonly Event[] = [
  grant(expiresAt, { asked: { users: [], groups: ['S0LEADS'], except: ['U0ALICE', 'U0GINA'] } }),
  ...announced,
  { type: 'asked', data: { expiresAt } },
];
const stage = {
  stage: 1,
  to: { users: ['U0DAN'], groups: ['S0DUTY'] },
  asked: { users: ['U0DAN'], groups: ['S0DUTY'], except: [] },
  people: ['U0DAN', 'U0FAY'],
};
const nobodyAsked = { users: [], groups: [], except: [] };

/** Two were asked by escalation, then somebody whom no rule names any more. */
export const escalated: readonly Event[] = [
  ...waiting,
  { type: 'reminded', data: { reminder: 1 } },
  { type: 'escalated', data: stage },
  { type: 'escalated', data: { ...stage, stage: 2, asked: nobodyAsked, people: [] } },
];

/** Nobody of the first approvers can confirm, so others are asked with the question. */
export const escalatedAtOnce: readonly Event[] = [
  grant(expiresAt, { asked: nobodyAsked, atOnce: [stage] }),
  ...announced,
  { type: 'asked', data: { expiresAt } },
  { type: 'escalated', data: stage },
];
export const confirmed: readonly Event[] = [
  ...waiting,
  { type: 'pressed', data: { by: 'U0CAROL', choice: 'approve', interaction: 'press-1' } },
  { type: 'approved', data: { by: 'U0CAROL', interaction: 'press-1' } },
];
const pressed = (by: string, interaction: string): Event => ({
  type: 'pressed',
  data: { by, choice: 'approve', interaction },
});

const refusedPress: Event = {
  type: 'press_refused',
  data: {
    by: 'U0EVE',
    interaction: 'press-9',
    refusal: { kind: 'access', refusal: { reason: 'not_an_approver', permitted: leads } },
  },
};

/** One of two confirmations was given. */
export const oneOfTwo: readonly Event[] = [
  grant(expiresAt, { count: 2, seen: probeShowing('in_progress') }),
  ...announced,
  { type: 'asked', data: { expiresAt } },
  pressed('U0BOB', 'press-1'),
  { type: 'confirmed', data: { by: 'U0BOB', interaction: 'press-1', needed: 2, seen: null } },
];

/** Asked again, because the workflow has failed meanwhile. */
export const askedAgain: readonly Event[] = [
  ...oneOfTwo,
  pressed('U0CAROL', 'press-2'),
  {
    type: 'changed',
    data: {
      by: 'U0CAROL',
      interaction: 'press-2',
      before: 'in_progress',
      now: 'erroneous',
      seen: probeShowing('erroneous'),
      expiresAt,
    },
  },
];

/** Confirmed by two people. The probe of the second confirmation took too long. */
export const confirmedByTwo: readonly Event[] = [
  ...oneOfTwo,
  pressed('U0CAROL', 'press-2'),
  { type: 'approved', data: { by: 'U0CAROL', interaction: 'press-2', seen: { kind: 'slow' } } },
];

/** Approved without a confirmation, after a probe with this result. */
export const autoApprovedWith = (seen: ProbeResult | null): readonly Event[] => [
  grant(null, { seen }),
  ...announced,
  { type: 'approved', data: { by: null, interaction: null } },
];
export const autoApproved = autoApprovedWith(null);

/** For later, in half an hour, after a probe with this result. */
export const scheduledWith = (seen: ProbeResult): readonly Event[] => [
  grant(null, { seen, dueAt: noon + 1_800_000, zone: 'Europe/Paris' }),
  ...announced,
  { type: 'scheduled', data: { by: null, interaction: null } },
];
/** The same when it was due, and its workflow was probed once more. */
export const releasedWith = (asked: ProbeResult, seen: ProbeResult): readonly Event[] => [
  ...scheduledWith(asked),
  { type: 'approved', data: { by: null, interaction: null, seen } },
];
/** To be ended half an hour later. */
export const untilLater: readonly Event[] = [
  grant(null, { resumesAt: noon + 1_800_000, zone: 'Europe/Paris' }),
  ...announced,
  { type: 'approved', data: { by: null, interaction: null } },
];
export const dispatching: Event = { type: 'dispatching', data: { attempt: 1 } };
export const notReached: Event = {
  type: 'not_reached',
  data: { reason: 'no_connection', retryAt: noon + 60_000, answer: noAnswer },
};

export function ended(outcome: Outcome, because: EndReason, answer: CampaignResponse | null = null): Event {
  return { type: 'ended', data: { outcome, because, answer } };
}

type Ending = { readonly name: string; readonly events: readonly Event[] };

const ending = (name: string, ...events: readonly Event[]): Ending => ({ name, events });

/** Every end of a request: with and without a confirmation, and with and without a response of Campaign. */
export const endings: readonly Ending[] = [
  ...[autoApproved, confirmed].flatMap((events) => [
    ending('accepted', ...events, dispatching, ended('accepted', { kind: 'taken' }, someResponse)),
    ending('unknown, crashed', ...events, dispatching, ended('unknown', { kind: 'crashed' })),
    ending('not_sent, too late', ...events, ended('not_sent', { kind: 'too_late' })),
  ]),
  ...campaignReasons.flatMap((reason) =>
    (['rejected', 'unknown', 'not_sent'] as const).flatMap((outcome) =>
      [noAnswer, someResponse].map((answer) =>
        ending(
          `${outcome}, ${reason}`,
          ...confirmed,
          dispatching,
          ended(outcome, { kind: 'campaign', reason }, answer),
        ),
      ),
    ),
  ),
  ...observations.map((observation) =>
    ending('unknown and probed', ...autoApproved, dispatching, ended('unknown', { kind: 'crashed' }), {
      type: 'observed',
      data: { observation },
    }),
  ),
  ...slackReasons.map((reason) =>
    ending(`not_sent, ${reason}`, grant(null), ended('not_sent', { kind: 'slack', reason })),
  ),
  ...refusals.flatMap((refusal) => [
    ending(`refused, ${refusal.reason}`, ended('refused', { kind: 'access', refusal })),
    ending(
      `refused after a confirmation, ${refusal.reason}`,
      ...confirmed,
      ended('refused', { kind: 'access', refusal }),
    ),
  ]),
  ending('refused, busy', ended('refused', { kind: 'busy', request: 'OTHER001' })),
  ending('refused, stopped recently', ended('refused', { kind: 'stopped_lately', request: 'OTHER001', until: noon })),
  ending('cancelled', ...waiting, ended('cancelled', { kind: 'decided', by: 'U0BOB', interaction: 'press-1' })),
  ending(
    'cancelled, with a reason',
    ...waiting,
    { type: 'pressed', data: { by: 'U0BOB', choice: 'cancel', interaction: 'press-1', reason: 'Wrong audience.' } },
    ended('cancelled', { kind: 'decided', by: 'U0BOB', interaction: 'press-1' }),
  ),
  ending('expired', ...waiting, ended('expired', { kind: 'expired' })),
  ending('expired, with a refused press', ...waiting, refusedPress, ended('expired', { kind: 'expired' })),
  ending(
    'cancelled, one of two',
    ...oneOfTwo,
    ended('cancelled', { kind: 'decided', by: 'U0BOB', interaction: 'press-1' }),
  ),
  ending('refused, no such workflow', ended('refused', { kind: 'no_such_workflow', nearest: null })),
  ending(
    'refused, and another workflow suggested',
    ended('refused', {
      kind: 'no_such_workflow',
      nearest: { workflowId: 'WKF300', alias: null, environment: 'stage' },
    }),
  ),
  ending('unknown, history unreadable', ...waiting, ended('unknown', { kind: 'history_unreadable' })),
  ending('unknown, ledger behind', ...waiting, ended('unknown', { kind: 'ledger_behind' })),
  ...outcomes.map((outcome) => ending(`${outcome}, reconciled`, ...waiting, reconciledAs(outcome))),
  ending(
    'accepted unseen',
    ...releasedWith({ kind: 'slow' }, { kind: 'slow' }),
    dispatching,
    ended('accepted', { kind: 'taken' }),
  ),
  ending('unknown, to be ended later', ...untilLater, dispatching, ended('unknown', { kind: 'crashed' })),
  ending('not_sent, pause over', ...untilLater, ended('not_sent', { kind: 'pause_over' })),
  ending('refused, no zone', ended('refused', { kind: 'no_zone', isEnd: false })),
  ending('refused, no zone for the end', ended('refused', { kind: 'no_zone', isEnd: true })),
  ending('refused, time past', ended('refused', { kind: 'bad_time', problem: 'past' })),
  ending(
    'superseded, changed since',
    ...scheduledWith(probeShowing('in_progress')),
    ended('superseded', { kind: 'changed_since', before: 'in_progress', now: 'finished' }),
  ),
  ending('superseded', ...confirmed, ended('superseded', { kind: 'superseded', by: 'OTHER001' })),
];

/** A reason that was given after the outcome was posted, for others and by the requester alone. */
export const explainedLate: readonly Request[] = ['U0BOB', 'U0ALICE'].map((by) =>
  requestWith([
    ...waiting,
    ended('cancelled', { kind: 'decided', by, interaction: 'press-1' }),
    { type: 'reporting', data: { attempt: 1 } },
    { type: 'reason_given', data: { by, interaction: 'reason-1', reason: 'Wrong audience.' } },
  ]),
);

/** Every observation after every accepted command. */
export const everyObserved: readonly Request[] = verbs.flatMap((verb) =>
  observations.map((observation) =>
    requestWith(
      [...confirmed, dispatching, ended('accepted', { kind: 'taken' }), { type: 'observed', data: { observation } }],
      {
        verb,
      },
    ),
  ),
);

/** Reminders of a pause of one workflow and of two, with everything that can be seen of it, and each answer. */
export const everyReminder: readonly Request[] = [
  ...observations.map((seen) => reminded([seen])),
  reminded([null]),
  ...(['leave', 'resume'] as const).flatMap((choice) => [reminded([null], choice), reminded([null, null], choice)]),
  reminded([{ kind: 'slow' }, { kind: 'not_shown' }]),
];

function reminded(seen: readonly (ProbeResult | null)[], choice?: 'leave' | 'resume'): Request {
  const workflows = seen.map((_, index) => ({
    request: `ITEM000${index}`,
    workflowId: `WKF11${index}`,
    alias: index === 0 ? 'nightly-load' : null,
  }));
  const items = seen.map((one, index) => ({ request: `ITEM000${index}`, seen: one }));
  const answer = { leave: { interaction: 'press-4' }, resume: { request: 'OTHER001' } };
  const answered =
    choice === undefined ? [] : [{ type: 'pause_answered', data: { choice, by: 'U0BOB', ...answer[choice] } } as Event];
  return requestWith(
    [
      ...confirmed,
      dispatching,
      ended('accepted', { kind: 'taken' }),
      { type: 'pause_reminding', data: { attempt: 1, endsAt: noon, items } },
      ...answered,
    ],
    { verb: 'pause', ...(workflows.length > 1 && { workflows }) },
  );
}

/** A freeze, and an unfreeze: both are for a whole environment. */
const freezes: readonly Partial<Order>[] = [
  { verb: 'freeze', workflowId: '*', until: noon },
  { verb: 'unfreeze', workflowId: '*', reason: '' },
];

/** Every end of a freeze or unfreeze, which are not sent to Campaign. */
const freezeEndings = [
  ...endings.filter(({ name }) =>
    /^(accepted|.*reconciled|unknown, (history|ledger)|not_sent, (too late|not_in)|refused|cancelled|expired|superseded)/.test(
      name,
    ),
  ),
  ending('refused, not frozen', ended('refused', { kind: 'not_frozen' })),
  ending('refused, freeze over', ended('refused', { kind: 'freeze_over' })),
  ending('refused, frozen longer', ended('refused', { kind: 'frozen_longer', request: 'OTHER001', until: noon })),
];

/** Orders about a watch. */
const watches: readonly Partial<Order>[] = [
  { verb: 'watch', alias: 'nightly-load' },
  { verb: 'unwatch', reason: '' },
];

const watchEndings = [
  ...freezeEndings.filter(({ name }) => !/fro?zen|freeze/.test(name)),
  ending('refused, watched since a request', ended('refused', { kind: 'watched_already', request: 'OTHER001' })),
  ending('refused, watched by the file', ended('refused', { kind: 'watched_already', request: null })),
  ending('refused, ends in the file', ended('refused', { kind: 'watched_by_file' })),
  ending('refused, not watched', ended('refused', { kind: 'not_watched' })),
  ending('refused, too many', ended('refused', { kind: 'too_many_watches', most: 100 })),
];

/** Answers to an alert. */
const answers: readonly Partial<Order>[] = [
  { verb: 'mute', alias: 'nightly-load', reason: '', until: noon },
  { verb: 'mute', workflowId: '*', reason: '', until: noon },
  { verb: 'leave_paused', reason: '' },
];

const answerEndings = [
  ...watchEndings.filter(({ name }) => !/watched since|by the file|in the file|too many|expired|superseded/.test(name)),
  ending(
    'refused, muted since a request',
    ended('refused', { kind: 'muted_already', request: 'OTHER001', until: noon }),
  ),
  ending('refused, muted before', ended('refused', { kind: 'muted_already', request: null, until: noon })),
  ending('refused, left already', ended('refused', { kind: 'left_already', request: 'OTHER001', by: 'U0BOB' })),
  ending('refused, not paused', ended('refused', { kind: 'not_paused' })),
];

/** Every end of every command. */
export const everyEnd: readonly (readonly [name: string, request: Request])[] = [
  ...verbs.flatMap((verb) =>
    endings.map(({ name, events }) => [`${verb}: ${name}`, requestWith(events, { verb })] as const),
  ),
  ...freezes.flatMap((order) =>
    freezeEndings.map(({ name, events }) => [`${order.verb}: ${name}`, requestWith(events, order)] as const),
  ),
  ...watches.flatMap((order) =>
    watchEndings.map(({ name, events }) => [`${order.verb}: ${name}`, requestWith(events, order)] as const),
  ),
  ...answers.flatMap((order) =>
    answerEndings.map(({ name, events }) => [`${order.verb}: ${name}`, requestWith(events, order)] as const),
  ),
];
