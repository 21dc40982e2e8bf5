import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { credentials, type Services } from './services.ts';

/** The programs that are compared. */
export const subjects = ['bare Bolt', 'handler', 'campaign-wf'] as const;
export type SubjectName = (typeof subjects)[number];

const program: Record<SubjectName, string> = {
  'bare Bolt': fileURLToPath(new URL('../baselines/bare-bolt.ts', import.meta.url)),
  handler: fileURLToPath(new URL('../baselines/handler.ts', import.meta.url)),
  'campaign-wf': fileURLToPath(new URL('../../start/main.js', import.meta.url)),
};

/** The arguments of Node in `npm start`. */
const ownArguments = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));

const repliesPerCommand: Record<SubjectName, number> = { 'bare Bolt': 0, handler: 1, 'campaign-wf': 2 };

/** A running program. */
export type Subject = {
  /** The address for Slack's requests. */
  readonly url: string;
  /** How many messages it posts in the thread of a command: the outcome, and what Campaign shows afterwards. */
  readonly repliesPerCommand: number;
  /** From the start of the process to its line "ready". */
  readonly readyMs: number;
  /** Processor time so far. */
  cpuMs(): number;
  /** Resident memory. */
  memoryMb(): number;
  /** What is in use of the heap and of buffers after a collection of garbage. Only where the program reports its heap. */
  heapMb(): Promise<number>;
  stop(): Promise<void>;
};

export type SubjectOptions = {
  /** More variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly reportsHeap?: boolean;
};

export async function startSubject(
  name: SubjectName,
  services: Pick<Services, 'slackUrl' | 'adobeUrl'>,
  { env = {}, reportsHeap = false }: SubjectOptions = {},
): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-wf-bench-'));
  const begun = performance.now();
  const child = spawn(process.execPath, [...nodeArguments(name, reportsHeap), program[name]], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      ...credentials,
      SLACK_API_URL: services.slackUrl,
      CAMPAIGN_API_URL: services.adobeUrl,
      IMS_URL: services.adobeUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      ...(name === 'campaign-wf' && {
        DATABASE_URL: `sqlite:${join(folder, 'ledger.sqlite')}`,
        CAMPAIGN_WF_CHANNELS: 'C0OPS',
        CAMPAIGN_WF_USERS: people.join(','),
      }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', ...(reportsHeap ? (['ipc'] as const) : [])],
  });
  const ended = once(child, 'close');
  const port = await portOf(child, ended);
  const readyMs = performance.now() - begun;
  return {
    url: `http://127.0.0.1:${port}/slack/events`,
    readyMs,
    repliesPerCommand: repliesPerCommand[name],
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    memoryMb: () => memoryMbOf(child.pid ?? 0),
    async heapMb() {
      child.send('report heap');
      const [bytes] = await once(child, 'message');
      return bytes / 2 ** 20;
    },
    async stop() {
      // What is still under way is not measured.
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** The people who send commands. */
export const people = Array.from({ length: 50 }, (_, index) => `U0BENCH${index}`);

/** `BENCH_NODE_ARGUMENTS` adds arguments, for example `--cpu-prof`. */
function nodeArguments(name: SubjectName, reportsHeap: boolean): readonly string[] {
  const added = process.env.BENCH_NODE_ARGUMENTS?.split(' ') ?? [];
  return [
    ...(name === 'campaign-wf' ? ownArguments : ['--disable-warning=ExperimentalWarning']),
    ...added,
    ...(reportsHeap ? ['--expose-gc', '--import', heapReport] : []),
  ];
}

const heapReport = new URL('report-heap.ts', import.meta.url).href;

async function portOf(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const log: string[] = [];
  if (child.stdout === null) throw new Error('the program has no output');
  createInterface(child.stdout).on('line', (line) => {
    log.push(line);
    if (line.includes('"message":"ready"')) resolve(Number((JSON.parse(line) as { port: number }).port));
  });
  ended.then(() => reject(new Error(`the program has ended:\n${log.join('\n')}`)));
  return promise;
}

/** Linux counts in ticks of 10 ms (proc(5)). */
const tickMs = 10;

function cpuMsOf(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(afterName[11]) + Number(afterName[12])) * tickMs;
}

function memoryMbOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
