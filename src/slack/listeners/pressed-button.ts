import { z } from 'zod';
import type { ApprovalChoice } from '../../commands/command.ts';
import { normalizeRequestId } from '../../commands/vocabulary/ids.ts';
import type { ListenerPorts } from '../ports.ts';
import { tooMany } from './rates.ts';
import { press } from './recording.ts';
import { answerDecision, type CommandReply } from './typed-command.ts';

/** A press as Slack delivers it. On some installations `team` is null, and only the person has one. */
export const pressedBody = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  container: z.object({ message_ts: z.string().optional() }).optional(),
  response_url: z.string().optional(),
  actions: z.tuple([z.object({ value: z.string().default('') })]),
});
export type PressedBody = z.output<typeof pressedBody>;

/** Where somebody did something: on Enterprise Grid a person's own workspace may be another one. */
export function workspaceOf({ team, user }: Pick<PressedBody, 'team' | 'user'>, own: string): string {
  return team?.id ?? user.team_id ?? own;
}

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
