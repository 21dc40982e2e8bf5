import { isVerb } from '../../access/policy.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import type { JudgedBy, ProbeResult, RecordedEvent } from '../../requests/events.ts';
import type { EndReason } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { tellOutcome } from '../story/tell-event.ts';
import { announcementLink, requesterName, terminalContext } from '../story/tell-request.ts';

/** What a cell of the export can hold. Null: nothing is recorded of it. */
export type Cell = string | number | boolean | readonly string[] | null;

/** The columns, in their order. Their names are a contract with whoever reads the files: new ones are added at the end. */
export const columns = [
  'id',
  'requested_at',
  'requester',
  'requester_name',
  'team',
  'channel',
  'announcement_ts',
  'verb',
  'workflow',
  'alias',
  'environment',
  'organization',
  'production',
  'reason',
  'freeze_until',
  'rule',
  'confirmed_by',
  'confirmed_by_name',
  'confirmed_at',
  'cancelled_by',
  'state_before',
  'state_after',
  'attempts',
  'campaign_status',
  'campaign_answer',
  'outcome',
  'because',
  'why',
  'decision_ms',
  'answer_ms',
  'outcome_ms',
  'permalink',
  'cancel_reason',
  'batch',
  'due_at',
  'resumes_at',
  'reminded_at',
  'left_paused_by',
  'approvers_reminded_at',
  'escalated_at',
  'escalated_to',
  'emergency_by',
  'emergency_at',
  'emergency_reason',
  'reviewed_by',
  'reviewed_at',
  'review_comment',
  'confirmed_stage',
  'confirmed_rule',
  'sent_rule',
  'emergency_rule',
  'ends_pause',
  'muted_until',
] as const;

export type Row = { readonly [C in (typeof columns)[number]]: Cell };

/** A request and its events as one row. Times are ISO 8601 in UTC, durations whole milliseconds. */
export function rowOf(request: Request, events: readonly RecordedEvent[], translator: Translator): Row {
  const { id, requestedAt, order, grant, end } = request;
  const confirmations = confirmationsIn(events);
  return {
    id,
    requested_at: iso(requestedAt),
    requester: request.requester,
    requester_name: requesterName(events) ?? null,
    team: request.team,
    channel: request.channel,
    announcement_ts: request.announcement.ts,
    verb: order.verb,
    workflow: order.workflowId,
    alias: order.alias,
    environment: order.environment,
    organization: order.organization,
    production: order.production ?? null,
    reason: order.reason,
    freeze_until: endOf('freeze', order),
    rule: grant?.rule ?? null,
    confirmed_by: confirmations.map(({ by }) => by),
    confirmed_by_name: confirmations.map(({ name }) => name),
    confirmed_at: confirmations.map(({ at }) => iso(at)),
    cancelled_by: cancelledBy(request),
    state_before: shownState(request.approval?.seen ?? grant?.seen ?? null),
    state_after: shownState(request.observation),
    attempts: isVerb(order.verb) ? request.dispatch.attempts : 0,
    campaign_status: end?.answer?.status ?? null,
    campaign_answer: end?.answer?.text ?? null,
    outcome: end?.outcome ?? null,
    because: end === null ? null : reasonCode(end.because),
    why: plain(tellOutcome({ request, context: terminalContext(translator, request) })),
    decision_ms: since(requestedAt, decidedAt(request, events)),
    answer_ms: answerMs(events),
    outcome_ms: since(requestedAt, end?.at ?? null),
    permalink: announcementLink(request, events),
    cancel_reason: request.decisionReason?.text ?? null,
    batch: request.batch,
    due_at: grant?.dueAt === undefined ? null : iso(grant.dueAt),
    resumes_at: grant?.resumesAt === undefined ? null : iso(grant.resumesAt),
    approvers_reminded_at: timesOf('reminded', events),
    ...escalationIn(events),
    reminded_at: remindedAt(events),
    left_paused_by: leftPausedBy(events),
    ...emergencyIn(request),
    confirmed_stage: confirmations.map(({ stage }) => (stage === undefined ? '' : String(stage))),
    confirmed_rule: confirmations.map(({ rule }) => rule ?? grant?.rule ?? ''),
    sent_rule: sentRule(request, events),
    ends_pause: order.after ?? null,
    muted_until: endOf('mute', order),
  };
}

/** Until when it was ordered, of this command. */
function endOf(of: 'freeze' | 'mute', { verb, until }: Request['order']): string | null {
  return verb === of && until !== undefined ? iso(until) : null;
}

/** By which rule it was judged just before it was sent, or took effect. */
function sentRule({ grant }: Request, events: readonly RecordedEvent[]): string | null {
  const sent = events.findLast((event) => event.type === 'dispatching');
  return sent?.type === 'dispatching' ? (sent.data.rule ?? grant?.rule ?? null) : null;
}

function emergencyIn({ emergency }: Request) {
  const review = emergency?.review ?? null;
  return {
    emergency_by: emergency?.by ?? null,
    emergency_at: emergency === null ? null : iso(emergency.at),
    emergency_reason: emergency?.reason ?? null,
    emergency_rule: emergency?.rule ?? null,
    reviewed_by: review?.by ?? null,
    reviewed_at: review === null ? null : iso(review.at),
    review_comment: review?.comment ?? null,
  };
}

/** When the reminder of a pause was posted. */
function remindedAt(events: readonly RecordedEvent[]): string | null {
  const reminded = events.find(
    (event) => event.type === 'pause_reminded' && (event.data.ts !== null || event.data.via !== undefined),
  );
  return reminded === undefined ? null : iso(reminded.at);
}

/** Who answered the reminder of a pause so. Somebody may have resumed it afterwards. */
function leftPausedBy(events: readonly RecordedEvent[]): string | null {
  const left = events.find((event) => event.type === 'pause_answered' && event.data.choice === 'leave');
  return left?.type === 'pause_answered' ? left.data.by : null;
}

function timesOf(type: RecordedEvent['type'], events: readonly RecordedEvent[]): readonly string[] {
  return events.filter((event) => event.type === type).map(({ at }) => iso(at));
}

/** When each stage of the escalation asked, and whom, by the IDs of users and user groups; empty where it named nobody. */
function escalationIn(events: readonly RecordedEvent[]): Pick<Row, 'escalated_at' | 'escalated_to'> {
  const stages = events.flatMap((event) => (event.type === 'escalated' ? [event.data.to] : []));
  return {
    escalated_at: timesOf('escalated', events),
    escalated_to: stages.map(({ users, groups }) => [...groups, ...users].join(' ')),
  };
}

/** Who took the request back; null if nobody did. */
export function cancelledBy({ end }: Pick<Request, 'end'>): string | null {
  return end?.because.kind === 'decided' ? end.because.by : null;
}

/** `name`: what Slack called the person then; empty if that is not known. */
type Confirmation = JudgedBy & { readonly by: string; readonly name: string; readonly at: number };

/** The confirmations that counted for the last question, each with the time of its press. */
function confirmationsIn(events: readonly RecordedEvent[]): readonly Confirmation[] {
  const confirmations: Confirmation[] = [];
  for (const event of events) {
    if (event.type === 'changed') confirmations.length = 0;
    if (event.type !== 'confirmed' && event.type !== 'scheduled' && event.type !== 'approved') continue;
    const { by, interaction } = event.data;
    // Whoever declares an emergency confirms nothing.
    if (by === null || ('emergency' in event.data && event.data.emergency !== undefined)) continue;
    const press = pressOf(interaction, events);
    const { stage, rule } = event.data;
    confirmations.push({
      ...{ by, name: press?.data.name ?? '', at: press?.at ?? event.at },
      ...(stage !== undefined && { stage }),
      ...(rule !== undefined && { rule }),
    });
  }
  return confirmations;
}

/**
 * The last confirmation, the start of a command that needs none, or the press that took it back. Of a command for later:
 * when people had decided, and not when it was due.
 */
function decidedAt({ approval, end }: Request, events: readonly RecordedEvent[]): number | null {
  if (end?.because.kind === 'decided') return pressOf(end.because.interaction, events)?.at ?? null;
  const scheduled = events.find((event) => event.type === 'scheduled');
  if (scheduled !== undefined) return pressOf(scheduled.data.interaction, events)?.at ?? scheduled.at;
  return approval?.at ?? null;
}

function pressOf(interaction: string | null, events: readonly RecordedEvent[]) {
  return events.filter((event) => event.type === 'pressed').find(({ data }) => data.interaction === interaction);
}

/** From the last attempt to Campaign's answer; null if it was not sent, or Campaign did not answer. */
function answerMs(events: readonly RecordedEvent[]): number | null {
  const sent = events.findLast(({ type }) => type === 'dispatching');
  const ended = events.find((event) => event.type === 'ended' && event.data.answer?.status != null);
  return sent === undefined || ended === undefined ? null : ended.at - sent.at;
}

/** Campaign's state of the workflow, or why there is none: `slow`, `not_shown`, `not_found` or `failed`. */
function shownState(seen: ProbeResult | null): string | null {
  if (seen?.kind !== 'seen') return seen?.kind ?? null;
  return seen.reading ?? seen.raw;
}

/** Why it ended, for programs: the kind, and for some kinds the reason after a colon. */
function reasonCode(because: EndReason): string {
  switch (because.kind) {
    case 'campaign':
    case 'slack':
      return `${because.kind}:${because.reason}`;
    case 'access':
      return `${because.kind}:${because.refusal.reason}`;
    default:
      return because.kind;
  }
}

function since(start: number, end: number | null): number | null {
  return end === null ? null : end - start;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
