import type { Invocation } from '../answers/invocation.ts';
import type { LocalizedPorts } from '../listener-ports.ts';

/** Why somebody who is not in the channel cannot use its form; null: the person is a member now. */
export async function notInChannel(
  { person, team, channel }: Pick<Invocation, 'person' | 'team' | 'channel'>,
  ports: Pick<LocalizedPorts, 'directory' | 'team'>,
): Promise<'form.not_in_channel' | 'waiting.channels_unknown' | null> {
  if (team !== ports.team) return 'form.not_in_channel';
  const member = await ports.directory.channelsOf(person);
  if (member.ok && member.channels.has(channel)) return null;
  return member.ok && member.isComplete ? 'form.not_in_channel' : 'waiting.channels_unknown';
}
