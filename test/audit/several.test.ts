import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, conversation, requestId } from '../e2e/people.ts';
import { runAudit } from './run-audit.ts';
import { otherMessage, outcomeOf, sealed, verifySlack } from './slack-record.fixture.ts';

let sandbox: Sandbox;
let batch: Message;
let items: readonly string[];

/** One command for two workflows, and for one that does not exist. */
beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
  const talk = conversation(sandbox);
  sandbox.slack.workspace.messages.push(otherMessage(Date.now()));
  await talk.type(alice, 'pause WKF200 WKF201 WKF999 wrong list');
  const all = 'WKF200,WKF201,WKF999';
  await talk.press(alice, await talk.announced(all, 'awaiting_approval'), 'approve');
  batch = await talk.announced(all, 'completed');
  await talk.outcome(batch);
  await talk.followUp(batch);
  items = String(batch.metadata?.event_payload.request_ids).split(',');
  await sealed(sandbox);
  await sandbox.bot().end('SIGTERM');
}, 60_000);
afterAll(() => sandbox?.close());

it('the record and the channel fit', async () => {
  const { code, stdout } = await verifySlack({ sandbox, slack: sandbox.slack });
  expect(stdout).toMatch(/Slack: 3 messages in \d channels? compared: all fit the ledger|fit/);
  expect(code).toBe(0);
});

it.each([
  [
    'another outcome of one of them',
    ({ states }: Record<string, unknown>) => ({ states: String(states).replace('accepted', 'rejected') }),
  ],
  [
    'one of them left out',
    ({ request_ids }: Record<string, unknown>) => ({ request_ids: String(request_ids).slice(9) }),
  ],
])('a list of outcomes with %s does not fit', async (_, change) => {
  const outcome = outcomeOf({ slack: sandbox.slack }, batch);
  const { metadata } = outcome;
  if (metadata === null) throw new Error('the outcome has no metadata');
  outcome.metadata = { ...metadata, event_payload: { ...metadata.event_payload, ...change(metadata.event_payload) } };
  const { code, stdout } = await verifySlack({ sandbox, slack: sandbox.slack });
  outcome.metadata = metadata;
  expect(stdout).toContain(requestId(batch));
  expect(stdout).toContain('1 does not fit the ledger');
  expect(code).toBe(1);
});

it('the record tells which requests belong together', async () => {
  const url = `sqlite:${sandbox.ledgerPath}`;
  const [first = ''] = items;
  expect((await runAudit(url, ['show', first])).stdout).toContain(
    `One of several that were asked together: ${requestId(batch)}.`,
  );
  const shown = await runAudit(url, ['show', requestId(batch)]);
  expect(shown.stdout).toContain(`WKF200 ${first}`);
  expect(shown.stdout).not.toContain('sent to Campaign');
  const { stdout } = await runAudit(url, ['export', '--format', 'jsonl']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; batch: string | null; outcome: string });
  // All were asked for at the same time.
  const ends = rows.filter((row) => row.batch === requestId(batch)).map(({ outcome }) => outcome);
  expect(ends.toSorted()).toEqual(['accepted', 'accepted', 'refused']);
});
