import { execFile } from 'node:child_process';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { alice, inSandbox } from './people.ts';

type Page = { readonly status: number; readonly body: { ledger?: { problem: string } } };

async function readiness(sandbox: Sandbox): Promise<Page> {
  const response = await fetch(`${sandbox.bot().url}/readyz`);
  return { status: response.status, body: (await response.json()) as Page['body'] };
}

/** Polls `/readyz` until it has this problem, or none. */
async function untilProblemIs(sandbox: Sandbox, problem: string | undefined): Promise<void> {
  for (;;) {
    const { status, body } = await readiness(sandbox);
    if (body.ledger?.problem === problem && status === (problem === undefined ? 200 : 503)) return;
    await wait(50);
  }
}

/**
 * Makes every write of the process beyond this size of a file fail. Only Linux has `prlimit`, which needs no special
 * rights, unlike a small file system.
 */
function limitFiles({ pid }: { readonly pid: number }, bytes: number | 'unlimited'): Promise<unknown> {
  return promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

function linesAbout(sandbox: Sandbox, text: string): readonly Record<string, unknown>[] {
  return sandbox
    .bot()
    .log.filter((line) => line.includes(text))
    .map((line) => JSON.parse(line));
}

it.concurrent('a full disk while Campaign answers: the accepted pause is reported as accepted when there is space again', () =>
  inSandbox({ mode: 'http' }, async ({ type, announced, outcome, sent, sandbox }) => {
    const { campaign } = sandbox;
    campaign.fail('slow', { method: 'POST', workflowId: 'WKF200', delayMs: 700 });
    expect(await type(alice, 'pause WKF200')).toContain('Asked: ');
    await campaign.waitFor(() => campaign.posts('WKF200').length === 1);
    await limitFiles(sandbox.bot(), 1);
    await untilProblemIs(sandbox, 'io_error');
    expect(await type(alice, 'pause WKF201')).toContain('could not be recorded, so nothing was sent');
    await limitFiles(sandbox.bot(), 'unlimited');
    await untilProblemIs(sandbox, undefined);
    await outcome(await announced('WKF200', 'accepted'));
    expect(sent('WKF200')).toEqual(['{"method":"pause"}']);
    expect(sent('WKF201')).toEqual([]);
    const failures = linesAbout(sandbox, 'the ledger is unavailable');
    const address = sandbox.ledgerPath;
    expect(failures).toMatchObject([{ level: 40, problem: 'io_error', reason: 'disk I/O error', address }]);
    expect(linesAbout(sandbox, 'the ledger is available again')).toMatchObject([
      { level: 30, lastedMs: expect.any(Number), failedCalls: expect.any(Number) },
    ]);
    expect(sandbox.bot().log.join()).not.toContain('no transaction is active');
  }));

const losses: readonly [string, (path: string) => () => void][] = [
  ['its file is moved away', (path) => moveAway(path)],
  ['its folder is moved away', (path) => moveAway(dirname(path))],
  ['its write-ahead log is moved away', (path) => moveAway(`${path}-wal`)],
  [
    'its file is replaced by a copy',
    (path) => {
      const putBack = moveAway(path);
      copyFileSync(`${path}.away`, path);
      return () => {
        rmSync(path);
        putBack();
      };
    },
  ],
];

function moveAway(path: string): () => void {
  renameSync(path, `${path}.away`);
  return () => renameSync(`${path}.away`, path);
}

it.concurrent.each(losses)(
  'a ledger under the running bot: %s, and no command is accepted until it is back',
  (_what, lose) =>
    inSandbox({ mode: 'http' }, async ({ type, announced, sent, sandbox }) => {
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
      const putBack = lose(sandbox.ledgerPath);
      try {
        await untilProblemIs(sandbox, 'file_gone');
        expect(await type(alice, 'pause WKF201')).toContain('could not be recorded, so nothing was sent');
        expect(linesAbout(sandbox, '"problem":"file_gone"')).toHaveLength(1);
      } finally {
        putBack();
      }
      await untilProblemIs(sandbox, undefined);
      expect(sent('WKF201')).toEqual([]);
      await type(alice, 'pause WKF202');
      await announced('WKF202', 'accepted');
    }),
);
