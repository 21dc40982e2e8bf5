import { expect, it } from '@jest/globals';
import { isPostedBy, postedMessage, slackMessage } from '../../src/audit/slack/posted-message.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { emptyOutbox } from '../../src/requests/watches/outbox.ts';
import { nothingSeen } from '../../src/requests/watches/watch-step.ts';
import { watchAlert, watchMetadata, watchReply } from '../../src/slack/messages/watch-alert.ts';
import { watchOf } from '../requests/watches/watching.fixture.ts';

const bot = 'U0BOT';

it('an alert is no part of the record, also in an export without metadata, and only if it is one', () => {
  const [terms, memory, outbox] = [watchOf('WKF110'), { ...nothingSeen, shown: 'erroneous' as const }, emptyOutbox];
  const checkpoint = () => ({ size: 0, at: 0, root: '', note: '' });
  const context = { translator: translatorFor('en'), botName: 'campaign-wf', checkpoint, refer: () => [] };
  const tried = { next: 'post', shown: 'erroneous', alert: 1, reply: 0, mutedUntil: null } as const;
  const message = { ts: '1.0', user: bot, ...watchAlert({ terms, memory, outbox, muted: null }, context) };
  const metadata = watchMetadata({ terms, tried }, 'erroneous');
  for (const one of [message, { ...message, metadata }, { ...message, blocks: undefined, metadata }]) {
    const read = slackMessage.parse(one);
    expect(postedMessage('C0OPS', read, isPostedBy(bot, read))).toBeNull();
  }
  for (const kind of ['change', 'normal', 'flapping'] as const) {
    const reply = watchReply({ number: 1, kind, condition: 'warning', at: 0 }, terms, context);
    const read = slackMessage.parse({ ts: '2.0', thread_ts: '1.0', user: bot, ...reply });
    expect(postedMessage('C0OPS', read, isPostedBy(bot, read))).toBeNull();
  }
  const other = slackMessage.parse({ ...message, blocks: [] });
  expect(postedMessage('C0OPS', other, isPostedBy(bot, other))).not.toBeNull();
});
