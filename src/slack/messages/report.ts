import { isVerb } from '../../access/policy.ts';
import { channel, code, foreign, type Phrase } from '../../locales/phrase.ts';
import type { PressRefusal } from '../../requests/events.ts';
import { type Conclusion, conclusionOf } from '../../requests/following.ts';
import type { RecordedRefusal } from '../../requests/reasons.ts';
import type { Request } from '../../requests/request.ts';
import { isOutcome, type State } from '../../requests/state.ts';
import { messageName, metadataTypes } from '../names.ts';
import { type Message, renderMessage } from '../render.ts';
import {
  hasEnded,
  sayAfterDoubt,
  sayAnswer,
  sayObservation,
  sayOutcome,
  sayPeople,
  sayRecord,
  sayRefusedPresses,
} from './outcome.ts';
import { sayRefusal } from './refusal.ts';
import { buttonName, joined, other, type Subject, sayOrder, self, type MessageContext } from './voice.ts';

/** The outcome, for the thread: of what, to whom it matters, how it ended, what was answered and seen. The announcement may be gone. */
export function outcomeReply(request: Request, voice: MessageContext): Message {
  return renderMessage(
    [
      sayOrder(request.order, voice),
      sayPeople(request, voice),
      ...outcomeLines(request, voice, other(request.requester)),
    ],
    small(request, voice),
  );
}

/** The outcome for the requester alone, where nothing was announced. */
export function privateOutcome(request: Request, voice: MessageContext): Message {
  return renderMessage([title(request, voice), ...outcomeLines(request, voice, self)]);
}

/** The outcome as a direct message, which says which channel it belongs to. */
export function directOutcome(request: Request, voice: MessageContext): Message {
  const where = voice.translator.translate('outcome.direct', { channel: channel(request.channel) });
  return renderMessage([where, title(request, voice), ...outcomeLines(request, voice, self)], small(request, voice));
}

/** What following an accepted command came to. Whoever it concerns is mentioned where it did not come about as told. */
export function noteReply(request: Request, voice: MessageContext): Message {
  const { observation, order } = request;
  if (observation === null || !isVerb(order.verb)) throw new Error('nothing was seen yet');
  const conclusion = conclusionOf(order.verb, observation);
  const seen = joined(sayObservation(observation, order, voice), sayConclusion(conclusion, order, voice));
  const quiet = conclusion === 'as_asked' || conclusion === 'not_shown';
  if (quiet) return renderMessage([title(request, voice), seen]);
  return renderMessage([sayOrder(order, voice), sayPeople(request, voice), seen]);
}

function sayConclusion(conclusion: Conclusion, { verb }: Request['order'], { translator: words }: MessageContext): Phrase {
  return words.translate(`note.${conclusion}`, { verb });
}

export function outcomeMetadata(request: Request) {
  const payload = hasEnded(request) ? { outcome: request.end.outcome, digest: request.end.digest } : {};
  return { event_type: metadataTypes.outcome, event_payload: { request_id: request.id, ...payload } };
}

/** Outcomes that people in the channel must not miss: shown there beside the thread. */
export function concernsChannel({ state }: Request): boolean {
  return state === 'unknown' || state === 'rejected';
}

/** Why a press did not count. */
export function pressRefused(request: Request, refusal: PressRefusal, voice: MessageContext): Message {
  const id = code(request.id);
  const { translator: words } = voice;
  const what = sayOrder(request.order, voice);
  switch (refusal.kind) {
    case 'too_late':
      return renderMessage([what, words.translate('press.too_late', { id, now: sayNow(refusal.state, voice) })]);
    case 'access':
      return renderMessage([what, sayPressRefused(id, refusal.refusal, request.order, voice)]);
    case 'counted_already':
      return renderMessage([what, words.translate('press.counted_already', { id, missing: refusal.missing })]);
    case 'changed':
      return renderMessage([what, sayPressChanged(id, refusal, voice)]);
    default:
      return refusal satisfies never;
  }
}

/** Why a press does not count that only repeats one of which that was told. */
export function pressRefusedAgain({ id, order }: Request, refusal: RecordedRefusal, voice: MessageContext): Message {
  const why = sayRefusal(refusal, order, voice);
  return renderMessage([voice.translator.translate('press.refused_again', { id: code(id), why })]);
}

/** Whoever asked may not confirm it, and can take it back. */
function sayPressRefused(
  id: ReturnType<typeof code>,
  refusal: RecordedRefusal,
  order: Request['order'],
  voice: MessageContext,
): Phrase {
  const { translator: words } = voice;
  const said = words.translate('press.refused', { id, why: sayRefusal(refusal, order, voice) });
  if (refusal.reason !== 'own_request') return said;
  return joined(said, words.translate('press.may_take_back', { no: buttonName('cancel', order, voice) }));
}

function sayPressChanged(
  id: ReturnType<typeof code>,
  { before, now }: PressRefusal & { kind: 'changed' },
  { translator: words }: MessageContext,
): Phrase {
  return before === null
    ? words.translate('press.changed_unseen', { id, now })
    : words.translate('press.changed', { id, before, now });
}

/** How a request stands that waits for no decision. */
function sayNow(state: State, { translator: words }: MessageContext): Phrase {
  if (isOutcome(state)) return words.translate('press.now.ended', { outcome: state });
  return words.translate(state === 'dispatching' ? 'press.now.sending' : 'press.now.approved');
}

function outcomeLines(request: Request, voice: MessageContext, requester: Subject): readonly Phrase[] {
  if (!hasEnded(request)) return [];
  return [
    sayOutcome(request, voice, requester),
    ...sayAnswer(request, voice),
    ...sayAfterDoubt(request, voice),
    ...sayRefusedPresses(request, voice),
  ];
}

function small(request: Request, voice: MessageContext) {
  return hasEnded(request) ? { small: sayRecord(request, voice), name: messageName(request.id) } : {};
}

function title({ order, id }: Request, voice: MessageContext): Phrase {
  return joined(sayOrder(order, voice, [foreign(order.workflowId)]), [code(id)]);
}
