import type { ApprovalChoice } from '../../commands/command.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import type { ListenerPorts } from '../listener-ports.ts';
import { type PressedBody, workspaceOf } from './interaction.ts';
import { tooMany } from './rates.ts';
import { press } from './recording.ts';
import { answerDecision, type CommandReply } from './typed-command.ts';

/** Writes a press down. Null: it is recorded, and what follows shows in the channel. */
export async function answerPress(
  choice: ApprovalChoice,
  { user, team, channel, trigger_id, container, actions }: PressedBody,
  ports: ListenerPorts,
): Promise<CommandReply | null> {
  const exceeded = await ports.rates(user.id, 'decision');
  // Once within a minute: Slack takes few replies, and each costs a call.
  if (exceeded !== null) return exceeded.isFirst ? { now: tooMany(exceeded) } : null;
  const [{ value }] = actions;
  const request = normalizeRequestId(value) ?? value;
  const from = workspaceOf({ team, user }, ports.team);
  const pressed = { request, choice, by: user.id, from, channel: channel.id, interaction: trigger_id };
  const result = await press(pressed, ports);
  const silent = result.ok && (result.written.kind === 'recorded' || result.written.kind === 'repeated');
  const messageTs = container?.message_ts ?? null;
  return silent ? null : answerDecision(result, { ...pressed, messageTs }, ports);
}
