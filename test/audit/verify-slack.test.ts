import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { playRecord, type SlackRecord, verifySlack } from './slack-record.fixture.ts';

let record: SlackRecord;
beforeAll(async () => {
  record = await playRecord();
});
afterAll(() => record.sandbox.close());

it('a record and the channels that the bot wrote fit', async () => {
  const r = await verifySlack(record);
  console.log(
    r,
    record.slack.calls
      .slice(-30)
      .map((c) => c.method)
      .join(' '),
  );
  expect(r.code).toBe(0);
});
