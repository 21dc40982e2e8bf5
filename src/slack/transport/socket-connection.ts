import { setTimeout as wait } from 'node:timers/promises';
import bolt, { type SocketModeReceiver } from '@slack/bolt';
import { backoffMs } from '../../requests/backoff.ts';
import type { Log } from '../../requests/ports.ts';

const { WebAPIPlatformError } = bolt.webApi;

/** Refusals of `apps.connections.open` that no waiting mends. */
const fatal = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'not_allowed_token_type',
  'missing_scope',
  'user_removed_from_team',
  'team_disabled',
]);

/** Slack renews connections now and then, and the next one is opened at once; one that breaks sooner than this is a failure. */
const steadyMs = 5_000;

/** A socket that does not answer its closing is left behind. */
const closeWithinMs = 2_000;

export type SocketConnection = {
  isConnected(): boolean;
  close(): Promise<void>;
};

export type SocketOptions = {
  readonly receiver: SocketModeReceiver;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  /** It will never work again; called once. */
  readonly onLost: (reason: string) => void;
};

/**
 * Keeps a Socket Mode connection. The loop is our own because the client's reconnection ends the process
 * when it gives up; ours waits, tries again, and says so when it makes no sense any more.
 */
export function keepConnected(options: SocketOptions): SocketConnection {
  const { receiver, log, now, random } = options;
  const { client } = receiver;
  const closing = new AbortController();
  let connectedSince: number | null = null;

  /** Resolves when the connection has ended; rejects when there was none. */
  async function connection(): Promise<void> {
    const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    await client.start();
    connectedSince = now();
    log.info({}, 'connected to Slack');
    await ended;
  }

  /** One connection, from beginning to end. `lost`: Slack's refusal, where no other connection makes sense. */
  async function attempt(failures: number): Promise<{ failures: number; lost: string | null }> {
    const error = await connection().then(
      () => null,
      (reason: unknown) => reason,
    );
    const held = connectedSince !== null && now() - connectedSince >= steadyMs;
    connectedSince = null;
    if (!closing.signal.aborted) log.warn({ reason: error && String(error) }, 'no connection to Slack');
    return { failures: held ? 0 : failures + 1, lost: isFatal(error) ? error.data.error : null };
  }

  async function loop(): Promise<void> {
    let state = await attempt(0);
    while (!closing.signal.aborted) {
      if (state.lost !== null) return options.onLost(state.lost);
      const pauseMs = state.failures === 0 ? 0 : backoffMs(state.failures - 1, random());
      await wait(pauseMs, undefined, { signal: closing.signal });
      state = await attempt(state.failures);
    }
  }

  const looping = loop().catch(() => {});
  return {
    isConnected: () => connectedSince !== null,
    async close() {
      closing.abort();
      const closed = Promise.allSettled([client.disconnect(), looping]);
      await Promise.race([closed, wait(closeWithinMs, undefined, { ref: false })]);
    },
  };
}

function isFatal(error: unknown): error is InstanceType<typeof WebAPIPlatformError> {
  return error instanceof WebAPIPlatformError && fatal.has(error.data.error);
}
