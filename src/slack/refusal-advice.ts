import type { webApi } from '@slack/bolt';
import type { Heard } from './watched-client.ts';

/** Errors of Slack that only the people who run the bot can end, and what they can do. */
const advice: Readonly<Record<string, string>> = {
  messages_tab_disabled:
    'Slack refuses all direct messages of the app, and an outcome that its thread cannot take reaches nobody. Turn on the Messages Tab: api.slack.com/apps, your app, App Home, Show Tabs. The manifest has it',
};

/** Logs what to do about an error when it comes for the first time. */
export function createRefusalAdvice(logger: Pick<webApi.Logger, 'warn'>): Heard {
  const given = new Set<string>();
  return (refusal) => {
    if (refusal === null || given.has(refusal)) return;
    const what = advice[refusal];
    if (what === undefined) return;
    given.add(refusal);
    logger.warn(`${what} (${refusal})`);
  };
}
