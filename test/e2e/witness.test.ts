import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import type { KeptCheckpoint } from '../../src/requests/ledger/log/log-event.ts';
import { keptCheckpoint, readWitnessLine } from '../../src/requests/ledger/log/witness-lines.ts';
import { shortCheckpoint } from '../../src/transparency-log/checkpoint.ts';
import { runAudit } from '../audit/run-audit.ts';
import { afterFile } from '../runner/after-file.ts';
import { alice, type Conversation, inSandbox, ops } from './people.ts';

const timeoutMs = 60_000;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function linesOf(path: string): readonly KeptCheckpoint[] {
  const lines = readFileSync(path, 'utf8').split('\n').map(readWitnessLine);
  return lines.filter((line) => line !== null);
}

/** The sizes of the checkpoints that the messages in the channel carry. */
function sizesShown({ slack }: Conversation): readonly number[] {
  return slack.workspace.messages.flatMap(({ metadata }) => {
    const note = metadata?.event_payload.checkpoint;
    return typeof note === 'string' ? [keptCheckpoint(note, 0)?.size ?? 0] : [];
  });
}

/** The log's own event at that place. */
function eventAt({ ledgerPath }: Sandbox, place: number): unknown {
  const database = new DatabaseSync(ledgerPath, { readOnly: true });
  const sql = `select type from log_events join log_leaves using (sequence) where request = 'LOG' and place = ?`;
  const row = database.prepare(sql).get(place);
  database.close();
  return { ...row };
}

type Finding = { name: string; [more: string]: unknown };

async function found({ sandbox }: Conversation, name: string): Promise<Finding> {
  for (;;) {
    const answer = await fetch(`${sandbox.bot().url}/readyz`);
    expect(answer.status).toBe(200);
    const { findings } = (await answer.json()) as { findings: readonly Finding[] };
    const finding = findings.find((one) => one.name === name);
    if (finding !== undefined) return finding;
    await wait(20);
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(20);
}

/** Asks for a pause, and waits for its outcome. */
async function pause(talk: Conversation, workflow: string): Promise<void> {
  const outcomes = ({ messages }: Conversation['slack']['workspace']) =>
    messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_outcome').length;
  const before = outcomes(talk.slack.workspace);
  await talk.type(alice, `pause ${workflow}`);
  await talk.slack.waitFor((workspace) => outcomes(workspace) > before);
}

/** Copies the file of the running ledger without what SQLite has only in its log, and later puts it in place. */
function copyOfFile({ ledgerPath }: Sandbox): (sandbox: Sandbox) => Promise<void> {
  const copy = `${ledgerPath}-copy`;
  copyFileSync(ledgerPath, copy);
  return async (sandbox) => {
    await sandbox.bot().end('SIGTERM');
    for (const end of ['-wal', '-shm']) rmSync(`${ledgerPath}${end}`, { force: true });
    copyFileSync(copy, ledgerPath);
    await sandbox.restart('SIGTERM');
  };
}

const restoredErrors = ({ sandbox }: Conversation) =>
  sandbox.bot().log.filter((line) => line.includes('behind a checkpoint that was seen elsewhere'));

it.concurrent(
  'a ledger that was copied without its -wal is behind its witness file: that is its first event, and it goes on',
  async () => {
    const file = join(newFolder(), 'witness.jsonl');
    await inSandbox({ mode: 'http', env: { CAMPAIGN_WF_WITNESS_FILE: file } }, async (talk) => {
      const { sandbox } = talk;
      await pause(talk, 'WKF110');
      // A clean end leaves everything in the one file.
      await sandbox.restart('SIGTERM');
      const before = linesOf(file).at(-1);
      await pause(talk, 'WKF200');
      const putBack = copyOfFile(sandbox);
      await putBack(sandbox);
      const largest = linesOf(file).toSorted((a, b) => b.size - a.size)[0];
      if (before === undefined || largest === undefined) throw new Error('the witness file is empty');
      expect(await found(talk, 'ledger_restored')).toEqual({
        name: 'ledger_restored',
        size: before.size,
        seen: { checkpoint: shortCheckpoint(largest), kind: 'witness_file' },
      });
      expect(restoredErrors(talk)).toHaveLength(1);
      await pause(talk, 'WKF300');
      await sandbox.restart('SIGTERM');
      expect(restoredErrors(talk)).toEqual([]);
      await sandbox.bot().end('SIGTERM');
      const url = `sqlite:${sandbox.ledgerPath}`;
      const note = `had ${before.size} places, and the witness file showed ${shortCheckpoint(largest)}, which it lacks.`;
      const whole = await runAudit(url, ['verify', '--checkpoint', file]);
      expect([whole.code, whole.stderr]).toEqual([0, '']);
      expect(whole.stdout).toMatch(new RegExp(`${note} That explains \\d+ given checkpoints?\\.\n`));
      const bare = await runAudit(url, ['verify', '--checkpoint', shortCheckpoint(largest)]);
      expect(bare.code).toBe(1);
      expect(bare.stdout).toContain(note);
      expect(bare.stdout).toMatch(/The log cannot be trusted: 1 problem/);
      expect(eventAt(sandbox, before.size)).toEqual({ type: 'restored' });
    });
  },
  timeoutMs,
);

it.concurrent(
  'without a witness file, a message in the channel shows that the ledger is behind',
  () =>
    inSandbox({ mode: 'http' }, async (talk) => {
      const { sandbox } = talk;
      await pause(talk, 'WKF110');
      await sandbox.restart('SIGTERM');
      const size = Math.max(...sizesShown(talk));
      const copy = copyOfFile(sandbox);
      // A message carries the last checkpoint that was sealed before it.
      do for (const workflow of ['WKF200', 'WKF300']) await pause(talk, workflow);
      while (Math.max(...sizesShown(talk)) <= size + 4);
      await copy(sandbox);
      const finding = await found(talk, 'ledger_restored');
      expect(finding).toMatchObject({ seen: { kind: 'channel', channel: ops } });
      expect(restoredErrors(talk)).toHaveLength(1);
      await pause(talk, 'WKF110');
      await sandbox.restart('SIGTERM');
      await pause(talk, 'WKF200');
      expect(restoredErrors(talk)).toEqual([]);
      await sandbox.bot().end('SIGTERM');
      const { code, stdout } = await runAudit(`sqlite:${sandbox.ledgerPath}`, ['verify']);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`a message in the channel ${ops} showed `)]);
    }),
  timeoutMs,
);

it.concurrent('a witness file that cannot be written is a finding; commands go on, and it is written afterwards', () => {
  const folder = newFolder();
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  const file = join(inner, 'witness.jsonl');
  return inSandbox({ mode: 'http', env: { CAMPAIGN_WF_WITNESS_FILE: file } }, async (talk) => {
    await pause(talk, 'WKF110');
    renameSync(inner, join(folder, 'away'));
    await pause(talk, 'WKF200');
    expect(await found(talk, 'witness_not_written')).toEqual({ name: 'witness_not_written', problem: 'ENOENT' });
    renameSync(join(folder, 'away'), inner);
    await until(() => talk.sandbox.bot().log.some((line) => line.includes('CAMPAIGN_WF_WITNESS_FILE again')));
    await talk.sandbox.bot().end('SIGTERM');
    const { code, stderr } = await runAudit(`sqlite:${talk.sandbox.ledgerPath}`, ['verify', '--checkpoint', file]);
    expect([code, stderr]).toEqual([0, '']);
    const sizes = linesOf(file).map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });
});

it.concurrent('the checkpoint of the day is posted in the channel of the record, once, also after a restart; a reload changes the channel', () =>
  inSandbox({ mode: 'http', configuration: recordedIn('C0NOWHERE') }, async (talk) => {
    const { sandbox, slack } = talk;
    const posted = () =>
      slack.workspace.messages.filter(({ metadata }) => metadata?.event_type === 'campaign_wf_checkpoint');
    const refused = () => sandbox.bot().log.filter((line) => line.includes('"problem":"channel_not_found"'));
    await until(() => refused().length === 1);
    await pause(talk, 'WKF110');
    await sandbox.reload(recordedIn(ops));
    await until(() => posted().length === 1);
    await sandbox.restart('SIGTERM');
    await pause(talk, 'WKF200');
    expect(posted()).toHaveLength(1);
    const [message] = posted();
    expect(message?.channel).toBe(ops);
    await sandbox.bot().end('SIGTERM');
    const url = `sqlite:${sandbox.ledgerPath}`;
    const kept = String(message?.metadata?.event_payload.checkpoint);
    expect((await runAudit(url, ['verify', '--checkpoint', kept])).code).toBe(0);
    expect(slack.workspace.mistakes).toEqual([]);
  }));

const recordedIn = (channel: string) => `
environments:
  prod: { organization: acme }
access:
  - name: Operators
    channels: [${ops}]
    people: { users: [${alice}] }
    commands: [start, pause, stop, history]
record: { channel: ${channel} }
`;
