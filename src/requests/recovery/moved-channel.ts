import type { ChannelStatus, Ports } from '../ports.ts';
import { recordNow } from '../record.ts';
import type { Request } from '../request.ts';

/**
 * Looks whether the request's channel has another ID now, and records it. What Slack says of the old ID is the only
 * proof that counts.
 */
export async function followChannel(
  request: Pick<Request, 'id' | 'channel'>,
  ports: Pick<Ports, 'ledger' | 'directory'>,
): Promise<ChannelStatus> {
  const now = await ports.directory.channelStatus(request.channel);
  if (now.kind !== 'moved') return now;
  const event = { type: 'moved', data: { channel: now.to } } as const;
  await recordNow(request, ports, ({ channel }) => (channel === request.channel ? [event] : []));
  return now;
}

/** Whether a post that Slack refused may be tried again under the channel's new ID. */
export async function hasMoved(
  request: Request,
  reason: string,
  ports: Pick<Ports, 'ledger' | 'directory'>,
): Promise<boolean> {
  return reason === 'channel_not_found' && (await followChannel(request, ports)).kind === 'moved';
}
