import { isVerb } from '../../access/policy.ts';
import { channel, code, foreign, type Phrase, user } from '../../locales/phrase.ts';
import type { Observation, PressRefusal } from '../../requests/events.ts';
import { type EndReason, isOutcome, type RecordedRefusal, type State } from '../../requests/outcome.ts';
import { confirmers, isBatch, type Request } from '../../requests/request.ts';
import type { Actor } from '../../requests/rules/authorization.ts';
import { conclusionOf } from '../../requests/rules/effect.ts';
import { itemsMetadata } from '../item-list.ts';
import { messageName, metadataTypes } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { describeStatus } from './announcement-status.ts';
import { askedOrder, hasSurprise, itemDetails, itemEffects, itemOutcomes } from './batch.ts';
import { itemRefusals } from './batch-refusal.ts';
import { describeDecisionReason, describeLateReason } from './decision-reason.ts';
import { describeEffect } from './effect-text.ts';
import { describeEmergency } from './emergency.ts';
import {
  briefWorkflow,
  buttonName,
  describeBriefly,
  describeOrder,
  dotted,
  joined,
  type MessageContext,
  other,
  placedWorkflow,
  type Subject,
  self,
  spokenWorkflows,
  typed,
  withoutConfiguration,
} from './message-context.ts';
import {
  describeConfirmers,
  describeDetails,
  describeOutcome,
  describeReading,
  describeRecord,
  type Ended,
  hasEnded,
  namesWorkflow,
  rawState,
} from './outcome-text.ts';
import { describeRefusal, describeRefusedPresses } from './refusal.ts';

/**
 * The outcome for the thread: the requester, the order, how it ended, what to do, and who confirmed it. It stands by
 * itself, because the announcement may be deleted.
 */
export function outcomeReply(request: Request, context: MessageContext): Message {
  if (!hasEnded(request)) throw new Error('the request has no outcome to post');
  if (request.end.outcome === 'completed') return batchOutcome(request, context);
  const requester = user(request.requester);
  const outcome = namesWorkflow(request) ? describeInFull(request, context) : describeWithTitle(request, context);
  const lines = [
    joined([requester], outcome, describeConfirmers(request, context)),
    ...ofEmergency(request, context),
    ...refusedPresses(request, context),
  ];
  const brief = namesWorkflow(request)
    ? joined([requester], outcome)
    : context.translator.translate('announce.brief', {
        order: describeBriefly(askedOrder(request), context),
        requester,
        status: describeStatus(request, request.end.outcome, context),
      });
  return renderMessage(lines, { ...small(request, context), brief });
}

/** One list of outcomes: who asked and confirmed, and how each workflow's command ended. */
function batchOutcome(batch: Ended, context: MessageContext): Message {
  const order = { ...askedOrder(batch), production: false };
  const title = joined(
    [user(batch.requester)],
    dotted(describeOrder(order, context, inFull(order, context)), describeConfirmers(batch, context)),
  );
  const why = describeDecisionReason(batch, context);
  const outcomes = [...itemOutcomes(context), ...ofEmergency(batch, context), ...(why === null ? [] : [why])];
  return renderMessage([title, ...outcomes], {
    details: itemDetails(context),
    small: describeRecord(batch, context),
    name: messageName(batch.id),
    brief: joined(title, ...outcomes),
  });
}

function ofEmergency({ emergency }: Request, context: MessageContext): readonly Phrase[] {
  return emergency === null ? [] : [describeEmergency(emergency, context)];
}

function describeInFull(request: Ended, context: MessageContext): Phrase {
  // What nobody is sure of has to be short.
  const workflow =
    request.end.outcome === 'unknown' ? placedWorkflow(request.order, context) : inFull(request.order, context);
  return describeOutcome(request, context, other(request.requester), workflow);
}

/** "Stop WKF110 (prod, acme) · Rejected. …", or "Stop WKF110 and WKF111 (prod, acme) · Expired. …" */
function describeWithTitle(request: Ended, context: MessageContext): Phrase {
  const order = { ...askedOrder(request), production: false };
  const names =
    order.workflows === undefined ? inFull(order, context) : spokenWorkflows(order, context, elsewhere(order));
  return dotted(describeOrder(order, context, names), describeOutcome(request, context, other(request.requester)));
}

/** With the organization, where the environment has another name. */
function inFull(order: Request['order'], context: MessageContext): Phrase {
  return placedWorkflow(order, context, elsewhere(order));
}

function elsewhere({ environment, organization }: Request['order']): readonly string[] {
  return organization === environment ? [] : [organization];
}

/** These are found out only where a rule permits the request. */
const permittedEnds: ReadonlySet<EndReason['kind']> = new Set([
  'no_such_workflow',
  'busy',
  'stopped_lately',
  'not_frozen',
  'frozen_longer',
]);

/** The request as its requester may read it. If no rule is known to name them, that is only what they typed. */
export function forRequester(request: Request, isKnownHere: (requester: Actor) => boolean): Request {
  const { order, grant, end, requester: person, team, originalChannel: channel } = request;
  const isPermitted = grant !== null || (end !== null && permittedEnds.has(end.because.kind));
  if (isPermitted || isKnownHere({ person, team, channel })) return request;
  return { ...request, order: withoutConfiguration(order) };
}

/** The outcome for the requester alone, if nothing was announced. */
export function privateOutcome(request: Request, context: MessageContext): Message {
  const details = hasEnded(request) ? describeDetails(request, context) : [];
  return renderMessage([title(request, context), ...outcomeLines(request, context, self)], { details });
}

/** The outcome as a direct message, which names the channel. */
export function directOutcome(request: Request, context: MessageContext): Message {
  const where = context.translator.translate('outcome.direct', { channel: channel(request.channel) });
  const lines = outcomeLines(request, { ...context, aboutChannel: request.channel }, self);
  return renderMessage([where, title(request, context), ...lines], small(request, context));
}

/** What the workflow showed after an accepted command, or why somebody cancelled it. After a command, people are mentioned only if it did not do what was requested. */
export function followUpReply(request: Request, context: MessageContext): Message {
  if (request.state === 'completed') return batchFollowUp(request, context);
  const { observation, order } = request;
  const why = describeLateReason(request, context);
  if (why !== null) return renderMessage([title(request, context), why]);
  if (observation === null || !isVerb(order.verb)) throw new Error('the request has no observation to post');
  const conclusion = conclusionOf(order.verb, observation);
  const describe = (workflow: Phrase) => describeEffect(conclusion, { ...request, observation }, workflow, context);
  const line = describe([foreign(order.workflowId)]);
  const brief = describe(briefWorkflow(order, context));
  if (conclusion === 'as_asked' || conclusion === 'not_shown') return renderMessage([line], { brief });
  const people = context.translator.all(concerned(request).map(user));
  return renderMessage([joined(people, line)], {
    details: describeCause(observation, context),
    brief: joined(people, brief),
  });
}

/** What was seen of each workflow, and why some were kept. People are mentioned only for that, or if something is not as it was asked for. */
function batchFollowUp(batch: Request, context: MessageContext): Message {
  const people = hasSurprise(context) ? context.translator.all(concerned(batch).map(user)) : null;
  const order = { ...askedOrder(batch), production: false };
  const title = joined(people, describeOrder(order, context));
  const why = batch.decisionReason?.isLate === true ? describeLateReason(batch, context) : null;
  const lines = [title, ...itemEffects(context), ...(why === null ? [] : [why])];
  return renderMessage(lines, { brief: joined(...lines) });
}

/** Who needs to know: the requester, and everybody who confirmed. */
function concerned(request: Request): readonly string[] {
  const { requester, emergency } = request;
  return [...new Set([requester, ...confirmers(request), ...(emergency === null ? [] : [emergency.by])])];
}

function describeCause(observation: Observation, { translator }: MessageContext): Phrase {
  if (observation.kind === 'failed') return translator.translate(`campaign.${observation.reason}`);
  return rawState(observation) ?? [];
}

/** `digest` is that of the event with the outcome. */
export function outcomeMetadata(request: Request, { checkpoint, items }: Pick<MessageContext, 'checkpoint' | 'items'>) {
  const { note } = checkpoint();
  const ofItems = items === undefined ? {} : itemsMetadata(items);
  const payload = hasEnded(request)
    ? { outcome: request.end.outcome, digest: request.end.digest, checkpoint: note, ...ofItems }
    : {};
  return { event_type: metadataTypes.outcome, event_payload: { request_id: request.id, ...payload } };
}

/** Outcomes that people in the channel must not miss: they are shown in the channel as well as in the thread. */
export function concernsChannel({ state }: Request, { items = [] }: Pick<MessageContext, 'items'> = {}): boolean {
  return [state, ...items.map((item) => item.state)].some((one) => one === 'unknown' || one === 'rejected');
}

/** Why a press did not count. */
export function pressRefused(request: Request, refusal: PressRefusal, context: MessageContext): Message {
  const id = code(request.id);
  const { translator } = context;
  const what = describeOrder(askedOrder(request), context);
  switch (refusal.kind) {
    case 'too_late':
      return renderMessage([
        what,
        translator.translate('press.too_late', { id, now: describeState(refusal.state, context) }),
      ]);
    case 'access':
      return renderMessage([what, describePressRefused(id, refusal.refusal, request.order, context)]);
    case 'reviewed_already':
      return renderMessage([what, translator.translate('press.reviewed_already', { id, by: user(refusal.by) })]);
    case 'counted_already':
      return renderMessage([what, translator.translate('press.counted_already', { id, missing: refusal.missing })]);
    case 'changed':
      return renderMessage([what, describePressChanged(id, refusal, context)]);
    default:
      return refusal satisfies never;
  }
}

/** The answer to a button of another version, or with a value that no version gives. */
export function unknownButton(context: MessageContext): Message {
  return renderMessage([context.translator.translate('press.unknown_button', { help: typed(['help'], context) })]);
}

/** Why a press does not count that only repeats a refused one. */
export function pressRefusedAgain(request: Request, refusal: RecordedRefusal, context: MessageContext): Message {
  const why = describeRefusal(refusal, request.order, context);
  return renderMessage([
    describeOrder(askedOrder(request), context),
    context.translator.translate('press.refused_again', { id: code(request.id), why }),
  ]);
}

/** The requester, who may not confirm, reads that they can cancel. */
function describePressRefused(
  id: ReturnType<typeof code>,
  refusal: RecordedRefusal,
  order: Request['order'],
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const refused = translator.translate('press.refused', { id, why: describeRefusal(refusal, order, context) });
  if (refusal.reason !== 'own_request') return refused;
  return joined(refused, translator.translate('press.may_take_back', { no: buttonName('cancel', order, context) }));
}

function describePressChanged(
  id: ReturnType<typeof code>,
  { before, now: reading }: PressRefusal & { kind: 'changed' },
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const now = describeReading(reading, context);
  return before === null
    ? translator.translate('press.changed_unseen', { id, now })
    : translator.translate('press.changed', { id, before: describeReading(before, context), now });
}

/** The state of a request that no longer waits for a decision. */
export function describeState(state: State, { translator }: MessageContext): Phrase {
  if (isOutcome(state)) return translator.translate('press.now.ended', { outcome: state });
  if (state === 'scheduled') return translator.translate('press.now.scheduled');
  return translator.translate(state === 'dispatching' ? 'press.now.sending' : 'press.now.approved');
}

function outcomeLines(request: Request, context: MessageContext, requester: Subject): readonly Phrase[] {
  if (!hasEnded(request)) return [];
  const isOfEach = request.end.because.kind === 'each';
  const ofItems = isOfEach && isBatch(request) ? itemRefusals(context) : [];
  const ended = isOfEach && !isBatch(request) ? endedAsFirst(request, context) : request;
  return [describeOutcome(ended, context, requester), ...ofItems, ...refusedPresses(request, context)];
}

/** Somebody whom no rule names reads only what they typed: of several workflows, the first. */
function endedAsFirst(batch: Ended, { items = [] }: MessageContext): Ended {
  const because = items[0]?.end?.because ?? batch.end.because;
  return { ...batch, end: { ...batch.end, because } };
}

function refusedPresses(request: Request, context: MessageContext): readonly Phrase[] {
  return request.state === 'expired' ? describeRefusedPresses(request, context) : [];
}

function small(request: Request, context: MessageContext) {
  if (!hasEnded(request)) return {};
  return {
    details: describeDetails(request, context),
    small: describeRecord(request, context),
    name: messageName(request.id),
  };
}

function title(request: Request, context: MessageContext): Phrase {
  return joined(describeOrder(askedOrder(request), context), [code(request.id)]);
}
