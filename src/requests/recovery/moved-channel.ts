import type { Postponement } from '../attempt-results.ts';
import type { ChannelStatus, Ports } from '../ports.ts';
import { recordNow } from '../record.ts';
import type { Request } from '../request.ts';
import { backoffMs, limits } from '../retry-policy.ts';

/**
 * Looks whether the request's channel has another ID now, and records it. What Slack says of the old ID is the only
 * proof that counts.
 *
 * @param oldestMs how old Slack's answer may be
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

/** The ID may have changed more than once since Slack was last asked. */
async function newestId(
  channel: string,
  { directory }: Pick<Ports, 'directory'>,
  oldestMs: number | undefined,
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
 * When to try again what Slack does not do in the channel by the ID that the request has: at once where the channel
 * has another one now, later where Slack does not say. Null: trying again does not help.
 */
export async function retryInNewChannel(
  request: Request,
  attempts: number,
  ports: Pick<Ports, 'ledger' | 'directory' | 'now' | 'random'>,
): Promise<Postponement | null> {
  // What Slack has just refused contradicts what it said before.
  const now = await followChannel(request, ports, 0);
  if (now.kind === 'moved') return { notBefore: ports.now() };
  if (now.kind !== 'unknown' || now.retryAfterMs === null) return null;
  return { notBefore: ports.now() + Math.max(now.retryAfterMs, backoffMs(attempts, ports.random())) };
}
