import { z } from 'zod';
import type { Choice } from '../../commands/command.ts';
import { normalizeRequestId } from '../../commands/request-id.ts';
import type { Message } from '../render.ts';
import { type CommandPorts, press, pressMessage } from './typed-command.ts';

/** A press as Slack delivers it. On some installations `team` is null, and only the person has one. */
export const pressedBody = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  actions: z.tuple([z.object({ value: z.string().default('') })]),
});
export type PressedBody = z.output<typeof pressedBody>;

/** Writes a press down. Null: it is recorded, and what follows shows in the channel. */
export async function answerPress(
  choice: Choice,
  { user, team: where, channel, trigger_id, actions }: PressedBody,
  ports: CommandPorts,
): Promise<Message | null> {
  const [{ value }] = actions;
  const request = normalizeRequestId(value) ?? value;
  const by = { by: user.id, fromTeam: elsewhere(user.team_id ?? where?.id, ports.team) };
  const pressed = { request, choice, ...by, team: ports.team, channel: channel.id, interaction: trigger_id };
  const result = await press(pressed, ports);
  const silent = result.ok && (result.written.kind === 'recorded' || result.written.kind === 'repeated');
  return silent ? null : pressMessage(result, request, ports.plainVoice);
}

/** In a shared channel the other organization's people see our buttons, too: they are heard, judged and refused. */
function elsewhere(team: string | undefined, own: string): string | undefined {
  return team === own ? undefined : team;
}
