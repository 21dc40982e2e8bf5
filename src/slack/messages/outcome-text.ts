import { isAlertAnswer, isOfWatch, isVerb } from '../../access/policy.ts';
import type { WatchChoice } from '../../commands/command.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation, RecordedWorkflowState } from '../../requests/events.ts';
import type { EndReason, Outcome } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { watchEveryMs } from '../../requests/watches/watch-terms.ts';
import { notComparable } from './comparison.ts';
import { describeDecisionReason } from './decision-reason.ts';
import {
  anyWorkflow,
  invitation,
  joined,
  type MessageContext,
  marks,
  placedWorkflow,
  type Subject,
  self,
  shortRecord,
  typed,
  workflowName,
} from './message-context.ts';
import { describeRefusal } from './refusal.ts';
import { describeAnswer } from './watch-alert.ts';

type End = NonNullable<Request['end']>;
export type Ended = Request & { readonly end: End };

export function hasEnded(request: Request): request is Ended {
  return request.end !== null;
}

/**
 * How a request ended, why, and what to do next: one or two sentences. Whether they name the workflow, says {@link namesWorkflow}.
 *
 * @param requester `self` if only the requester reads it
 */
export function describeOutcome(
  request: Ended,
  context: MessageContext,
  requester: Subject,
  workflow = placedWorkflow(request.order, context),
): Phrase {
  const { outcome, because } = request.end;
  // With a longer freeze in force, "not frozen" would be wrong of the environment.
  const hasNoEffect = request.order.verb === 'freeze' && outcome !== 'accepted' && because.kind !== 'frozen_longer';
  return joined(
    describeEnd(request, context, requester, workflow),
    hasNoEffect ? context.translator.translate('outcome.not_frozen') : null,
  );
}

/** Whether the outcome is a sentence about the workflow, which needs no title. */
export function namesWorkflow({ end, order }: Ended): boolean {
  const isAboutWorkflow = end.outcome === 'accepted' || end.outcome === 'unknown';
  return isAboutWorkflow && isVerb(order.verb) && end.because.kind !== 'reconciled';
}

function describeEnd(request: Ended, context: MessageContext, requester: Subject, workflow: Phrase): Phrase {
  const { translator } = context;
  const { outcome, because } = request.end;
  const { verb } = request.order;
  if (because.kind === 'reconciled') return translator.translate('outcome.reconciled', { outcome });
  const why = describeReason(because, request, context, requester);
  if (outcome === 'unknown' && !isVerb(verb)) return translator.translate('outcome.freeze_unknown', { why });
  switch (outcome) {
    case 'accepted':
      return describeAccepted(request, context, workflow);
    case 'unknown':
      return describeUnknown(request, context, workflow);
    case 'rejected':
      return translator.translate('outcome.rejected', { why });
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
      return because.kind === 'changed_since'
        ? describeChangedSince(because, context)
        : translator.translate('outcome.superseded', {
            request: context.refer(because.kind === 'superseded' ? because.by : ''),
          });
    case 'completed':
      return translator.translate('outcome.completed');
    default:
      return outcome satisfies never;
  }
}

/** A command for later, and the workflow was not as before when it was due. */
function describeChangedSince({ before, now }: EndReason & { kind: 'changed_since' }, context: MessageContext): Phrase {
  const states = { before: describeReading(before, context), now: describeReading(now, context) };
  return context.translator.translate('outcome.changed_since', states);
}

/** Campaign accepts a command and carries it out later. A freeze takes effect at once. */
function describeAccepted(request: Ended, context: MessageContext, workflow: Phrase): Phrase {
  const { translator } = context;
  const { order, end } = request;
  const { verb, environment, until } = order;
  if (isAlertAnswer(verb)) return describeAnswer(verb, request, context);
  if (isOfWatch(verb)) return describeWatch(verb, order, context, workflow);
  if (verb === 'unfreeze') return translator.translate('outcome.unfrozen', { environment });
  if (verb !== 'freeze')
    return joined(translator.translate('outcome.accepted', { verb, workflow }), notComparable(request, translator));
  return translator.translate('outcome.frozen', {
    until: time(until ?? end.at),
    environment,
    command: typed(['unfreeze', environment], context),
  });
}

/** What the channel is told from now on, and how that is changed. */
function describeWatch(
  verb: WatchChoice,
  { alias, workflowId, environment }: Ended['order'],
  context: MessageContext,
  workflow: Phrase,
): Phrase {
  const opposite = verb === 'watch' ? 'unwatch' : 'watch';
  const command = [typed([opposite, alias ?? workflowId, '--env', environment], context)];
  const { translator } = context;
  return verb === 'watch'
    ? translator.translate('outcome.watched', { workflow, every: translator.lasting(watchEveryMs.usual), command })
    : translator.translate('outcome.unwatched', { workflow, command });
}

/** Nobody knows whether the command has reached Campaign: what may be, what to do, and what was seen. */
function describeUnknown({ order, grant, observation }: Ended, context: MessageContext, workflow: Phrase): Phrase {
  const { translator } = context;
  return joined(
    marks.problem,
    translator.translate('outcome.unknown', { verb: order.verb, workflow }),
    observation && describeSeen(observation, context),
    grant?.resumesAt === undefined ? null : describeNotResumed(order, context),
  );
}

/** A pause that was to end by itself, and nobody knows whether it began. */
function describeNotResumed({ alias, workflowId, environment }: Ended['order'], context: MessageContext): Phrase {
  const command = typed(['resume', alias ?? workflowId, '--env', environment], context);
  return context.translator.translate('outcome.not_resumed', { command: [command] });
}

function describeSeen(observation: Observation, context: MessageContext): Phrase {
  const { translator } = context;
  return observation.kind === 'seen'
    ? translator.translate('look.shows', { reading: describeReading(observation.reading, context) })
    : translator.translate('look.unread');
}

/** A state of a workflow, within a sentence: "paused or unfinished". */
export function describeReading(reading: RecordedWorkflowState | null, { translator }: MessageContext): Phrase {
  return translator.translate('look.reading', { reading: reading ?? 'unknown' });
}

/** The technical cause of a problem, for whoever looks into it: what happened, what Campaign answered, and the raw state. */
export function describeDetails(request: Ended, context: MessageContext): Phrase {
  const { translator } = context;
  const { outcome, because, answer } = request.end;
  if (!hasDetails(outcome)) return [];
  const { text, adobeRequestId } = answer ?? {};
  const isUnknown = outcome === 'unknown' && namesWorkflow(request);
  return joined(
    isUnknown ? describeReason(because, request, context, self) : null,
    isUnknown ? unnamedState(request.observation) : null,
    text ? translator.translate('outcome.answer', { text }) : null,
    adobeRequestId ? translator.translate('outcome.answer_id', { adobeRequestId }) : null,
  );
}

function hasDetails(outcome: Outcome): boolean {
  return outcome === 'rejected' || outcome === 'unknown' || outcome === 'not_sent';
}

/** A state without a name in the text. */
function unnamedState(observation: Observation | null): Phrase | null {
  return observation?.kind === 'seen' && observation.reading === null ? rawState(observation) : null;
}

/** "(logicalStatus: warning)": the field as Campaign has it. */
export function rawState(observation: Observation): Phrase | null {
  if (observation.kind !== 'seen') return null;
  return [
    { kind: 'text', text: '(' },
    foreign(`${observation.field}: ${observation.raw}`),
    { kind: 'text', text: ')' },
  ];
}

/** What a probe of the workflow showed. */
export function describeObservation(
  observation: Observation,
  order: Pick<Request['order'], 'alias' | 'workflowId'>,
  context: MessageContext,
  workflow = workflowName(order, context),
): Phrase {
  const { translator } = context;
  switch (observation.kind) {
    case 'seen':
      return joined(
        translator.translate('look.seen', { workflow, reading: describeReading(observation.reading, context) }),
        unnamedState(observation),
      );
    case 'not_shown':
    case 'not_found':
      return translator.translate(`look.${observation.kind}`, { workflow });
    case 'failed':
      return translator.translate('look.unread');
    default:
      return observation satisfies never;
  }
}

/** Why a request ended, and what to do; nothing where the outcome says it. */
export function describeReason(
  because: EndReason,
  { order }: Pick<Request, 'order'>,
  context: MessageContext,
  requester: Subject,
): Phrase {
  const { translator } = context;
  switch (because.kind) {
    case 'campaign':
      return translator.translate(`campaign.${because.reason}`);
    case 'slack':
      return describeSlack(because.reason, context);
    case 'access':
      return describeRefusal(
        because.refusal,
        { ...order, ...(because.of && { verb: because.of }) },
        context,
        requester,
      );
    case 'bad_time':
      return translator.translate('because.bad_time', { problem: because.problem });
    case 'no_zone':
      return translator.translate('because.no_zone', { example: code(because.isEnd ? 'for 30m' : 'in 30m') });
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
    case 'watched_already':
      return because.request === null
        ? translator.translate('because.watched_by_file')
        : translator.translate('because.watched_already', { request: context.refer(because.request) });
    case 'watched_by_file':
      return translator.translate('because.not_unwatched');
    case 'not_watched':
      return translator.translate('because.not_watched', { command: [typed(['watch'], context)] });
    case 'too_many_watches':
      return translator.translate('because.too_many_watches', {
        most: because.most,
        command: [typed(['watch'], context)],
      });
    case 'muted_already':
      return joined(
        translator.translate('because.muted_already', { until: time(because.until) }),
        describeRequest(because.request, context),
      );
    case 'left_already':
      return joined(
        translator.translate('because.left_already', { by: user(because.by) }),
        describeRequest(because.request, context),
      );
    case 'not_paused':
    case 'too_late':
    case 'pause_over':
    case 'crashed':
    case 'held_up':
    case 'not_frozen':
    case 'freeze_over':
    case 'history_unreadable':
    case 'ledger_behind':
      return translator.translate(`because.${because.kind}`);
    case 'other_approval':
      return translator.translate('because.other_approval');
    case 'each':
    case 'reconciled':
    case 'taken':
    case 'decided':
    case 'superseded':
    case 'changed_since':
    case 'expired':
      return [];
    default:
      return because satisfies never;
  }
}

function describeRequest(id: string | null, { translator, refer }: MessageContext): Phrase | null {
  return id === null ? null : translator.translate('watch.by_request', { request: refer(id) });
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
    workflow: anyWorkflow(order, context),
    environment,
  });
  if (nearest === null || verb === 'form' || isAlertAnswer(verb)) return problem;
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

export function whoDecided(because: EndReason, { requester }: Request) {
  return user(because.kind === 'decided' ? because.by : requester);
}

/** The checkpoint by which the channel's messages can be compared with the ledger. */
export function describeRecord(request: Ended, context: MessageContext): Phrase {
  const { outcome } = request.end;
  const id = [foreign(request.id)];
  return context.translator.translate('outcome.record', { id, outcome, record: shortRecord(context) });
}

/** Who confirmed it, apart from the requester: they need to know the outcome as well. */
export function describeConfirmers(request: Request, { translator }: MessageContext): Phrase | null {
  const by = confirmers(request).filter((one) => one !== request.requester);
  return by.length === 0 ? null : translator.translate('announce.confirmed_by', { by: translator.all(by.map(user)) });
}
