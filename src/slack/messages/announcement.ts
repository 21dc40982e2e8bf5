import { isReadAction } from '../../access/policy.ts';
import type { ApprovalChoice } from '../../commands/command.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/words.ts';
import { resumesOrRepeats } from '../../requests/dangerous-start.ts';
import type { AskedApprovers, ProbeResult } from '../../requests/events.ts';
import type { RecordedPeople } from '../../requests/reasons.ts';
import { asksOthers, confirmers, type Request } from '../../requests/request.ts';
import type { AnnouncementState } from '../../requests/state.ts';
import { actionIds, messageName, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { hasEnded, sayObservation, sayOutcome } from './outcome.ts';
import { buttonName, joined, mention, other, sayOrder, type MessageContext } from './voice.ts';

/** What the channel sees of a request: what is about to happen, who wants it, and how it stands. */
export function announcement(request: Request, shown: AnnouncementState, voice: MessageContext): Message {
  const { translator: words } = voice;
  const { order, requester, requestedAt } = request;
  const { reason } = order;
  const lines = [
    sayOrder(order, voice),
    words.translate('announce.asked', { requester: user(requester), at: time(requestedAt) }),
    plain([foreign(reason)]) === '' ? words.translate('announce.no_reason') : words.translate('announce.reason', { reason }),
    ...statusLines(request, shown, voice),
  ];
  const small = words.translate('announce.record', { id: [foreign(request.id)], digest: request.firstDigest });
  return renderMessage(lines, { buttons: buttonsOf(request, shown, voice), small, name: messageName(request.id) });
}

/** Message metadata: flat, and without anything that the text does not say. */
export function announcementMetadata(request: Request, shown: AnnouncementState) {
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
    },
  };
}

function statusLines(request: Request, shown: AnnouncementState, voice: MessageContext): readonly Phrase[] {
  const { translator: words } = voice;
  switch (shown) {
    case 'awaiting_approval':
      return [
        sayEffect(request, voice),
        ...sayChange(request, voice),
        describeQuestion(request, voice),
        ...progress(request, voice),
      ];
    case 'approved':
      return [sayEffect(request, voice), confirmed(request, voice) ?? words.translate('announce.approved')];
    case 'retrying':
      return [words.translate('announce.retrying', { no: buttonName('cancel', request.order, voice) })];
    default:
      return hasEnded(request)
        ? [joined(sayOutcome(request, voice, other(request.requester)), confirmer(request, voice))]
        : [];
  }
}

/** What it will do, by what Campaign shows of the workflow. */
function sayEffect({ order, grant }: Request, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  const { verb } = order;
  if (isReadAction(verb)) return [];
  const effect = words.translate(`announce.effect.${verb}`);
  const seen = grant?.seen ?? null;
  if (seen?.kind === 'slow') return joined(words.translate('announce.seen_slow'), effect);
  if (seen?.kind === 'failed') return joined(sayObservation(seen, order, voice), effect);
  if (seen?.kind !== 'seen') return effect;
  const { reading, field, raw } = seen;
  const shows = words.translate('announce.seen', { reading: reading ?? 'unknown', field, raw });
  return joined(
    shows,
    verb === 'start' && resumesOrRepeats(reading) ? words.translate(`announce.danger.${reading}`) : effect,
  );
}

function sayChange({ changed }: Request, { translator: words }: MessageContext): readonly Phrase[] {
  if (changed === null) return [];
  const { before, now, by } = changed;
  return before === null
    ? [words.translate('announce.changed_unseen', { now, by: user(by) })]
    : [words.translate('announce.changed', { before, now, by: user(by) })];
}

function describeQuestion(request: Request, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  const { asked, expiresAt, needed } = questionOf(request);
  const question = {
    until: time(expiresAt),
    requester: user(request.requester),
    yes: buttonName('approve', request.order, voice),
    no: buttonName('cancel', request.order, voice),
  };
  if (!asksOthers(request)) return words.translate('announce.question_own', question);
  const { notifiedBy } = request.announcement;
  if (notifiedBy !== null) {
    return words.translate('announce.question_again', { ...question, needed, notified: code(notifiedBy) });
  }
  return words.translate('announce.question', { ...question, needed, approvers: sayAsked(asked, voice) });
}

/** "@leads (except @alice)": the group is mentioned for all the others in it. */
function sayAsked({ except = [], ...people }: RecordedPeople & Partial<AskedApprovers>, voice: MessageContext): Phrase {
  const asked = mention(people, voice);
  if (except.length === 0) return asked;
  return voice.translator.translate('announce.except', { people: asked, except: voice.translator.all(except.map(user)) });
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
function progress(request: Request, { translator: words }: MessageContext): readonly Phrase[] {
  const by = confirmers(request);
  if (by.length === 0) return [];
  const { needed } = questionOf(request);
  const said = words.translate('announce.progress', { count: by.length, needed, people: words.all(by.map(user)) });
  return [joined(notCompared(request, words), said)];
}

function confirmed(request: Request, { translator: words }: MessageContext): Phrase | null {
  const by = confirmers(request);
  if (by.length === 0) return null;
  const said = words.translate('announce.approved_by', { by: words.all(by.map(user)) });
  return joined(notCompared(request, words), said);
}

/** Said of every look that was skipped, not of the last confirmation's alone, and also when all is over. */
function notCompared({ confirmations, approval }: Request, words: MessageContext['translator']): Phrase | null {
  const looks = [...confirmations.map(({ seen }) => seen), approval?.seen ?? null];
  return looks.some(isMissed) ? words.translate('announce.not_compared') : null;
}

/** A look that took too long, or came to nothing. */
function isMissed(seen: ProbeResult | null): boolean {
  return seen?.kind === 'slow' || seen?.kind === 'failed';
}

/** Who confirmed it; or that nobody was asked whether it may do more than to start, since nobody could see that it might. */
function confirmer(request: Request, { translator: words }: MessageContext): Phrase | null {
  const { approval, grant, order } = request;
  const by = confirmers(request);
  if (approval === null) return null;
  if (by.length === 0) {
    const isBlind = order.verb === 'start' && isMissed(grant?.seen ?? null);
    return isBlind ? words.translate('announce.sent_unseen') : null;
  }
  return joined(notCompared(request, words), words.translate('announce.confirmed_by', { by: words.all(by.map(user)) }));
}

/** What can be decided on now: a confirmation only while it is asked for, to take it back until it is sent. */
function buttonsOf({ id, order: { verb } }: Request, shown: AnnouncementState, { translator: words }: MessageContext): readonly Button[] {
  const label = (choice: ApprovalChoice) => plain(words.translate(`button.${choice}`, { verb }));
  const style = verb === 'stop' ? 'danger' : 'primary';
  const approve: Button = { actionId: actionIds.approve, value: id, label: label('approve'), style };
  const cancel: Button = { actionId: actionIds.cancel, value: id, label: label('cancel') };
  if (shown === 'awaiting_approval') return [approve, cancel];
  return shown === 'retrying' ? [cancel] : [];
}
