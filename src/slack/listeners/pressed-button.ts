import type { PressChoice } from '../../commands/command.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import type { CommandReply } from './command-reply.ts';
import { isPrivateMessage, nameOf, type PressedBody, workspaceOf } from './interaction.ts';
import { pressPrivately } from './private-press.ts';
import { tooMany } from './rates.ts';
import { press } from './recording.ts';
import { answerDecision } from './typed-command.ts';

/** Records a press. Null: it is recorded, and its effect will show in the channel. */
export async function answerPress(
  choice: PressChoice,
  { user, team, channel, trigger_id, container, actions }: PressedBody,
  ports: ListenerPorts,
): Promise<CommandReply | null> {
  const exceeded = await ports.rates(user.id, 'decision');
  // One reply a minute: Slack accepts few replies, and each needs a call.
  if (exceeded !== null) return exceeded.isFirst ? { now: tooMany(exceeded) } : null;
  const [{ value }] = actions;
  const request = normalizeRequestId(value) ?? value;
  const from = workspaceOf({ team, user }, ports.team);
  const pressed = { request, choice, by: user.id, ...nameOf(user), from, channel: channel.id, interaction: trigger_id };
  if (isPrivateMessage({ channel, container })) return pressPrivately(pressed, 'message', ports);
  const messageTs = container?.message_ts ?? null;
  const result = await press(pressed, ports);
  const isSilent = result.ok && (result.written.kind === 'recorded' || result.written.kind === 'repeated');
  return isSilent ? null : answerDecision(result, { ...pressed, messageTs }, ports);
}
