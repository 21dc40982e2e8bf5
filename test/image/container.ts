import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { run } from './programs.ts';

export type ImageConfig = {
  readonly User: string;
  readonly Cmd: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly StopSignal: NodeJS.Signals;
  readonly Healthcheck: { readonly Test: readonly string[] };
};

/** The root file system of a container, and what its image says. */
export type Container = {
  readonly root: string;
  readonly config: ImageConfig;
  /** A folder of this machine that is mounted as the volume. */
  readonly data: string;
  /** A folder of this machine that is mounted as `/run`, read-only. */
  readonly secrets: string;
};

export type Ended = { readonly exit: number | string; readonly lines: readonly string[] };

/** The arguments: the root, the volume, the secrets, the user, the working directory, and the command with its variables. */
const inside = `
  set -e
  root=$1 data=$2 secrets=$3 user=$4 folder=$5
  shift 5
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  mount --bind "$data" "$root$folder/data"
  mount --bind "$secrets" "$root/run"
  mount -o remount,bind,ro "$root/run"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  exec chroot --userspec="$user" "$root" /usr/bin/env -i -C "$folder" "$@"
`;

export async function configOf(image: string): Promise<ImageConfig> {
  const { Docker } = JSON.parse(await run('buildah', ['inspect', '--type', 'image', image]));
  return Docker.config;
}

/**
 * Starts a command as the image's user and as process 1, with a read-only root, in mounts and processes of its own. It has
 * this machine's network. `onLine` is called with each line that it prints.
 */
export function startIn(
  { root, config, data, secrets }: Container,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
) {
  const variables = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const places = [root, data, secrets, config.User, config.WorkingDir];
  const script = ['sh', '-c', inside, 'sh', ...places, ...variables, ...command];
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', ...script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ exit: code ?? signal, lines }));
  return {
    ended,
    signal: (signal: NodeJS.Signals) => process.kill(firstChild(child), signal),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** `unshare` passes no signals on: the command is its only child. */
function firstChild({ pid }: ChildProcess): number {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  const found = Number(first);
  if (!(found > 0)) throw new Error('the command has ended');
  return found;
}
