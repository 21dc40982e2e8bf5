import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Phrase } from '../locales/phrase.ts';
import { plain, type Translator, translatorFor } from '../locales/translator.ts';
import type { Log } from '../requests/ports.ts';
import { backoffMs } from '../requests/retry-policy.ts';
import { type Scope, scopes } from './names.ts';
import { classifySlackError, failureReason, platformError, refusesToken } from './slack-error.ts';

/** The bot's account and workspace in Slack. */
export type Identity = {
  readonly team: string;
  /** The Enterprise Grid organization, if there is one. */
  readonly enterprise: string | null;
  readonly userId: string;
  /** The name by which people mention it, without the `@`. */
  readonly name: string;
  /** The workspace's address, such as `https://acme.slack.com/`; null if Slack does not say. */
  readonly workspace: string | null;
};

/** The client puts the header `x-oauth-scopes` among the metadata. */
const authTest = z.object({
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
  user_id: z.string(),
  user: z.string(),
  url: z
    .url({ protocol: /^https$/ })
    .optional()
    .catch(undefined),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** A token for all workspaces of an organization; its `team_id` means nothing. */
const orgWide = z.object({ is_enterprise_install: z.union([z.literal(true), z.literal('true')]) });

/** The bot's identity, and its token's scopes; null if Slack does not return them. */
export type Identified = { readonly identity: Identity; readonly scopes: readonly string[] | null };

/** Slack refuses the token of that setting, and a retry would not help. The message is Slack's error code. */
export class SlackRefusedError extends Error {
  override name = 'SlackRefusedError';
  readonly setting: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

  constructor(setting: SlackRefusedError['setting'], reason: string) {
    super(reason);
    this.setting = setting;
  }
}

/** The token is for a whole organization, so it does not tell which workspace people have to belong to. */
export class OrgWideTokenError extends Error {
  override name = 'OrgWideTokenError';
}

type IdentifyOptions = { log: Log; random: () => number; signal: AbortSignal };

/**
 * Asks Slack whose token this is, with retries. Rejects with a SlackRefusedError if Slack refuses the token, with an
 * OrgWideTokenError, and when `signal` aborts.
 */
export async function identify(
  client: webApi.WebClient,
  { log, random, signal }: IdentifyOptions,
): Promise<Identified> {
  for (let attempts = 0; ; attempts++) {
    try {
      return await unlessAborted(askIdentity(client), signal);
    } catch (error) {
      if (error instanceof OrgWideTokenError || error instanceof SlackRefusedError) throw error;
      const trouble = classifySlackError(error);
      // The trouble is logged with its beginning and its end (`slack-troubles.ts`); once, why the start waits.
      if (attempts === 0)
        log.warn({ trouble, reason: failureReason(error) }, 'Slack did not identify the bot; retrying');
      await wait(backoffMs(attempts, random()), undefined, { signal });
    }
  }
}

/** The same with one call. Also rejects where Slack cannot be reached. */
export async function askIdentity(client: webApi.WebClient): Promise<Identified> {
  try {
    const answer = await client.auth.test();
    if (orgWide.safeParse(answer).success) throw new OrgWideTokenError();
    return identified(authTest.parse(answer));
  } catch (error) {
    const refusal = platformError(error);
    throw refusal !== null && refusesToken(refusal) ? new SlackRefusedError('SLACK_BOT_TOKEN', refusal) : error;
  }
}

function identified({
  team_id,
  enterprise_id,
  user_id,
  user,
  url,
  response_metadata,
}: z.output<typeof authTest>): Identified {
  const identity = {
    team: team_id,
    enterprise: enterprise_id ?? null,
    userId: user_id,
    name: user,
    workspace: url ?? null,
  };
  return { identity, scopes: response_metadata?.scopes ?? null };
}

/** Rejects as soon as `signal` aborts, without waiting for Slack. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.throwIfAborted();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, aborted]);
}

/** The scopes of the manifest that are not granted. */
export function missingScopes(granted: readonly string[]): readonly Scope[] {
  return manifestScopes.filter((scope) => !granted.includes(scope));
}

const manifestScopes = Object.keys(scopes) as readonly Scope[];

/** What does not work without a scope. */
export function consequenceOf(scope: string, { translate }: Pick<Translator, 'translate'>): Phrase {
  return translate('doctor.consequence', { scope: scope.replace(':', '_') });
}

/**
 * Logs each scope of the manifest that the token lacks.
 *
 * @param granted null if Slack did not return them
 */
export function warnOfMissingScopes(granted: readonly string[] | null, log: Log): void {
  if (granted === null) return;
  for (const scope of missingScopes(granted)) {
    const consequence = plain(consequenceOf(scope, translatorFor('en')));
    log.warn({ scope, consequence }, 'the app lacks a scope of the manifest');
  }
}
