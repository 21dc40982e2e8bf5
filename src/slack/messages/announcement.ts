import { isReadAction } from '../../access/policy.ts';
import type { ApprovalChoice } from '../../commands/command.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { AskedApprovers, ProbeResult } from '../../requests/events.ts';
import type { Checkpoint } from '../../requests/ledger/log/checkpoints.ts';
import type { AnnouncementState, RecordedPeople } from '../../requests/outcome.ts';
import { asksOthers, confirmers, type Request } from '../../requests/request.ts';
import { resumesOrRepeats } from '../../requests/rules/effect.ts';
import { actionIds, messageName, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { askAgainButton } from './ask-again-button.ts';
import {
  buttonName,
  describeOrder,
  joined,
  type MessageContext,
  mention,
  other,
  shortRecord,
  writtenText,
} from './message-context.ts';
import { describeObservation, describeOutcome, hasEnded } from './outcome-text.ts';

/** The announcement of a request in the channel: what is about to happen, who requested it, and its state. */
export function announcement(request: Request, shown: AnnouncementState, context: MessageContext): Message {
  const { translator } = context;
  const { order, requester, requestedAt } = request;
  const reason = writtenText(order.reason, context);
  const lines = [
    describeOrder(order, context),
    translator.translate('announce.asked', { requester: user(requester), at: time(requestedAt) }),
    plain([foreign(reason)]) === ''
      ? translator.translate('announce.no_reason')
      : translator.translate('announce.reason', { reason }),
    ...statusLines(request, shown, context),
  ];
  const small = translator.translate('announce.record', { id: [foreign(request.id)], record: shortRecord(context) });
  return renderMessage(lines, {
    buttons: [...decisionButtons(request, shown, context), ...askAgainButton(request, shown, context)],
    small,
    name: messageName(request.id),
  });
}

/** Message metadata: flat, and without secrets. `digest` is that of the request's first event. */
export function announcementMetadata(request: Request, shown: AnnouncementState, { note }: Pick<Checkpoint, 'note'>) {
  const { id, order, firstDigest } = request;
  return {
    event_type: metadataTypes.announcement,
    event_payload: {
      request_id: id,
      command: order.verb,
      workflow_id: order.workflowId,
      environment: order.environment,
      state: shown,
      digest: firstDigest,
      checkpoint: note,
    },
  };
}

function statusLines(request: Request, shown: AnnouncementState, context: MessageContext): readonly Phrase[] {
  const { translator } = context;
  switch (shown) {
    case 'awaiting_approval':
      return [
        describeEffect(request, context),
        ...describeChange(request, context),
        describeQuestion(request, context),
        ...progress(request, context),
      ];
    case 'approved':
      return [
        describeEffect(request, context),
        confirmed(request, context) ?? translator.translate('announce.approved'),
      ];
    case 'retrying':
      return [translator.translate('announce.retrying', { no: buttonName('cancel', request.order, context) })];
    default:
      return hasEnded(request)
        ? [joined(describeOutcome(request, context, other(request.requester)), confirmer(request, context))]
        : [];
  }
}

/** What the command will do, given the state that Campaign shows of the workflow. */
function describeEffect({ order, grant }: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { verb } = order;
  if (isReadAction(verb)) return [];
  const effect = translator.translate(`announce.effect.${verb}`);
  const seen = grant?.seen ?? null;
  if (seen?.kind === 'slow') return joined(translator.translate('announce.seen_slow'), effect);
  if (seen?.kind === 'failed') return joined(describeObservation(seen, order, context), effect);
  if (seen?.kind !== 'seen') return effect;
  const { reading, field, raw } = seen;
  const shows = translator.translate('announce.seen', { reading: reading ?? 'unknown', field, raw });
  return joined(
    shows,
    verb === 'start' && resumesOrRepeats(reading) ? translator.translate(`announce.danger.${reading}`) : effect,
  );
}

function describeChange({ changed }: Request, { translator }: MessageContext): readonly Phrase[] {
  if (changed === null) return [];
  const { before, now, by } = changed;
  return before === null
    ? [translator.translate('announce.changed_unseen', { now, by: user(by) })]
    : [translator.translate('announce.changed', { before, now, by: user(by) })];
}

function describeQuestion(request: Request, context: MessageContext): Phrase {
  const { translator } = context;
  const { asked, expiresAt, needed } = questionOf(request);
  const question = {
    until: time(expiresAt),
    requester: user(request.requester),
    yes: buttonName('approve', request.order, context),
    no: buttonName('cancel', request.order, context),
  };
  if (!asksOthers(request)) return translator.translate('announce.question_own', question);
  const { notifiedBy } = request.announcement;
  if (notifiedBy !== null) {
    return translator.translate('announce.question_again', { ...question, needed, notified: code(notifiedBy) });
  }
  return translator.translate('announce.question', { ...question, needed, approvers: describeAsked(asked, context) });
}

/** "@leads (except @alice)": the mention of the group notifies its other members. */
function describeAsked(
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

function questionOf({ grant, requester, requestedAt }: Request) {
  const { approvers, expiresAt, needed = 1 } = grant ?? {};
  return {
    asked: grant?.asked ?? approvers ?? { users: [requester], groups: [] },
    expiresAt: expiresAt ?? requestedAt,
    needed,
  };
}

/** "1 of 2: @bob" */
function progress(request: Request, { translator }: MessageContext): readonly Phrase[] {
  const by = confirmers(request);
  if (by.length === 0) return [];
  const { needed } = questionOf(request);
  const progressText = translator.translate('announce.progress', {
    count: by.length,
    needed,
    people: translator.all(by.map(user)),
  });
  return [joined(notCompared(request, translator), progressText)];
}

function confirmed(request: Request, { translator }: MessageContext): Phrase | null {
  const by = confirmers(request);
  if (by.length === 0) return null;
  const approvedBy = translator.translate('announce.approved_by', { by: translator.all(by.map(user)) });
  return joined(notCompared(request, translator), approvedBy);
}

/** Says that the workflow's state was not compared: after a failed or slow probe of any confirmation, also once the request has ended. */
function notCompared({ confirmations, approval }: Request, translator: MessageContext['translator']): Phrase | null {
  const probes = [...confirmations.map(({ seen }) => seen), approval?.seen ?? null];
  return probes.some(isUnread) ? translator.translate('announce.not_compared') : null;
}

/** A probe that took too long or failed. */
function isUnread(seen: ProbeResult | null): boolean {
  return seen?.kind === 'slow' || seen?.kind === 'failed';
}

/** Who confirmed it. For a start without confirmations: that its state was not read, so nobody was asked whether it may do more than start. */
function confirmer(request: Request, { translator }: MessageContext): Phrase | null {
  const { approval, grant, order } = request;
  const by = confirmers(request);
  if (approval === null) return null;
  if (by.length === 0) {
    const wasUnread = order.verb === 'start' && isUnread(grant?.seen ?? null);
    return wasUnread ? translator.translate('announce.sent_unseen') : null;
  }
  return joined(
    notCompared(request, translator),
    translator.translate('announce.confirmed_by', { by: translator.all(by.map(user)) }),
  );
}

/** The decisions that are possible now: a confirmation only while one is asked for, a cancellation until the command is sent. */
export function decisionButtons(
  { id, order: { verb } }: Request,
  shown: AnnouncementState,
  { translator }: MessageContext,
): readonly Button[] {
  const label = (choice: ApprovalChoice) => plain(translator.translate(`button.${choice}`, { verb }));
  const style = verb === 'stop' ? 'danger' : 'primary';
  const approve: Button = { actionId: actionIds.approve, value: id, label: label('approve'), style };
  const cancel: Button = { actionId: actionIds.cancel, value: id, label: label('cancel') };
  if (shown === 'awaiting_approval') return [approve, cancel];
  return shown === 'retrying' ? [cancel] : [];
}
