import { describe, expect, it } from '@jest/globals';
import { type Block, checkBlocks } from '../../../sandbox/slack/blocks.ts';
import { printChannel } from '../../../sandbox/slack/print-channel.ts';
import { createWorkspace } from '../../../sandbox/slack/seed.ts';
import type { Message, PrivateReply, Workspace } from '../../../sandbox/slack/workspace.ts';

const NOON = Date.UTC(2026, 0, 15, 12) / 1000;

function message(seconds: number, other: Partial<Message>): Message {
  return {
    channel: 'C0OPS',
    ts: `${NOON + seconds}.000100`,
    threadTs: null,
    userId: 'U0BOT',
    botId: 'B0BOT',
    appId: 'A0APP',
    text: '',
    blocks: [],
    metadata: null,
    replyBroadcast: false,
    edited: null,
    ...other,
  };
}

function privateReply(seconds: number, other: Partial<PrivateReply>): PrivateReply {
  const [at, ts] = [(NOON + seconds) * 1000, `${NOON + seconds}.000200`];
  const place = { channel: 'C0OPS', ts, user: 'U0ALICE', threadTs: null } as const;
  return { ...place, text: '', blocks: [], via: 'ack', responseUrl: null, at, ...other };
}

function workspaceWith(messages: Message[], privateReplies: PrivateReply[] = []): Workspace {
  return { ...createWorkspace(), messages, privateReplies };
}

function blocksOf(given: unknown): Block[] {
  const checked = checkBlocks(given);
  if (!checked.ok) throw new Error(checked.problems.join('\n'));
  return checked.blocks;
}

const linesOf = (printed: string) => printed.split('\n');

describe('a channel in the terminal', () => {
  const parent = message(0, { text: 'Stop?', edited: { userId: 'U0BOT', ts: `${NOON + 90}.000100` } });
  const workspace = workspaceWith(
    [
      parent,
      message(200, { userId: 'U0BOB', botId: null, text: 'lunch' }),
      message(120, { threadTs: parent.ts, text: 'Accepted.', replyBroadcast: true }),
    ],
    [
      privateReply(60, { text: 'Recorded.' }),
      privateReply(130, { user: 'U0DAVE', threadTs: parent.ts, text: 'You may not.' }),
    ],
  );

  it('shows time, name, marks and threads', () => {
    expect(linesOf(printChannel(workspace, 'C0OPS'))).toEqual([
      '#ops',
      '12:00  campaign-wf (edited)',
      '       Stop?',
      '    12:02  campaign-wf (also sent to the channel)',
      '           Accepted.',
      '    12:02  campaign-wf (only visible to dave)',
      '           You may not.',
      '12:01  campaign-wf (only visible to alice)',
      '       Recorded.',
      '12:03  bob',
      '       lunch',
    ]);
  });

  it('shows a person no private reply to somebody else, and times in their own zone', () => {
    const printed = printChannel(workspace, 'C0OPS', { as: 'U0ALICE' });
    expect(printed).toContain('13:01  campaign-wf (only visible to alice)');
    expect(printed).not.toContain('dave');
  });

  it('shows a reply to a deleted message, and reports a missing channel', () => {
    const orphan = workspaceWith([message(0, { threadTs: '1.0', text: 'alone' })]);
    expect(linesOf(printChannel(orphan, 'C0OPS'))).toEqual(['#ops', '12:00  campaign-wf', '       alone']);
    expect(printChannel(orphan, 'C0NOWHERE')).toBe('There is no channel C0NOWHERE.');
  });

  it('breaks long lines between words', () => {
    const printed = linesOf(printChannel(workspaceWith([message(0, { text: 'words '.repeat(50) })]), 'C0OPS'));
    expect(printed.length).toBeGreaterThan(4);
    expect(Math.max(...printed.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(printed.slice(2).every((line) => line.startsWith('       words'))).toBe(true);
  });
});

describe('the contents of a message', () => {
  const shown = (other: Partial<Message>) => {
    const lines = linesOf(printChannel(workspaceWith([message(0, other)]), 'C0OPS')).slice(2);
    return lines.map((line) => line.slice(7));
  };

  it('is its text where it has no blocks, with names, links, emoji and escapes resolved', () => {
    const text = [
      '<@U0BOB> <!subteam^S0OPS|@operators> <!subteam^S0LEADS> <#C0OPS|ops> <!here>',
      '<https://example.com|the page> <https://example.com>',
      ':octagonal_sign: :partyparrot: 1 &lt; 2 &amp;&amp; 3 <!date^1700000000^{time}|at ten>',
    ].join('\n');
    expect(shown({ text })).toEqual([
      '@bob @operators @leads #ops @here',
      'the page (https://example.com) https://example.com',
      '🛑 :partyparrot: 1 < 2 && 3 at ten',
    ]);
  });

  it('is its blocks where it has some', () => {
    const button = (text: string) => ({ type: 'button', text: { type: 'plain_text', text } });
    const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
    const blocks = blocksOf([
      { type: 'header', text: { type: 'plain_text', text: ':warning: Stop a workflow' } },
      { type: 'section', text: mrkdwn('*WKF110*'), fields: [mrkdwn('prod')], accessory: button('Details') },
      { type: 'divider' },
      { type: 'context', elements: [{ type: 'plain_text', text: '<@U0BOB> :x:', emoji: false }] },
      { type: 'actions', elements: [button('Stop workflow'), button('Keep running')] },
    ]);
    expect(shown({ text: 'fallback', blocks })).toEqual([
      '⚠️ Stop a workflow',
      '*WKF110*',
      'prod',
      '[ Details ]',
      '─'.repeat(20),
      '<@U0BOB> :x:',
      '[ Stop workflow ]  [ Keep running ]',
    ]);
  });

  it('is rich text with its mentions, dates, lists and quotes', () => {
    const text = (value: string, other: object = {}) => ({ type: 'text', text: value, ...other });
    const item = (value: string) => ({ type: 'rich_text_section', elements: [text(value)] });
    const section = [
      { type: 'user', user_id: 'U0BOB' },
      text(' asks '),
      { type: 'usergroup', usergroup_id: 'S0LEADS' },
      text(' in '),
      { type: 'channel', channel_id: 'C0OPS' },
      text(' to stop '),
      text('WKF110', { style: { code: true } }),
      text(' '),
      { type: 'emoji', name: 'eyes' },
      { type: 'emoji', name: 'sign', unicode: '1f6d1' },
      text(' by '),
      { type: 'date', timestamp: NOON, format: '{time}', fallback: 'noon' },
      text(', or '),
      { type: 'date', timestamp: NOON, format: '{time}' },
      text(', see '),
      { type: 'link', url: 'https://example.com', text: 'here' },
    ];
    const blocks = blocksOf([
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: section },
          { type: 'rich_text_list', style: 'bullet', elements: [item('one'), item('x '.repeat(60).trim())] },
          { type: 'rich_text_list', style: 'ordered', indent: 1, offset: 1, elements: [item('two')] },
          { type: 'rich_text_quote', elements: [text('because\nof this')] },
          { type: 'rich_text_preformatted', elements: [text('SOP-330011\n')] },
        ],
      },
    ]);
    expect(shown({ blocks })).toEqual([
      '@bob asks @leads in #ops to stop `WKF110` 👀🛑 by noon, or 2026-01-15T12:00:00.000Z, see here',
      '(https://example.com)',
      '• one',
      `• ${'x '.repeat(46).trim()}`,
      `  ${'x '.repeat(14).trim()}`,
      '  2. two',
      '> because',
      '> of this',
      '    SOP-330011',
    ]);
  });
});
