import { code, link } from '../../src/locales/phrase.ts';
import { locales, translatorFor } from '../../src/locales/translator.ts';
import type { MessageContext } from '../../src/slack/messages/message-context.ts';

const permalink = 'https://acme-marketing-operations.slack.com/archives/C0123456789/p1700000000000000';

/** Every language. */
export const contexts: readonly MessageContext[] = locales.map((locale) => ({
  translator: translatorFor(locale),
  botName: 'campaign-wf',
  refer: (id) => [link(permalink, id)],
}));

export const context: MessageContext = {
  translator: translatorFor('en'),
  botName: 'campaign-wf',
  refer: (id) => [code(id)],
};
