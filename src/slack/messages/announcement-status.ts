import { isAlertAnswer, isOfWatch, isVerb } from '../../access/policy.ts';
import { clock, type Phrase, time, user } from '../../locales/phrase.ts';
import type { Observation, OrderedMoments } from '../../requests/events.ts';
import type { AnnouncementState } from '../../requests/outcome.ts';
import { confirmers, type Request } from '../../requests/request.ts';
import { conclusionOf } from '../../requests/rules/effect.ts';
import { notCompared, unread } from './comparison.ts';
import { describeDecisionReason } from './decision-reason.ts';
import { joined, type MessageContext, marks } from './message-context.ts';
import { describeReading, type Ended, hasEnded, whoDecided } from './outcome-text.ts';
import { describeAnswer } from './watch-alert.ts';

/** Where a request stands that waits for nobody, in one line. The thread has the rest. */
export function describeStatus(
  request: Request,
  shown: Exclude<AnnouncementState, 'awaiting_approval'>,
  context: MessageContext,
): Phrase {
  const { translator } = context;
  switch (shown) {
    case 'approved':
      return joined(
        describeSending(request, context),
        ...describeMoments(request, context),
        notCompared(request, translator),
      );
    case 'scheduled':
      return joined(...describeMoments(request, context), notCompared(request, translator));
    case 'retrying':
      return translator.translate('announce.retrying');
    default:
      return hasEnded(request) ? joined(describeEnding(request, context), unread(request, context)) : [];
  }
}

/** When it is sent, or when a pause ends: in the requester's zone, and for each reader in their own. */
export function describeMoments({ grant, state }: Request, context: MessageContext): readonly Phrase[] {
  const { dueAt, ...others } = grant ?? {};
  const isDue = state === 'approved' || state === 'dispatching';
  return momentLines(isDue || dueAt === undefined ? others : { ...others, dueAt }, context);
}

export function momentLines(
  { dueAt, resumesAt, zone = 'UTC' }: OrderedMoments,
  { translator }: MessageContext,
): readonly Phrase[] {
  const tell = (key: 'announce.due' | 'announce.resumes', at: number | undefined) =>
    at === undefined
      ? []
      : [translator.translate(key, { local: localTime(at, zone, translator.locale), zone, at: time(at) })];
  return [...tell('announce.due', dueAt), ...tell('announce.resumes', resumesAt)];
}

/** "Tue, 1 Dec, 02:00" */
function localTime(at: number, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone },
  } as const).format(at);
}

/** A freeze takes effect at once: what it does matters more. */
function describeSending(request: Request, { translator }: MessageContext): Phrase {
  const by = confirmers(request);
  const { verb } = request.order;
  // The line about the emergency says why it is sent.
  if (by.length === 0 && request.emergency !== null) return translator.translate('announce.approved');
  if (by.length === 0 && (verb === 'freeze' || verb === 'unfreeze' || isOfWatch(verb)))
    return translator.translate(`announce.effect.${verb}`);
  return by.length === 0
    ? translator.translate('announce.approved')
    : translator.translate('announce.approved_by', { by: translator.all(by.map(user)) });
}

function describeEnding(request: Ended, context: MessageContext): Phrase {
  const { translator } = context;
  const { order, end, observation } = request;
  const { outcome, because } = end;
  if (outcome === 'accepted' && observation !== null && isVerb(order.verb))
    return describeEffect(request, observation, context);
  if (because.kind === 'reconciled') return translator.translate('outcome.reconciled', { outcome });
  switch (outcome) {
    case 'accepted':
      return describeAccepted(request, context);
    case 'cancelled':
      return joined(
        translator.translate('announce.cancelled', { verb: order.verb, by: whoDecided(because, request) }),
        describeDecisionReason(request, context),
      );
    case 'superseded':
      if (because.kind === 'changed_since')
        return translator.translate('announce.changed_since', { now: describeReading(because.now, context) });
      return translator.translate('announce.superseded', {
        request: context.refer(because.kind === 'superseded' ? because.by : ''),
      });
    case 'rejected':
      return joined(marks.rejected, translator.translate('announce.ended.rejected'));
    case 'unknown':
      return joined(marks.problem, translator.translate('announce.ended.unknown'));
    case 'not_sent':
    case 'refused':
    case 'expired':
      return translator.translate(`announce.ended.${outcome}`);
    // Its items say how they ended, and not why somebody kept some of them.
    case 'completed':
      return describeDecisionReason(request, context) ?? [];
    default:
      return outcome satisfies never;
  }
}

/** Accepted is not carried out: what Campaign shows afterwards says that. */
function describeAccepted(request: Ended, context: MessageContext): Phrase {
  const { order, end, requestedAt } = request;
  const { translator } = context;
  const { verb, until } = order;
  if (isAlertAnswer(verb)) return describeAnswer(verb, request, context);
  if (isOfWatch(verb)) return translator.translate(verb === 'watch' ? 'announce.watched' : 'announce.unwatched');
  if (verb === 'unfreeze') return translator.translate('announce.lifted');
  return verb === 'freeze'
    ? translator.translate('announce.in_force', { until: time(until ?? end.at) })
    : translator.translate('announce.accepted', { at: clock(end.at, requestedAt) });
}

/** What was seen after the command was accepted. */
function describeEffect({ order, end, requestedAt }: Ended, observation: Observation, context: MessageContext): Phrase {
  const { translator } = context;
  if (observation.kind !== 'seen') {
    return translator.translate('announce.effect_unseen', { at: clock(end.at, requestedAt) });
  }
  const shows = translator.translate('look.shows', { reading: describeReading(observation.reading, context) });
  const isAsAsked = isVerb(order.verb) && conclusionOf(order.verb, observation) === 'as_asked';
  return isAsAsked
    ? joined(marks.asAsked, shows)
    : joined(marks.problem, shows, translator.translate('announce.see_thread'));
}
