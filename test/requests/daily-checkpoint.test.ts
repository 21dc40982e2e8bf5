import { describe, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import { startDailyCheckpoint } from '../../src/requests/daily-checkpoint.ts';
import type { Ledger } from '../../src/requests/ledger/ledger.ts';
import { createCheckpointMessenger } from '../../src/slack/checkpoint-message.ts';
import { shortCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import { recordOne } from './ledger/forked-ledger.ts';
import { type EngineName, engines, newLedger } from './ledger/ledger.fixture.ts';

const hours = 3_600_000;
const day = 24 * hours;
const channel = 'C0OPS';

type Logged = { readonly level: string; readonly channel: string; readonly problem?: string };

/** A ledger with a request, and a workspace with the same clock. */
async function newRecord(engine: EngineName) {
  await using resources = new AsyncDisposableStack();
  const opened = resources.use(await newLedger(engine));
  await recordOne(opened, 'A');
  const slack = resources.adopt(await startPretendSlack({ now: () => opened.clock.now }), (it) => it.close());
  const kept = resources.move();
  const logged: Logged[] = [];
  return { opened, slack, logged, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
type DailyRecord = Awaited<ReturnType<typeof newRecord>>;

function needsOf({ opened, slack, logged }: DailyRecord, named: string | null, ledger: Ledger = opened.ledger) {
  const log = (level: string) => (fields: object) => void logged.push({ ...(fields as Logged), level });
  const client = clientOf(slack);
  const { userId: botUserId } = slack.workspace.bot;
  return {
    ...{ ledger, random: () => 0, log: { info: log('info'), warn: log('warn'), error: log('error') } },
    channel: () => named,
    messenger: createCheckpointMessenger({
      ...{ poster: client, reader: client, botUserId },
      translator: translatorFor('en'),
    }),
  };
}

/** What a process does that looks once. */
const look = (record: DailyRecord, named: string | null = channel, ledger?: Ledger) =>
  startDailyCheckpoint(needsOf(record, named, ledger)).end();

function posted({ workspace }: PretendSlack) {
  return workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_checkpoint');
}

const problems = ({ logged }: DailyRecord) =>
  logged.filter(({ level }) => level === 'error').map(({ problem, channel: where }) => `${where} ${problem}`);

describe.each(engines)('the checkpoint of the day (%s)', (engine) => {
  it('is posted once a day, where something happened since the last one', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    await look(record, null);
    expect(posted(slack)).toEqual([]);
    for (const _again of [1, 2, 3]) await look(record);
    const { note, ...checkpoint } = opened.ledger.checkpoint();
    expect(posted(slack)).toMatchObject([
      {
        channel,
        text: `Record ${shortCheckpoint(checkpoint)}. This vouches for everything that was recorded until now: keep it, and verify the record with it.`,
        metadata: { event_payload: { day: '2026-11-10', checkpoint: note } },
      },
    ]);
    opened.clock.now += day;
    await look(record);
    expect(posted(slack)).toHaveLength(1);
    await recordOne(opened, 'B');
    await look(record, channel, await opened.reopen());
    await recordOne(opened, 'C');
    await look(record);
    expect(posted(slack).map(({ metadata }) => metadata?.event_payload.day)).toEqual(['2026-11-10', '2026-11-11']);
    expect(problems(record)).toEqual([]);
  });

  it('is found again where a process died between the post and its record', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    const { messenger, ledger } = needsOf(record, channel);
    const claimed = await ledger.claimLogPost(channel, 60_000);
    if (claimed === null) throw new Error('nothing was claimed');
    await messenger.post(claimed);
    opened.clock.now += 59_000;
    await look(record);
    opened.clock.now += 2_000;
    await look(record);
    opened.clock.now += hours;
    await look(record);
    expect(posted(slack)).toHaveLength(1);
    const [row] = await opened.query('select ts from log_posts');
    expect(row?.ts).toBe(posted(slack)[0]?.ts);
  });

  it('is posted by somebody else where a process died before the post', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    await opened.ledger.claimLogPost(channel, 60_000);
    opened.clock.now += 61_000;
    await look(record);
    expect(posted(slack)).toHaveLength(1);
  });

  it('waits for Slack’s limit, and for an answer that was lost', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfterSeconds: 300 }, { times: 1 });
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    await look(record);
    opened.clock.now += 299_000;
    await look(record);
    expect(posted(slack)).toEqual([]);
    opened.clock.now += 3_000;
    await look(record);
    expect(posted(slack)).toHaveLength(1);
    opened.clock.now += 62_000;
    await look(record);
    opened.clock.now += hours;
    await look(record);
    expect(posted(slack)).toHaveLength(1);
    expect(problems(record)).toEqual([`${channel} rate_limited`, `${channel} doubt`]);
  });

  it('is not posted again while it is in doubt and the channel cannot be read', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    slack.fail('chat.postMessage', { kind: 'drop_after' }, { times: 1 });
    slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' });
    for (let looks = 0; looks < 5; looks++) {
      await look(record);
      opened.clock.now += hours + 2_000;
    }
    expect(posted(slack)).toHaveLength(1);
    expect(problems(record)).toEqual([`${channel} doubt`, `${channel} history_unreadable`]);
  });

  it('says once a day that the channel does not take it, and goes to another channel at once', async () => {
    await using record = await newRecord(engine);
    const { opened, slack } = record;
    for (let looks = 0; looks < 4; looks++) {
      await look(record, 'C0NOWHERE');
      opened.clock.now += hours + 2_000;
    }
    expect(problems(record)).toEqual(['C0NOWHERE channel_not_found']);
    opened.clock.now += day;
    await look(record, 'C0NOWHERE');
    expect(problems(record)).toHaveLength(2);
    await look(record);
    await look(record, 'C0NOWHERE');
    expect(posted(slack)).toHaveLength(1);
    expect(problems(record)).toHaveLength(2);
  });
});

it('replicas post it once', async () => {
  await using record = await newRecord('postgres');
  const { opened, slack } = record;
  const ledgers = [opened.ledger, await opened.replica(), await opened.replica()];
  await Promise.all(ledgers.map((ledger) => look(record, channel, ledger)));
  expect(posted(slack)).toHaveLength(1);
});
