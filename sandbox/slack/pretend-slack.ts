import { startLoopbackServer } from '../http/loopback-server.ts';
import { METHODS } from './api/method-table.ts';
import type { ApiCall, MayAnswer } from './api/web-api.ts';
import { createChanges, waitFor } from './changes.ts';
import { createTimestamps, type SlackContext } from './context.ts';
import type { Delivery } from './delivery/deliver.ts';
import { createHttpDelivery, type RawPost } from './delivery/http.ts';
import type { DisconnectReason } from './delivery/socket-connections.ts';
import { createSocketDelivery } from './delivery/socket-envelopes.ts';
import { createFaults, type SlackFault } from './faults.ts';
import { deleteMessage, moveChannel } from './messages.ts';
import { createPeople, type People } from './people.ts';
import { describeWorkspace } from './print-channel.ts';
import { randomId } from './random-id.ts';
import { createRateLimits } from './rate-limits.ts';
import { createResponseUrls } from './response-urls.ts';
import { createRequestHandler } from './routes.ts';
import { createWorkspace, type WorkspaceSeed } from './seed.ts';
import { createTriggers } from './triggers.ts';
import { findMessage, type Workspace } from './workspace.ts';

export type { ApiCall, Delivery, SlackFault };

export type PretendSlackOptions = {
  /** Default: a free one. */
  port?: number;
  /** How interactions are delivered. Default: `http`. */
  mode?: 'http' | 'socket';
  workspace?: Partial<WorkspaceSeed>;
  /** Of the bot token. Default: all that the bot's manifest asks for. */
  scopes?: readonly string[];
  /** Whether the app was installed with the Messages tab. Default: as the bot's manifest has it. */
  messagesTab?: boolean;
  /** Whether the app was installed with the Home tab and its event. Default: as the bot's manifest has it. */
  homeTab?: boolean;
  /** How long the bot may take to connect or to acknowledge before a delivery fails. Default: 5,000. */
  timeoutMs?: number;
  /** Milliseconds since 1970. Default: the time of this machine. */
  now?: () => number;
  /** Default: always. */
  mayAnswer?: MayAnswer;
};

const MANIFEST_SCOPES = [
  'commands',
  'chat:write',
  'users:read',
  'channels:read',
  'groups:read',
  'usergroups:read',
  'channels:history',
  'groups:history',
];

export type PretendSlack = People & {
  /** `http://127.0.0.1:<port>/api/` */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** The live state. */
  workspace: Workspace;
  /** HTTP mode: the bot's URL for Slack's requests, `/slack/events`. */
  deliverTo: (url: string) => void;
  /** Delivers the same bytes once more: the same signature and timestamp, or the same envelope ID. */
  redeliver: (delivery: Delivery) => Promise<Delivery>;
  /** HTTP mode: signs and posts any body. */
  post: (raw: RawPost) => Promise<{ status: number; body: string }>;
  /** Adds a fault to a method of the Web API, or to `response_url`: `times` times, or until the faults are cleared. */
  fail: (method: string, fault: SlackFault, options?: { times?: number }) => void;
  clearFaults: () => void;
  /** Whether Slack's rate limits apply (a message a second in a channel, and so on). Off by default. */
  limitRates: (limited: boolean) => void;
  /** Whether every call with the bot token is refused as `token_revoked`. */
  revokeToken: (revoked: boolean) => void;
  /** Turns the app's Home tab on or off, as at api.slack.com. */
  showHomeTab: (shown: boolean) => void;
  /** Turns the app's Messages tab on or off, as at api.slack.com. */
  showMessagesTab: (shown: boolean) => void;
  /** Gives a channel another ID, as when it becomes private. `forgets`: Slack no longer knows the old one. */
  moveChannel: (from: string, to: string, how?: 'forgets') => void;
  /** Deletes a message, as an administrator does. */
  deleteMessage: (channel: string, ts: string) => void;
  /** Whether replies to a deleted message are refused as `thread_not_found`. Otherwise they come to the channel itself, and Slack answers without `thread_ts`. */
  refuseLostReplies: (refused: boolean) => void;
  /** Every call of the Web API, in the order of arrival. */
  calls: ApiCall[];
  /** Returns the unsubscribe function. */
  on: (event: 'change', listener: () => void) => () => void;
  /** Calls `find` after each change. Rejects after `timeoutMs` (default 10,000), with the channels at that time. */
  waitFor: <T>(find: (workspace: Workspace) => T | undefined | null | false, timeoutMs?: number) => Promise<T>;
  /** Socket Mode: closes the bot's connections. With a reason, announces it and lets the bot close them. */
  dropSockets: (reason?: DisconnectReason) => void;
  /** Socket Mode: refuses connections with this error. null accepts them again. */
  refuseSockets: (error: string | null) => void;
  /** Socket Mode: whether a new connection gets a `hello`. */
  greetSockets: (greeting: boolean) => void;
  /** Socket Mode: sends any text over the connections, well-formed or not. */
  sendFrame: (text: string) => void;
  socketCount: () => number;
  close: () => Promise<void>;
};

/** A simulation of Slack on loopback: the Web API, slash commands, buttons, shortcuts, modals and Socket Mode. */
export async function startPretendSlack(options: PretendSlackOptions = {}): Promise<PretendSlack> {
  const { mode = 'http', timeoutMs = 5_000, mayAnswer = () => true } = options;
  const server = await startLoopbackServer(options.port ?? 0);
  const closing = new AbortController();
  const context = createContext(options, server.url, closing.signal);
  const { workspace, changes, credentials } = context;

  const faults = createFaults();
  const limits = createRateLimits(context.now);
  const responseUrls = createResponseUrls(context);
  const http = createHttpDelivery(context, timeoutMs);
  const sockets = createSocketDelivery(context, timeoutMs);
  const calls: ApiCall[] = [];
  const methods = { ...METHODS, 'apps.connections.open': sockets.open };
  const api = { context, faults, limits, methods, calls, mayAnswer };
  server.serve(createRequestHandler({ api, responseUrls }), sockets.upgrade);
  const { seal } = mode === 'http' ? http : sockets;

  return {
    apiUrl: `${context.baseUrl}/api/`,
    ...credentials,
    workspace,
    deliverTo: http.deliverTo,
    ...createPeople(context, responseUrls, seal),
    redeliver: (delivery) => delivery.again(),
    post: http.post,
    fail: (method, fault, { times } = {}) => faults.add(method, fault, times),
    clearFaults: faults.clear,
    limitRates: limits.apply,
    revokeToken: (revoked) => {
      context.revoked = revoked;
    },
    moveChannel: (from, to, how) => moveChannel(context, from, to, how),
    deleteMessage: (channel, ts) => {
      const message = findMessage(workspace, channel, ts);
      if (message) deleteMessage(context, message);
    },
    refuseLostReplies: (refused) => {
      context.refusesLostReplies = refused;
    },
    showHomeTab: (shown) => {
      context.homeTab = shown;
    },
    showMessagesTab: (shown) => {
      context.messagesTab = shown;
    },
    calls,
    on: (_event, listener) => changes.on(listener),
    waitFor: (find, timeoutMs = 30_000) =>
      waitFor({
        changes,
        find: () => find(workspace),
        timeoutMs,
        closing: closing.signal,
        describe: () => describeWorkspace(workspace),
      }),
    dropSockets: sockets.drop,
    refuseSockets: sockets.refuse,
    greetSockets: sockets.greet,
    sendFrame: sockets.sendRaw,
    socketCount: sockets.count,
    close: () => {
      closing.abort();
      sockets.drop();
      return server.close();
    },
  };
}

function createContext(options: PretendSlackOptions, baseUrl: string, closing: AbortSignal): SlackContext {
  const { now = Date.now, scopes = MANIFEST_SCOPES, messagesTab = true, homeTab = true } = options;
  return {
    workspace: createWorkspace(options.workspace),
    credentials: {
      botToken: `xoxb-pretend-${randomId(12)}`,
      appToken: `xapp-pretend-${randomId(12)}`,
      signingSecret: randomId(24),
    },
    revoked: false,
    messagesTab,
    homeTab,
    refusesLostReplies: false,
    formerChannels: new Map(),
    scopes,
    baseUrl,
    changes: createChanges(),
    triggers: createTriggers(now),
    now,
    nextTs: createTimestamps(now),
    closing,
  };
}
