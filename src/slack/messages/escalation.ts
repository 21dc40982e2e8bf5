import { clock, type Phrase } from '../../locales/phrase.ts';
import type { AskedStage, Call } from '../../requests/events.ts';
import type { RecordedPeople } from '../../requests/outcome.ts';
import { allAsked, askedStages, confirmers, type Request } from '../../requests/request.ts';
import { metadataTypes } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { describeOffer, isEmergencyAlone } from './emergency.ts';
import { firstOf, isNobody, joined, type MessageContext, mention, piecesOf } from './message-context.ts';

/** Whom escalation has asked beside the first approvers, for the announcement. */
export function describeEscalation(request: Request, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  const { approvers, asked, atOnce } = request.grant ?? {};
  // Where nobody else can confirm, the question itself names them.
  const isNamed = asked !== undefined && isNobody(asked);
  const stages = askedStages(request).filter(
    (stage) => !isNobody(stage.asked) && !(isNamed && isAtOnce(stage, request)),
  );
  return [
    ...(atOnce === undefined || approvers == null
      ? []
      : [translator.translate('announce.escalated_at_once', { first: mention(approvers, context) })]),
    ...stages.map(({ asked }) => translator.translate('announce.escalated', { people: everybody(asked, context) })),
  ];
}

/** The same for the history. */
export function describeStages(request: Request, context: MessageContext): readonly Phrase[] {
  const stages = request.escalation.stages.filter(({ asked }) => !isNobody(asked));
  return stages.map(({ asked }) =>
    context.translator.translate('history.escalated', { people: everybody(asked, context) }),
  );
}

function isAtOnce({ stage }: AskedStage, { grant }: Request): boolean {
  return grant?.atOnce?.some((one) => one.stage === stage) ?? false;
}

function everybody(people: RecordedPeople, context: MessageContext): Phrase {
  return context.translator.all(firstOf(piecesOf(people), context));
}

/** The reply in the thread: whom a reminder reminds, or a stage asks. It mentions them. */
export function callReply(request: Request, { kind, number }: Call, context: MessageContext): Message {
  const line = kind === 'reminder' ? describeReminder(request, context) : describeStage(request, number, context);
  return renderMessage([line]);
}

function describeReminder(request: Request, context: MessageContext): Phrase {
  // Nobody else would be notified that it is offered: the announcement is only updated.
  const declare = isEmergencyAlone(request) ? describeOffer(request, context) : [];
  const { users, groups } = allAsked(request);
  const left = { users: users.filter((id) => !confirmers(request).includes(id)), groups };
  return joined(
    isNobody(left) ? null : everybody(left, context),
    context.translator.translate('call.reminder', { missing: missingIn(request), until: untilOf(request) }),
    ...declare,
  );
}

function describeStage(request: Request, number: number, context: MessageContext): Phrase {
  const { translator } = context;
  const stage = askedStages(request).find((one) => one.stage === number);
  if (stage === undefined) return [];
  if (isNobody(stage.asked)) {
    return translator.translate('call.stage_nobody', { people: mention(stage.to, context), until: untilOf(request) });
  }
  const people = everybody(stage.asked, context);
  const first = request.grant?.approvers;
  return isAtOnce(stage, request) && first != null
    ? joined(
        people,
        translator.translate('call.stage_at_once', { first: mention(first, context), until: untilOf(request) }),
      )
    : joined(people, translator.translate('call.stage', { until: untilOf(request) }));
}

function missingIn({ grant, confirmations }: Request): number {
  return Math.max(1, (grant?.needed ?? 1) - confirmations.length);
}

function untilOf({ grant, requestedAt }: Request) {
  return clock(grant?.expiresAt ?? requestedAt, requestedAt);
}

export function callMetadata({ id }: Request, call: Call) {
  return { event_type: metadataTypes.call, event_payload: { request_id: id, call: callName(call) } };
}

/** Which of the calls of a request, in its metadata. */
export function callName({ kind, number }: Call): string {
  return `${kind} ${number}`;
}
