import { isAlertAnswer, isReadAction } from '../../access/policy.ts';
import type { ApprovalChoice } from '../../commands/command.ts';
import { clock, foreign, type Phrase, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { AskedApprovers } from '../../requests/events.ts';
import type { AnnouncementState, RecordedPeople } from '../../requests/outcome.ts';
import { allAsked, asksOthers, confirmers, isBatch, type Request } from '../../requests/request.ts';
import { resumesOrRepeats } from '../../requests/rules/effect.ts';
import { itemsMetadata } from '../item-list.ts';
import { actionIds, messageName, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { describeMoments, describeStatus } from './announcement-status.ts';
import { askAgainButton } from './ask-again-button.ts';
import { askedOrder, countOutcomes, itemLines } from './batch.ts';
import { notCompared } from './comparison.ts';
import { describeOffer, emergencyButton, emergencyLines, isEmergencyAlone } from './emergency.ts';
import { describeEscalation } from './escalation.ts';
import {
  describeBriefly,
  describeOrder,
  dotted,
  isNobody,
  joined,
  listedWorkflow,
  type MessageContext,
  mention,
  shortRecord,
  spokenLabel,
  spokenWorkflows,
  writtenText,
} from './message-context.ts';
import { describeReading } from './outcome-text.ts';

/** The announcement of a request in the channel: what is about to happen, who requested it and why, and where it stands. */
export function announcement(request: Request, shown: AnnouncementState, context: MessageContext): Message {
  const { id } = request;
  const lines = [
    describeOrder(askedOrder(request), context),
    describeAsker(request, context),
    ...itemLines(request, shown, context),
    ...stateLines(request, shown, context),
    ...emergencyLines(request, context),
  ].filter((line) => line.length > 0);
  return renderMessage(lines, {
    buttons: [...decisionButtons(request, shown, context), ...askAgainButton(request, shown, context)],
    small: context.translator.translate('announce.record', { id: [foreign(id)], record: shortRecord(context) }),
    name: messageName(id),
    brief: describeNotification(request, shown, context),
  });
}

/** Message metadata: flat, and without secrets. `digest` is that of the request's first event. */
export function announcementMetadata(
  request: Request,
  shown: AnnouncementState,
  { checkpoint, items = [] }: Pick<MessageContext, 'checkpoint' | 'items'>,
) {
  const { id, order, firstDigest } = request;
  const { note } = checkpoint();
  return {
    event_type: metadataTypes.announcement,
    event_payload: {
      request_id: id,
      command: order.verb,
      ...(isBatch(request) ? itemsMetadata(items) : { workflow_id: order.workflowId }),
      environment: order.environment,
      state: shown,
      digest: firstDigest,
      checkpoint: note,
    },
  };
}

/** "@alice: wrong audience" */
function describeAsker({ order, requester }: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const reason = writtenText(order.reason, context);
  return plain([foreign(reason)]) === ''
    ? translator.translate('announce.asked', { requester: user(requester) })
    : translator.translate('announce.asked_because', { requester: user(requester), reason });
}

function stateLines(request: Request, shown: AnnouncementState, context: MessageContext): readonly Phrase[] {
  if (shown !== 'awaiting_approval') return [describeStatus(request, shown, context)];
  return [
    describeEffect(request, context),
    ...describeMoments(request, context),
    ...describeChange(request, context),
    describeQuestion(request, context),
    ...describeEscalation(request, context),
    ...progress(request, context),
    ...describeOffer(request, context),
  ];
}

/** The whole message for a notification: "Stop Nightly profile load (prod), asked by @alice: decide by 14:07". */
function describeNotification(request: Request, shown: AnnouncementState, context: MessageContext): Phrase {
  const { requester } = request;
  const about = { order: describeBriefly(askedOrder(request), context), requester: user(requester) };
  if (shown === 'awaiting_approval')
    return context.translator.translate('announce.brief_question', { ...about, until: questionOf(request).until });
  const status = shown === 'completed' ? countOutcomes(context) : describeStatus(request, shown, context);
  return context.translator.translate('announce.brief', { ...about, status });
}

/** What Campaign shows of the workflow, and what the command will do. */
function describeEffect({ order, grant }: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb } = order;
  if (isReadAction(verb) || isAlertAnswer(verb)) return [];
  const effect = translator.translate(`announce.effect.${verb}`);
  const seen = grant?.seen ?? null;
  if (seen?.kind === 'slow') return joined(translator.translate('announce.seen_slow'), effect);
  if (seen?.kind === 'failed') return joined(translator.translate('look.unread'), effect);
  if (seen?.kind !== 'seen') return effect;
  const { reading } = seen;
  const shows = translator.translate('look.shows', { reading: describeReading(reading, context) });
  if (verb !== 'start' || reading === null) return joined(shows, effect);
  return joined(shows, resumesOrRepeats(reading) ? translator.translate(`announce.danger.${reading}`) : null);
}

function describeChange({ changed }: Request, context: MessageContext): readonly Phrase[] {
  return changed === null ? [] : [describeChanged(changed, context)];
}

/** Why it was asked again. */
export function describeChanged(
  { before, now, by, item }: Pick<NonNullable<Request['changed']>, 'before' | 'now' | 'by' | 'item'>,
  context: MessageContext,
): Phrase {
  const { translator, items = [], ...rest } = context;
  const changed = items.find(({ id }) => id === item);
  if (changed !== undefined) {
    const name = listedWorkflow(changed.order, context);
    return dotted(name, describeChanged({ before, now, by }, { translator, ...rest }));
  }
  const later = { now: describeReading(now, context), by: user(by) };
  return before === null
    ? translator.translate('announce.changed_unseen', later)
    : translator.translate('announce.changed', { before: describeReading(before, context), ...later });
}

/** Who decides, and until when. */
function describeQuestion(request: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { asked, until, needed } = questionOf(request);
  const { notifiedBy } = request.announcement;
  // Nobody can be asked who could confirm it.
  if (isEmergencyAlone(request)) return [];
  if (!asksOthers(request)) {
    return translator.translate('announce.question_own', { until, requester: user(request.requester) });
  }
  return notifiedBy === null
    ? translator.translate('announce.question', { until, needed, approvers: describeAsked(asked, context) })
    : translator.translate('announce.question_again', { until, needed, notified: context.refer(notifiedBy) });
}

/** "@leads (except @alice)": the mention of the group notifies its other members. */
export function describeAsked(
  { except = [], ...people }: RecordedPeople & Partial<AskedApprovers>,
  context: MessageContext,
): Phrase {
  const asked = mention(people, context);
  if (except.length === 0) return asked;
  return context.translator.translate('announce.except', {
    people: asked,
    except: context.translator.all(except.map(user)),
  });
}

function questionOf(request: Request) {
  const { grant, requester, requestedAt } = request;
  const { approvers, expiresAt, needed = 1 } = grant ?? {};
  const first = grant?.asked ?? approvers ?? { users: [requester], groups: [] };
  return {
    asked: isNobody(first) ? allAsked(request) : first,
    until: clock(expiresAt ?? requestedAt, requestedAt),
    needed,
  };
}

/** "1 of 2: @bob" */
function progress(request: Request, { translator }: MessageContext): readonly Phrase[] {
  const by = confirmers(request);
  if (by.length === 0) return [];
  const { needed } = questionOf(request);
  const people = translator.all(by.map(user));
  const progressText = translator.translate('announce.progress', { count: by.length, needed, people });
  return [joined(progressText, notCompared(request, translator))];
}

/** The decisions that are possible now: a confirmation only while one is asked for, a cancellation until the command is sent. */
export function decisionButtons(
  request: Request,
  shown: AnnouncementState,
  context: MessageContext,
): readonly Button[] {
  const { id } = request;
  const order = askedOrder(request);
  const { verb } = order;
  const style = verb === 'stop' ? 'danger' : 'primary';
  const approve: Button = { actionId: actionIds.approve, value: id, ...labelled('approve', order, context), style };
  const cancel: Button = { actionId: actionIds.cancel, value: id, ...labelled('cancel', order, context) };
  if (shown === 'awaiting_approval') {
    return [approve, cancel, ...(request.isEmergencyOffered ? [emergencyButton(request, context)] : [])];
  }
  if (shown === 'scheduled') return [{ ...cancel, ...takeBack(order, context) }];
  return shown === 'retrying' ? [cancel] : [];
}

function takeBack(order: Request['order'], context: MessageContext) {
  const label = plain(context.translator.translate('button.take_back'));
  return { label, spoken: spokenLabel(label, spokenWorkflows(order, context), context) };
}

/** A screen reader reads the buttons without the message. */
function labelled(choice: ApprovalChoice, order: Request['order'], context: MessageContext) {
  const { translator } = context;
  const { verb, workflows } = order;
  const label = plain(
    choice === 'approve' && workflows !== undefined
      ? translator.translate('button.approve_several', { verb, count: workflows.length })
      : translator.translate(`button.${choice}`, { verb }),
  );
  return { label, spoken: spokenLabel(label, spokenWorkflows(order, context), context) };
}
