import { allWorkflows } from '../../access/patterns.ts';
import type { AlertAnswer } from '../../access/policy.ts';
import type { Verb } from '../../commands/command.ts';
import type { Order } from '../../requests/events.ts';
import { limits } from '../../requests/retry-policy.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { watchedOrder, watchedWorkflow } from '../messages/watch-buttons.ts';
import { renderMessage } from '../render.ts';
import { draftOf, interactionOf } from './ask-again.ts';
import type { CommandReply } from './command-reply.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { rateOf, tooMany } from './rates.ts';
import { recordOrder } from './typed-command.ts';

/** An alert can stand for weeks: its clicks are not counted from the first one. */
const dayMs = 86_400_000;

/** Asks for what a button of an alert says: a command to its workflow, as if the person who presses had typed it, or an answer. */
export function askOnAlert(verb: Verb | AlertAnswer) {
  return async (body: PressedBody, ports: ListenerPorts): Promise<CommandReply> => {
    const exceeded = await ports.rates(body.user.id, rateOf(verb));
    if (exceeded !== null) return { now: tooMany(exceeded) };
    const order = { ...orderIn(body), verb };
    const draft = draftOf({ order }, ports);
    if (typeof draft === 'string') {
      return { now: (context) => renderMessage([describeRefusal({ reason: 'environment_gone' }, order, context)]) };
    }
    const invocation = invocationOf(body, ports.team);
    const now = ports.now();
    // Several clicks of one person make one request.
    const day = Math.floor(now / dayMs);
    const place = { id: `alert ${invocation.channel} ${body.container?.message_ts ?? ''} ${verb} ${day}` };
    const interaction = await interactionOf(place, invocation.person, ports);
    ports.replies.pass(invocation.interaction, interaction);
    const until = verb === 'mute' ? { until: now + limits.watch.muteMs } : {};
    return recordOrder({ ...draft, ...until }, { ...invocation, interaction }, ports);
  };
}

/** A status of the workflow that the button is about, or of its environment. */
function orderIn({ actions: [{ value }] }: PressedBody): Order {
  const { organization, workflowId } = watchedWorkflow(value);
  return watchedOrder({ organization, workflowId: workflowId || allWorkflows, environment: '', alias: null });
}
