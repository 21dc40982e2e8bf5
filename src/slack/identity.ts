import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { backoffMs } from '../requests/backoff.ts';
import type { Log } from '../requests/ports.ts';
import { platformError, troubleOf } from './slack-error.ts';

/** Who the bot is in Slack, and where. */
export type Identity = {
  readonly team: string;
  readonly userId: string;
  /** As people mention it, without the `@`. */
  readonly name: string;
};

const authTest = z.object({ team_id: z.string(), user_id: z.string(), user: z.string() });

/** Slack does not accept the token of that setting; no waiting mends that. The message is Slack's name for why. */
export class SlackRefusedError extends Error {
  override name = 'SlackRefusedError';
  readonly setting: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

  constructor(setting: SlackRefusedError['setting'], reason: string) {
    super(reason);
    this.setting = setting;
  }
}

type Patience = { log: Log; random: () => number; signal: AbortSignal };

/** Asks Slack whose token this is, until it says so. Rejects with a SlackRefusedError when it says no. */
export async function identify(client: webApi.WebClient, { log, random, signal }: Patience): Promise<Identity> {
  for (let attempts = 0; ; attempts++) {
    try {
      const { team_id, user_id, user } = authTest.parse(await client.auth.test());
      return { team: team_id, userId: user_id, name: user };
    } catch (error) {
      const trouble = troubleOf(error);
      const passes = trouble.kind !== 'refused' || trouble.reason === 'unreachable';
      if (!passes) throw new SlackRefusedError('SLACK_BOT_TOKEN', platformError(error) ?? 'no reason given');
      log.warn({ trouble }, 'Slack does not say who the bot is; trying again');
      await wait(backoffMs(attempts, random()), undefined, { signal });
    }
  }
}
