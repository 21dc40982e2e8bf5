import type { Postponement } from '../attempt-results.ts';
import type { ChannelStatus, Ports } from '../ports.ts';
import { recordNow } from '../record.ts';
import type { Request } from '../request.ts';
import { backoffMs, limits } from '../retry-policy.ts';

/**
 * Checks whether the request's channel has another ID now, and records it. Slack's response for the old ID is the only
 * accepted proof.
 *
 * @param oldestMs the maximum age of Slack's response
 */
export async function followChannel(
  request: Pick<Request, 'id' | 'channel'>,
  ports: Pick<Ports, 'ledger' | 'directory'>,
  oldestMs?: number,
): Promise<ChannelStatus> {
  const now = await newestId(request.channel, ports, oldestMs);
  if (now.kind !== 'moved') return now;
  const event = { type: 'moved', data: { channel: now.to } } as const;
  await recordNow(request, ports, ({ channel }) => (channel === request.channel ? [event] : []));
  return now;
}

/** Which ID the channel has now: it may have changed more than once since the last look-up. */
export async function newestId(
  channel: string,
  { directory }: { readonly directory: Pick<Ports['directory'], 'channelStatus'> },
  oldestMs?: number,
): Promise<ChannelStatus> {
  let now = await directory.channelStatus(channel, oldestMs);
  for (let changes = 1; now.kind === 'moved' && changes < limits.movedChannel.changes; changes++) {
    if (now.to === channel) return { kind: 'same' };
    const next = await directory.channelStatus(now.to, oldestMs);
    if (next.kind === 'same') return now;
    now = next;
  }
  return now;
}

/**
 * When to retry a call that Slack refused under the request's channel ID: at once where the channel
 * has another ID now, later where Slack does not return one. Null: a retry does not help.
 */
export async function retryInNewChannel(
  request: Request,
  attempts: number,
  ports: Pick<Ports, 'ledger' | 'directory' | 'now' | 'random'>,
): Promise<Postponement | null> {
  // The refusal contradicts Slack's earlier response.
  const now = await followChannel(request, ports, 0);
  if (now.kind === 'moved') return { notBefore: ports.now() };
  if (now.kind !== 'unknown' || now.retryAfterMs === null) return null;
  return { notBefore: ports.now() + Math.max(now.retryAfterMs, backoffMs(attempts, ports.random())) };
}
