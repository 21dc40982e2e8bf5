import { isDeepStrictEqual } from 'node:util';
import { type AlertAnswer, isAlertAnswer, isOfWatch, isVerb } from '../../access/policy.ts';
import type { Verb, WatchChoice } from '../../commands/command.ts';
import { aliasOf } from '../../commands/vocabulary/vocabulary.ts';
import { code, user } from '../../locales/phrase.ts';
import type { Order } from '../../requests/events.ts';
import { type Request, workflowKey } from '../../requests/request.ts';
import { limits } from '../../requests/retry-policy.ts';
import { interactionAfter } from '../../requests/rules/asked-again.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import type { MessageContext } from '../messages/message-context.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { pressRefused } from '../messages/replies.ts';
import { renderMessage, stacked } from '../render.ts';
import type { CommandReply } from './command-reply.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { presetOf } from './open-form.ts';
import { rateOf, tooMany } from './rates.ts';
import type { OrderDraft } from './recording.ts';
import { recordOrder, severalAtOnce } from './typed-command.ts';

/**
 * A new request with the order of one that has expired, as if the person who presses had typed it. The button proves that
 * the announcement is the bot's own, also where the channel has another ID by now.
 */
export async function askAgain(body: PressedBody, ports: ListenerPorts): Promise<CommandReply> {
  const [{ value: id }] = body.actions;
  const request = await ports.ledger.load(id);
  if (request === null || request.team !== ports.team || !isItsChannel(request, body))
    return {
      now: ({ translator }) => renderMessage([translator.translate('press.no_such_request', { id: code(id) })]),
    };
  const { state } = request;
  if (state !== 'expired') return { now: (context) => pressRefused(request, { kind: 'too_late', state }, context) };
  const draft = draftOf(request, ports);
  if (typeof draft === 'string') return { now: (context) => whyNot(draft, request, context) };
  const exceeded = await ports.rates(body.user.id, rateOf(draft.verb));
  if (exceeded !== null) return { now: tooMany(exceeded) };
  const invocation = invocationOf(body, ports.team);
  const interaction = await interactionOf(request, invocation.person, ports);
  ports.replies.pass(invocation.interaction, interaction);
  const reply = await recordOrder(draft, { ...invocation, interaction }, ports);
  return 'now' in reply ? reply : withThoseOfOthers(reply, request, invocation.person);
}

/** The reply, with a link to somebody else's request for the same: whoever presses may rather decide on that. */
function withThoseOfOthers(
  { later }: Extract<CommandReply, { readonly later: unknown }>,
  request: Request,
  person: string,
): CommandReply {
  return {
    async later(localized) {
      const message = await later(localized);
      const asked = message === null ? null : await askedByOthers(request, person, localized);
      if (message === null || asked === null) return message;
      const { translator, refer } = localized.contextFor([asked]);
      const about = { person: [user(asked.requester)], request: refer(asked.id) };
      return stacked(message, renderMessage([translator.translate('press.asked_too', about)]));
    },
  };
}

/** How many of the newest requests for the workflow are looked at. */
const mostLookedAt = 10;

/** Somebody else's request for the same that waits for a decision in the channel. It holds up nobody. */
async function askedByOthers(
  { channel, order }: Request,
  person: string,
  { ledger }: Pick<ListenerPorts, 'ledger'>,
): Promise<Request | null> {
  const [{ workflowId } = order] = order.workflows ?? [];
  const key = workflowKey({ ...order, workflowId });
  const found = await ledger.recent({ channel, workflowKey: key, refused: false, limit: mostLookedAt });
  // Several workflows are found by the first of them.
  const asked = await Promise.all(found.map((one) => (one.batch === null ? one : ledger.load(one.batch))));
  const isWaiting = (one: Request) => one.state === 'awaiting_approval' && one.requester !== person;
  return asked.find((one) => one !== null && isWaiting(one) && isSame(one.order, order)) ?? null;
}

function isSame(one: Order, other: Order): boolean {
  const idsOf = ({ workflows = [] }: Order) => workflows.map(({ workflowId }) => workflowId).toSorted();
  return (
    one.verb === other.verb &&
    one.until === other.until &&
    isDeepStrictEqual([one.due, one.resumes], [other.due, other.resumes]) &&
    String(idsOf(one)) === String(idsOf(other))
  );
}

function isItsChannel({ channel, announcement }: Request, { channel: here, container }: PressedBody): boolean {
  return channel === here.id || (announcement.ts !== null && container?.message_ts === announcement.ts);
}

export type ChangeDraft = OrderDraft & { readonly verb: Verb | WatchChoice | AlertAnswer | 'freeze' | 'unfreeze' };
export type Impossible = 'environment_gone' | 'freeze_over';

/** The order in today's names. A freeze keeps the end that was announced. A reason that was erased is left out. */
export function draftOf({ order }: Pick<Request, 'order'>, ports: ListenerPorts): ChangeDraft | Impossible {
  const { verb, workflowId, organization, until } = order;
  const reason = order.reason ?? '';
  if (verb === 'freeze' || verb === 'unfreeze') {
    const environment = ports.environmentOf(organization);
    if (environment === null) return 'environment_gone';
    if (until !== undefined && until <= ports.now()) return 'freeze_over';
    return { verb, workflowId, alias: null, environment, reason, ...(until !== undefined && { until }) };
  }
  if (isAboutWatch(verb)) return ofWatch({ verb, workflowId, organization, reason }, ports);
  if (order.workflows !== undefined) return severalOf(order, ports);
  const { verb: asked = null, workflow = null } = presetOf(order, ports) ?? {};
  if (asked === null || workflow === null || workflow.environment === null) return 'environment_gone';
  const alias = workflow.kind === 'alias' ? workflow.name : null;
  return { verb: asked, workflowId, alias, environment: workflow.environment, reason, ...timeOf(order) };
}

function isAboutWatch(verb: Order['verb']): verb is WatchChoice | AlertAnswer {
  return isOfWatch(verb) || isAlertAnswer(verb);
}

function ofWatch(
  {
    organization,
    ...order
  }: Pick<Order, 'workflowId' | 'organization'> & { verb: WatchChoice | AlertAnswer; reason: string },
  { environmentOf, vocabulary }: ListenerPorts,
): ChangeDraft | Impossible {
  const environment = environmentOf(organization);
  if (environment === null) return 'environment_gone';
  const alias = aliasOf({ ...order, environment }, vocabulary())?.name ?? null;
  return { ...order, alias, environment };
}

/** The time as it was typed: it counts from now. */
function timeOf({ due, resumes }: Order): Pick<Order, 'due' | 'resumes'> {
  return { ...(due && { due }), ...(resumes && { resumes }) };
}

/** Several workflows, by the names that they have today. */
export function severalOf(
  { verb, workflows = [], organization, reason, due }: Order,
  ports: ListenerPorts,
): ChangeDraft | Impossible {
  const environment = ports.environmentOf(organization);
  if (environment === null || !isVerb(verb)) return 'environment_gone';
  const vocabulary = ports.vocabulary();
  const named = workflows.map(({ workflowId: id }) => {
    return { id, alias: aliasOf({ workflowId: id, environment }, vocabulary)?.name ?? null };
  });
  const what = { verb, workflows: named, environment, reason: reason ?? '' };
  // A moment is that of the end of a pause, which is never of several.
  return severalAtOnce(due === undefined || due.kind === 'moment' ? what : { ...what, due });
}

export function whyNot(why: Impossible, { order }: Request, context: MessageContext) {
  return renderMessage([
    why === 'freeze_over'
      ? context.translator.translate('press.freeze_over')
      : describeRefusal({ reason: why }, order, context),
  ]);
}

/**
 * The interaction under which the new request is recorded, so that several clicks of one person make one request. Once
 * that has ended for some seconds, a press means another.
 */
export async function interactionOf(
  { id }: Pick<Request, 'id'>,
  person: string,
  { ledger, now }: ListenerPorts,
): Promise<string> {
  let last = id;
  for (let tries = 0; tries < limits.askAgain.most; tries += 1) {
    const earlier = await ledger.requestOf(interactionAfter(last, person));
    const isOver = earlier?.end != null && now() >= earlier.end.at + limits.askAgain.sameWithinMs;
    if (earlier === null || !isOver) break;
    last = earlier.id;
  }
  return interactionAfter(last, person);
}
