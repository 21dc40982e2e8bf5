import type { Policy } from '../access/policy.ts';
import type { Vocabulary } from '../commands/vocabulary/vocabulary.ts';
import type { Locale } from '../locales/translator.ts';
import type { Database } from '../requests/ledger/open-ledger.ts';

/** How Slack reaches the bot. */
export type SlackMode =
  | { readonly kind: 'socket'; readonly appToken: string }
  | { readonly kind: 'http'; readonly signingSecret: string };

/** How access tokens for Campaign are come by. */
export type Credentials =
  | { readonly kind: 'ims'; readonly clientSecret: string; readonly scopes: string }
  | { readonly kind: 'fixed'; readonly accessToken: string };

/** One Campaign organization with what opens it. */
export type Environment = {
  /** What people type after `--env` and read in announcements. */
  readonly name: string;
  /** Whether announcements mark it as the one where real mailings go out. */
  readonly production: boolean;
  readonly organization: string;
  readonly clientId: string;
  readonly credentials: Credentials;
};

/** What `campaign-wf.yml` says, or the simple policy in its place. It can be read anew while the bot runs. */
export type Configuration = {
  readonly environments: readonly [Environment, ...Environment[]];
  readonly vocabulary: Vocabulary;
  readonly policy: Policy;
  /** How many requests one person may have open: stops, pauses and freezes, and as many others. */
  readonly openPerPerson: number;
};

/** Everything that can be set, checked. URLs end in a slash. */
export type Settings = {
  readonly slack: { readonly botToken: string; readonly mode: SlackMode; readonly apiUrl: string };
  /** `metricsPort`: null where metrics and readiness are on `port`. */
  readonly http: { readonly host: string; readonly port: number; readonly metricsPort: number | null };
  readonly campaign: { readonly apiUrl: string; readonly imsUrl: string };
  readonly configuration: Configuration;
  readonly database: Database;
  readonly locale: Locale;
  readonly logLevel: LogLevel;
};

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

const others = /(?:^|[-_\d])(?:stage|staging|dev|test|qa|uat|sandbox|int|preprod)(?:$|[-_\d])/i;

/**
 * Whether an environment of that name is taken for the one where real mailings go out. It is, unless the name says
 * otherwise: a test system that is marked as production is a nuisance, the reverse a danger.
 */
export function looksLikeProduction(name: string): boolean {
  return !others.test(name);
}
