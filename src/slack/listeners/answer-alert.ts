import type { Decision, Refusal } from '../../access/decision.ts';
import { type Verb, verbs } from '../../commands/command.ts';
import { time, user } from '../../locales/phrase.ts';
import type { Order } from '../../requests/events.ts';
import { workflowKey } from '../../requests/request.ts';
import { limits } from '../../requests/retry-policy.ts';
import { type Actor, recordedRefusal } from '../../requests/rules/authorization.ts';
import { rightsOf } from '../answers/invocation.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { describeCondition, describeLeft } from '../messages/watch-alert.ts';
import { watchedOrder, watchedWorkflow } from '../messages/watch-buttons.ts';
import { renderMessage } from '../render.ts';
import { concernsCommand } from './answer-pause.ts';
import { draftOf, interactionOf } from './ask-again.ts';
import type { CommandReply } from './command-reply.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { rateOf, tooMany } from './rates.ts';
import { recordOrder } from './typed-command.ts';

/** Asks for a command to the workflow of an alert, as if the person who presses had typed it. */
export function commandOnAlert(verb: Verb) {
  return async (body: PressedBody, ports: ListenerPorts): Promise<CommandReply> => {
    const exceeded = await ports.rates(body.user.id, rateOf(verb));
    if (exceeded !== null) return { now: tooMany(exceeded) };
    const order = { ...orderIn(body), verb };
    const draft = draftOf({ order }, ports);
    if (typeof draft === 'string') {
      return { now: (context) => renderMessage([describeRefusal({ reason: 'environment_gone' }, order, context)]) };
    }
    const invocation = invocationOf(body, ports.team);
    // Several clicks of one person make one request.
    const place = { id: `alert ${invocation.channel} ${body.container?.message_ts ?? ''} ${verb}` };
    const interaction = await interactionOf(place, invocation.person, ports);
    ports.replies.pass(invocation.interaction, interaction);
    return recordOrder(draft, { ...invocation, interaction }, ports);
  };
}

/** Mutes an alert. Whoever may ask for one of the commands to the workflow here may do that. */
export async function muteAlert(body: PressedBody, ports: ListenerPorts): Promise<CommandReply> {
  const exceeded = await ports.rates(body.user.id, 'decision');
  if (exceeded !== null) return { now: tooMany(exceeded) };
  return {
    async later(localized) {
      const { person, team, channel } = invocationOf(body, ports.team);
      const order = orderIn(body);
      const refusal = await whyNot(verbs, order, { person, team, channel }, ports);
      const { plainContext: context } = localized;
      const { translator } = context;
      if (refusal !== null) return renderMessage([describeRefusal(recordedRefusal(refusal), order, context)]);
      const place = { key: workflowKey(order), channel };
      const muted = await ports.ledger.watches.mute(place, { by: person, forMs: limits.watch.muteMs });
      if (muted === null) return renderMessage([translator.translate('watch.not_watched')]);
      const { until, by } = muted;
      ports.log.info({ ...place, by, until: new Date(until).toISOString() }, 'a watched workflow is muted');
      return renderMessage([translator.translate('watch.muted', { until: time(until), by: user(by) })]);
    },
  };
}

/** Says that it stays paused. Whoever may pause or resume it here may do that. */
export async function leaveAlert(body: PressedBody, ports: ListenerPorts): Promise<CommandReply> {
  const exceeded = await ports.rates(body.user.id, 'decision');
  if (exceeded !== null) return { now: tooMany(exceeded) };
  return {
    async later({ plainContext: context }) {
      const { person, team, channel } = invocationOf(body, ports.team);
      const order = orderIn(body);
      const refusal = await whyNot(['resume', 'pause'], order, { person, team, channel }, ports);
      if (refusal !== null) return renderMessage([describeRefusal(recordedRefusal(refusal), order, context)]);
      const place = { key: workflowKey(order), channel };
      const left = await ports.ledger.watches.leavePaused(place, person);
      if (left === null) return renderMessage([context.translator.translate('watch.not_watched')]);
      const { by, shown, terms } = left;
      if (by === null) return renderMessage([describeCondition(shown, terms, context)]);
      ports.log.info({ ...place, by }, 'a watched workflow is left paused');
      return renderMessage([describeLeft(by, context)]);
    },
  };
}

/** A status of the workflow that the button is about. */
function orderIn({ actions: [{ value }] }: PressedBody): Order {
  return watchedOrder({ ...watchedWorkflow(value), environment: '', alias: null });
}

async function whyNot(
  actions: readonly Verb[],
  { organization, workflowId }: Order,
  actor: Actor,
  ports: ListenerPorts,
): Promise<Refusal | null> {
  const environment = ports.environmentOf(organization);
  if (environment === null) return { reason: 'environment_gone' };
  const { may } = await rightsOf(actor, ports);
  const about = { environment, workflowId: workflowId === '' ? null : workflowId, hasReason: true };
  const decisions = actions.map((action): Decision => may({ ...about, action }));
  const refusals = decisions.map((one) =>
    one.permitted || concernsCommand.has(one.refusal.reason) ? null : one.refusal,
  );
  const [first = null] = refusals;
  return refusals.includes(null) ? null : first;
}
