import { describe, expect, it } from '@jest/globals';
import { checkBlocks, lengthOfText, nameBlocks } from '../../../sandbox/slack/blocks.ts';

const text = (length: number) => 'x'.repeat(length);
const plain = (value: string) => ({ type: 'plain_text', text: value });
const mrkdwn = (value: string) => ({ type: 'mrkdwn', text: value });
const button = (other: object = {}) => ({ type: 'button', text: plain('Stop'), action_id: 'stop', ...other });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (nth: number) => ({ text: plain(text(75)), value: `${text(147)}${nth + 100}` });
const menu = (other: object = {}) => ({ type: 'static_select', action_id: 'which', options: [option(0)], ...other });
const section = (other: object) => ({ type: 'section', ...other });
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const richSection = (...elements: object[]) => rich({ type: 'rich_text_section', elements });
const times = (count: number, each: (nth: number) => object) => Array.from({ length: count }, (_, nth) => each(nth));

describe('blocks that Slack accepts', () => {
  it('are all that the bot may use, at their limits', () => {
    const confirm = {
      title: plain(text(100)),
      text: mrkdwn(text(300)),
      confirm: plain(text(30)),
      deny: plain(text(30)),
      style: 'danger',
    };
    const full = button({ text: plain(text(75)), value: text(2000), style: 'primary', confirm, action_id: text(255) });
    const blocks = [
      { type: 'header', text: plain(text(150)), block_id: text(255) },
      section({ text: mrkdwn(text(3000)), fields: times(10, () => mrkdwn(text(2000))), accessory: full }),
      { type: 'context', elements: times(10, () => plain('note')) },
      actions(...times(25, (nth) => button({ action_id: `stop-${nth}`, url: 'https://example.com/run' }))),
      actions(menu({ placeholder: plain(text(150)), options: times(100, option), initial_option: option(7) })),
      { type: 'divider' },
    ];
    expect(checkBlocks(blocks)).toEqual({ ok: true, blocks });
  });

  it('are rich text with every part and element', () => {
    const item = (value: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text: value }] });
    const blocks = [
      rich(
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'a', style: { bold: true, italic: true, strike: true, code: true } },
            { type: 'user', user_id: 'U0BOB', style: { bold: true } },
            { type: 'usergroup', usergroup_id: 'S0OPS' },
            { type: 'channel', channel_id: 'C0OPS' },
            { type: 'link', url: 'https://example.com', text: 'there' },
            { type: 'emoji', name: 'white_check_mark', unicode: '2705' },
            { type: 'date', timestamp: 1_700_000_000, format: '{time}', fallback: '10:13' },
          ],
        },
        { type: 'rich_text_list', style: 'bullet', indent: 1, border: 0, elements: [item('one'), item('two')] },
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'because' }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'SOP-330011' }] },
      ),
    ];
    expect(checkBlocks(blocks)).toEqual({ ok: true, blocks });
  });

  it('get IDs where they have none, and keep existing ones', () => {
    const checked = checkBlocks([
      { type: 'divider', block_id: 'mine' },
      actions({ type: 'button', text: plain('Go') }),
    ]);
    let count = 0;
    const named = nameBlocks(checked.ok ? checked.blocks : [], () => `id${++count}`);
    expect(named).toMatchObject([{ block_id: 'mine' }, { block_id: 'id1', elements: [{ action_id: 'id2' }] }]);
  });
});

describe('blocks that Slack refuses', () => {
  it.each<[string, unknown, string]>([
    ['no array', 'hello', 'Invalid input: expected array, received string [json-pointer:/blocks]'],
    ['51 blocks', times(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
    ['a block of an unknown type', [{ type: 'image' }], 'unsupported type: "image" [json-pointer:/blocks/0/type]'],
    ['a block without a type', [{}], 'unsupported type: none [json-pointer:/blocks/0/type]'],
    [
      'an unknown key',
      [{ type: 'divider', colour: 1 }],
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      'an empty text',
      [section({ text: mrkdwn('') })],
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a long text',
      [section({ text: mrkdwn(text(3001)) })],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty section', [section({})], 'missing required field: text or fields [json-pointer:/blocks/0/text]'],
    [
      '11 fields',
      [section({ fields: times(11, () => plain('x')) })],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a long field',
      [section({ fields: [plain(text(2001))] })],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: mrkdwn('x') }],
      'Invalid input: expected "plain_text" [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain(text(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['a header without text', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0/text]'],
    [
      '11 context elements',
      [{ type: 'context', elements: times(11, () => plain('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    ['no actions', [actions()], 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
    [
      'a menu with 101 options',
      [actions(menu({ options: times(101, option) }))],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'a menu without options',
      [actions(menu({ options: [] }))],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'an option with a long value',
      [actions(menu({ options: [{ ...option(0), value: text(151) }] }))],
      'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
    ],
    [
      'a button and a menu with one name',
      [actions(button(), menu({ action_id: 'stop' }))],
      '`action_id` already exists for another element [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      '26 actions',
      [actions(...times(26, (nth) => button({ action_id: `${nth}` })))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'an unknown element',
      [actions({ type: 'datepicker' })],
      'unsupported type: "datepicker" [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a long button',
      [actions(button({ text: plain(text(76)) }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a button in mrkdwn',
      [actions(button({ text: mrkdwn('x') }))],
      'Invalid input: expected "plain_text" [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'a long value',
      [actions(button({ value: text(2001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'a long action id',
      [actions(button({ action_id: text(256) }))],
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [
      'an unknown style',
      [actions(button({ style: 'warning' }))],
      'Invalid option: expected one of "primary"|"danger" [json-pointer:/blocks/0/elements/0/style]',
    ],
    ['an invalid link', [actions(button({ url: 'nowhere' }))], 'Invalid URL [json-pointer:/blocks/0/elements/0/url]'],
    [
      'a long confirm title',
      [actions(button({ confirm: { title: plain(text(101)), text: plain('x') } }))],
      'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
    ],
    [
      'a long confirm text',
      [actions(button({ confirm: { text: plain(text(301)) } }))],
      'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
    ],
    [
      'a long confirm button',
      [actions(button({ confirm: { text: plain('x'), confirm: plain(text(31)) } }))],
      'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
    ],
    [
      'two blocks with one name',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '`block_id` already exists for another block [json-pointer:/blocks/1/block_id]',
    ],
    [
      'two buttons with one name',
      [actions(button(), button())],
      '`action_id` already exists for another element [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'an empty rich text',
      [richSection({ type: 'text', text: '' })],
      'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
    ],
    [
      'an empty rich text section',
      [richSection()],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/elements]',
    ],
    [
      'an unknown rich element',
      [richSection({ type: 'poll' })],
      'unsupported type: "poll" [json-pointer:/blocks/0/elements/0/elements/0/type]',
    ],
    [
      'an unknown style of text',
      [richSection({ type: 'text', text: 'x', style: { blink: true } })],
      'invalid additional property: blink [json-pointer:/blocks/0/elements/0/elements/0/style]',
    ],
    [
      'a mention of a name',
      [richSection({ type: 'user', user_id: 'bob' })],
      'Invalid string: must match pattern /^[UW][A-Z0-9]{2,}$/ [json-pointer:/blocks/0/elements/0/elements/0/user_id]',
    ],
  ])('are %s', (_what, blocks, problem) => {
    expect(checkBlocks(blocks)).toEqual({ ok: false, problems: [problem] });
  });
});

it('counts the text at every depth', () => {
  expect(lengthOfText([section({ text: mrkdwn('12345'), accessory: button({ text: plain('123') }) })])).toBe(8);
});
