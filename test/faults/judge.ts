import { isVerb } from '../../src/access/policy.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import { logId } from '../../src/requests/ledger/log/log-chain.ts';
import { replay } from '../../src/requests/replay.ts';
import { confirmers, type Request } from '../../src/requests/request.ts';
import { decidedAt, limits } from '../../src/requests/retry-policy.ts';
import type { Evidence, Loss, SaidMessage } from './evidence.ts';
import { judgeEmergency } from './judge-emergency.ts';
import { judgeEscalation } from './judge-escalation.ts';
import { judgeWatches } from './judge-watches.ts';

/** The tolerance between two clocks, and for the transport. */
const toleranceMs = 250;

/** Every promise that the evidence contradicts. */
export function judge(evidence: Evidence): readonly Loss[] {
  const known = new Set(evidence.requests.flatMap(({ events }) => events.flatMap(interactionOf)));
  const lost = [...evidence.acknowledged].filter((interaction) => !known.has(interaction));
  return [
    ...lost.map((request) => ({ request, what: 'acknowledged, and not on record' })),
    ...evidence.requests.flatMap(({ id, events, flaw }) => {
      const whats =
        flaw === null ? judgeRequest(replay(events), events, evidence) : [`its record is broken: ${flaw.kind}`];
      return whats.map((what) => ({ request: id, what }));
    }),
    ...judgeLog(evidence),
    ...unasked(evidence),
    ...unrecorded(evidence),
    ...judgeWatches(evidence),
  ];
}

function interactionOf(event: RecordedEvent): readonly string[] {
  return event.type === 'requested' ? [event.data.interaction] : [];
}

function judgeRequest(request: Request, events: readonly RecordedEvent[], evidence: Evidence): readonly string[] {
  // What is said of an item is said of its batch.
  const said = evidence.messages.filter((message) => message.request === (request.batch ?? request.id));
  const outcomes = events.filter(({ type }) => type === 'ended').length;
  return [
    ...(outcomes === 1 ? [] : [`${outcomes} outcomes on record`]),
    ...(isVerb(request.order.verb) ? judgeCommands(request, said, evidence) : []),
    ...judgeConfirmations(request),
    ...judgeAnnouncement(request, events, said),
    ...judgeTelling(request, said, evidence),
    ...(request.batch === null ? judgeReminder(request, said) : []),
    ...judgeEscalation(request, events, said, evidence),
    ...judgeEmergency(request, events, said, evidence),
  ];
}

function judgeCommands(request: Request, said: readonly SaidMessage[], { commands }: Evidence): readonly string[] {
  const { workflowId } = request.order;
  const arrived = commands.filter((command) => command.workflowId === workflowId);
  const effective = arrived.filter(({ provablyRefused }) => !provablyRefused).length;
  const announcedAt = said.find(({ kind }) => kind === 'announcement')?.at ?? Number.POSITIVE_INFINITY;
  const latest = decidedAt(request) + limits.dispatch.withinMs;
  const mayHaveBeenSent = ['accepted', 'rejected', 'unknown'].includes(request.state);
  return [
    ...(effective > 1 ? [`sent ${effective} times`] : []),
    ...(effective === 0 && request.state === 'accepted' ? ['accepted, and never sent'] : []),
    ...(effective > 0 && !mayHaveBeenSent ? [`sent, and said to be ${request.state}`] : []),
    ...(arrived.some(({ at }) => at + toleranceMs < announcedAt) ? ['sent before it was announced'] : []),
    ...(arrived.some(({ at }) => at > latest + toleranceMs) ? ['sent too late'] : []),
  ];
}

function judgeConfirmations(request: Request): readonly string[] {
  const isSent = ['accepted', 'rejected', 'unknown'].includes(request.state);
  if (!isSent || request.grant?.expiresAt == null || request.emergency !== null) return [];
  const by = new Set(confirmers(request)).size;
  const { needed } = request.grant;
  return by < needed ? [`sent with ${by} confirmations of ${needed}`] : [];
}

function judgeAnnouncement(
  { announcement, state }: Request,
  events: readonly RecordedEvent[],
  said: readonly SaidMessage[],
): readonly string[] {
  const [first, ...more] = said.filter(({ kind }) => kind === 'announcement');
  if (more.length > 0) return [`announced ${1 + more.length} times`];
  if (first === undefined) return announcement.ts === null ? [] : ['announced on record, and not in the channel'];
  const lastShown = events.findLast(({ type }) => type === 'shown');
  const isSaidToShow = lastShown?.type === 'shown' && lastShown.data.state === state && lastShown.data.problem === null;
  return isSaidToShow && first.shows !== state ? [`its announcement shows ${first.shows}`] : [];
}

function judgeTelling(
  { id, batch, outcomePost: report, announcement, followUpPost: note }: Request,
  said: readonly SaidMessage[],
  evidence: Evidence,
) {
  const inThread = said.filter(({ kind, where }) => kind === 'outcome' && where === 'thread').length;
  const notes = said.filter(({ kind }) => kind === 'note').length;
  const directly = said.some(({ kind, where }) => kind === 'outcome' && where === 'direct');
  const privately = directly || evidence.toldPrivately.some((text) => text.includes(batch ?? id));
  const isPosted = inThread > 0 || privately;
  return [
    ...(report.done === null ? ['its outcome was not posted'] : []),
    ...(report.done !== null && report.done.via !== 'log' && !isPosted
      ? ['its outcome is recorded as posted, and was not']
      : []),
    ...(inThread > 1 ? [`its outcome is in the thread ${inThread} times`] : []),
    ...(announcement.ts !== null && report.done?.via === 'thread' && inThread === 0
      ? ['no outcome in its thread']
      : []),
    ...(notes > 1 ? [`its note is in the thread ${notes} times`] : []),
    ...(note.done && notes > 1 ? ['noted twice'] : []),
  ];
}

function judgeReminder({ pauseReminder: { done } }: Request, said: readonly SaidMessage[]): readonly string[] {
  const reminders = said.filter(({ kind }) => kind === 'reminder').length;
  return [
    ...(reminders > 1 ? [`its reminder is in the thread ${reminders} times`] : []),
    ...(reminders === 0 && done !== null && done.ts !== null
      ? ['its reminder is recorded as posted, and was not']
      : []),
    ...(reminders > 0 && done === null ? ['its reminder was posted, and is not on record'] : []),
  ];
}

/** No gap, no place given twice, nothing left out. */
function judgeLog({ logFlaws, unsealed }: Evidence): readonly Loss[] {
  const whats = [
    ...logFlaws.map((kind) => `the log is broken: ${kind}`),
    ...(unsealed === 0 ? [] : [`${unsealed} requests have events without a place in the log`]),
  ];
  return whats.map((what) => ({ request: logId, what }));
}

/** The commands at Campaign without a record. */
function unasked({ requests, commands }: Evidence): readonly Loss[] {
  const ordered = new Set(
    requests.flatMap(({ events: [first] }) => (first?.type === 'requested' ? [first.data.order.workflowId] : [])),
  );
  const strays = commands.filter(({ workflowId }) => !ordered.has(workflowId));
  return strays.map(({ workflowId }) => ({ request: workflowId, what: 'sent, and nowhere on record' }));
}

/** The decisions that were acknowledged and have no record. */
function unrecorded({ requests, decisions }: Evidence): readonly Loss[] {
  const known = new Set(
    requests.flatMap(({ id, events }) =>
      events.flatMap((event) => (event.type === 'pressed' ? [`${id} ${event.data.by} ${event.data.choice}`] : [])),
    ),
  );
  return decisions
    .filter(({ request, by, choice }) => !known.has(`${request} ${by} ${choice}`))
    .map(({ request, by, choice }) => ({ request, what: `${choice} by ${by} was acknowledged, and is not on record` }));
}
