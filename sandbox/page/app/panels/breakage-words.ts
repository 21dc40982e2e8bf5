import type { BreakageName } from '../../breakages.ts';

export type Side = 'Campaign' | 'Slack';

type Words = { readonly side: Side; readonly about: string };

/** One line about each switch. */
export const breakageWords: Readonly<Record<BreakageName, Words>> = {
  'Campaign is slow': { side: 'Campaign', about: 'Every answer takes six seconds.' },
  'Campaign: too many requests (429)': {
    side: 'Campaign',
    about: 'The gateway refuses, and asks to wait five seconds. Nothing reaches Campaign.',
  },
  'Campaign: an error of its own (500)': {
    side: 'Campaign',
    about: 'It answers with an error; nobody knows whether it did what was asked.',
  },
  'Campaign: not available (503)': {
    side: 'Campaign',
    about: 'The gateway says that it is not available. Nothing reaches Campaign.',
  },
  'Campaign: token expired (401013)': { side: 'Campaign', about: 'The gateway refuses every token, new ones too.' },
  'Campaign: wrong organization': { side: 'Campaign', about: 'The entry answers with its general error.' },
  'Campaign: connection lost after sending': {
    side: 'Campaign',
    about: 'It does what was asked, and the connection breaks before it says so.',
  },
  'Adobe’s sign-in is down': { side: 'Campaign', about: 'There are no new tokens.' },
  'Slack’s limits: a message a second in a channel': {
    side: 'Slack',
    about: 'It takes no more than it documents, also of other calls.',
  },
  'Slack: too many requests (429)': { side: 'Slack', about: 'It takes nothing from the bot, and asks to wait.' },
  'Slack is down': { side: 'Slack', about: 'It answers everything from the bot with an error.' },
};
