import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, bob, conversation, ops, requestId } from '../e2e/people.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { backUp, otherMessage, sealed, tampered, verifySlack } from './slack-record.fixture.ts';

let sandbox: Sandbox;
let lost: string;
beforeAll(async () => {
  const env = { CAMPAIGN_WF_WITNESS_FILE: `${newLedgerPath()}.jsonl` };
  sandbox = await startSandbox({ mode: 'http', env });
  const talk = conversation(sandbox);
  const { slack, type, announced, press, outcome } = talk;
  slack.workspace.messages.push(otherMessage(Date.now()));
  await type(alice, 'stop WKF110');
  const question = await announced('WKF110', 'awaiting_approval');
  await talk.recorded('WKF110');
  const copy = await backUp(sandbox);
  // What follows is not in the copy.
  await press(bob, question, 'approve');
  await outcome(await announced('WKF110', 'accepted'));
  // The next message carries a checkpoint that the copy lacks.
  await sealed(sandbox);
  await type(alice, 'pause WKF200');
  const later = await announced('WKF200', 'accepted');
  await outcome(later);
  lost = requestId(later);
  await sandbox.bot().end('SIGTERM');
  for (const end of ['', '-wal', '-shm']) rmSync(`${sandbox.ledgerPath}${end}`, { force: true });
  copyFileSync(copy, sandbox.ledgerPath);
  await sandbox.restart('SIGTERM');
  // The restored bot goes on.
  await announced('WKF110', 'accepted');
  await type(alice, 'start WKF110');
  await slack.waitFor(({ messages }) => messages.some(({ metadata }) => metadata?.event_payload.command === 'start'));
  while (!sandbox.bot().log.some((line) => line.includes('restored from an older copy'))) await wait(20);
  await sandbox.bot().end('SIGTERM');
});
afterAll(() => sandbox?.close());

it('what a restored ledger lost is explained by what the log says of it, and is no flaw', async () => {
  const { code, stdout } = await verifySlack({ sandbox, slack: sandbox.slack });
  expect(stdout).toMatch(/^[1-9] messages? tells? what was lost when an older copy of the ledger was restored/m);
  expect(stdout).toMatch(/ That explains [1-9] given checkpoints?\./);
  expect(stdout).not.toContain('is of another log');
  expect(stdout).not.toContain('the ledger has no request');
  expect(stdout).toMatch(/\nSlack: \d+ messages in 4 channels compared; the ledger fits\.\n$/);
  expect(code).toBe(0);
});

it('without it, the same is a fork', async () => {
  const ledger = tampered({ sandbox }, "delete from log_events where type = 'restored'");
  const { code, stdout } = await verifySlack({ sandbox, slack: sandbox.slack }, [], { ledger });
  expect(code).toBe(1);
  expect(stdout).toContain(`: the ledger has no request ${lost}.`);
  expect(stdout).toContain(' is of another log. The ledger was written anew since');
  expect(stdout).not.toContain('when an older copy of the ledger was restored');
});

it('a message that somebody posts after the restoration is not explained by it', async () => {
  const { workspace } = sandbox.slack;
  const all = workspace.messages;
  const of = all.find(({ channel, metadata }) => channel === ops && metadata?.event_payload.request_id === lost);
  if (of === undefined) throw new Error('the lost announcement is not there');
  const edited = null;
  workspace.messages = [...all, { ...structuredClone(of), ts: (Number(of.ts) + 900).toFixed(6), edited }];
  const { code, stdout } = await verifySlack({ sandbox, slack: sandbox.slack });
  workspace.messages = all;
  expect(code).toBe(1);
  expect(stdout).toMatch(/is of another log|its checkpoint counts/);
  expect(stdout).toContain('1 does not fit the ledger');
});
