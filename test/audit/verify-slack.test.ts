import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SlackFault } from '../../sandbox/slack/pretend-slack.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { isLost } from '../../src/audit/slack/read-messages.ts';
import { ops, requestId } from '../e2e/people.ts';
import { auditHere, runAudit } from './run-audit.ts';
import {
  followUpOf,
  marketing,
  otherMessage,
  outcomeOf,
  playRecord,
  type SlackRecord,
  tampered,
  verifySlack,
} from './slack-record.fixture.ts';

let record: SlackRecord;
let undo: () => void;
beforeAll(async () => {
  record = await playRecord();
  undo = keptState(record);
});
afterEach(() => undo());
afterAll(() => record?.sandbox.close());

/** Returns what puts Slack back into its present state. The messages stay the same objects: the record names some of them. */
function keptState({ slack }: SlackRecord): () => void {
  const { workspace } = slack;
  const messages = workspace.messages.map((message) => ({ message, kept: structuredClone(message) }));
  const channels = structuredClone(workspace.channels);
  return () => {
    workspace.messages = messages.map(({ message, kept }) => {
      delete message.isTombstone;
      return Object.assign(message, structuredClone(kept));
    });
    workspace.channels = structuredClone(channels);
    slack.clearFaults();
    slack.limitRates(false);
    slack.revokeToken(false);
  };
}

const link = /^#(ops|marketing) \((?<id>C0\w+)\), [\dT:.-]+Z, https:\/\/acme\.slack\.com\/archives\/\k<id>\/p\d{16}/;

function lineWith(stdout: string, text: string): string {
  return stdout.split('\n').find((line) => line.includes(text)) ?? `no line with “${text}” in:\n${stdout}`;
}

function later({ ts }: Message, seconds: number): string {
  return (Number(ts) + seconds).toFixed(6);
}

/** As a message shows the checkpoint of this note. */
function shortOf(note: string): string {
  const [, size, root = ''] = note.split('\n');
  return `${size}·${Buffer.from(root, 'base64').toString('hex').slice(0, 16)}`;
}

function payloadOf({ metadata }: Message): Record<string, string | number | boolean> {
  if (metadata === null) throw new Error('the message has no metadata');
  return metadata.event_payload;
}

it('a record fits the channels that the bot wrote, by its ledger and its token alone', async () => {
  const { code, stdout, stderr } = await verifySlack(record, [], { env: {} });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^6 requests with \d+ events: every one .*\nThe log with \d+ places is whole\.\n/);
  expect(stdout).toMatch(/\nSlack: 11 messages in 4 channels compared; the ledger fits\.\n$/);
});

type Change = {
  readonly what: string;
  change(record: SlackRecord): Message;
  readonly line: string;
  readonly flawed?: number;
};

/** What somebody with the bot's token, or an administrator, can do to its messages. */
const changes: readonly Change[] = [
  {
    what: 'an outcome whose metadata tells another one',
    change(played) {
      const outcome = outcomeOf(played, played.rejected);
      payloadOf(outcome).outcome = 'accepted';
      return outcome;
    },
    line: 'it tells another outcome of request ID than the ledger.',
  },
  {
    what: 'an outcome whose digest is another one',
    change(played) {
      const outcome = outcomeOf(played, played.stop);
      payloadOf(outcome).digest = '0'.repeat(64);
      return outcome;
    },
    line: 'its digest is not the one that request ID has in the ledger.',
  },
  {
    what: 'an outcome whose text was edited',
    change(played) {
      const outcome = outcomeOf(played, played.rejected);
      outcome.edited = { userId: 'U0BOT', ts: outcome.ts };
      return outcome;
    },
    line: 'it was edited, and the ledger of request ID knows nothing of it.',
  },
  {
    what: 'an outcome that shows people another one',
    change(played) {
      const outcome = outcomeOf(played, played.rejected);
      outcome.blocks = JSON.parse(JSON.stringify(outcome.blocks).replace('outcome rejected', 'outcome accepted'));
      return outcome;
    },
    line: 'what it shows of request ID is not what its metadata or the ledger says.',
  },
  {
    what: 'an announcement that shows people another checkpoint',
    change({ pause }) {
      pause.blocks = JSON.parse(JSON.stringify(pause.blocks).replace(/\d·[0-9a-f]{4}/, '7·0123'));
      return pause;
    },
    line: 'what it shows of request ID is not what its metadata or the ledger says.',
  },
  {
    what: 'an announcement of another workflow',
    change({ pause }) {
      payloadOf(pause).workflow_id = 'WKF110';
      return pause;
    },
    line: 'it names another command, workflow or environment than request ID has in the ledger.',
  },
  {
    what: 'an announcement that waits again',
    change({ cancelled }) {
      payloadOf(cancelled).state = 'awaiting_approval';
      return cancelled;
    },
    line: 'it shows another state of request ID than the ledger.',
  },
  {
    what: 'an announcement that was edited long after the bot’s last change',
    change({ stop }) {
      stop.edited = { userId: 'U0BOT', ts: later(stop, 400) };
      return stop;
    },
    line: 'it was edited, and the ledger of request ID knows nothing of it.',
  },
  {
    what: 'an announcement without its metadata',
    change({ stop }) {
      stop.metadata = null;
      return stop;
    },
    line: 'its metadata was removed. It belongs to request ID.',
  },
  {
    what: 'a follow-up without its metadata',
    change(played) {
      const followUp = followUpOf(played, played.stop);
      followUp.metadata = null;
      return followUp;
    },
    line: 'its metadata was removed. It belongs to request',
  },
  {
    what: 'a checkpoint that is none',
    change({ open }) {
      payloadOf(open).checkpoint = 'everything is fine';
      return open;
    },
    line: 'what it carries in place of a checkpoint is none. It names request ID.',
  },
  {
    what: 'a checkpoint of another log',
    change({ open }) {
      const [origin, size] = String(payloadOf(open).checkpoint).split('\n');
      payloadOf(open).checkpoint = `${origin}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`;
      const root = Buffer.alloc(8, 7).toString('hex');
      open.blocks = JSON.parse(JSON.stringify(open.blocks).replace(/·[0-9a-f]{16}/, `·${root}`));
      return open;
    },
    line: 'is of another log.',
  },
  {
    what: 'a request that was never asked for',
    change({ slack, open }) {
      const forged = { ...structuredClone(open), ts: later(open, 60) };
      forged.blocks = JSON.parse(JSON.stringify(forged.blocks).replaceAll(requestId(open), '7K3M9QPA'));
      payloadOf(forged).request_id = '7K3M9QPA';
      slack.workspace.messages.push(forged);
      return forged;
    },
    line: 'the ledger has no request ID.',
  },
  {
    what: 'an outcome of a request that is still open',
    change({ slack, stop, open }) {
      const forged = { ...structuredClone(outcomeOf({ slack }, stop)), ts: later(open, 60) };
      forged.blocks = JSON.parse(JSON.stringify(forged.blocks).replaceAll(requestId(stop), requestId(open)));
      payloadOf(forged).request_id = requestId(open);
      forged.threadTs = open.ts;
      slack.workspace.messages.push(forged);
      return forged;
    },
    line: 'it tells more of request ID than the ledger has.',
  },
];

describe('names what was done to the messages:', () => {
  it.each(changes)('$what', async ({ change, line }) => {
    const stop = requestId(record.stop);
    const message = change(record);
    const { code, stdout } = await verifySlack(record);
    const id = message.metadata === null ? stop : requestId(message);
    const found = lineWith(stdout, line.replace('ID', id));
    expect(found).toMatch(link);
    expect(found).toContain(`/p${message.ts.replace('.', '')}`);
    expect(stdout).toMatch(/channels compared: 1 does not fit the ledger, 0 are missing\.\n$/);
    expect(code).toBe(1);
  });

  it('messages that were deleted, with the replies below one of them', async () => {
    const { slack, stop, cancelled } = record;
    const id = requestId(stop);
    slack.deleteMessage(ops, stop.ts);
    const outcome = outcomeOf(record, cancelled);
    slack.deleteMessage(ops, outcome.ts);
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(1);
    expect(stdout).toContain(`${id}: its announcement of `);
    expect(stdout).toContain(`${requestId(cancelled)}: its outcome of `);
    expect(stdout).toContain(`is gone from #ops (C0OPS) (ts ${outcome.ts}). Somebody deleted it.`);
    expect(stdout).toMatch(/Slack: 9 messages in 4 channels compared: 0 do not fit the ledger, 2 are missing\.\n$/);
  });

  it('another app’s message with the same metadata proves nothing, and is no flaw', async () => {
    const { slack, stop } = record;
    const robot = { userId: 'U0ROBOT', botId: 'B0ROBOT', appId: 'A0ROBOT', ts: later(stop, 90) };
    slack.workspace.messages.push({ ...structuredClone(stop), ...robot });
    const { code, stdout } = await verifySlack(record);
    expect(lineWith(stdout, 'U0ROBOT posted this message')).toMatch(link);
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 11 messages in 4 channels compared; the ledger fits.',
    ]);
  });

  it('a message that another account posted where the ledger knows one of the bot: nobody deleted it', async () => {
    const { open } = record;
    Object.assign(open, { userId: 'U0FORMER', botId: 'B0FORMER' });
    const { code, stdout } = await verifySlack(record);
    expect(lineWith(stdout, `of request ${requestId(open)} as the bot’s, but U0FORMER posted it.`)).toMatch(link);
    expect(stdout).not.toContain('Somebody deleted it');
    expect(stdout).toMatch(/Slack: 10 messages in 4 channels compared: 1 does not fit the ledger, 0 are missing\.\n$/);
    expect(code).toBe(1);
  });

  it('what somebody else wrote with the bot’s token', async () => {
    const { slack, open } = record;
    const own = { userId: 'U0BOT', botId: 'B0BOT', text: 'Stop WKF110: accepted.', ts: later(open, 60) };
    slack.workspace.messages.push(
      otherMessage(0, own),
      otherMessage(0, { ...own, threadTs: open.ts, ts: later(open, 61) }),
    );
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(1);
    expect(stdout.match(/the bot’s account posted this message, which names no request/g)).toHaveLength(2);
    expect(stdout).toMatch(/Slack: 13 messages in 4 channels compared: 2 do not fit the ledger, 0 are missing\.\n$/);
  });

  it('a checkpoint that stands by itself, only if it is not that of the log', async () => {
    const { slack, open } = record;
    const note = String(payloadOf(open).checkpoint);
    const post = (checkpoint: string, seconds: number, shown = checkpoint) => {
      const metadata = { event_type: 'campaign_wf_checkpoint', event_payload: { day: '2026-11-30', checkpoint } };
      const own = { userId: 'U0BOT', botId: 'B0BOT', text: `The record: ${shortOf(shown)}`, ts: later(open, seconds) };
      slack.workspace.messages.push(otherMessage(0, { ...own, metadata }));
    };
    post(note, 60);
    const fits = await verifySlack(record);
    expect([fits.code, lineWith(fits.stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 12 messages in 4 channels compared; the ledger fits.',
    ]);
    const [origin, size] = note.split('\n');
    post(`${origin}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`, 61);
    post('nothing', 62);
    post(note, 63, `${origin}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`);
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(1);
    expect(lineWith(stdout, 'is of another log')).toContain(`/p${later(open, 61).replace('.', '')}`);
    for (const seconds of [62, 63]) {
      expect(stdout).toMatch(new RegExp(`/p${later(open, seconds).replace('.', '')}: .* names no request`));
    }
    expect(stdout).toMatch(/15 messages in 4 channels compared: 3 do not fit the ledger, 0 are missing\.\n$/);
  });

  it('the bot’s reply is read in a thread of many people, of whom Slack names a few', async () => {
    const { slack, open } = record;
    const { workspace } = slack;
    const thread = otherMessage(Number(open.ts) * 1_000 + 1_000);
    const people = Array.from({ length: 6 }, (_, index) =>
      otherMessage(Number(open.ts) * 1_000 + 2_000 + index, { threadTs: thread.ts, userId: `U0MANY${index}` }),
    );
    const own = { userId: 'U0BOT', botId: 'B0BOT', text: 'Stop WKF110: accepted.', ts: later(open, 60) };
    workspace.messages.push(thread, ...people, otherMessage(0, { ...own, threadTs: thread.ts }));
    const { code, stdout } = await verifySlack(record);
    expect(lineWith(stdout, 'names no request')).toContain(`/p${own.ts.replace('.', '')}`);
    expect(code).toBe(1);
  });

  it('with --from, what was deleted at the beginning of the period is named as such', async () => {
    const { slack, pause } = record;
    const { workspace } = slack;
    const at = Number(pause.ts) * 1_000;
    workspace.messages = workspace.messages.filter(({ channel }) => channel !== marketing);
    workspace.messages.push(otherMessage(at - 3_600_000, { channel: marketing }));
    const { code, stdout } = await verifySlack(record, ['--from', new Date(at).toISOString()]);
    expect(stdout).toContain(`${requestId(pause)}: its announcement of `);
    expect(stdout).toMatch(/ 3 are missing\.\n$/);
    expect(code).toBe(1);
  });

  it('a message in a channel that the ledger does not know', async () => {
    const { slack, open } = record;
    const forged = { ...structuredClone(open), channel: 'C0MKT', ts: later(open, 60) };
    payloadOf(forged).digest = '0'.repeat(64);
    slack.workspace.messages.push(forged);
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(1);
    expect(lineWith(stdout, 'its digest is not the one')).toMatch(/^#marketing \(C0MKT\), /);
    expect(lineWith(stdout, 'This is a second copy')).toMatch(/^#marketing \(C0MKT\), /);
  });
});

describe('names what was done to the ledger:', () => {
  it('a request that was removed, with all its rows and places', async () => {
    const id = requestId(record.open);
    const rows = ['events', 'tasks', 'confirmations', 'texts'].map(
      (from) => `delete from ${from} where request = '${id}'`,
    );
    const ledger = tampered(record, ...rows, `delete from requests where id = '${id}'`);
    const { code, stdout } = await verifySlack(record, [], { ledger });
    expect(code).toBe(1);
    expect(lineWith(stdout, `the ledger has no request ${id}.`)).toMatch(link);
  });

  it('a digest, with everything that hangs on it', async () => {
    const id = requestId(record.stop);
    const set = (table: string, where: string) => `update ${table} set digest = '${'ab'.repeat(32)}' where ${where}`;
    const first = `request = '${id}' and sequence = 1`;
    const ledger = tampered(record, set('events', first), set('log_leaves', first));
    const { code, stdout } = await verifySlack(record, [], { ledger });
    expect(code).toBe(1);
    expect(stdout).toContain('its digest is not the one that request');
    // The first checkpoint that a message carries is older than the request.
    expect(stdout.match(/its checkpoint of size \d+ is of another log/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('a copy of yesterday', async () => {
    const { earlyLedger: ledger, pause, stop } = record;
    const { code, stdout } = await verifySlack(record, [], { ledger });
    expect(code).toBe(1);
    expect(stdout).toContain('2 requests with ');
    expect(stdout).toContain(' places is whole.');
    expect(lineWith(stdout, `the ledger has no request ${requestId(pause)}.`)).toMatch(link);
    expect(stdout).not.toContain(`the ledger has no request ${requestId(stop)}.`);
    expect(lineWith(stdout, 'places. The end of the ledger was removed, or it is an older copy.')).toMatch(link);
  });

  it.each(['null', '[]', '{"via":"thread"}', '{"ts":5}', '{"ts":"then"}'])(
    'an event whose data is %s now: the others are compared all the same',
    async (data) => {
      const change = `update events set data = '${data}' where type in ('announced', 'reported', 'noted') and request = '${requestId(record.stop)}'`;
      const { code, stdout, stderr } = await verifySlack(record, [], { ledger: tampered(record, change) });
      expect([code, stderr]).toEqual([1, '']);
      expect(stdout).toMatch(/Slack: 11 messages in 4 channels compared.*\n$/);
    },
  );

  it('an event that is no JSON any more: the others are compared all the same', async () => {
    const id = requestId(record.stop);
    const ledger = tampered(record, `update events set data = 'nothing' where request = '${id}' and sequence = 2`);
    const { code, stdout } = await verifySlack(record, [], { ledger });
    expect(code).toBe(1);
    expect(stdout).toContain(`${id}: event 2 was changed.`);
    expect(stdout).toContain('messages in 4 channels compared');
  });
});

describe('what Slack no longer shows is no flaw:', () => {
  it('messages that were deleted after what people wrote was erased', async () => {
    const { slack, cancelled, sandbox } = record;
    const url = `sqlite:${sandbox.ledgerPath}`;
    const erased = await runAudit(url, ['erase', requestId(cancelled), '--because', 'on demand']);
    expect(erased.code).toBe(0);
    slack.deleteMessage(ops, outcomeOf(record, cancelled).ts);
    slack.deleteMessage(ops, cancelled.ts);
    const { code, stdout } = await verifySlack(record);
    expect(stdout).toContain(
      '2 messages of requests whose texts were erased, as their events say, are gone. That is no flaw.',
    );
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 9 messages in 4 channels compared; the ledger fits.',
    ]);
  });

  it('messages that its retention removed are counted', async () => {
    const { workspace } = record.slack;
    workspace.messages = workspace.messages.filter(({ ts }) => ts >= record.rejected.ts);
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(0);
    expect(stdout).toMatch(/#ops \(C0OPS\): 3 messages of the ledger are no longer comparable\. .* begins at 20/);
    expect(stdout).toMatch(/Slack: 5 messages in 4 channels compared; the ledger fits\.\n$/);
  });

  it('a channel that is gone is named once, and one without the bot as well', async () => {
    const { workspace } = record.slack;
    const channel = workspace.channels.find(({ id }) => id === ops);
    if (channel !== undefined) channel.members = [];
    const out = await verifySlack(record);
    expect(out.stdout).toContain(
      'C0OPS cannot be read (not_in_channel): 8 messages of the ledger were not compared. Invite the bot.',
    );
    expect([out.code, lineWith(out.stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 3 messages in 3 channels compared; the ledger fits.',
    ]);
    workspace.channels = workspace.channels.filter(({ id }) => id !== ops);
    const gone = await verifySlack(record);
    expect(gone).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('C0OPS cannot be read (channel_not_found)'),
    });
  });

  it('a channel with another ID is read there', async () => {
    record.slack.moveChannel(ops, 'C0NEW');
    const { code, stdout } = await verifySlack(record);
    record.slack.moveChannel('C0NEW', ops);
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 11 messages in 4 channels compared; the ledger fits.',
    ]);
  });

  it('what is left of old messages that retention has removed does not make newer ones look deleted', async () => {
    const { workspace } = record.slack;
    workspace.messages = workspace.messages.filter(({ ts }) => ts >= record.rejected.ts);
    const old = otherMessage(Number(record.stop.ts) * 1_000 - 60_000, { userId: 'USLACKBOT', isTombstone: true });
    workspace.messages.push(old, otherMessage(Number(record.open.ts) * 1_000, { threadTs: old.ts }));
    const { code, stdout } = await verifySlack(record);
    expect(lineWith(stdout, '#ops (C0OPS)')).toMatch(/: 3 messages of the ledger are no longer comparable\./);
    expect(code).toBe(0);
  });

  it('with --from, an outcome of an earlier request is no second copy', async () => {
    const { slack, rejected } = record;
    const outcome = outcomeOf(record, rejected);
    const inChannel = Object.assign(outcome, { replyBroadcast: true });
    const from = new Date(Math.floor(Number(inChannel.ts) * 1_000)).toISOString();
    expect(slack.workspace.messages).toContain(inChannel);
    const { code, stdout } = await verifySlack(record, ['--from', from]);
    expect(stdout).not.toContain('second copy');
    expect(code).toBe(0);
  });

  it('what was announced before --from is not compared', async () => {
    const from = new Date(Number(record.rejected.ts) * 1_000).toISOString();
    const { code, stdout } = await verifySlack(record, ['--from', from]);
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 5 messages in 4 channels compared; the ledger fits.',
    ]);
  });
});

describe('keeps to Slack’s limits:', () => {
  const limits: readonly (readonly [string, SlackFault, number | null])[] = [
    ['a 429', { kind: 'rate_limited', retryAfterSeconds: 600 }, 500_000],
    ['a 429 without Retry-After', { kind: 'rate_limited', retryAfterSeconds: null }, 0],
    ['a rate limit with status 200', { kind: 'error', error: 'ratelimited' }, 0],
    // The client tries these again by itself.
    ['a lost connection', { kind: 'drop_before' }, null],
    ['a page of a proxy', { kind: 'http', status: 503 }, null],
  ];

  it.each(limits)('%s is waited for', async (_what, fault, leastMs) => {
    const { slack } = record;
    slack.fail('conversations.history', fault, { times: 1 });
    slack.fail('conversations.replies', fault, { times: 1 });
    const pauses: number[] = [];
    const { code, stdout, stderr } = await verifySlack(record, [], { pauses });
    if (leastMs === null) expect(pauses).toEqual([]);
    else expect(Math.max(...pauses)).toBeGreaterThan(leastMs);
    expect(stderr).toBe('');
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 11 messages in 4 channels compared; the ledger fits.',
    ]);
  });

  it('reads page after page, one call after the other, with metadata', async () => {
    const { slack } = record;
    const at = Number(record.open.ts) * 1_000;
    const chatter = Array.from({ length: 450 }, (_, index) => otherMessage(at + 1_000 + index));
    slack.workspace.messages.push(...chatter);
    slack.limitRates(true);
    const before = slack.calls.length;
    const { code, stdout } = await verifySlack(record);
    expect([code, lineWith(stdout, 'Slack: ')]).toEqual([
      0,
      'Slack: 11 messages in 4 channels compared; the ledger fits.',
    ]);
    const calls = slack.calls.slice(before);
    const history = calls.filter(({ method, params }) => method.endsWith('.history') && params.channel === ops);
    expect(history).toHaveLength(3);
    for (const { params } of history) expect(params).toMatchObject({ limit: '200', include_all_metadata: 'true' });
    // Only threads of the bot are read, and no reply is read by itself.
    expect(calls.filter(({ method }) => method === 'conversations.replies')).toHaveLength(4);
  });
});

describe('does not say that the record fits:', () => {
  it('where none of its messages is left', async () => {
    record.slack.workspace.messages = [];
    const { code, stdout } = await verifySlack(record);
    expect(stdout).toContain('8 messages of the ledger are no longer comparable.');
    expect(stdout).toMatch(/None of the ledger’s messages could be read, so nothing was compared with Slack\.\n$/);
    expect(code).toBe(1);
  });

  it('where one of its channels may not be read', async () => {
    record.slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' }, { times: 1 });
    const { code, stdout } = await verifySlack(record);
    expect(stdout).toMatch(/in 3 channels compared; they fit, but not everything could be read: see above\.\n$/);
    expect(code).toBe(1);
  });

  it.each([
    ['channel_not_found', true],
    ['not_in_channel', true],
    ['is_archived', true],
    ['not_in_export', true],
    ['missing_scope', false],
    ['internal_error', false],
    ['accesslimited', false],
    ['an_error_of_next_year', false],
  ])('where a channel cannot be read for another reason than that it is lost: %s, %s', (why, lost) => {
    expect(isLost({ why })).toBe(lost);
  });

  it('where the same page of a channel comes again and again', async () => {
    const again = { ok: true, messages: [], response_metadata: { next_cursor: 'again' } };
    const fault: SlackFault = { kind: 'http', status: 200, body: JSON.stringify(again), type: 'application/json' };
    record.slack.fail('conversations.history', fault);
    const { code, stderr } = await verifySlack(record, [], { env: {} });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Slack cannot be read: .*the same page again.*\n$/)]);
  });

  it('where Slack does not list the channels of the bot', async () => {
    record.slack.fail('users.conversations', { kind: 'error', error: 'internal_error' });
    const pauses: number[] = [];
    const { code, stderr } = await verifySlack(record, [], { pauses });
    // An outage of half a minute is outlasted.
    expect(pauses).toHaveLength(5);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Slack cannot be read: internal_error\. .*\n$/)]);
  });
});

describe('says in a sentence why it cannot compare:', () => {
  it('there is no token', async () => {
    const { code, stdout, stderr } = await runAudit(`sqlite:${record.sandbox.ledgerPath}`, ['verify', '--slack']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^SLACK_BOT_TOKEN is missing\. .*\n$/);
  });

  it('Slack refuses the token', async () => {
    const wrong = await verifySlack(record, [], { env: { SLACK_BOT_TOKEN: 'xoxb-wrong' } });
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/^SLACK_BOT_TOKEN was refused by Slack \(invalid_auth\)\..*\n$/),
    ]);
    record.slack.revokeToken(true);
    const revoked = await verifySlack(record, [], { env: {} });
    expect([revoked.code, revoked.stderr]).toEqual([2, expect.stringContaining('(token_revoked)')]);
  });

  it('nobody listens at Slack’s address', async () => {
    const { code, stderr } = await verifySlack(record, [], { env: { SLACK_API_URL: 'http://127.0.0.1:9/api/' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Slack cannot be read: .*\n$/);
  });

  it('the app lacks the right to read the history: then the record is not said to fit', async () => {
    const { slack } = record;
    slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' });
    const { code, stdout } = await verifySlack(record);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'C0OPS cannot be read (missing_scope): 8 messages of the ledger were not compared. Give the app',
    );
    expect(stdout).toMatch(/None of the ledger’s messages could be read, so nothing was compared with Slack\.\n$/);
  });

  it.each([
    [['--slack', '--slack-export', 'folder'], 'Give either --slack or --slack-export.'],
    [['--slack', '7K3M9QPA'], '--slack compares the whole record. Leave out the ID.'],
    [['--slack-export', 'folder', '7K3M9QPA'], '--slack-export compares the whole record. Leave out the ID.'],
    [['--from', '2026-03-01'], 'The option --from belongs to --slack or --slack-export.'],
    [['--bot-user', 'U0BOT'], 'The option --bot-user belongs to --slack-export.'],
    [['--bot-user', 'the bot', '--slack-export', 'folder'], 'the bot is no member ID in Slack'],
    [['--slack-export', 'folder', '--from', 'March'], 'March is no moment'],
    [['--slack=yes'], 'The option --slack takes no value.'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await auditHere(null, ['verify', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
