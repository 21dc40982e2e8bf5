import type { AlertAnswer } from '../../access/policy.ts';
import { clock, code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import type { Condition } from '../../requests/watches/condition.ts';
import type { Mute, WatchReply } from '../../requests/watches/outbox.ts';
import type { ClaimedWatchPost } from '../../requests/watches/watch-store.ts';
import type { WatchTerms } from '../../requests/watches/watch-terms.ts';
import { metadataTypes, watchName } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import { joined, type MessageContext, marks, placedWorkflow } from './message-context.ts';
import { alertButtons, reminderButtons, watchedOrder } from './watch-buttons.ts';

type Shown = Pick<ClaimedWatchPost, 'terms' | 'memory' | 'outbox' | 'muted'>;

/** The message of an alert, as it stands now: it is edited with each change. */
export function watchAlert({ terms, memory, outbox, muted }: Shown, context: MessageContext): Message {
  const { translator } = context;
  const state = describeCondition(memory.shown ?? 'normal', terms, context, memory.missedAt);
  const at = clock(memory.seenSince, outbox.at);
  const shown = memory.shown ?? 'normal';
  const lines = [
    joined(state, translator.translate('watch.seen', { at })),
    ...(muted === null || shown === 'normal' ? [] : [describeMute(muted, context)]),
  ];
  const buttons = alertButtons(shown, terms, muted !== null, context);
  return named(renderMessage(lines, { brief: state, buttons }), terms);
}

function describeMute({ until, by }: Mute, { translator }: MessageContext): Phrase {
  return translator.translate('watch.muted', { until: time(until), by: user(by) });
}

/** A reply in the alert's thread. */
export function watchReply(reply: WatchReply, terms: WatchTerms, context: MessageContext): Message {
  const { kind, condition, mute, pausedSince, leftBy, request, missedAt } = reply;
  const { translator } = context;
  if (mute !== undefined)
    return named(renderMessage([joined(describeMute(mute, context), describeRecord(mute, context))]), terms);
  if (leftBy !== undefined)
    return named(renderMessage([joined(describeLeft(leftBy, context), describeRecord({ request }, context))]), terms);
  const state = describeCondition(condition, terms, context, missedAt);
  if (pausedSince !== undefined) {
    const end = time(pausedSince + (terms.pausesEndAfterMs ?? 0));
    const lines = [state, translator.translate('pause_reminder.ends', { count: 1, end })];
    return named(renderMessage(lines, { buttons: reminderButtons(terms, context) }), terms);
  }
  const line = kind === 'flapping' ? joined(state, translator.translate('watch.flapping')) : state;
  return named(renderMessage([line]), terms);
}

/** The request in which that is recorded. */
function describeRecord(
  { request }: { readonly request?: string | undefined },
  { translator }: MessageContext,
): Phrase | null {
  return request === undefined ? null : translator.translate('watch.by_request', { request: [code(request)] });
}

/** What somebody has answered to an alert. */
export function describeAnswer(
  answer: AlertAnswer,
  { requester: by, order, requestedAt }: Pick<Request, 'requester' | 'order' | 'requestedAt'>,
  context: MessageContext,
): Phrase {
  return answer === 'mute'
    ? describeMute({ until: order.until ?? requestedAt, by }, context)
    : describeLeft(by, context);
}

/** "@bob leaves it paused." */
function describeLeft(by: string, { translator }: MessageContext): Phrase {
  return translator.translate('pause_reminder.left', { by: [user(by)], count: 1 });
}

/** Its first block says what it is, also where a copy of the message has no metadata. */
function named({ text, blocks: [first, ...rest] }: Message, terms: WatchTerms): Message {
  return {
    text,
    blocks: first === undefined ? rest : [{ ...first, block_id: watchName(workflowKey(terms)) }, ...rest],
  };
}

/** @param reply the number of the reply; 0: the alert itself */
export function watchMetadata(
  { terms, tried }: Pick<ClaimedWatchPost, 'terms' | 'tried'>,
  state: Condition,
  reply = 0,
) {
  const { organization, workflowId, environment } = terms;
  return {
    event_type: metadataTypes.watch,
    event_payload: { organization, workflow_id: workflowId, environment, alert: tried.alert, reply, state },
  };
}

/** @param missedAt as in `WatchMemory` */
function describeCondition(
  condition: Condition,
  terms: WatchTerms,
  context: MessageContext,
  missedAt?: number,
): Phrase {
  return joined(markOf(condition), describeState(condition, terms, context, missedAt));
}

function markOf(condition: Condition): Phrase | null {
  if (condition === 'finished') return null;
  return condition === 'normal' ? marks.asAsked : marks.problem;
}

function describeState(
  condition: Condition,
  terms: WatchTerms,
  context: MessageContext,
  missedAt: number | undefined,
): Phrase {
  const { translator } = context;
  const { environment } = terms;
  if (terms.workflowId === '') return translator.translate('watch.environment', { condition, environment });
  const workflow = placedWorkflow(watchedOrder(terms), context);
  return translator.translate('watch.shows', {
    condition,
    workflow,
    limit: limitOf(condition, terms, context, missedAt),
  });
}

/** The limit that was passed, of `late` and `long`. */
function limitOf(
  condition: Condition,
  { longerThanMs, expectedBy, timezone }: WatchTerms,
  { translator }: MessageContext,
  missedAt: number | undefined,
): Phrase {
  if (condition !== 'late') return [foreign(plain(translator.lasting(longerThanMs ?? 0)))];
  return [missedAt === undefined ? foreign(`${expectedBy ?? ''} (${timezone ?? ''})`) : time(missedAt)];
}
