import { isAlertAnswer, isReadAction } from '../../access/policy.ts';
import { channel, code, group, type Phrase, type Piece, time, user } from '../../locales/phrase.ts';
import type { Order } from '../../requests/events.ts';
import type { RecordedPeople, RecordedRefusal } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import {
  anyWorkflow,
  firstOf,
  invitation,
  isNobody,
  type MessageContext,
  mention,
  other,
  type Subject,
  self,
  writtenText,
} from './message-context.ts';

const nobody: RecordedPeople = { users: [], groups: [] };

/**
 * Why somebody is refused, and what would help.
 *
 * @param order what was refused; null if it was no particular order
 * @param subject who is refused: the reader, unless it is somebody else
 */
export function describeRefusal(
  refusal: RecordedRefusal,
  order: Order | null,
  context: MessageContext,
  subject: Subject = self,
): Phrase {
  const { confirmer } = refusal;
  if (confirmer === undefined) return describeWhy(refusal, order, context, subject);
  const why = describeWhy(refusal, order, context, other(confirmer));
  return context.translator.translate('refusal.confirmer', { confirmer: user(confirmer), why });
}

/** Whose presses were refused, and why. */
export function describeRefusedPresses(
  { refusedPresses, order }: Pick<Request, 'refusedPresses' | 'order'>,
  context: MessageContext,
): readonly Phrase[] {
  return refusedPresses.flatMap(({ by, refusal }) => {
    if (refusal.kind !== 'access') return [];
    const why = describeRefusal(refusal.refusal, order, context, other(by));
    return [context.translator.translate('history.press_refused', { by: user(by), why })];
  });
}

function describeWhy(refusal: RecordedRefusal, order: Order | null, context: MessageContext, subject: Subject): Phrase {
  const { translator } = context;
  const { permitted = nobody, count = 1, protection = 'either' } = refusal;
  const people = mention(permitted, context);
  switch (refusal.reason) {
    case 'wrong_channel':
      return translator.translate('refusal.wrong_channel', {
        ...subject,
        channels: translator.either((refusal.channels ?? []).map(channel)),
      });
    case 'channel_moved': {
      const [before = '', now = ''] = refusal.channels ?? [];
      return translator.translate('refusal.channel_moved', { before: code(before), now: code(now) });
    }
    case 'not_permitted':
      return isNobody(permitted)
        ? translator.translate('refusal.nobody_permitted')
        : describeWhoMay(refusal, order, { ...subject, people }, context);
    case 'own_request':
    case 'not_an_approver':
      return describeWhoApproves(refusal.reason, permitted, context, subject);
    case 'approval_needed':
      if (isNobody(permitted)) return translator.translate('refusal.nobody_approves_any_more');
      return translator.translate('refusal.approval_needed', { people, count });
    case 'too_few_approvers':
      return translator.translate('refusal.too_few_approvers', { rule: refusal.rule ?? '', count });
    case 'too_few_can_approve':
      return describeTooFew(refusal, context, subject);
    case 'reason_required':
    case 'one_at_a_time':
      return translator.translate(`refusal.${refusal.reason}`, { rule: refusal.rule ?? '' });
    case 'reason_mismatch':
      return translator.translate('refusal.reason_mismatch', { rule: refusal.rule ?? '', hint: refusal.hint ?? '' });
    case 'not_asked_yet':
      return translator.translate('refusal.not_asked_yet', { ...subject, at: time(refusal.at ?? 0) });
    case 'frozen':
      return describeFrozen(refusal, order, context);
    case 'no_emergency':
    case 'not_in_emergency':
    case 'too_early_for_emergency':
    case 'not_a_reviewer':
    case 'own_emergency':
      return describeNoEmergency(refusal.reason, refusal, context);
    case 'bot_not_in_channel':
      return translator.translate('refusal.bot_not_in_channel', invitation(context));
    case 'protected_workflow':
      return translator.translate('refusal.protected_workflow', { protection });
    case 'lookup_failed':
      return describeLookupFailed(refusal, context, subject);
    default:
      return translator.translate(`refusal.${refusal.reason}`);
  }
}

function describeNoEmergency(
  reason: 'no_emergency' | 'not_in_emergency' | 'too_early_for_emergency' | 'not_a_reviewer' | 'own_emergency',
  { permitted = nobody, rule = '', from = 0 }: RecordedRefusal,
  context: MessageContext,
): Phrase {
  const { translator } = context;
  switch (reason) {
    case 'no_emergency':
      return translator.translate('refusal.no_emergency', { rule });
    case 'too_early_for_emergency':
      return translator.translate('refusal.too_early_for_emergency', { from: time(from) });
    default:
      return isNobody(permitted)
        ? translator.translate('refusal.nobody_approves')
        : translator.translate(`refusal.${reason}`, { people: mention(permitted, context) });
  }
}

function describeWhoApproves(
  reason: 'own_request' | 'not_an_approver',
  permitted: RecordedPeople,
  context: MessageContext,
  subject: Subject,
): Phrase {
  const { translator } = context;
  if (isNobody(permitted)) return translator.translate('refusal.nobody_approves');
  const people = mention(permitted, context);
  return reason === 'own_request'
    ? translator.translate('refusal.own_request', { ...subject, people })
    : translator.translate('refusal.not_an_approver', { people });
}

function describeLookupFailed(
  { groups, person, failed = '' }: RecordedRefusal,
  context: MessageContext,
  subject: Subject,
): Phrase {
  if (groups !== undefined) return describeUnknownGroups(groups, context);
  return context.translator.translate('refusal.lookup_failed', {
    ...(person === undefined ? subject : other(person)),
    failed,
  });
}

/** Whom the rule names, and why too few of them can confirm. A person or group that Slack does not have is shown by its ID. */
function describeTooFew(refusal: RecordedRefusal, context: MessageContext, subject: Subject): Phrase {
  const { translator } = context;
  const { permitted = nobody, able = [], gone = [], shortage = 'empty', count = 1, rule = '' } = refusal;
  const nameOf = (id: string, piece: Piece) => (gone.includes(id) ? code(id) : piece);
  const { users, groups } = permitted;
  const named = [...users.map((id) => nameOf(id, user(id))), ...groups.map((id) => nameOf(id, group(id)))];
  const people = translator.all(firstOf(named, context));
  const few = { able: translator.all(able.map(user)), count, people };
  if (shortage === 'not_in_channel')
    return able.length === 0
      ? translator.translate('refusal.nobody_in_channel', { count, people })
      : translator.translate('refusal.too_few_in_channel', few);
  if (able.length === 0)
    return translator.translate('refusal.nobody_can_approve', { ...subject, shortage, people, rule });
  return translator.translate('refusal.too_few_can_approve', { ...few, rule });
}

/** Shows the IDs of the configuration: a group that was deleted has no name. */
export function describeUnknownGroups(groups: readonly string[], context: MessageContext): Phrase {
  const { translator } = context;
  return translator.translate('refusal.unknown_group', {
    groups: translator.either(
      firstOf(
        groups.map((id) => code(id)),
        context,
      ),
    ),
    count: groups.length,
  });
}

/** "@crm-leads may stop WKF110 in prod … Ask in #ops." */
function describeWhoMay(
  { channels = [] }: RecordedRefusal,
  order: Order | null,
  who: Subject & { readonly people: Phrase },
  context: MessageContext,
): Phrase {
  const { translator } = context;
  const where = { ...who, channels: translator.either(channels.map(channel)) };
  const isUnnamed = order === null || isReadAction(order.verb) || order.environment === '';
  if (isUnnamed || isAlertAnswer(order.verb)) return translator.translate('refusal.not_permitted', where);
  const { verb, environment } = order;
  return translator.translate('refusal.not_permitted_order', {
    ...where,
    verb,
    workflow: anyWorkflow(order, context),
    environment,
  });
}

/** A freeze of the configuration can block any command; a freeze by command blocks only what starts something. */
function describeFrozen(
  { until = 0, because = '', request }: RecordedRefusal,
  order: Order | null,
  context: MessageContext,
): Phrase {
  const { translator, refer } = context;
  const frozen = { until: time(until), because: writtenText(because, context) };
  return request == null
    ? translator.translate('refusal.frozen', { ...frozen, verb: order?.verb ?? '' })
    : translator.translate('refusal.frozen_by', { ...frozen, request: refer(request) });
}
