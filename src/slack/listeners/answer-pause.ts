import { setTimeout as wait } from 'node:timers/promises';
import type { Decision, Refusal } from '../../access/decision.ts';
import { code } from '../../locales/phrase.ts';
import { recordNow } from '../../requests/record.ts';
import type { Request } from '../../requests/request.ts';
import { type Actor, recordedRefusal } from '../../requests/rules/authorization.ts';
import { rightsOf } from '../answers/invocation.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { describePauseAnswer, pausedOrder } from '../messages/pause-reminder.ts';
import { describeRefusal } from '../messages/refusal.ts';
import { renderMessage } from '../render.ts';
import { draftOf, interactionOf, whyNot } from './ask-again.ts';
import type { CommandReply } from './command-reply.ts';
import { invocationOf, type PressedBody } from './interaction.ts';
import { recordedWithinMs } from './private-press.ts';
import { rateOf, tooMany } from './rates.ts';
import { recordOrder } from './typed-command.ts';

/** Asks for a resume of what is still paused, as if the person who presses had typed it, with the reason of the pause. */
export async function resumePaused(body: PressedBody, ports: ListenerPorts): Promise<CommandReply> {
  const request = await remindedOf(body, ports);
  if (request === null) return { now: noSuchReminder(body) };
  const exceeded = await ports.rates(body.user.id, rateOf('resume'));
  if (exceeded !== null) return { now: tooMany(exceeded) };
  const { resumes: _, due: __, ...order } = pausedOrder(request);
  const draft = draftOf({ order: { ...order, verb: 'resume' } }, ports);
  if (typeof draft === 'string') return { now: (context) => whyNot(draft, request, context) };
  const invocation = invocationOf(body, ports.team);
  const interaction = await interactionOf(request, invocation.person, ports);
  ports.replies.pass(invocation.interaction, interaction);
  return recordOrder({ ...draft, after: request.id }, { ...invocation, interaction }, ports);
}

/** Records that the workflow is to stay paused. That changes nothing at Campaign: whoever may pause or resume it may say so. */
export async function leavePaused(body: PressedBody, ports: ListenerPorts): Promise<CommandReply> {
  const exceeded = await ports.rates(body.user.id, 'decision');
  if (exceeded !== null) return { now: tooMany(exceeded) };
  const left = leave(body, ports);
  // Recorded before it is acknowledged, wherever Slack says soon enough who the person is.
  await Promise.race([left.catch(() => null), wait(recordedWithinMs, null, { ref: false })]);
  return {
    async later(localized) {
      const answer = await left;
      return answer === null ? null : answer(localized.contextFor([]));
    },
  };
}

/** Null: it is recorded, and the reminder will show it. */
async function leave(body: PressedBody, ports: ListenerPorts): Promise<LocalizedMessage | null> {
  const request = await remindedOf(body, ports);
  if (request === null) return noSuchReminder(body);
  const { person: by, team, channel, interaction } = invocationOf(body, ports.team);
  const refusal = await whyNotLeave(request, { person: by, team, channel }, ports);
  if (refusal !== null) {
    const recorded = recordedRefusal(refusal);
    return (context) => renderMessage([describeRefusal(recorded, pausedOrder(request), context)]);
  }
  let before: Request = request;
  await recordNow(request, ports, (current) => {
    before = current;
    return current.pauseReminder.answer === null
      ? [{ type: 'pause_answered', data: { choice: 'leave', by, interaction } }]
      : [];
  });
  ports.wake();
  return before.pauseReminder.answer === null ? null : (context) => renderMessage(describePauseAnswer(before, context));
}

async function whyNotLeave({ order }: Request, actor: Actor, ports: ListenerPorts): Promise<Refusal | null> {
  const environment = ports.environmentOf(order.organization);
  if (environment === null) return { reason: 'environment_gone' };
  const rights = await rightsOf(actor, ports);
  const workflowIds = order.workflows?.map(({ workflowId }) => workflowId) ?? [order.workflowId];
  const decisions = workflowIds.map(
    (workflowId): Decision => rights.may({ action: 'leave_paused', environment, workflowId, hasReason: true }),
  );
  const refusals = decisions.map((one) => (one.permitted ? null : one.refusal));
  const [first = null] = refusals;
  return refusals.includes(null) ? null : first;
}

/** The pause whose reminder has the button. Its channel may have another ID by now. */
async function remindedOf(
  { actions: [{ value }], channel, container }: PressedBody,
  { ledger, team }: ListenerPorts,
): Promise<Request | null> {
  const request = await ledger.load(value);
  if (request === null || request.team !== team) return null;
  const { about, done } = request.pauseReminder;
  const isHere = request.channel === channel.id || (done?.ts != null && container?.message_ts === done.ts);
  return about !== null && isHere ? request : null;
}

function noSuchReminder({ actions: [{ value: id }] }: PressedBody): LocalizedMessage {
  return ({ translator }) => renderMessage([translator.translate('press.no_such_request', { id: code(id) })]);
}
