import type { Changes } from './changes.ts';
import type { Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

type Credentials = { botToken: string; appToken: string; signingSecret: string };

/** What the parts of the pretend Slack share. */
export type SlackContext = {
  workspace: Workspace;
  credentials: Credentials;
  /** Whether the bot token is revoked. */
  revoked: boolean;
  /** Whether the app has the Messages tab. Without it direct messages are refused. */
  messagesTab: boolean;
  /** Whether the app was installed with the Home tab. */
  homeTab: boolean;
  /** Whether a reply to a deleted message is refused. Otherwise it is posted in the channel itself. */
  refusesLostReplies: boolean;
  /** The former IDs of channels, with their current ones. */
  formerChannels: Map<string, string>;
  /** Of the bot token. */
  scopes: readonly string[];
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  baseUrl: string;
  changes: Changes;
  triggers: Triggers;
  now: () => number;
  /** A new unique timestamp: the ID of a message within its channel, and its time. */
  nextTs: () => string;
  /** Aborted when the pretend Slack closes, which ends all waits. */
  closing: AbortSignal;
};

/** Slack's timestamps: seconds and six digits, always later than the one before. */
export function createTimestamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(now() * 1000, last + 100);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
}
