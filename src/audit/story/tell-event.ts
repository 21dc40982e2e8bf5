import { isVerb } from '../../access/policy.ts';
import type { PressChoice } from '../../commands/command.ts';
import { channel, code, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import type {
  AskedApprovers,
  CampaignResponse,
  DeclaredEmergency,
  Event,
  EventOf,
  EventType,
  JudgedBy,
  Listed,
  OrderedMoments,
  PressRefusal,
  ProbeResult,
  RecordedEvent,
} from '../../requests/events.ts';
import type { RecordedPeople } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import { describeChanged } from '../../slack/messages/announcement.ts';
import {
  buttonName,
  joined,
  type MessageContext,
  mention,
  other,
  piecesOf,
  writtenText,
} from '../../slack/messages/message-context.ts';
import { describeObservation, describeOutcome, hasEnded, rawState } from '../../slack/messages/outcome-text.ts';
import { describePauseAnswer, describeStillPaused } from '../../slack/messages/pause-reminder.ts';
import { describeRefusal } from '../../slack/messages/refusal.ts';
import { describeState } from '../../slack/messages/replies.ts';

/** The request of the event, as it is after its last one, and how people are told of it. */
export type Story = { readonly request: Request; readonly context: MessageContext };

/** What an event says, in a sentence or two. */
export function tellEvent(event: RecordedEvent, story: Story): Phrase {
  // The compiler cannot see that the event is of the type by which it is looked up.
  const tell = tellings[event.type] as (event: Event, story: Story) => Phrase;
  return tell(event, story);
}

/** One for each type: a new event without its sentence is an error of the compiler. */
const tellings: { readonly [T in EventType]: (event: EventOf<T>, story: Story) => Phrase } = {
  requested: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.requested', {
      requester: person(data.requester, data.name),
      channel: channel(data.channel),
    }),
  granted: tellGranted,
  announcing: ({ data }, { context }) =>
    joined(
      tellPosting('announcement', data, context),
      data.notifiedBy === undefined
        ? null
        : context.translator.translate('audit.event.notified_with', { request: [code(data.notifiedBy)] }),
    ),
  announced: ({ data }, { context: { translator } }) => translator.translate('audit.event.announced', data),
  not_posted: ({ data }, { context }) =>
    context.translator.translate('audit.event.not_posted', {
      message: data.message,
      why: tellProblem(data.reason, context),
    }),
  asked: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.asked', { until: time(data.expiresAt) }),
  reminded: ({ data }, { context: { translator } }) => translator.translate('audit.event.reminded', data),
  escalated: tellEscalated,
  listed: ({ data }, { context }) => tellListed(data, context),
  emergency_found: ({ data: { by, at, ts } }, { context }) =>
    joined(
      context.translator.translate('audit.event.emergency_found', { by: user(by), at: time(at) }),
      tellMessage(ts, context),
    ),
  emergency_listed: ({ data }, { context }) =>
    joined(
      tellListed(data, context),
      data.outside === undefined
        ? null
        : context.translator.translate('audit.event.outside', {
            people: context.translator.all(data.outside.map(user)),
          }),
    ),
  paging: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.paging', { people: translator.all(data.people.map(user)) }),
  paged: tellPaged,
  calling: ({ data }, { context }) => tellPosting('call', data, context),
  called: ({ data: { ts, unthreaded } }, { context }) => {
    const posted = unthreaded ? 'channel' : 'thread';
    return joined(
      context.translator.translate('audit.event.called', { where: ts === null ? 'nowhere' : posted }),
      tellMessage(ts, context),
    );
  },
  pressed: tellPressed,
  reason_given: ({ data: { by, reason = null } }, { context }) =>
    context.translator.translate('decision.told', { by: user(by), reason: writtenText(reason, context) }),
  press_refused: ({ data }, story) =>
    story.context.translator.translate('history.press_refused', {
      by: user(data.by),
      why: tellPressRefusal(data.by, data.refusal, story),
    }),
  press_answered: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.press_answered', { told: data.told ? 'yes' : 'no' }),
  confirmed: ({ data }, story) =>
    joined(
      story.context.translator.translate('audit.event.confirmed', { by: user(data.by), needed: data.needed }),
      ...tellJudgedBy(data, story.context),
      tellSeen(data.seen, story),
    ),
  changed: tellChanged,
  approved: ({ data }, story) =>
    joined(
      data.emergency !== undefined && data.by !== null
        ? tellDeclared(data.by, data.emergency, story.context)
        : data.by === null
          ? story.context.translator.translate(
              story.request.grant?.dueAt === undefined ? 'audit.event.approved_alone' : 'audit.event.released',
            )
          : story.context.translator.translate('audit.event.approved', { by: user(data.by) }),
      ...tellJudgedBy(data, story.context),
      tellSeen(data.seen ?? null, story),
    ),
  scheduled: ({ data }, story) =>
    joined(
      data.by === null
        ? null
        : data.emergency === undefined
          ? story.context.translator.translate('audit.event.approved', { by: user(data.by) })
          : tellDeclared(data.by, data.emergency, story.context),
      ...tellJudgedBy(data, story.context),
      story.context.translator.translate('audit.event.scheduled'),
      tellSeen(data.seen ?? null, story),
    ),
  emergency_offered: (_, { context: { translator } }) => translator.translate('audit.event.emergency_offered'),
  emergency_telling: ({ data }, { context }) => tellPosting('emergency', data, context),
  emergency_told: ({ data }, { context }) =>
    joined(
      context.translator.translate('audit.event.emergency_told', {
        where: data.ts === null ? 'nowhere' : data.unthreaded ? 'channel' : 'thread',
        message: data.message,
      }),
      tellMessage(data.ts, context),
    ),
  reviewed: ({ data: { by, reviewBy } }, { context }) =>
    joined(
      context.translator.translate('audit.event.reviewed', { by: user(by) }),
      reviewBy === undefined
        ? null
        : context.translator.translate('audit.event.could_review', { people: mention(reviewBy, context) }),
    ),
  dispatching: ({ data: { attempt, rule } }, { request, context: { translator } }) =>
    joined(
      isVerb(request.order.verb)
        ? translator.translate('audit.event.dispatching', { attempt })
        : translator.translate('audit.event.taking_effect'),
      ...tellRule(rule, translator),
    ),
  progressed: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.progressed', {
      ended: data.ended,
      observing: data.observing,
      observed: data.observed,
    }),
  partly_cancelled: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.partly_cancelled', { by: user(data.by) }),
  not_reached: ({ data }, { context }) =>
    joined(
      context.translator.translate('audit.event.not_reached', {
        why: context.translator.translate(`campaign.${data.reason}`),
        at: time(data.retryAt),
      }),
      ...tellAnswer(data.answer, context),
    ),
  ended: ({ data: { answer, pauseEndsAt } }, story) =>
    joined(tellOutcome(story), ...tellAnswer(answer, story.context), tellPauseEnd(pauseEndsAt, story)),
  reconciled: ({ data }, story) =>
    joined(
      tellOutcome(story),
      story.context.translator.translate('audit.event.shown_since', { at: time(data.postedAt) }),
      tellPauseEnd(data.pauseEndsAt, story),
    ),
  observed: ({ data }, story) => joined(tellSeen(data.observation, story), tellPauseEnd(data.pauseEndsAt, story)),
  reporting: ({ data }, { context }) => tellPosting('outcome', data, context),
  reported: ({ data }, { context }) =>
    joined(context.translator.translate('audit.event.reported', { via: data.via }), tellMessage(data.ts, context)),
  clock_turned_back: (_, { context: { translator } }) => translator.translate('audit.event.clock_turned_back'),
  moved: ({ data }, { context: { translator } }) =>
    translator.translate('audit.event.moved', { channel: channel(data.channel) }),
  notified: ({ data }, { context }) =>
    joined(context.translator.translate('audit.event.notified'), tellMessage(data.ts, context)),
  noting: ({ data }, { context }) => tellPosting('note', data, context),
  noted: ({ data }, { context }) =>
    joined(tellPosted('audit.event.noted', data, context), tellMessage(data.ts, context)),
  pause_reminding: ({ data }, { request, context }) =>
    joined(tellPosting('pause_reminder', data, context), ...describeStillPaused(request, data, context)),
  pause_reminded: ({ data }, { context }) =>
    joined(tellPosted('audit.event.pause_reminded', data, context), tellMessage(data.ts, context)),
  pause_not_reminded: ({ data: { because, seen = null } }, story) =>
    joined(story.context.translator.translate('audit.event.pause_not_reminded', { because }), tellSeen(seen, story)),
  pause_answered: ({ data }, { request, context }) =>
    joined(...describePauseAnswer({ pauseReminder: { ...request.pauseReminder, answer: data } }, context)),
  pause_answer_shown: ({ data }, { context }) =>
    data.problem === null
      ? context.translator.translate('audit.event.pause_answer_shown')
      : context.translator.translate('audit.event.pause_answer_not_shown', { why: tellProblem(data.problem, context) }),
  shown: ({ data }, { context }) =>
    data.problem === null
      ? context.translator.translate('audit.event.shown', { state: data.state })
      : context.translator.translate('audit.event.not_shown', { why: tellProblem(data.problem, context) }),
  text_erased: ({ data }, { context: { translator } }) => translator.translate('audit.event.text_erased', data),
};

/** "U0ALICE (alice)": the name is that of then, if Slack told one. */
export function person(id: string, name?: string): Phrase {
  return name === undefined
    ? [user(id)]
    : [user(id), { kind: 'text', text: ' (' }, foreign(name), { kind: 'text', text: ')' }];
}

function tellGranted({ data }: EventOf<'granted'>, story: Story): Phrase {
  const { rule, approvers, asked, expiresAt, count = 1, seen = null } = data;
  const { translator } = story.context;
  const terms =
    approvers === null || expiresAt === null
      ? translator.translate('audit.event.permitted', { rule })
      : translator.translate('audit.event.permitted_if_confirmed', {
          rule,
          needed: count,
          until: time(expiresAt),
          people: tellApprovers(asked ?? approvers, story.context),
        });
  return joined(terms, ...tellMoments(data, story.context), tellSeen(seen, story));
}

function tellEscalated({ data }: EventOf<'escalated'>, { context }: Story): Phrase {
  const { stage, to, asked } = data;
  const { translator } = context;
  if (to.users.length + to.groups.length === 0)
    return translator.translate('audit.event.escalated_to_nobody', { stage });
  return translator.translate('audit.event.escalated', { stage, people: tellApprovers({ ...asked, ...to }, context) });
}

function tellListed({ people, unlisted = [], isFinal }: Listed, { translator }: MessageContext): Phrase {
  const groups = translator.all(piecesOf({ users: [], groups: unlisted }));
  return joined(
    people.length === 0
      ? null
      : translator.translate('audit.event.listed', { people: translator.all(people.map(user)) }),
    unlisted.length === 0
      ? null
      : translator.translate('audit.event.unlisted', { groups, isFinal: isFinal === true ? 'yes' : 'no' }),
  );
}

function tellPaged({ data: { reached, missed } }: EventOf<'paged'>, { context }: Story): Phrase {
  const { translator } = context;
  return joined(
    reached.length === 0
      ? null
      : translator.translate('audit.event.paged', { people: translator.all(reached.map(user)) }),
    ...missed.map(({ person: one, reason }) =>
      translator.translate('audit.event.not_paged', { person: user(one), why: tellProblem(reason, context) }),
    ),
  );
}

/** Who has declared an emergency, and by which rule of that time. */
function tellDeclared(by: string, { rule, people, reviewBy }: DeclaredEmergency, context: MessageContext): Phrase {
  const { translator } = context;
  const terms = { rule, people: mention(people, context), reviewers: mention(reviewBy, context) };
  return joined(
    translator.translate('audit.event.emergency', { by: user(by) }),
    translator.translate('audit.event.emergency_terms', terms),
  );
}

function tellPauseEnd(endsAt: number | undefined, { context: { translator } }: Story): Phrase | null {
  return endsAt === undefined ? null : translator.translate('audit.event.pause_ends', { at: time(endsAt) });
}

/** By which stage of the escalation somebody confirmed, and by which rule, where that is not the one of the grant. */
function tellJudgedBy({ stage, rule }: JudgedBy, { translator }: MessageContext): readonly Phrase[] {
  return [
    ...(stage === undefined ? [] : [translator.translate('audit.event.by_stage', { stage })]),
    ...tellRule(rule, translator),
  ];
}

function tellRule(rule: string | undefined, translator: MessageContext['translator']): readonly Phrase[] {
  return rule === undefined ? [] : [translator.translate('audit.event.judged_by', { rule })];
}

function tellMoments(
  { dueAt, resumesAt, zone = 'UTC' }: OrderedMoments,
  { translator }: MessageContext,
): readonly Phrase[] {
  const tell = (kind: 'due' | 'resumes', at: number | undefined) =>
    at === undefined ? [] : [translator.translate('audit.event.due', { kind, at: time(at), zone })];
  return [...tell('due', dueAt), ...tell('resumes', resumesAt)];
}

/** "S0LEADS (except U0ALICE)" */
function tellApprovers(
  { except: unable = [], outside = [], ...people }: RecordedPeople & Partial<AskedApprovers>,
  context: MessageContext,
) {
  const except = [...unable, ...outside];
  const named = mention(people, context);
  if (except.length === 0) return named;
  const { translator } = context;
  return translator.translate('announce.except', { people: named, except: translator.all(except.map(user)) });
}

function tellPressed({ data }: EventOf<'pressed'>, { request, context }: Story): Phrase {
  const { by, name, choice, team, surface, reason } = data;
  const { translator } = context;
  const isButton = choice === 'approve' || choice === 'cancel';
  const button = isButton ? buttonName(choice, request.order, context) : translator.translate(`button.${choice}`);
  return joined(
    translator.translate('audit.event.pressed', { by: person(by, name), button }),
    surface === undefined ? null : translator.translate('audit.event.surface', { surface }),
    team === undefined ? null : translator.translate('audit.event.of_team', { team: [code(team)] }),
    reason === undefined ? null : tellWords(choice, writtenText(reason, context), context),
  );
}

/** What came with a decision. */
function tellWords(choice: PressChoice, words: string, { translator }: MessageContext): Phrase {
  return choice === 'review'
    ? translator.translate('audit.event.comment', { comment: words })
    : translator.translate('audit.show.reason', { reason: words });
}

function tellPressRefusal(by: string, refusal: PressRefusal, { request, context }: Story): Phrase {
  switch (refusal.kind) {
    case 'access':
      return describeRefusal(refusal.refusal, request.order, context, other(by));
    case 'too_late':
      return describeState(refusal.state, context);
    case 'counted_already':
      return context.translator.translate('audit.event.counted_already');
    case 'reviewed_already':
      return context.translator.translate('audit.event.reviewed', { by: user(refusal.by) });
    case 'changed':
      return context.translator.translate('audit.event.workflow_changed');
    default:
      return refusal satisfies never;
  }
}

function tellChanged({ data }: EventOf<'changed'>, { context }: Story): Phrase {
  const { translator } = context;
  return joined(
    describeChanged(data, context),
    translator.translate('audit.event.asked', { until: time(data.expiresAt) }),
  );
}

/** What Campaign showed of the workflow; null if it was not asked. */
export function tellSeen(seen: ProbeResult | null, { request: { order }, context }: Story): Phrase | null {
  if (seen === null) return null;
  if (seen.kind === 'slow') return context.translator.translate('announce.seen_slow');
  const told = describeObservation(seen, order, context);
  return seen.kind === 'failed'
    ? joined(told, context.translator.translate(`campaign.${seen.reason}`))
    : joined(told, seen.kind === 'seen' && seen.reading !== null ? rawState(seen) : null);
}

/** How it ended, and why. */
export function tellOutcome({ request, context }: Story): Phrase {
  if (!hasEnded(request)) return context.translator.translate('audit.show.open');
  return describeOutcome(request, context, other(request.requester));
}

/** What Campaign answered, as far as it is recorded. */
function tellAnswer(answer: CampaignResponse | null, { translator }: MessageContext): readonly Phrase[] {
  const { status = null, text, adobeRequestId } = answer ?? {};
  return [
    ...(status === null ? [] : [translator.translate('audit.event.status', { status: String(status) })]),
    ...(text ? [translator.translate('outcome.answer', { text })] : []),
    ...(adobeRequestId ? [translator.translate('outcome.answer_id', { adobeRequestId })] : []),
  ];
}

type PostedMessage = EventOf<'not_posted'>['data']['message'];

function tellPosting(message: PostedMessage, { attempt }: { attempt: number }, { translator }: MessageContext): Phrase {
  return translator.translate('audit.event.posting', { message, attempt });
}

function tellProblem(problem: string, { translator }: MessageContext): Phrase {
  return translator.translate('audit.event.problem', { problem });
}

function tellPosted(
  key: 'audit.event.noted' | 'audit.event.pause_reminded',
  { ts, unthreaded, via }: EventOf<'noted' | 'pause_reminded'>['data'] & { readonly via?: 'direct' },
  { translator }: MessageContext,
): Phrase {
  const posted = unthreaded ? 'channel' : 'thread';
  return translator.translate(key, { where: via ?? (ts === null ? 'nowhere' : posted) });
}

function tellMessage(ts: string | null, { translator }: MessageContext): Phrase | null {
  return ts === null ? null : translator.translate('audit.event.message', { ts });
}
