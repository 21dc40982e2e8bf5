import type { Policy } from '../access/policy.ts';
import type { Vocabulary } from '../commands/vocabulary/vocabulary.ts';
import type { Locale } from '../locales/translator.ts';
import type { Database } from '../requests/ledger/open-ledger.ts';
import type { WatchTerms } from '../requests/watches/watch-terms.ts';
import type { SigningKey } from '../transparency-log/keys.ts';

/** How Slack reaches the bot. */
export type SlackMode =
  | { readonly kind: 'socket'; readonly appToken: string }
  | { readonly kind: 'http'; readonly signingSecret: string };

/** How to obtain access tokens for Campaign. */
export type Credentials =
  | { readonly kind: 'ims'; readonly clientSecret: string; readonly scopes: string }
  | { readonly kind: 'fixed'; readonly accessToken: string };

/** One Campaign organization with its credentials. */
export type Environment = {
  /** The name that people type after `--env` and see in announcements. */
  readonly name: string;
  /** Whether announcements mark it as the one that sends real mailings. */
  readonly production: boolean;
  readonly organization: string;
  /** After what time Campaign stops what is paused, in milliseconds; null: nobody is reminded of pauses. */
  readonly pausesEndAfterMs: number | null;
  readonly clientId: string;
  readonly credentials: Credentials;
};

/** The content of `campaign-wf.yml`, or the simple policy instead. It can be reloaded while the bot runs. */
export type Configuration = {
  readonly environments: readonly [Environment, ...Environment[]];
  readonly vocabulary: Vocabulary;
  readonly policy: Policy;
  /** How many open requests one person may have: one limit for stops, pauses and freezes, and the same for all others. */
  readonly openPerPerson: number;
  /** The channel in which the checkpoint of the record is posted once a day; null: none. */
  readonly recordChannel: string | null;
  readonly watches: readonly WatchTerms[];
};

/** How the bot calls Slack. */
export type SlackAccess = { readonly botToken: string; readonly apiUrl: string };

/** All settings, validated. URLs end in a slash. */
export type Settings = {
  readonly slack: SlackAccess & { readonly mode: SlackMode };
  /** `metricsPort`: null if metrics and readiness are on `port`. */
  readonly http: { readonly host: string; readonly port: number; readonly metricsPort: number | null };
  readonly campaign: { readonly apiUrl: string; readonly imsUrl: string };
  readonly configuration: Configuration;
  readonly database: Database;
  /** Signs checkpoints, and marks events as the bot's; absent: neither. */
  readonly logKey?: SigningKey;
  /** The file to which each checkpoint is appended; absent: none. */
  readonly witnessFile?: string;
  readonly locale: Locale;
  /** Absent: the bot checks its set-up while it runs. */
  readonly selfCheck?: false;
  readonly logLevel: LogLevel;
};

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

const others = /(?:^|[-_\d])(?:stage|staging|dev|test|qa|uat|sandbox|int|preprod)(?:$|[-_\d])/i;

/**
 * Whether an environment with that name counts as production, which sends real mailings. It does, unless the name says
 * otherwise: a test system that is marked as production is a nuisance, the reverse is dangerous.
 */
export function looksLikeProduction(name: string): boolean {
  return !others.test(name);
}
