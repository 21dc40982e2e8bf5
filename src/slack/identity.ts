import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../requests/ports.ts';
import { backoffMs } from '../requests/retry-policy.ts';
import type { Scope } from './names.ts';
import { classifySlackError, failureReason, platformError, refusesToken } from './slack-error.ts';

/** Who the bot is in Slack, and where. */
export type Identity = {
  readonly team: string;
  /** The Enterprise Grid organization, if there is one. */
  readonly enterprise: string | null;
  readonly userId: string;
  /** As people mention it, without the `@`. */
  readonly name: string;
};

/** The client puts the header `x-oauth-scopes` among the metadata. */
const authTest = z.object({
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
  user_id: z.string(),
  user: z.string(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** A token for all workspaces of an organization; its `team_id` may be anything. */
const orgWide = z.object({ is_enterprise_install: z.union([z.literal(true), z.literal('true')]) });

/** Who the bot is, and what its token may do; null where Slack does not tell. */
export type Identified = { readonly identity: Identity; readonly scopes: readonly string[] | null };

/** Slack does not accept the token of that setting; no waiting mends that. The message is Slack's name for why. */
export class SlackRefusedError extends Error {
  override name = 'SlackRefusedError';
  readonly setting: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

  constructor(setting: SlackRefusedError['setting'], reason: string) {
    super(reason);
    this.setting = setting;
  }
}

/** The token is not one of a single workspace, and so says nothing of who belongs to it. */
export class OrgWideTokenError extends Error {
  override name = 'OrgWideTokenError';
}

type IdentifyOptions = { log: Log; random: () => number; signal: AbortSignal };

/** Asks Slack whose token this is, until it says so. Rejects with a SlackRefusedError when it says no, with an OrgWideTokenError, and when `signal` aborts. */
export async function identify(
  client: webApi.WebClient,
  { log, random, signal }: IdentifyOptions,
): Promise<Identified> {
  for (let attempts = 0; ; attempts++) {
    try {
      const answer = await unlessAborted(client.auth.test(), signal);
      if (orgWide.safeParse(answer).success) throw new OrgWideTokenError();
      return identified(authTest.parse(answer));
    } catch (error) {
      if (error instanceof OrgWideTokenError) throw error;
      const trouble = classifySlackError(error);
      const refusal = platformError(error);
      if (refusal !== null && refusesToken(refusal)) throw new SlackRefusedError('SLACK_BOT_TOKEN', refusal);
      log.warn({ trouble, reason: failureReason(error) }, 'Slack does not say who the bot is; trying again');
      await wait(backoffMs(attempts, random()), undefined, { signal });
    }
  }
}

function identified({
  team_id,
  enterprise_id,
  user_id,
  user,
  response_metadata,
}: z.output<typeof authTest>): Identified {
  const identity = { team: team_id, enterprise: enterprise_id ?? null, userId: user_id, name: user };
  return { identity, scopes: response_metadata?.scopes ?? null };
}

/** Slack may take its time, and who wants to stop does not. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.throwIfAborted();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, aborted]);
}

const unread =
  'an announcement of which Slack did not say whether it is posted ends as not sent, such an outcome is posted again, and what is open at a start ends as unknown';

/** What does not work without each. */
const without: Record<Scope, string> = {
  commands: 'nobody can type the slash command',
  'chat:write': 'nothing can be announced, so nothing is sent',
  'users:read': 'Slack does not say who somebody is, so every command is refused',
  'channels:read': 'Slack does not say what a public channel is, so every command in one is refused',
  'groups:read': 'Slack does not say what a private channel is, so every command in one is refused',
  'usergroups:read': 'where a user group is on a list, Slack does not say who is in it, so every command is refused',
  'channels:history': `in public channels, ${unread}`,
  'groups:history': `in private channels, ${unread}`,
};

/** A line for each scope that the manifest asks for and the token does not have. @param granted null: Slack did not say */
export function warnOfMissingScopes(granted: readonly string[] | null, log: Log): void {
  if (granted === null) return;
  for (const [scope, consequence] of Object.entries(without)) {
    if (!granted.includes(scope)) log.warn({ scope, consequence }, 'the app lacks a scope of the manifest');
  }
}
