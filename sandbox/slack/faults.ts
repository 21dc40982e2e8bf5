import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Reply, rawReply, sendOutcome } from '../http/message.ts';

/**
 * The faults of a call. `drop_after` and `hang_after` execute it and send no response; `slow` and `held`
 * execute it late, also after the client has given up; all the others do not execute it. A rate limit without
 * seconds has no `Retry-After`.
 */
export type SlackFault =
  | { kind: 'error'; error: string }
  | { kind: 'rate_limited'; retryAfterSeconds: number | null }
  /** The response of a proxy or a CDN in place of Slack's. */
  | { kind: 'http'; status: number; body?: string; type?: string }
  | { kind: 'drop_before' }
  | { kind: 'drop_after' }
  | { kind: 'hang' }
  | { kind: 'hang_after' }
  | { kind: 'slow'; ms: number }
  /** Slow for as long as a test needs it. */
  | { kind: 'held'; until: Promise<void> };

export type Faults = {
  add: (method: string, fault: SlackFault, times?: number) => void;
  /** The fault of this call: the oldest one of the method that is not used up. */
  take: (method: string) => SlackFault | undefined;
  clear: () => void;
};

export function createFaults(): Faults {
  let planned: { method: string; fault: SlackFault; left: number }[] = [];
  return {
    add: (method, fault, times = Number.POSITIVE_INFINITY) => {
      planned.push({ method, fault, left: times });
    },
    take: (method) => {
      const next = planned.find((each) => each.method === method && each.left > 0);
      if (next) next.left -= 1;
      return next?.fault;
    },
    clear: () => {
      planned = [];
    },
  };
}

/** A reply, a connection that is closed without one, or one that stays open without one. */
export type SlackOutcome = Reply | 'drop' | 'hang';

export async function withFault(
  fault: SlackFault | undefined,
  run: () => Reply,
  closing: AbortSignal,
): Promise<SlackOutcome> {
  switch (fault?.kind) {
    case undefined:
      return run();
    case 'error':
      return { status: 200, body: { ok: false, error: fault.error } };
    case 'rate_limited':
      return rateLimited(fault.retryAfterSeconds);
    case 'http':
      return inSlacksPlace(fault);
    case 'drop_before':
      return 'drop';
    case 'drop_after':
      run();
      return 'drop';
    case 'hang':
      return 'hang';
    case 'hang_after':
      run();
      return 'hang';
    case 'slow':
      return (await waited(fault.ms, closing)) ? run() : 'hang';
    case 'held':
      return (await held(fault.until, closing)) ? run() : 'hang';
    default:
      return fault satisfies never;
  }
}

function inSlacksPlace({
  status,
  body = 'Something is wrong with Slack.',
  type,
}: SlackFault & { kind: 'http' }): Reply {
  return { status, body, ...(type !== undefined && { headers: { 'content-type': type } }) };
}

function rateLimited(seconds: number | null): Reply {
  const headers = seconds === null ? {} : { 'retry-after': String(seconds) };
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers };
}

/** False when the pretend Slack closed in the meantime. */
function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}

async function held(until: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const closed = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  await Promise.race([until, closed]);
  return !signal.aborted;
}

export function sendSlackOutcome(response: ServerResponse, outcome: SlackOutcome): void {
  sendOutcome(response, typeof outcome === 'object' ? rawReply(outcome) : outcome);
}
