import type { BreakageName } from '../../breakages.ts';

export type Side = 'Campaign' | 'Slack';

type BreakageText = { readonly side: Side; readonly about: string };

/** A description of each switch. */
export const breakageTexts: Readonly<Record<BreakageName, BreakageText>> = {
  'Campaign is slow': { side: 'Campaign', about: 'Every response takes six seconds.' },
  'Campaign: too many requests (429)': {
    side: 'Campaign',
    about: 'The gateway refuses every request, with a Retry-After of five seconds. Nothing reaches Campaign.',
  },
  'Campaign: an error of its own (500)': {
    side: 'Campaign',
    about: 'It responds with an error. Whether it executed the command is unknown.',
  },
  'Campaign: not available (503)': {
    side: 'Campaign',
    about: 'The gateway responds that Campaign is not available. Nothing reaches Campaign.',
  },
  'Campaign: token expired (401013)': { side: 'Campaign', about: 'The gateway refuses every token, also new ones.' },
  'Campaign: wrong organization': { side: 'Campaign', about: 'Adobe’s entry responds with its general error.' },
  'Campaign: connection lost after sending': {
    side: 'Campaign',
    about: 'It executes the command, and the connection closes before the response.',
  },
  'Adobe’s sign-in is down': { side: 'Campaign', about: 'It issues no new tokens.' },
  'Slack’s limits: a message a second in a channel': {
    side: 'Slack',
    about: 'It applies its documented rate limits, also to other calls.',
  },
  'Slack: too many requests (429)': {
    side: 'Slack',
    about: 'It refuses every call of the bot, with a Retry-After of five seconds.',
  },
  'Slack is down': { side: 'Slack', about: 'It responds to every call of the bot with an error.' },
};
