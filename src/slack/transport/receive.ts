import bolt, { type HTTPReceiver, type SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../requests/ports.ts';
import type { SlackMode } from '../../settings/settings.ts';
import { boltLogger } from '../clients.ts';
import type { ClockWatch } from '../clock-watch.ts';
import { fetchFromSlack, proxyDispatcher, usesProxy } from '../fetch.ts';
import { guardFrames } from './open-connection.ts';
import { type TurnedAway, turnedAwayStatus } from './turned-away.ts';
import { connectionOf } from './turns.ts';

/**
 * How long Slack may leave the client's pings unanswered before the connection is given up. The client's own 5 s also pass in
 * a process that gets no processor for so long, or whose clock is set: what was being delivered would be lost with a
 * connection that works.
 */
const pongWithinMs = 15_000;

export type Reception =
  | { readonly kind: 'socket'; readonly receiver: SocketModeReceiver }
  | { readonly kind: 'http'; readonly receiver: HTTPReceiver; readonly signingSecret: string };

export type ReceiverPorts = {
  readonly log: Log;
  readonly clock: Pick<ClockWatch, 'begin'>;
  readonly turnedAway: TurnedAway;
};

/** Creates Bolt's receiver for the mode, without starting it. */
export function createReceiver(mode: SlackMode, apiUrl: string, ports: ReceiverPorts): Reception {
  const { log, clock } = ports;
  const logger = boltLogger(log);
  if (mode.kind === 'http') {
    const { signingSecret } = mode;
    return { kind: 'http', receiver: createHttpReceiver(signingSecret, ports), signingSecret };
  }
  const receiver = new bolt.SocketModeReceiver({
    appToken: mode.appToken,
    logger,
    autoReconnectEnabled: false,
    clientPingTimeout: pongWithinMs,
    // Without a proxy, the client's own dispatcher: it can close a socket that does not answer.
    ...(usesProxy() && { dispatcher: proxyDispatcher() }),
    // A new object: the client modifies it.
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl,
        timeout: 10_000,
        retryConfig: { retries: 0 },
        fetch: fetchFromSlack(30, clock),
      },
    },
  });
  guardFrames(receiver.client, log);
  return { kind: 'socket', receiver };
}

function createHttpReceiver(signingSecret: string, { log, turnedAway }: ReceiverPorts): HTTPReceiver {
  return new bolt.HTTPReceiver({
    signingSecret,
    // The endpoint in front of it has verified the signature, and the age more strictly (slack-endpoint.ts).
    signatureVerification: false,
    logger: boltLogger(log),
    customPropertiesExtractor: connectionOf,
    // Bolt's own handler logs each of them: one person could fill the log.
    unhandledRequestHandler({ request, response }) {
      turnedAway('unacknowledged', { from: request.socket.remoteAddress });
      if (!response.headersSent) response.writeHead(turnedAwayStatus('unacknowledged')).end();
    },
  });
}
