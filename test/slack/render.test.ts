import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { webApi } from '@slack/bolt';
import fc from 'fast-check';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import type { UsageError } from '../../src/commands/grammar/parse-result.ts';
import { foreign } from '../../src/locales/phrase.ts';
import { plain } from '../../src/locales/translator.ts';
import { announcement } from '../../src/slack/messages/announcement.ts';
import { outcomeReply } from '../../src/slack/messages/replies.ts';
import { usageMessage } from '../../src/slack/messages/usage.ts';
import { type Message, renderMessage } from '../../src/slack/render.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import { autoApproved, dispatching, ended, requestWith, waiting } from './every-request.ts';
import { context } from './message-contexts.ts';
import { linesOf } from './shown-text.ts';

let slack: PretendSlack;
let client: webApi.WebClient;

beforeAll(async () => {
  slack = await startPretendSlack();
  client = clientOf(slack);
});
afterAll(() => slack.close());

/** The message as Slack stores it after a post over HTTP. */
async function posted({ text, blocks }: Message): Promise<{ text: string; blocks: object[] }> {
  const { ts } = await client.chat.postMessage({ channel: 'C0OPS', text, blocks });
  const message = slack.workspace.messages.find((each) => each.ts === ts);
  if (message === undefined) throw new Error('The message is missing.');
  expect(slack.workspace.mistakes).toEqual([]);
  return message;
}

const cleaned = (text: string) => plain([foreign(text)]);

const markup = fc.constantFrom(
  '<!channel>',
  '<!here|here>',
  '<@U0BOB>',
  '<#C0OPS|ops>',
  '<!subteam^S0LEADS>',
  '<https://evil.example|click>',
  '<mailto:a@b.example>',
  '<!date^1^{time}|x>',
  '*bold*',
  '_it_',
  '~no~',
  '`code`',
  '```',
  '&lt;!channel&gt;',
  '&amp;lt;',
  ':tada:',
  '> quote',
  '@channel',
  '\n• ',
  '\u202e',
  '\u200b',
);
const anyText = fc
  .array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** Everything in a message that is not text: other elements, and markup in the fallback. */
function nonText({ text, blocks }: Message): unknown {
  const elements = blocks.flatMap((block) =>
    block.type === 'rich_text' ? block.elements.map((part) => part.elements.filter(({ type }) => type !== 'text')) : [],
  );
  return { elements, markup: text.match(/<[^>]*>?/g) };
}

describe('a reason', () => {
  const question = (reason: string) => announcement(requestWith(waiting, { reason }), 'awaiting_approval', context);

  it('appears exactly as typed', async () => {
    const reason = 'WKF1 <!channel> & *x* <https://evil|click>';
    expect(linesOf(question(reason))).toContain(`@U0ALICE: ${reason}`);
    const { text, blocks } = await posted(question(reason));
    expect(text).not.toContain(reason);
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
  });

  it('is always text, and not in the notification', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (reason) => {
        fc.pre(cleaned(reason) !== '');
        const message = question(reason);
        expect(linesOf(message)).toContain(`@U0ALICE: ${cleaned(reason)}`);
        expect((await posted(message)).text).toBe((await posted(question('other'))).text);
      }),
      { numRuns: 100 },
    );
  });
});

describe('foreign text in any place', () => {
  const vocabulary = { environments: ['acme'], defaultEnvironment: 'acme', aliases: [] };
  const usage = (error: UsageError) => usageMessage(error, vocabulary, context);
  const places: Record<string, (foreign: string) => Message> = {
    'a reason': (reason) => announcement(requestWith(waiting, { reason: `x ${reason}` }), 'awaiting_approval', context),
    'an alias': (alias) => announcement(requestWith(waiting, { alias }), 'awaiting_approval', context),
    'an environment': (environment) =>
      announcement(requestWith(waiting, { environment }), 'awaiting_approval', context),
    'an answer': (text) => {
      const answer = { status: 500, text: `x ${text}`, adobeRequestId: `x ${text}` };
      return outcomeReply(
        requestWith([...autoApproved, dispatching, ended('unknown', { kind: 'crashed' }, answer)]),
        context,
      );
    },
    'an observation': (text) => {
      const observation = { kind: 'seen', reading: null, field: text, raw: text } as const;
      const unknown = ended('unknown', { kind: 'crashed' });
      return outcomeReply(
        requestWith([...autoApproved, dispatching, unknown, { type: 'observed', data: { observation } }]),
        context,
      );
    },
    'a misspelled name': (typed) => usage({ problem: 'bad_workflow', typed, suggestion: typed }),
    'an option': (typed) => usage({ problem: 'option_in_reason', typed }),
    'two names': (typed) => usage({ problem: 'second_workflow', first: typed, second: typed }),
    'known environments': (typed) =>
      usage({ problem: 'unknown_environment', typed, suggestion: null, known: [typed, typed] }),
  };

  it.each(Object.entries(places))('stays text: %s', (_place, write) => {
    const harmless = nonText(write('harmless'));
    fc.assert(
      fc.property(anyText, (text) => {
        const message = write(text);
        linesOf(message);
        expect(nonText(message)).toEqual(harmless);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a message', () => {
  it('keeps lines and styles, and mentions the right people', async () => {
    const at = Date.UTC(2026, 10, 10, 12, 30, 59);
    const message = renderMessage([
      [
        { kind: 'text', text: 'a <b> & c', styles: ['bold', 'code'] },
        { kind: 'user', id: 'U0BOB' },
      ],
      [
        { kind: 'group', id: 'S0LEADS' },
        { kind: 'text', text: '' },
        { kind: 'channel', id: 'C0OPS' },
        { kind: 'link', url: 'https://acme.slack.com/x', text: 'a|b>c' },
        { kind: 'time', at },
      ],
    ]);
    const seconds = at / 1000 - ((at / 1000) % 1);
    expect(message).toEqual({
      text: [
        'a &lt;b&gt; &amp; c<@U0BOB>',
        `<!subteam^S0LEADS><#C0OPS><https://acme.slack.com/x|a|b&gt;c><!date^${seconds}^{date_short_pretty} {time}|2026-11-10 12:30 UTC>`,
      ].join('\n'),
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'a <b> & c', style: { bold: true, code: true } },
                { type: 'user', user_id: 'U0BOB' },
              ],
            },
            {
              type: 'rich_text_section',
              elements: [
                { type: 'usergroup', usergroup_id: 'S0LEADS' },
                { type: 'channel', channel_id: 'C0OPS' },
                { type: 'link', url: 'https://acme.slack.com/x', text: 'a|b>c' },
                {
                  type: 'date',
                  timestamp: seconds,
                  format: '{date_short_pretty} {time}',
                  fallback: '2026-11-10 12:30 UTC',
                },
              ],
            },
          ],
        },
      ],
    });
    await posted(message);
  });
});

describe('what a screen reader reads of a button', () => {
  const spokenOf = async (spoken: string) => {
    const button = { actionId: 'go', value: 'x', label: 'Go', spoken };
    const { blocks } = await posted(renderMessage([[foreign('Go?')]], { buttons: [button] }));
    return (blocks[1] as { elements: readonly { accessibility_label: string }[] }).elements[0]?.accessibility_label;
  };

  it('is cut after whole characters to what Slack takes, which counts UTF-16 units', async () => {
    expect(await spokenOf('x'.repeat(75))).toBe('x'.repeat(75));
    expect(await spokenOf('x'.repeat(76))).toBe(`${'x'.repeat(74)}…`);
    expect(await spokenOf('😀'.repeat(37))).toBe('😀'.repeat(37));
    expect(await spokenOf('😀'.repeat(38))).toBe(`${'😀'.repeat(37)}…`);
    expect(await spokenOf(`x${'😀'.repeat(38)}`)).toBe(`x${'😀'.repeat(36)}…`);
  });
});
