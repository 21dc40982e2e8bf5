import type { Changes } from './changes.ts';
import type { Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

type Credentials = { botToken: string; appToken: string; signingSecret: string };

/** What every part of the pretend Slack needs of the others. */
export type SlackContext = {
  workspace: Workspace;
  credentials: Credentials;
  /** Whether the bot token is, for the time being. */
  revoked: boolean;
  /** Whether the app has the Messages tab, without which it writes to nobody directly. */
  messagesTab: boolean;
  /** Whether a reply to a message that is gone is refused; otherwise it is posted in the channel itself. */
  refusesLostReplies: boolean;
  /** The IDs that channels had, and the ones that they have now. */
  formerChannels: Map<string, string>;
  /** Of the bot token. */
  scopes: readonly string[];
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  baseUrl: string;
  changes: Changes;
  triggers: Triggers;
  now: () => number;
  /** Unlike any before: the name of a message within its channel, and its place in time. */
  nextTs: () => string;
  /** Aborted when the pretend Slack closes: ends what is still waiting. */
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
