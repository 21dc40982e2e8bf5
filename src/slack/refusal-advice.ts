import type { webApi } from '@slack/bolt';
import { isTemporary } from './slack-error.ts';
import type { ResponseListener } from './watched-client.ts';

/** Errors of Slack that only the people who run the bot can end, and what they can do. */
const advice: Readonly<Record<string, string>> = {
  accesslimited:
    'Slack does not take calls of the app from this network; what waits is tried again. Ask an administrator of the workspace which networks are allowed',
  messages_tab_disabled:
    'Slack refuses all direct messages of the app, and an outcome that its thread cannot take reaches nobody. Turn on the Messages Tab: api.slack.com/apps, your app, App Home, Show Tabs. The manifest has it',
};

/** Logs an error of Slack's, and what to do about it, when it comes for the first time. */
export function createRefusalAdvice(logger: Pick<webApi.Logger, 'warn'>): ResponseListener {
  const given = new Set<string>();
  return (refusal, method) => {
    if (refusal === null || given.has(refusal)) return;
    const what = adviceOn(refusal, method);
    if (what === null) return;
    given.add(refusal);
    logger.warn(`${what} (${method}: ${refusal})`);
  };
}

function adviceOn(refusal: string, method: string): string | null {
  const isWaitedFor = method.startsWith('chat.') && isTemporary(refusal);
  return advice[refusal] ?? (isWaitedFor ? 'Slack does not take messages now; they are tried again' : null);
}
