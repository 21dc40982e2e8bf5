import { isVerb } from '../../access/policy.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation } from '../../requests/events.ts';
import type { EndReason } from '../../requests/reasons.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import type { Outcome } from '../../requests/state.ts';
import { sayRefusal } from './refusal.ts';
import { invite, joined, other, type Subject, typed, type MessageContext, workflowName } from './voice.ts';

type End = NonNullable<Request['end']>;
type Ended = Request & { readonly end: End };

export function hasEnded(request: Request): request is Ended {
  return request.end !== null;
}

/**
 * How a request ended, why, and what to do next: one sentence or two.
 *
 * @param requester `self` where nobody else reads it
 */
export function sayOutcome(request: Ended, voice: MessageContext, requester: Subject): Phrase {
  const { outcome, because } = request.end;
  // Where another one is, it would be read of that.
  const isVain = request.order.verb === 'freeze' && outcome !== 'accepted' && because.kind !== 'frozen_longer';
  return joined(sayEnd(request, voice, requester), isVain ? voice.translator.translate('outcome.not_frozen') : null);
}

function sayEnd(request: Ended, voice: MessageContext, requester: Subject): Phrase {
  const { translator: words } = voice;
  const { outcome, because } = request.end;
  const { verb } = request.order;
  if (because.kind === 'reconciled') return words.translate('outcome.reconciled', { outcome });
  const why = sayBecause(because, request, voice, requester);
  if (outcome === 'unknown' && !isVerb(verb)) return words.translate('outcome.freeze_unknown', { why });
  switch (outcome) {
    case 'accepted':
      return sayAccepted(request, voice);
    case 'rejected':
    case 'unknown':
      return words.translate(`outcome.${outcome}`, { verb, why });
    case 'not_sent':
    case 'refused':
      return words.translate(`outcome.${outcome}`, { why });
    case 'cancelled':
      return words.translate('outcome.cancelled', { verb, by: whoDecided(because, request) });
    case 'expired':
      return words.translate('outcome.expired');
    case 'superseded':
      return words.translate('outcome.superseded', { request: voice.refer(because.kind === 'superseded' ? because.by : '') });
    default:
      return outcome satisfies never;
  }
}

/** Campaign's commands are accepted, and done later; a freeze is done. */
function sayAccepted({ order, end }: Ended, voice: MessageContext): Phrase {
  const { translator: words } = voice;
  const { verb, environment, until } = order;
  if (verb === 'unfreeze') return words.translate('outcome.unfrozen', { environment });
  if (verb !== 'freeze') return words.translate('outcome.accepted', { verb, at: time(end.at) });
  return words.translate('outcome.frozen', {
    until: time(until ?? end.at),
    environment,
    command: typed(['unfreeze', environment], voice),
  });
}

/** Whose confirmations did not count, where nobody else's did. */
export function sayRefusedPresses({ state, refused, order }: Request, voice: MessageContext): readonly Phrase[] {
  if (state !== 'expired') return [];
  return refused.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [
      voice.translator.translate('outcome.press_refused', {
        by: user(by),
        why: sayRefusal(refusal.refusal, order, voice, other(by)),
      }),
    ];
  });
}

/** What Campaign or its gateway wrote, where it says more than the outcome does. */
export function sayAnswer({ end }: Ended, { translator: words }: MessageContext): readonly Phrase[] {
  const { text, adobeRequestId } = end.answer ?? {};
  if (!tellsMore(end.outcome)) return [];
  return [
    ...(text ? [words.translate('outcome.answer', { text })] : []),
    ...(adobeRequestId ? [words.translate('outcome.answer_id', { adobeRequestId })] : []),
  ];
}

function tellsMore(outcome: Outcome): boolean {
  return outcome === 'rejected' || outcome === 'unknown' || outcome === 'not_sent';
}

/** What a look at the workflow showed. */
export function sayObservation(
  observation: Observation,
  order: Pick<Request['order'], 'alias' | 'workflowId'>,
  voice: MessageContext,
): Phrase {
  const { translator: words } = voice;
  const workflow = workflowName(order, voice);
  switch (observation.kind) {
    case 'seen': {
      const { field, raw, reading } = observation;
      return words.translate('look.seen', { workflow, reading: reading ?? 'unknown', field, raw });
    }
    case 'not_shown':
    case 'not_found':
      return words.translate(`look.${observation.kind}`, { workflow });
    case 'failed':
      return words.translate('look.unread', { workflow });
    default:
      return observation satisfies never;
  }
}

/** The lines that an unknown outcome adds: what is known, and what to do. */
export function sayAfterDoubt(request: Request, voice: MessageContext): readonly Phrase[] {
  if (request.state !== 'unknown' || !isVerb(request.order.verb)) return [];
  const seen = request.observation && sayObservation(request.observation, request.order, voice);
  return [joined(seen, voice.translator.translate('look.after_doubt'))];
}

function sayBecause(because: EndReason, { order }: Request, voice: MessageContext, requester: Subject): Phrase {
  const { translator: words } = voice;
  switch (because.kind) {
    case 'campaign':
      return words.translate(`campaign.${because.reason}`);
    case 'slack':
      return saySlack(because.reason, voice);
    case 'access':
      return sayRefusal(because.refusal, order, voice, requester);
    case 'no_such_workflow':
      return sayNoSuchWorkflow(because, order, voice);
    case 'busy':
      return sayBusy(because.request, order, voice);
    case 'frozen_longer':
      return sayFrozenLonger(because, order, voice);
    case 'stopped_lately':
      return words.translate('because.stopped_lately', { request: voice.refer(because.request), until: time(because.until) });
    case 'too_late':
    case 'crashed':
    case 'held_up':
    case 'not_frozen':
    case 'freeze_over':
    case 'history_unreadable':
    case 'ledger_behind':
      return words.translate(`because.${because.kind}`);
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

function sayBusy(holder: string, { verb, environment }: Request['order'], { translator: words, refer }: MessageContext): Phrase {
  const request = refer(holder);
  return verb === 'freeze' || verb === 'unfreeze'
    ? words.translate('because.busy_freeze', { environment, request })
    : words.translate('because.busy', { request });
}

function sayNoSuchWorkflow(
  { nearest }: EndReason & { kind: 'no_such_workflow' },
  order: Request['order'],
  voice: MessageContext,
): Phrase {
  const { translator: words } = voice;
  const { verb, environment } = order;
  const said = words.translate('because.no_such_workflow', { workflow: workflowName(order, voice), environment });
  if (nearest === null || verb === 'form') return said;
  const suggestion = typed([verb, nearest.alias ?? nearest.workflowId, '--env', nearest.environment], voice);
  return joined(said, words.translate('usage.did_you_mean', { suggestion: [suggestion] }));
}

function sayFrozenLonger(
  { until, request }: EndReason & { kind: 'frozen_longer' },
  { environment }: Request['order'],
  voice: MessageContext,
): Phrase {
  return voice.translator.translate('because.frozen_longer', {
    environment,
    until: time(until),
    request: voice.refer(request),
    command: typed(['unfreeze', environment], voice),
  });
}

function saySlack(reason: (EndReason & { kind: 'slack' })['reason'], voice: MessageContext): Phrase {
  if (reason === 'not_in_channel' || reason === 'channel_not_found') {
    return voice.translator.translate(`slack.${reason}`, { invite: invite(voice) });
  }
  return voice.translator.translate(`slack.${reason}`);
}

function whoDecided(because: EndReason, { requester }: Request) {
  return user(because.kind === 'decided' ? because.by : requester);
}

/** The digests by which the channel's copy and the ledger can be held against each other. */
export function sayRecord(request: Ended, { translator: words }: MessageContext): Phrase {
  const { outcome, digest } = request.end;
  return words.translate('outcome.record', { id: [foreign(request.id)], outcome, digest });
}

/** To whom the outcome matters: who asked, and who decided. */
export function sayPeople(request: Request, { translator: words }: MessageContext): Phrase {
  const { id, requester } = request;
  const by = confirmers(request).filter((one) => one !== requester);
  const people = { requester: user(requester), id: code(id) };
  if (by.length === 0) return words.translate('outcome.people', people);
  return words.translate('outcome.people_decided', { ...people, by: words.all(by.map(user)) });
}
