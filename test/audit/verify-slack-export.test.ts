import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { ops, requestId } from '../e2e/people.ts';
import { auditHere, runAudit } from './run-audit.ts';
import {
  followUpOf,
  otherMessage,
  outcomeOf,
  playRecord,
  type SlackRecord,
  writeExport,
} from './slack-record.fixture.ts';

let record: SlackRecord;
beforeAll(async () => {
  record = await playRecord();
});
afterAll(() => record?.sandbox.close());

/** The program with the place of the ledger, and without a token. */
function verifyExport(folder: string, args: readonly string[] = [], path = record.sandbox.ledgerPath) {
  return auditHere({ kind: 'sqlite', path }, ['verify', '--slack-export', folder, ...args]);
}

/** An export after a change, which is undone. */
function exportedAfter(change: (message: Message) => void, message: Message, withMetadata: boolean): string {
  const kept = structuredClone(message);
  change(message);
  const folder = writeExport(record.slack, { withMetadata });
  Object.assign(message, kept);
  return folder;
}

/** Replaces what people read, in the blocks alone. */
function inText(message: Message, from: string | RegExp, to: string): void {
  message.blocks = JSON.parse(JSON.stringify(message.blocks).replaceAll(new RegExp(from, 'g'), to));
}

describe.each([
  ['with metadata', true],
  ['without metadata', false],
])('an export %s', (_what, withMetadata) => {
  it('is compared without a token, and tells by itself who the bot is', async () => {
    const folder = writeExport(record.slack, { withMetadata });
    const args = ['verify', '--slack-export', folder];
    const { code, stdout, stderr } = await runAudit(`sqlite:${record.sandbox.ledgerPath}`, args);
    expect([code, stderr]).toEqual([0, '']);
    // Channels in which the bot is not a member are in an export, too.
    expect(stdout).toMatch(/\nSlack: 11 messages in 5 channels compared; the ledger fits\.\n$/);
  });

  it('names an outcome that people read as another one', async () => {
    const outcome = outcomeOf(record, record.rejected);
    const folder = exportedAfter((it) => inText(it, 'outcome rejected', 'outcome accepted'), outcome, withMetadata);
    const { code, stdout } = await verifyExport(folder);
    expect(code).toBe(1);
    const what = withMetadata ? 'what it shows of request' : 'it tells another outcome of request';
    expect(stdout).toContain(`, ts ${outcome.ts}: ${what} ${requestId(record.rejected)}`);
  });

  it('names a message of a request that the ledger lacks', async () => {
    const { stdout, code } = await verifyExport(writeExport(record.slack, { withMetadata }), [], record.earlyLedger);
    expect(code).toBe(1);
    expect(stdout).toContain(`#marketing (C0MKT), `);
    expect(stdout).toContain(`ts ${record.pause.ts}: the ledger has no request ${requestId(record.pause)}.`);
    expect(stdout).toMatch(/its checkpoint counts \d+, and the log has \d+ places/);
  });

  it('names messages that were deleted, also a follow-up, which shows no request', async () => {
    const { workspace } = record.slack;
    const all = workspace.messages;
    const followUp = followUpOf(record, record.stop);
    workspace.messages = all.filter((message) => message !== followUp && message !== record.cancelled);
    const folder = writeExport(record.slack, { withMetadata });
    workspace.messages = all;
    const { code, stdout } = await verifyExport(folder);
    expect(code).toBe(1);
    expect(stdout).toContain(`${requestId(record.stop)}: its follow-up of `);
    expect(stdout).toContain(`is gone from #ops (C0OPS) (ts ${record.cancelled.ts}).`);
    expect(stdout).toMatch(/Slack: 9 messages in 5 channels compared: 0 do not fit the ledger, 2 are missing\.\n$/);
  });

  it('counts what is newer than it, and a channel that it does not have', async () => {
    const { workspace } = record.slack;
    const { messages, channels } = workspace;
    workspace.messages = messages.filter(({ ts }) => ts < record.rejected.ts);
    workspace.channels = channels.filter(({ id }) => id !== 'C0MKT');
    const folder = writeExport(record.slack, { withMetadata });
    Object.assign(workspace, { messages, channels });
    const { code, stdout } = await verifyExport(folder);
    expect(stdout).toMatch(
      /^5 messages of the ledger are newer than the export, which ends at 20.*\nC0MKT cannot be read/,
    );
    expect(stdout).toContain('C0MKT cannot be read (not_in_export): 3 messages of the ledger were not compared.');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'Slack: 3 messages in 4 channels compared; the ledger fits.',
    ]);
  });

  it('names what somebody else wrote with the bot’s token, but not that the bot joined the channel', async () => {
    const { workspace } = record.slack;
    const at = Number(record.open.ts) * 1_000;
    const own = otherMessage(at + 60_000, { userId: 'U0BOT', botId: 'B0BOT', text: 'Stop WKF110: accepted.' });
    workspace.messages.push(own);
    const folder = writeExport(record.slack, { withMetadata });
    workspace.messages.pop();
    const joined = { type: 'message', subtype: 'channel_join', user: 'U0BOT', ts: '1577880000.000100', text: 'joined' };
    writeFileSync(join(folder, 'ops', '2020-01-01.json'), JSON.stringify([joined]));
    const { code, stdout } = await verifyExport(folder);
    expect(code).toBe(1);
    expect(stdout).toContain(`, ts ${own.ts}: the bot’s account posted this message, which names no request.`);
    expect(stdout).toMatch(/Slack: 12 messages in 5 channels compared: 1 does not fit the ledger, 0 are missing\.\n$/);
  });

  it('compares a checkpoint that stands by itself', async () => {
    const { workspace } = record.slack;
    const text = JSON.stringify(record.open.blocks);
    const at = Number(record.open.ts) * 1_000;
    const own = { userId: 'U0BOT', botId: 'B0BOT' };
    const post = (seconds: number, said: string) =>
      workspace.messages.push(otherMessage(at + seconds * 1_000, { ...own, text: `The record: ${said}` }));
    const [right = ''] = /\d+·[0-9a-f]{16}/.exec(text) ?? [];
    post(60, right);
    post(61, right.replace(/·.{4}/, '·0000'));
    const folder = writeExport(record.slack, { withMetadata });
    workspace.messages.splice(-2);
    const { code, stdout } = await verifyExport(folder);
    expect(code).toBe(1);
    expect(stdout).toContain(' is of another log.');
    expect(stdout).toMatch(/Slack: 13 messages in 5 channels compared: 1 does not fit the ledger, 0 are missing\.\n$/);
  });

  it('does not take another app’s message for one of the bot', async () => {
    const { workspace } = record.slack;
    const robot = { userId: 'U0ROBOT', botId: 'B0ROBOT', ts: (Number(record.stop.ts) + 1).toFixed(6) };
    workspace.messages.push({ ...structuredClone(record.stop), ...robot });
    const folder = writeExport(record.slack, { withMetadata });
    workspace.messages.pop();
    const { code, stdout } = await verifyExport(folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining('U0ROBOT posted this message')]);
  });
});

it('where the ledger knows none of the messages, two accounts that look like the bot need --bot-user', async () => {
  const { workspace } = record.slack;
  const robot = {
    userId: 'U0ROBOT',
    botId: 'B0ROBOT',
    ts: (Number(record.stop.ts) + 1).toFixed(6),
    channel: 'C0NOBOT',
  };
  workspace.messages.push({ ...structuredClone(record.stop), ...robot });
  const folder = writeExport(record.slack, { withMetadata: false });
  workspace.messages.pop();
  for (const name of ['ops', 'marketing']) {
    for (const file of readdirSync(join(folder, name))) rmSync(join(folder, name, file));
  }
  const other = { ...structuredClone(record.open), ts: (Number(record.open.ts) + 1).toFixed(6) };
  const raw = { ...other, user: 'U0BOT', metadata: undefined };
  writeFileSync(join(folder, 'nobot', '2020-01-01.json'), JSON.stringify([raw]));
  const unclear = await verifyExport(folder);
  expect([unclear.code, unclear.stderr]).toEqual([1, expect.stringContaining('Name its member ID: --bot-user U….\n')]);
  const named = await verifyExport(folder, ['--bot-user', 'U0BOT']);
  expect([named.code, named.stdout]).toEqual([
    1,
    expect.stringContaining('None of the ledger’s messages could be read'),
  ]);
  expect(named.stdout).toContain('U0ROBOT posted this message');
});

describe('is answered with one sentence:', () => {
  const bad: readonly (readonly [string, () => string, RegExp])[] = [
    ['no such folder', () => '/nowhere/export', /^\/nowhere\/export is no folder with a Slack export/],
    [
      'another folder',
      () => mkdtempSync(join(tmpdir(), 'campaign-wf-')),
      /is no folder with a Slack export: it has no channels\.json/,
    ],
    [
      'a file',
      () => join(writeExport(record.slack, { withMetadata: true }), 'channels.json'),
      /is no folder with a Slack export/,
    ],
    [
      'a list of channels that is none',
      () => broken('channels.json', '{"ok":true}'),
      /channels\.json cannot be read: .*\. Export it again\.$/,
    ],
    [
      'a day that is no JSON',
      () => broken('ops/2026-01-01.json', '[{"ts":'),
      /ops\/2026-01-01\.json cannot be read: .*JSON/,
    ],
    ['a day that is no list', () => broken('ops/2026-01-01.json', '"ts"'), /ops\/2026-01-01\.json cannot be read: /],
    ['a huge day', () => huge('ops/2026-01-01.json'), /ops\/2026-01-01\.json cannot be read: 200000000 bytes\. /],
  ];

  function broken(file: string, text: string): string {
    const folder = writeExport(record.slack, { withMetadata: true });
    writeFileSync(join(folder, file), text);
    return folder;
  }

  function huge(file: string): string {
    const folder = broken(file, '');
    truncateSync(join(folder, file), 200_000_000);
    return folder;
  }

  it.each(bad)('%s', async (_what, folder, sentence) => {
    const { code, stdout, stderr } = await verifyExport(folder());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('a channel whose name leads elsewhere, and entries that are no messages, are left out', async () => {
    const folder = writeExport(record.slack, { withMetadata: true });
    writeFileSync(join(folder, 'groups.json'), JSON.stringify([{ id: 'G1', name: '../../etc' }]));
    writeFileSync(join(folder, 'ops', '2026-01-02.json'), JSON.stringify([null, 7, { ts: 'now' }, { text: 'no ts' }]));
    mkdirSync(join(folder, 'ops', 'attachments'));
    const { code, stdout } = await verifyExport(folder);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Slack: 11 messages in 5 channels compared; the ledger fits.'),
    ]);
  });
});

it(`the bot’s own messages elsewhere do not hide what is missing in ${ops}`, async () => {
  const { workspace } = record.slack;
  const { messages } = workspace;
  workspace.messages = messages.map((message) =>
    message === record.cancelled ? { ...structuredClone(message), channel: 'C0NOBOT' } : message,
  );
  const folder = writeExport(record.slack, { withMetadata: true });
  workspace.messages = messages;
  const { code, stdout } = await verifyExport(folder);
  expect(code).toBe(1);
  expect(stdout).toContain(`${requestId(record.cancelled)}: its announcement of `);
  expect(stdout).toMatch(/#nobot \(C0NOBOT\), .*This is a second copy\./);
});
