import { isVerb } from '../../access/policy.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation } from '../../requests/events.ts';
import type { EndReason, Outcome } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { describeDecisionReason } from './decision-reason.ts';
import {
  invitation,
  joined,
  type MessageContext,
  type Subject,
  shortRecord,
  typed,
  workflowName,
} from './message-context.ts';
import { describeRefusal } from './refusal.ts';

type End = NonNullable<Request['end']>;
type Ended = Request & { readonly end: End };

export function hasEnded(request: Request): request is Ended {
  return request.end !== null;
}

/**
 * How a request ended, why, and what to do next: one or two sentences.
 *
 * @param requester `self` if only the requester reads it
 */
export function describeOutcome(request: Ended, context: MessageContext, requester: Subject): Phrase {
  const { outcome, because } = request.end;
  // With a longer freeze in force, "not frozen" would be wrong of the environment.
  const hasNoEffect = request.order.verb === 'freeze' && outcome !== 'accepted' && because.kind !== 'frozen_longer';
  return joined(
    describeEnd(request, context, requester),
    hasNoEffect ? context.translator.translate('outcome.not_frozen') : null,
  );
}

function describeEnd(request: Ended, context: MessageContext, requester: Subject): Phrase {
  const { translator } = context;
  const { outcome, because } = request.end;
  const { verb } = request.order;
  if (because.kind === 'reconciled') return translator.translate('outcome.reconciled', { outcome });
  const why = describeReason(because, request, context, requester);
  if (outcome === 'unknown' && !isVerb(verb)) return translator.translate('outcome.freeze_unknown', { why });
  switch (outcome) {
    case 'accepted':
      return describeAccepted(request, context);
    case 'rejected':
    case 'unknown':
      return translator.translate(`outcome.${outcome}`, { verb, why });
    case 'not_sent':
    case 'refused':
      return translator.translate(`outcome.${outcome}`, { why });
    case 'cancelled':
      return joined(
        translator.translate('outcome.cancelled', { verb, by: whoDecided(because, request) }),
        describeDecisionReason(request, context),
      );
    case 'expired':
      return translator.translate('outcome.expired');
    case 'superseded':
      return translator.translate('outcome.superseded', {
        request: context.refer(because.kind === 'superseded' ? because.by : ''),
      });
    default:
      return outcome satisfies never;
  }
}

/** Campaign accepts a command and carries it out later. A freeze takes effect at once. */
function describeAccepted({ order, end }: Ended, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb, environment, until } = order;
  if (verb === 'unfreeze') return translator.translate('outcome.unfrozen', { environment });
  if (verb !== 'freeze') return translator.translate('outcome.accepted', { verb, at: time(end.at) });
  return translator.translate('outcome.frozen', {
    until: time(until ?? end.at),
    environment,
    command: typed(['unfreeze', environment], context),
  });
}

/** What Campaign or its gateway answered, if the outcome does not already say it. */
export function describeAnswer({ end }: Ended, { translator }: MessageContext): readonly Phrase[] {
  const { text, adobeRequestId } = end.answer ?? {};
  if (!addsDetail(end.outcome)) return [];
  return [
    ...(text ? [translator.translate('outcome.answer', { text })] : []),
    ...(adobeRequestId ? [translator.translate('outcome.answer_id', { adobeRequestId })] : []),
  ];
}

function addsDetail(outcome: Outcome): boolean {
  return outcome === 'rejected' || outcome === 'unknown' || outcome === 'not_sent';
}

/** What a probe of the workflow showed. */
export function describeObservation(
  observation: Observation,
  order: Pick<Request['order'], 'alias' | 'workflowId'>,
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const workflow = workflowName(order, context);
  switch (observation.kind) {
    case 'seen': {
      const { field, raw, reading } = observation;
      return translator.translate('look.seen', { workflow, reading: reading ?? 'unknown', field, raw });
    }
    case 'not_shown':
    case 'not_found':
      return translator.translate(`look.${observation.kind}`, { workflow });
    case 'failed':
      return translator.translate('look.unread', { workflow });
    default:
      return observation satisfies never;
  }
}

/** The line that an unknown outcome adds: what a probe showed, and what to do. */
export function describeUnknown(request: Request, context: MessageContext): readonly Phrase[] {
  if (request.state !== 'unknown' || !isVerb(request.order.verb)) return [];
  const seen = request.observation && describeObservation(request.observation, request.order, context);
  return [joined(seen, context.translator.translate('look.after_doubt'))];
}

function describeReason(because: EndReason, { order }: Request, context: MessageContext, requester: Subject): Phrase {
  const { translator } = context;
  switch (because.kind) {
    case 'campaign':
      return translator.translate(`campaign.${because.reason}`);
    case 'slack':
      return describeSlack(because.reason, context);
    case 'access':
      return describeRefusal(because.refusal, order, context, requester);
    case 'no_such_workflow':
      return describeNoSuchWorkflow(because, order, context);
    case 'busy':
      return describeBusy(because.request, order, context);
    case 'frozen_longer':
      return describeFrozenLonger(because, order, context);
    case 'stopped_lately':
      return translator.translate('because.stopped_lately', {
        request: context.refer(because.request),
        until: time(because.until),
      });
    case 'too_late':
    case 'crashed':
    case 'held_up':
    case 'not_frozen':
    case 'freeze_over':
    case 'history_unreadable':
    case 'ledger_behind':
      return translator.translate(`because.${because.kind}`);
    case 'reconciled':
    case 'taken':
    case 'decided':
    case 'superseded':
    case 'expired':
      return [];
    default:
      return because satisfies never;
  }
}

function describeBusy(
  blocking: string,
  { verb, environment }: Request['order'],
  { translator, refer }: MessageContext,
): Phrase {
  const request = refer(blocking);
  return verb === 'freeze' || verb === 'unfreeze'
    ? translator.translate('because.busy_freeze', { environment, request })
    : translator.translate('because.busy', { request });
}

function describeNoSuchWorkflow(
  { nearest }: EndReason & { kind: 'no_such_workflow' },
  order: Request['order'],
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const { verb, environment } = order;
  const problem = translator.translate('because.no_such_workflow', {
    workflow: workflowName(order, context),
    environment,
  });
  if (nearest === null || verb === 'form') return problem;
  const suggestion = typed([verb, nearest.alias ?? nearest.workflowId, '--env', nearest.environment], context);
  return joined(problem, translator.translate('usage.did_you_mean', { suggestion: [suggestion] }));
}

function describeFrozenLonger(
  { until, request }: EndReason & { kind: 'frozen_longer' },
  { environment }: Request['order'],
  context: MessageContext,
): Phrase {
  return context.translator.translate('because.frozen_longer', {
    environment,
    until: time(until),
    request: context.refer(request),
    command: typed(['unfreeze', environment], context),
  });
}

function describeSlack(reason: (EndReason & { kind: 'slack' })['reason'], context: MessageContext): Phrase {
  if (reason === 'not_in_channel' || reason === 'channel_not_found') {
    return context.translator.translate(`slack.${reason}`, invitation(context));
  }
  return context.translator.translate(`slack.${reason}`);
}

function whoDecided(because: EndReason, { requester }: Request) {
  return user(because.kind === 'decided' ? because.by : requester);
}

/** The checkpoint by which the channel's messages can be compared with the ledger. */
export function describeRecord(request: Ended, context: MessageContext): Phrase {
  const { outcome } = request.end;
  const id = [foreign(request.id)];
  return context.translator.translate('outcome.record', { id, outcome, record: shortRecord(context) });
}

/** Who needs to know the outcome: the requester, and everybody who confirmed. */
export function describePeople(request: Request, { translator }: MessageContext): Phrase {
  const { id, requester } = request;
  const by = confirmers(request).filter((one) => one !== requester);
  const people = { requester: user(requester), id: code(id) };
  if (by.length === 0) return translator.translate('outcome.people', people);
  return translator.translate('outcome.people_decided', { ...people, by: translator.all(by.map(user)) });
}
