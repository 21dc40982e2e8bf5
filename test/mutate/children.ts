import { spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<number>();

/** Kills every program that still runs, with all that it started. */
export function killChildren(): void {
  for (const pid of running) killGroup(pid);
}

/** Runs a program to its end; null when it took longer than the limit and was killed with all that it started. */
export async function run(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly limitMs: number },
): Promise<{ readonly code: number; readonly output: string } | null> {
  const [program, ...args] = command;
  const { cwd, env } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { pid } = child;
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (it) => output.push(it));
  if (pid === undefined) throw new Error(`${program} does not start`);
  running.add(pid);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(pid);
  }, options.limitMs);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  // A test that failed may have left a process behind.
  killGroup(pid);
  running.delete(pid);
  return late ? null : { code: typeof code === 'number' ? code : 1, output: output.join('') };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
