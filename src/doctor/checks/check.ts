import type { Translator } from '../../locales/translator.ts';
import type { KnownSettings } from '../../settings/known-settings.ts';
import type { Problem, Warning } from '../../settings/problem.ts';
import type { AdobeLogin } from '../adobe-login.ts';
import type { Finding } from '../finding.ts';
import type { SlackSession } from '../slack-session.ts';

/** What the checks look at, and with what. Questions that several checks have are asked once. */
export type CheckContext = {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Those of this process alone, without `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly known: KnownSettings;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
  readonly translator: Translator;
  /** Null: the settings for it are wrong. Rejects if Slack does not accept the token, or cannot be reached. */
  slack(): Promise<SlackSession> | null;
  readonly adobe: AdobeLogin;
  /** By how many milliseconds this machine's clock is ahead of Slack's, by the newest answer; null without one. */
  aheadOfSlack(): number | null;
  /** Aborts at the time limit. */
  readonly signal: AbortSignal;
};

export type Report = (finding: Finding) => void;

/** Looks at one area, and reports what it finds while it looks. */
export type Check = (context: CheckContext, report: Report) => Promise<void>;
