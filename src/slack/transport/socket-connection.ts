import { setTimeout as wait } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../requests/ports.ts';
import { backoffMs } from '../../requests/retry-policy.ts';
import { createTroubleLog } from '../../trouble-log.ts';
import { codeOf, failedCall } from '../call-result.ts';
import { SlackRefusedError } from '../identity.ts';
import { failureReason, platformError, refusesToken } from '../slack-error.ts';
import { watchSocket } from '../slack-troubles.ts';
import { closeWithinMs, openConnection } from './open-connection.ts';

/** Slack renews connections from time to time, and the next one is opened at once. A connection that ends sooner than this counts as failed. */
const steadyMs = 5_000;

/** The default time limit for `hello`: Slack sends it within a second. */
const defaultHelloWithinMs = 30_000;

export type SocketConnection = {
  isConnected(): boolean;
  close(): Promise<void>;
};

export type SocketOptions = {
  readonly receiver: SocketModeReceiver;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  /** Cancels the first connection; without effect afterwards. */
  readonly signal: AbortSignal;
  /** Called once, if no connection is possible any more after the first one. */
  readonly onLost: (reason: string) => void;
  /** The time limit for Slack's `hello` over a WebSocket. Default: 30,000. */
  readonly helloWithinMs?: number;
};

/**
 * Keeps a Socket Mode connection open. Waits for the first one as long as Slack is unavailable, and rejects with a
 * SlackRefusedError if Slack refuses it. The loop is our own because the client's reconnection ends the process when it
 * gives up. Ours retries with back-off, and calls `onLost` after a final refusal.
 */
export async function keepConnected(options: SocketOptions): Promise<SocketConnection> {
  const { log, now, random, signal, helloWithinMs = defaultHelloWithinMs } = options;
  const { client } = options.receiver;
  const trouble = watchSocket(createTroubleLog({ log, calmMs: 0 }));
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  let wasConnected = false;
  let connectedSince: number | null = null;
  let isInTrouble = false;

  /** Resolves when the connection has ended; rejects when there was none. */
  async function connection(): Promise<void> {
    const { ended } = await openConnection(client, helloWithinMs);
    connectedSince = now();
    const isFirst = !wasConnected;
    wasConnected = true;
    // Slack renews connections from time to time, and nobody has to read that.
    if (isInTrouble) trouble.worked();
    else if (isFirst) log.info({}, 'connected to Slack');
    isInTrouble = false;
    first.resolve();
    await ended;
  }

  /** One connection, from beginning to end. `lost`: Slack's final refusal, after which no connection is possible. */
  async function attempt(failures: number): Promise<{ failures: number; lost: string | null }> {
    const error = await connection().then(
      () => null,
      (reason: unknown) => reason,
    );
    const wasSteady = connectedSince !== null && now() - connectedSince >= steadyMs;
    connectedSince = null;
    if (!closing.signal.aborted && !wasSteady) failed(error);
    return { failures: wasSteady ? 0 : failures + 1, lost: fatalRefusal(error) };
  }

  /** Without an error, Slack has closed the connection. */
  function failed(error: unknown): void {
    isInTrouble = true;
    const { result, cause } = failedCall('apps.connections.open', error);
    const reason = result === 'fault' ? 'no_hello' : result;
    if (error === null) trouble.failed('closed', {});
    else trouble.failed(reason, { status: cause.status, code: codeOf(error), detail: failureReason(error) });
  }

  async function loop(): Promise<void> {
    let state = await attempt(0);
    while (!closing.signal.aborted) {
      if (state.lost !== null) return giveUp(state.lost);
      const pauseMs = state.failures === 0 ? 0 : backoffMs(state.failures - 1, random());
      await wait(pauseMs, undefined, { signal: closing.signal });
      state = await attempt(state.failures);
    }
  }

  function giveUp(reason: string): void {
    if (wasConnected) options.onLost(reason);
    else first.reject(new SlackRefusedError('SLACK_APP_TOKEN', reason));
  }

  async function close(): Promise<void> {
    closing.abort();
    const closed = Promise.allSettled([client.disconnect(), looping]);
    await Promise.race([closed, wait(closeWithinMs, undefined, { ref: false })]);
  }

  signal.throwIfAborted();
  signal.addEventListener('abort', () => first.reject(signal.reason), { once: true });
  const looping = loop().catch(() => {});
  try {
    await first.promise;
  } catch (error) {
    await close();
    throw error;
  }
  return { isConnected: () => connectedSince !== null, close };
}

/** Slack's error code if it refuses `apps.connections.open` and a retry would not help; otherwise null. */
function fatalRefusal(error: unknown): string | null {
  const refusal = platformError(error);
  return refusal !== null && (refusesToken(refusal) || refusal === 'missing_scope') ? refusal : null;
}
