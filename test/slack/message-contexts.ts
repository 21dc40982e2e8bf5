import { code, link } from '../../src/locales/phrase.ts';
import { locales, translatorFor } from '../../src/locales/translator.ts';
import type { Checkpoint } from '../../src/requests/ledger/log/checkpoints.ts';
import type { MessageContext } from '../../src/slack/messages/message-context.ts';

const permalink = 'https://acme-marketing-operations.slack.com/archives/C0123456789/p1700000000000000';

export const checkpoint: Checkpoint = {
  size: 1_234,
  at: 1_700_000_000_000,
  root: '9ae1c38a'.repeat(8),
  note: `campaign-wf/0123456789abcdef\n1234\n${Buffer.from('9ae1c38a'.repeat(8), 'hex').toString('base64')}\n`,
};

/** Every language. */
export const contexts: readonly MessageContext[] = locales.map((locale) => ({
  translator: translatorFor(locale),
  botName: 'campaign-wf',
  checkpoint: () => checkpoint,
  refer: (id) => [link(permalink, id)],
}));

export const context: MessageContext = {
  translator: translatorFor('en'),
  botName: 'campaign-wf',
  checkpoint: () => checkpoint,
  refer: (id) => [code(id)],
};
