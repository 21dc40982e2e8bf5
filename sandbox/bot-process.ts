import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../start/main.js', import.meta.url));

/** The time limit of a start, for a slow machine. */
const readyWithinMs = 30_000;

/** The real bot in its own process, with only the given environment variables. */
export type BotProcess = {
  readonly pid: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Its log so far, by line. */
  readonly log: readonly string[];
  /** Sends a signal that does not end it. Resolves with the first line that it then logs with this text. */
  signal(signal: NodeJS.Signals, pattern: RegExp): Promise<string>;
  /** Sends a signal. Resolves with the exit code, or the signal's name, once the process has ended. */
  end(signal: NodeJS.Signals): Promise<number | string>;
  /** Resolves like `end` when the process ends for any reason. */
  readonly ended: Promise<number | string>;
};

/** A failed start, with its exit code and output. */
export class BotNotReadyError extends Error {
  override name = 'BotNotReadyError';
  readonly exit: number | string | null;
  readonly output: string;

  constructor(exit: number | string | null, output: string) {
    super(`the bot did not become ready (exit ${exit}):\n${output}`);
    this.exit = exit;
    this.output = output;
  }
}

/** Starts the bot in `folder`, which has no `.env`. `onLogLine` is called with each line of its log. Rejects with a BotNotReadyError when it ends first. */
export async function startBot(
  env: Record<string, string>,
  folder: string,
  onLogLine: (line: string, pid: number) => void = () => {},
): Promise<BotProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const listening = new Set<(line: string) => void>();
  const addLine = (line: string) => {
    log.push(line);
    onLogLine(line, child.pid ?? 0);
    for (const listen of listening) listen(line);
  };
  const port = await readyPort(child, log, addLine, ended);
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    log,
    ended,
    signal(signal, pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const listen = (line: string) => {
        if (pattern.test(line)) resolve(line);
      };
      listening.add(listen);
      ended.then((exit) => reject(new BotNotReadyError(exit, log.join('\n'))));
      child.kill(signal);
      return promise.finally(() => listening.delete(listen));
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function readyPort(
  child: ChildProcess,
  log: readonly string[],
  addLine: (line: string) => void,
  ended: Promise<number | string>,
): Promise<number> {
  const ready = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface(stream).on('line', (line) => {
      addLine(line);
      const port = portIn(line);
      if (port !== null) ready.resolve(port);
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
  ended.then((exit) => ready.reject(new BotNotReadyError(exit, log.join('\n'))));
  return ready.promise.finally(() => clearTimeout(timer));
}

/** The log line "ready" has the ports. With a separate port for metrics there may be no other. */
function portIn(line: string): number | null {
  if (!line.includes('"message":"ready"')) return null;
  const { port, metricsPort } = JSON.parse(line) as { port?: number; metricsPort?: number };
  return port ?? metricsPort ?? null;
}
