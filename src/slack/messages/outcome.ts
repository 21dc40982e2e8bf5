import { isVerb } from '../../access/policy.ts';
import { code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation } from '../../requests/events.ts';
import type { EndReason } from '../../requests/reasons.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import type { Outcome } from '../../requests/state.ts';
import { sayRefusal } from './refusal.ts';
import { invite, joined, other, type Subject, typed, type Voice, workflowName } from './voice.ts';

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
export function sayOutcome(request: Ended, voice: Voice, requester: Subject): Phrase {
  const { outcome, because } = request.end;
  // Where another one is, it would be read of that.
  const isVain = request.order.verb === 'freeze' && outcome !== 'accepted' && because.kind !== 'frozen_longer';
  return joined(sayEnd(request, voice, requester), isVain ? voice.words.say('outcome.not_frozen') : null);
}

function sayEnd(request: Ended, voice: Voice, requester: Subject): Phrase {
  const { words } = voice;
  const { outcome, because } = request.end;
  const { verb } = request.order;
  if (because.kind === 'reconciled') return words.say('outcome.reconciled', { outcome });
  const why = sayBecause(because, request, voice, requester);
  if (outcome === 'unknown' && !isVerb(verb)) return words.say('outcome.freeze_unknown', { why });
  switch (outcome) {
    case 'accepted':
      return sayAccepted(request, voice);
    case 'rejected':
    case 'unknown':
      return words.say(`outcome.${outcome}`, { verb, why });
    case 'not_sent':
    case 'refused':
      return words.say(`outcome.${outcome}`, { why });
    case 'cancelled':
      return words.say('outcome.cancelled', { verb, by: decider(because, request) });
    case 'expired':
      return words.say('outcome.expired');
    case 'superseded':
      return words.say('outcome.superseded', { request: voice.refer(because.kind === 'superseded' ? because.by : '') });
    default:
      return outcome satisfies never;
  }
}

/** Campaign's commands are accepted, and done later; a freeze is done. */
function sayAccepted({ order, end }: Ended, voice: Voice): Phrase {
  const { words } = voice;
  const { verb, environment, until } = order;
  if (verb === 'unfreeze') return words.say('outcome.unfrozen', { environment });
  if (verb !== 'freeze') return words.say('outcome.accepted', { verb, at: time(end.at) });
  return words.say('outcome.frozen', {
    until: time(until ?? end.at),
    environment,
    command: typed(['unfreeze', environment], voice),
  });
}

/** Whose confirmations did not count, where nobody else's did. */
export function sayRefusedPresses({ state, refused, order }: Request, voice: Voice): readonly Phrase[] {
  if (state !== 'expired') return [];
  return refused.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    return [
      voice.words.say('outcome.press_refused', {
        by: user(by),
        why: sayRefusal(refusal.refusal, order, voice, other(by)),
      }),
    ];
  });
}

/** What Campaign or its gateway wrote, where it says more than the outcome does. */
export function sayAnswer({ end }: Ended, { words }: Voice): readonly Phrase[] {
  const { text, adobeRequestId } = end.answer ?? {};
  if (!tellsMore(end.outcome)) return [];
  return [
    ...(text ? [words.say('outcome.answer', { text })] : []),
    ...(adobeRequestId ? [words.say('outcome.answer_id', { adobeRequestId })] : []),
  ];
}

function tellsMore(outcome: Outcome): boolean {
  return outcome === 'rejected' || outcome === 'unknown' || outcome === 'not_sent';
}

/** What a look at the workflow showed. */
export function sayObservation(
  observation: Observation,
  order: Pick<Request['order'], 'alias' | 'workflowId'>,
  voice: Voice,
): Phrase {
  const { words } = voice;
  const workflow = workflowName(order, voice);
  switch (observation.kind) {
    case 'seen': {
      const { field, raw, reading } = observation;
      return words.say('look.seen', { workflow, reading: reading ?? 'unknown', field, raw });
    }
    case 'not_shown':
    case 'not_found':
      return words.say(`look.${observation.kind}`, { workflow });
    case 'failed':
      return words.say('look.unread', { workflow });
    default:
      return observation satisfies never;
  }
}

/** The lines that an unknown outcome adds: what is known, and what to do. */
export function sayAfterDoubt(request: Request, voice: Voice): readonly Phrase[] {
  if (request.state !== 'unknown' || !isVerb(request.order.verb)) return [];
  const seen = request.observation && sayObservation(request.observation, request.order, voice);
  return [joined(seen, voice.words.say('look.after_doubt'))];
}

function sayBecause(because: EndReason, { order }: Request, voice: Voice, requester: Subject): Phrase {
  const { words } = voice;
  switch (because.kind) {
    case 'campaign':
      return words.say(`campaign.${because.reason}`);
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
      return words.say('because.stopped_lately', { request: voice.refer(because.request), until: time(because.until) });
    case 'too_late':
    case 'crashed':
    case 'held_up':
    case 'not_frozen':
    case 'freeze_over':
    case 'history_unreadable':
    case 'ledger_behind':
      return words.say(`because.${because.kind}`);
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

function sayBusy(holder: string, { verb, environment }: Request['order'], { words, refer }: Voice): Phrase {
  const request = refer(holder);
  return verb === 'freeze' || verb === 'unfreeze'
    ? words.say('because.busy_freeze', { environment, request })
    : words.say('because.busy', { request });
}

function sayNoSuchWorkflow(
  { nearest }: EndReason & { kind: 'no_such_workflow' },
  order: Request['order'],
  voice: Voice,
): Phrase {
  const { words } = voice;
  const { verb, environment } = order;
  const said = words.say('because.no_such_workflow', { workflow: workflowName(order, voice), environment });
  if (nearest === null || verb === 'form') return said;
  const suggestion = typed([verb, nearest.alias ?? nearest.workflowId, '--env', nearest.environment], voice);
  return joined(said, words.say('usage.did_you_mean', { suggestion: [suggestion] }));
}

function sayFrozenLonger(
  { until, request }: EndReason & { kind: 'frozen_longer' },
  { environment }: Request['order'],
  voice: Voice,
): Phrase {
  return voice.words.say('because.frozen_longer', {
    environment,
    until: time(until),
    request: voice.refer(request),
    command: typed(['unfreeze', environment], voice),
  });
}

function saySlack(reason: (EndReason & { kind: 'slack' })['reason'], voice: Voice): Phrase {
  if (reason === 'not_in_channel' || reason === 'channel_not_found') {
    return voice.words.say(`slack.${reason}`, { invite: invite(voice) });
  }
  return voice.words.say(`slack.${reason}`);
}

function decider(because: EndReason, { requester }: Request) {
  return user(because.kind === 'decided' ? because.by : requester);
}

/** The digests by which the channel's copy and the ledger can be held against each other. */
export function sayRecord(request: Ended, { words }: Voice): Phrase {
  const { outcome, digest } = request.end;
  return words.say('outcome.record', { id: [foreign(request.id)], outcome, digest });
}

/** To whom the outcome matters: who asked, and who decided. */
export function sayPeople(request: Request, { words }: Voice): Phrase {
  const { id, requester } = request;
  const by = confirmers(request).filter((one) => one !== requester);
  const people = { requester: user(requester), id: code(id) };
  if (by.length === 0) return words.say('outcome.people', people);
  return words.say('outcome.people_decided', { ...people, by: words.all(by.map(user)) });
}
