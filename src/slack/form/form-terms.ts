import type { Refusal } from '../../access/decision.ts';
import type { Approval } from '../../access/policy.ts';
import type { Verb } from '../../commands/command.ts';
import type { Phrase } from '../../locales/phrase.ts';
import type { AskedApprovers, Order, OrderedMoments } from '../../requests/events.ts';
import { askedWithQuestion, lookUpApprovers } from '../../requests/rules/approver-lookup.ts';
import { recordedRefusal } from '../../requests/rules/authorization.ts';
import { questionEnd } from '../../requests/rules/due-time.ts';
import { emergencyOf } from '../../requests/rules/emergency.ts';
import type { Invocation, Rights } from '../answers/invocation.ts';
import type { AnswerPorts } from '../listener-ports.ts';
import { describeAsked } from '../messages/announcement.ts';
import { momentLines } from '../messages/announcement-status.ts';
import { describeOrder, type MessageContext, mention } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { describeBadMoment, type FormMoment } from './form-moment.ts';
import type { FormTerms } from './form-view.ts';
import type { Choice } from './read-form.ts';

/**
 * What a choice needs if it is sent now: a reason, and whose confirmation; when it is due; or why it would be refused. Null
 * where a look-up failed. Nothing depends on it: what is sent is judged anew.
 */
export async function termsOf(
  choice: Choice,
  moment: FormMoment | null,
  invocation: Pick<Invocation, 'person' | 'channel'>,
  rights: Rights,
  sources: AnswerPorts,
): Promise<FormTerms | null> {
  const context = sources.plainContext;
  const order = orderOf(choice, sources);
  if (moment !== null && moment.kind !== 'resolved') return termsOfTime(moment, sources, order);
  const moments = moment?.moments ?? {};
  const decision = rights.may({ ...questionOf(choice), hasReason: true, at: moments.dueAt });
  if (!decision.permitted) return refusedTerms(decision.refusal, order, context);
  const end = endOf(choice, moments, rights);
  if (end !== null) return refusedTerms(end, { ...order, verb: 'resume' }, context);
  const requester = invocation.person;
  const approvable = await lookUpApprovers({ ...invocation, requester }, decision, sources);
  const now = sources.now();
  const lastsMs = questionEnd(moments, now + (decision.approval?.withinMs ?? 0)) - now;
  const emergency = await emergencyOf({ ...invocation, requester }, decision, { approvable, lastsMs }, sources);
  if (approvable !== null && approvable.refusal !== null && emergency === null)
    return refusedTerms(approvable.refusal, order, context);
  const what = [describeOrder(order, context), ...momentLines(moments, context)];
  if (emergency?.isOnlyWay) {
    const people = mention(emergency.people, context);
    const after = context.translator.lasting(emergency.afterMs);
    return {
      lines: [...what, context.translator.translate('emergency.only_after', { people, after })],
      ...reasonTerms(choice, decision.rule, rights),
    };
  }
  const asked = approvable && askedWithQuestion(approvable);
  return {
    lines: [...what, describeApproval(choice.verb, decision.approval, asked, requester, context)],
    ...reasonTerms(choice, decision.rule, rights),
  };
}

/** Nothing but the time: while not everything is chosen, or where it cannot be then. */
export function termsOfTime(moment: FormMoment, sources: AnswerPorts, order: Order | null = null): FormTerms {
  const context = sources.plainContext;
  const lines =
    moment.kind === 'resolved'
      ? momentLines(moment.moments, context)
      : [context.translator.translate('form.would_refuse', { why: describeBadMoment(moment, sources) })];
  const what = order === null ? [] : [describeOrder(order, context)];
  return { lines: [...what, ...lines], isReasonRequired: false, reasonFormat: null };
}

/** Why the person may not resume when a pause ends; null if they may. */
function endOf(choice: Choice, { resumesAt: at }: OrderedMoments, { may }: Rights): Refusal | null {
  if (at === undefined) return null;
  const decision = may({ ...questionOf(choice), action: 'resume', hasReason: true, at });
  return decision.permitted ? null : decision.refusal;
}

function questionOf({ verb: action, environment, workflowId }: Choice) {
  return { action, environment, workflowId };
}

function orderOf(choice: Choice, { environments }: Pick<AnswerPorts, 'environments'>): Order {
  const { organization = '', production = false } =
    environments().find(({ name }) => name === choice.environment) ?? {};
  return { ...choice, organization, production, reason: '' };
}

function refusedTerms(refusal: Refusal, order: Order, context: MessageContext): FormTerms | null {
  if (refusal.reason === 'lookup_failed') return null;
  const why = describeRefusal(recordedRefusal(refusal), order, context);
  const line = context.translator.translate('form.would_refuse', { why });
  return { lines: [describeOrder(order, context), line], isReasonRequired: false, reasonFormat: null };
}

function reasonTerms(choice: Choice, rule: string, { here, may }: Rights): Omit<FormTerms, 'lines'> {
  const decision = may({ ...questionOf(choice), hasReason: false });
  const asks = here.kind === 'some' ? here.asks : [];
  return {
    isReasonRequired: !decision.permitted && decision.refusal.reason === 'reason_required',
    reasonFormat: asks.find(({ name }) => name === rule)?.reasonFormat?.hint ?? null,
  };
}

function describeApproval(
  verb: Verb,
  approval: Approval | null,
  asked: AskedApprovers | null,
  requester: string,
  context: MessageContext,
): Phrase {
  const { translator } = context;
  if (approval === null || asked === null) return translator.translate('form.needs_none', { verb });
  const isOwn = asked.groups.length === 0 && asked.users.every((id) => id === requester);
  if (isOwn) return translator.translate('form.needs_own');
  const within = translator.lasting(approval.withinMs);
  return translator.translate('form.needs_others', {
    needed: approval.count,
    people: describeAsked(asked, context),
    within,
  });
}
