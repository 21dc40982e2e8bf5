import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Entry, Snapshot } from '../../../sandbox/page/snapshot.ts';
import {
  PageNotReadyError,
  type PageProcess,
  type ShownPage,
  spawnPage,
  startPageProcess,
} from '../../../sandbox/page-process.ts';
import { readRecordAt, type Visitor, visit } from './visitor.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

let temporary: string;
let kept: string;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campaign-wf-process-'));
  [temporary, kept] = [join(folder, 'temporary'), join(folder, 'kept')];
  await mkdir(temporary);
});

afterEach(() => rm(folder, { recursive: true }));

type End = (page: PageProcess) => Promise<number | string>;

const ctrlC: End = (page) => page.endGroup('SIGINT');
const term: End = (page) => page.end('SIGTERM');

describe.each<[string, 'http' | 'socket', End]>([
  ['Ctrl-C, which reaches the bot as well', 'http', ctrlC],
  ['SIGINT to it alone', 'socket', (page) => page.end('SIGINT')],
  ['SIGTERM', 'http', term],
  ['SIGHUP, as when the terminal is closed', 'socket', (page) => page.endGroup('SIGHUP')],
])('%s over %s', (_, mode, end) => {
  it('ends everything with exit code 0, and leaves nothing behind', async () => {
    const before = await filesOf(repository);
    const page = await startPageProcess({ args: ['--mode', mode], temporary, leadsGroup: true });
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    // The client stays connected.
    const alice = await visit(page.url, 'U0ALICE');
    await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf pause WKF200' });
    const { bot, mode: shown } = await alice.see(announced('WKF200', 'Accepted'));
    expect(shown).toBe(mode);
    expect(isAlive(bot.pid)).toBe(true);
    expect(await end(page)).toBe(0);
    expect(isAlive(bot.pid)).toBe(false);
    expect(page.output()).toMatch(/Ending…$/);
    expect(await readdir(temporary)).toEqual([]);
    expect(await filesOf(repository)).toEqual(before);
  });
});

describe.each<[string, End]>([
  ['Ctrl-C', ctrlC],
  ['SIGTERM', term],
])('%s', (_, end) => {
  it('ends a bot that was killed and is starting again', async () => {
    const page = await startPageProcess({ temporary, leadsGroup: true });
    await withAlice(page, async (alice) => {
      void alice.do({ type: 'kill', when: 'now' }).catch(() => {});
      await alice.see(({ bot }) => bot.state === 'starting');
    });
    expect(await end(page)).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
    expect(isAlive(-page.pid)).toBe(false);
  });

  it('ends a start in progress without an error message', async () => {
    const watching = watch(temporary);
    const { page, ready } = spawnPage({ temporary, leadsGroup: true });
    ready.catch(() => {});
    // The start is in progress: its temporary folder exists.
    await once(watching, 'change');
    watching.close();
    expect(await end(page)).toBe(0);
    expect(page.output()).toBe('');
    expect(await readdir(temporary)).toEqual([]);
    expect(isAlive(-page.pid)).toBe(false);
  });
});

describe('--keep', () => {
  it('lets the next run continue with the conversation, the record and the rules of the last', async () => {
    // A relative path, as people type it.
    const started = { args: ['--keep', 'kept'], folder, temporary };
    const first = await startPageProcess(started);
    expect(first.output()).toContain(`stay in ${kept}`);
    const rules = await withAlice(first, async (alice) => {
      await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf stop WKF110 wrong audience' });
      await alice.do({ type: 'write', channel: 'C0OPS', text: '/campaign-wf pause WKF200' });
      await alice.see(announced('WKF110', 'approve_request'));
      const { rules } = await alice.see(announced('WKF200', 'Accepted'));
      const other = rules.replace('Marketing looks', 'Marketing only looks');
      expect(await alice.do({ type: 'set rules', text: other })).toEqual({ ok: true });
      // The bot rejects these, so the next run does not use them.
      expect(await alice.do({ type: 'set rules', text: 'acces: []' })).toMatchObject({ ok: false });
      return other;
    });
    const recorded = await readRecordAt(first.url);
    expect(await first.end('SIGINT')).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
    expect(await readdir(kept)).toEqual(
      expect.arrayContaining(['campaign-wf.yml', 'conversation.json', 'ledger.sqlite']),
    );

    const second = await startPageProcess(started);
    await withAlice(second, async (alice) => {
      const snapshot = await alice.see(announced('WKF200', 'Accepted'));
      expect(snapshot.rules).toBe(rules);
      expect(snapshot.entries.filter(({ isPrivate }) => isPrivate)).not.toEqual([]);
    });
    const again = await readRecordAt(second.url);
    expect(again.map(({ id, flaw }) => ({ id, flaw }))).toEqual(recorded.map(({ id }) => ({ id, flaw: null })));
    // The question of the first run can be confirmed now.
    const bob = await visit(second.url, 'U0BOB');
    const { entries } = await bob.see(announced('WKF110', 'approve_request'));
    const { ts = '' } = entries.find(isAbout('WKF110', 'approve_request')) ?? {};
    await bob.do({ type: 'press', channel: 'C0OPS', ts, actionId: 'approve_request', isPrivate: false });
    await bob.see(announced('WKF110', 'Accepted'));
    bob.leave();
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it('reports problems of kept rules, and exits with 1', async () => {
    await mkdir(kept);
    await writeFile(join(kept, 'campaign-wf.yml'), 'acces: []\n');
    const ended = await refused(['--keep', kept]);
    expect(ended).toMatchObject({
      exit: 1,
      output: expect.stringMatching(/campaign-wf\.yml:1.*acces.*did you mean access\?/s),
    });
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(await readdir(temporary)).toEqual([]);
    expect(await readFile(join(kept, 'campaign-wf.yml'), 'utf8')).toBe('acces: []\n');
  });

  it('reports that the folder cannot be used, and exits with 1', async () => {
    await writeFile(kept, 'a file');
    expect(await refused(['--keep', kept])).toMatchObject({
      exit: 1,
      output: `${kept} cannot be used: it is not a folder, or not writable.`,
    });
    expect(await readdir(temporary)).toEqual([]);
  });

  // For root, nothing is read-only.
  (process.getuid?.() === 0 ? it.skip : it)('reports a folder that is not writable, and exits with 1', async () => {
    await mkdir(kept);
    await chmod(kept, 0o500);
    expect(await refused(['--keep', kept])).toMatchObject({
      exit: 1,
      output: `${kept} cannot be used: it is not a folder, or not writable.`,
    });
  });

  it('is for one sandbox at a time: the second is refused, and the first one continues', async () => {
    const first = await startPageProcess({ args: ['--keep', kept], temporary });
    expect(await refused(['--keep', kept])).toMatchObject({
      exit: 1,
      output: `${kept} is in use by another sandbox: end that one, or use another folder.`,
    });
    expect(await readRecordAt(first.url)).toEqual([]);
    expect(await first.end('SIGINT')).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
  });
});

it('a port in use is reported in one sentence, with exit code 1', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const ended = await refused(['--port', String(port)]);
  server.close();
  expect(ended).toMatchObject({
    exit: 1,
    output: `Port ${port} is in use: take another with --port, or leave it out for a free one.`,
  });
  expect(await readdir(temporary)).toEqual([]);
});

async function refused(args: readonly string[]): Promise<PageNotReadyError> {
  const outcome = await startPageProcess({ args, temporary }).catch((error: unknown) => error);
  if (outcome instanceof PageNotReadyError) return outcome;
  throw new Error(`It has started: ${String(outcome)}`);
}

async function withAlice<T>(page: ShownPage, work: (alice: Visitor) => Promise<T>): Promise<T> {
  const alice = await visit(page.url, 'U0ALICE');
  try {
    return await work(alice);
  } finally {
    alice.leave();
  }
}

const isAbout = (workflowId: string, text: string) => (entry: Entry) =>
  !entry.isPrivate && [workflowId, text].every((each) => JSON.stringify(entry).includes(each));

const announced =
  (workflowId: string, text: string) =>
  ({ entries }: Snapshot) =>
    entries.some(isAbout(workflowId, text));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const installed = 'node_modules';

/** Every file of the repository with the time of its last change; of `node_modules`, only the top level. */
async function filesOf(root: string): Promise<readonly string[]> {
  const top = (await readdir(root)).filter((name) => name !== '.git');
  const names = await Promise.all(
    top.map(async (name) => {
      const inside = await readdir(join(root, name), { recursive: name !== installed }).catch(() => []);
      return [name, ...inside.map((each) => join(name, each))];
    }),
  );
  const changes = names.flat().map(async (name) => {
    const found = await stat(join(root, name));
    return `${name} ${found.isDirectory() ? 'folder' : found.mtimeMs}`;
  });
  return (await Promise.all(changes)).sort();
}
