import { code, link } from '../../src/locales/phrase.ts';
import { locales, wordsOf } from '../../src/locales/words.ts';
import type { Voice } from '../../src/slack/messages/voice.ts';

const permalink = 'https://acme-marketing-operations.slack.com/archives/C0123456789/p1700000000000000';

/** Every language. */
export const voices: readonly Voice[] = locales.map((locale) => ({
  words: wordsOf(locale),
  botName: 'campaign-wf',
  refer: (id) => [link(permalink, id)],
}));

export const voice: Voice = { words: wordsOf('en'), botName: 'campaign-wf', refer: (id) => [code(id)] };
