import { isReadAction } from '../../access/policy.ts';
import { channel, code, group, type Phrase, type Piece, time, user } from '../../locales/phrase.ts';
import type { Order } from '../../requests/events.ts';
import type { RecordedPeople, RecordedRefusal } from '../../requests/reasons.ts';
import { firstOf, invite, isNobody, mention, other, type Subject, self, type MessageContext, workflowName } from './voice.ts';

const nobody: RecordedPeople = { users: [], groups: [] };

/**
 * Why somebody is refused, and what would help.
 *
 * @param order what was refused; null: nothing in particular
 * @param subject said to whoever is refused, unless it is somebody else
 */
export function sayRefusal(
  refusal: RecordedRefusal,
  order: Order | null,
  voice: MessageContext,
  subject: Subject = self,
): Phrase {
  const { confirmer } = refusal;
  if (confirmer === undefined) return sayWhy(refusal, order, voice, subject);
  const why = sayWhy(refusal, order, voice, other(confirmer));
  return voice.translator.translate('refusal.confirmer', { confirmer: user(confirmer), why });
}

function sayWhy(refusal: RecordedRefusal, order: Order | null, voice: MessageContext, subject: Subject): Phrase {
  const { translator: words } = voice;
  const { permitted = nobody, count = 1 } = refusal;
  const people = mention(permitted, voice);
  switch (refusal.reason) {
    case 'wrong_channel':
      return words.translate('refusal.wrong_channel', {
        ...subject,
        channels: words.either((refusal.channels ?? []).map(channel)),
      });
    case 'not_permitted':
      return isNobody(permitted)
        ? words.translate('refusal.nobody_permitted')
        : sayWhoMay(refusal, order, { ...subject, people }, voice);
    case 'not_an_approver':
      return isNobody(permitted)
        ? words.translate('refusal.nobody_approves')
        : words.translate('refusal.not_an_approver', { people });
    case 'own_request':
      return isNobody(permitted)
        ? words.translate('refusal.nobody_approves')
        : words.translate('refusal.own_request', { ...subject, people });
    case 'approval_needed':
      if (isNobody(permitted)) return words.translate('refusal.nobody_approves_any_more');
      return words.translate('refusal.approval_needed', { people, count });
    case 'too_few_approvers':
      return words.translate('refusal.too_few_approvers', { rule: refusal.rule ?? '', count });
    case 'too_few_can_approve':
      return sayTooFew(refusal, voice, subject);
    case 'reason_required':
      return words.translate('refusal.reason_required', { rule: refusal.rule ?? '' });
    case 'reason_mismatch':
      return words.translate('refusal.reason_mismatch', { rule: refusal.rule ?? '', hint: refusal.hint ?? '' });
    case 'frozen':
      return sayFrozen(refusal, order, voice);
    case 'bot_not_in_channel':
      return words.translate('refusal.bot_not_in_channel', { invite: invite(voice) });
    case 'lookup_failed':
      return sayLookupFailed(refusal, voice, subject);
    default:
      return words.translate(`refusal.${refusal.reason}`);
  }
}

function sayLookupFailed({ groups, person, failed = '' }: RecordedRefusal, voice: MessageContext, subject: Subject): Phrase {
  if (groups !== undefined) return sayUnknownGroups(groups, voice);
  return voice.translator.translate('refusal.lookup_failed', { ...(person === undefined ? subject : other(person)), failed });
}

/** Who is named, and why too few of them can confirm. What Slack does not have is told by its ID. */
function sayTooFew(refusal: RecordedRefusal, voice: MessageContext, subject: Subject): Phrase {
  const { translator: words } = voice;
  const { permitted = nobody, able = [], gone = [], shortage = 'empty', count = 1, rule = '' } = refusal;
  const nameOf = (id: string, piece: Piece) => (gone.includes(id) ? code(id) : piece);
  const { users, groups } = permitted;
  const named = [...users.map((id) => nameOf(id, user(id))), ...groups.map((id) => nameOf(id, group(id)))];
  const people = words.all(firstOf(named, voice));
  if (able.length === 0) return words.translate('refusal.nobody_can_approve', { ...subject, shortage, people, rule });
  return words.translate('refusal.too_few_can_approve', { able: words.all(able.map(user)), count, people, rule });
}

/** By their IDs, as the configuration has them: a group that was deleted has no name. */
export function sayUnknownGroups(groups: readonly string[], voice: MessageContext): Phrase {
  const { translator: words } = voice;
  return words.translate('refusal.unknown_group', {
    groups: words.either(
      firstOf(
        groups.map((id) => code(id)),
        voice,
      ),
    ),
    count: groups.length,
  });
}

/** "@crm-leads may stop WKF110 in prod … Ask in #ops." */
function sayWhoMay(
  { channels = [] }: RecordedRefusal,
  order: Order | null,
  who: Subject & { readonly people: Phrase },
  voice: MessageContext,
): Phrase {
  const { translator: words } = voice;
  const where = { ...who, channels: words.either(channels.map(channel)) };
  if (order === null || isReadAction(order.verb)) return words.translate('refusal.not_permitted', where);
  const { verb, environment } = order;
  return words.translate('refusal.not_permitted_order', {
    ...where,
    verb,
    workflow: workflowName(order, voice),
    environment,
  });
}

/** A freeze of the configuration can hold any command, one that people put on holds what starts. */
function sayFrozen(
  { until = 0, because = '', request }: RecordedRefusal,
  order: Order | null,
  { translator: words, refer }: MessageContext,
): Phrase {
  const frozen = { until: time(until), because };
  return request == null
    ? words.translate('refusal.frozen', { ...frozen, verb: order?.verb ?? '' })
    : words.translate('refusal.frozen_by', { ...frozen, request: refer(request) });
}
