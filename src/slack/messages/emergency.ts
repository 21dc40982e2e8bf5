import { z } from 'zod';
import { clock, foreign, type Phrase, time, user } from '../../locales/phrase.ts';
import { plain } from '../../locales/translator.ts';
import type { FoundEmergency } from '../../requests/events.ts';
import type { RecordedPeople } from '../../requests/outcome.ts';
import { allAsked, type Emergency, type Request } from '../../requests/request.ts';
import { nextMessage, toldOfEmergency } from '../../requests/rules/emergency-message.ts';
import { emergencyFrom } from '../../requests/rules/emergency-time.ts';
import { unitedRecorded } from '../../requests/rules/recorded-people.ts';
import { actionIds, messageName, metadataTypes } from '../names.ts';
import { type Button, type Message, renderMessage } from '../render.ts';
import { askedOrder } from './batch.ts';
import {
  describeBriefly,
  describeOrder,
  isNobody,
  joined,
  type MessageContext,
  marks,
  mention,
  piecesOf,
  spokenLabel,
  spokenWorkflows,
  typed,
  writtenText,
} from './message-context.ts';

/** "🚨 Emergency by @dave, without the confirmations: database is on fire", and what came of its review. */
export function emergencyLines({ emergency }: Pick<Request, 'emergency'>, context: MessageContext): readonly Phrase[] {
  return emergency === null ? [] : [joined(describeEmergency(emergency, context), describeReview(emergency, context))];
}

/** The same without the review. */
export function describeEmergency({ by, reason }: Emergency, context: MessageContext): Phrase {
  const { translator } = context;
  const who = { by: user(by) };
  return joined(
    marks.emergency,
    reason === undefined
      ? translator.translate('emergency.by', who)
      : translator.translate('emergency.by_because', { ...who, reason: writtenText(reason, context) }),
  );
}

function describeReview({ review }: Emergency, context: MessageContext): Phrase {
  const { translator } = context;
  if (review === null) return translator.translate('emergency.unreviewed');
  const { by, comment = '' } = review;
  return translator.translate('emergency.reviewed', { by: user(by), comment: writtenText(comment, context) });
}

/** Whether nobody is asked to confirm it: only an emergency is left. After a change that can be so as well. */
export function isEmergencyAlone(request: Pick<Request, 'grant' | 'escalation'>): boolean {
  return request.grant?.emergency !== undefined && isNobody(allAsked(request));
}

/** Who may declare an emergency, and from when, as far as the question says it. */
export function describeOffer(request: Request, context: MessageContext): readonly Phrase[] {
  const { grant, isEmergencyOffered, requestedAt } = request;
  if (grant?.emergency === undefined) return [];
  const { translator } = context;
  const { people: named, afterMs, isOnlyWay } = grant.emergency;
  const people = mention(named, context);
  if (isEmergencyOffered) return [translator.translate('emergency.offered', { people })];
  if (!isOnlyWay && !isEmergencyAlone(request)) return [];
  const from = emergencyFrom(request);
  return [
    from === null
      ? translator.translate('emergency.only_after', { people, after: translator.lasting(afterMs) })
      : translator.translate('emergency.only_from', { people, from: clock(from, requestedAt) }),
  ];
}

/** Tells everybody named of an emergency, asks for its review again, or tells of the review. */
export function emergencyMessage(request: Request, reviewers: RecordedPeople, context: MessageContext): Message {
  const { emergency } = request;
  if (emergency === null) throw new Error('no emergency was declared');
  const message = nextMessage(emergency);
  const foot = { small: [foreign(request.id)], name: messageName(request.id) };
  switch (message) {
    case 'declared':
      return renderMessage(tellDeclared(request, emergency, reviewers, context), {
        ...foot,
        buttons: [reviewButton(request, context)],
        brief: joined(describeBriefly(askedOrder(request), context), describeEmergency(emergency, context)),
      });
    case 'reminder':
      return renderMessage(
        [
          joined(marks.emergency, describeOrder(askedOrder(request), context)),
          context.translator.translate('emergency.reminder', { by: user(emergency.by), at: time(emergency.at) }),
          askForReview(request, reviewers, context),
        ],
        { ...foot, buttons: [reviewButton(request, context)] },
      );
    case 'reviewed':
      return renderMessage([tellReviewed(request, emergency, context)], foot);
    default:
      return message satisfies never;
  }
}

function tellDeclared(
  request: Request,
  emergency: Emergency,
  reviewers: RecordedPeople,
  context: MessageContext,
): readonly Phrase[] {
  const { translator } = context;
  return [
    joined(describeOrder(askedOrder(request), context)),
    describeEmergency(emergency, context),
    translator.translate('emergency.told', { people: translator.all(everybody(request, reviewers)) }),
    askForReview(request, reviewers, context),
  ];
}

/** Everybody named. */
function everybody(request: Request, reviewers: RecordedPeople) {
  return piecesOf(unitedRecorded([...toldOfEmergency(request), reviewers]));
}

function askForReview({ id, emergency }: Request, reviewers: RecordedPeople, context: MessageContext): Phrase {
  const { translator } = context;
  const others = { ...reviewers, users: reviewers.users.filter((one) => one !== emergency?.by) };
  if (isNobody(others)) return translator.translate('emergency.nobody_reviews', { rule: emergency?.rule ?? '' });
  const review = typed(['review', id, plain(translator.translate('emergency.comment_word'))], context);
  return translator.translate('emergency.please_review', { people: mention(others, context), review: [review] });
}

function tellReviewed({ requester }: Request, { by, review }: Emergency, context: MessageContext): Phrase {
  const { translator } = context;
  const reviewer = review?.by ?? by;
  const people = [...new Set([by, requester])].filter((one) => one !== reviewer);
  return translator.translate('emergency.tell_reviewed', {
    people: translator.all(people.map(user)),
    by: user(reviewer),
    comment: writtenText(review?.comment ?? null, context),
  });
}

/** Opens the dialog for the reason. */
export function emergencyButton(request: Request, context: MessageContext): Button {
  const label = plain(context.translator.translate('button.emergency'));
  return { ...buttonOf(label, actionIds.emergency, request, context), style: 'danger' };
}

/** Opens the dialog for the comment. */
export function reviewButton(request: Request, context: MessageContext): Button {
  return buttonOf(plain(context.translator.translate('button.review')), actionIds.review, request, context);
}

function buttonOf(label: string, actionId: string, request: Request, context: MessageContext): Button {
  const about = spokenWorkflows(askedOrder(request), context);
  return { actionId, value: request.id, label, spoken: spokenLabel(label, about, context) };
}

/** Slack limits the size of metadata, and the list only matters once its rule is gone. */
const mostInMetadata = 40;

/**
 * Message metadata. `number` tells it from the other messages about this emergency. The rest is what a ledger needs that was
 * restored from a copy without it: lists with commas, as in all metadata, and no texts.
 */
export function emergencyMetadata({ id, emergency }: Request) {
  if (emergency === null) throw new Error('no emergency was declared');
  const { rule, reviewBy, by, at, review, told } = emergency;
  const message = nextMessage(emergency);
  return {
    event_type: metadataTypes.emergency,
    event_payload: {
      ...{ request_id: id, number: told.count, message, rule, declared_by: by, declared_at: at },
      review_by: [...reviewBy.groups, ...reviewBy.users].slice(0, mostInMetadata).join(','),
      ...(message === 'reviewed' && review !== null && { reviewed_by: review.by }),
    },
  };
}

const metadata = z.object({
  number: z.number().int().min(0),
  rule: z.string(),
  declared_by: z.string(),
  declared_at: z.number(),
  review_by: z.string(),
  reviewed_by: z.string().optional(),
});

/** The emergency that a message of these metadata tells of; null: it does not say. */
export function emergencyIn(payload: unknown, ts: string): FoundEmergency | null {
  const { data } = metadata.safeParse(payload);
  if (data === undefined) return null;
  const { number, rule, declared_by: by, declared_at: at, review_by, reviewed_by: reviewedBy = null } = data;
  const ids = review_by.split(',').filter((id) => id !== '');
  const groups = ids.filter((id) => id.startsWith('S'));
  const reviewBy = { users: ids.filter((id) => !groups.includes(id)), groups };
  return { rule, reviewBy, by, at, reviewedBy, number, ts, toldAt: Math.round(Number(ts) * 1_000) };
}

/** For the history: "🚨 @dave", and whether its review is missing. */
export function emergencyMark({ emergency }: Pick<Request, 'emergency'>, context: MessageContext): Phrase | null {
  if (emergency === null) return null;
  const { translator } = context;
  const review =
    emergency.review === null
      ? translator.translate('emergency.unreviewed')
      : translator.translate('emergency.reviewed_by', { by: user(emergency.review.by) });
  return joined(marks.emergency, [user(emergency.by)], review);
}
