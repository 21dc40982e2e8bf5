import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The time limit of a start, for a slow and busy machine. */
const readyWithinMs = 60_000;

/** The sandbox in its own process, as `npm run sandbox` starts it. */
export type PageProcess = {
  readonly pid: number;
  /** Its output so far. */
  output(): string;
  /** Sends a signal. Resolves with the exit code, or the signal's name, once the process has ended and its output is closed. */
  end(signal: NodeJS.Signals): Promise<number | string>;
  /** The same for its whole process group, as a terminal does. Only where it `leadsGroup`. */
  endGroup(signal: NodeJS.Signals): Promise<number | string>;
};

/** One that serves the page. */
export type ShownPage = PageProcess & {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
};

/** A failed start, with its exit code and output. */
export class PageNotReadyError extends Error {
  override name = 'PageNotReadyError';
  readonly exit: number | string;
  readonly output: string;

  constructor(exit: number | string, output: string) {
    super(`the page did not start (exit ${exit}):\n${output}`);
    this.exit = exit;
    this.output = output;
  }
}

export type PageProcessOptions = {
  /** The arguments after `npm run sandbox --`. */
  readonly args?: readonly string[];
  /** Its temporary folder, in place of the system's. */
  readonly temporary?: string;
  /** Its working directory. Default: that of this process. */
  readonly folder?: string;
  readonly leadsGroup?: boolean;
};

/** Resolves once the page is served. Rejects with a PageNotReadyError where the process ends first. */
export async function startPageProcess(options: PageProcessOptions = {}): Promise<ShownPage> {
  const { page, ready } = spawnPage(options);
  const timer = setTimeout(() => page.end('SIGTERM'), readyWithinMs);
  const url = await ready.finally(() => clearTimeout(timer));
  return { ...page, url };
}

/** The process, and a promise of its address. */
export function spawnPage(options: PageProcessOptions): { page: PageProcess; ready: Promise<string> } {
  const { args = [], temporary, folder, leadsGroup = false } = options;
  const { PATH, HOME, NODE_COMPILE_CACHE, SANDBOX_PAGE_BUILD, TMPDIR } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    // Not all variables of this process: a test's NODE_ENV would build another page.
    env: { PATH, HOME, NODE_COMPILE_CACHE, SANDBOX_PAGE_BUILD, TMPDIR: temporary ?? TMPDIR },
    ...(folder !== undefined && { cwd: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: leadsGroup,
  });
  const pid = child.pid ?? 0;
  const lines: string[] = [];
  const output = () => lines.join('\n');
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      const [url] = /(?<=Open )http:\S+/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  }
  ended.then((exit) => reject(new PageNotReadyError(exit, output())));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  const endGroup = (signal: NodeJS.Signals) => {
    process.kill(-pid, signal);
    return ended;
  };
  return { page: { pid, output, end, endGroup }, ready };
}
