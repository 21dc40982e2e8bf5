import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** No daemon, and no kernel module that a container may lack. */
const environment = {
  ...process.env,
  STORAGE_DRIVER: 'vfs',
  BUILDAH_ISOLATION: 'chroot',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** Runs a program to its end. Rejects with its whole output if it fails. @returns its standard output */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const running = promisify(execFile)(program, args, { env: environment, cwd, maxBuffer: 100_000_000 });
  const { stdout } = await running.catch(({ stdout: said = '', stderr = '', message }) => {
    throw new Error(`${String(message).split('\n', 1)[0]}\n${said}${stderr}`);
  });
  return stdout.trim();
}

/** Why no image can be built here; null if one can. */
export async function whyNot(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  for (const program of ['buildah', 'unshare', 'chroot']) {
    const isThere = await run(program, ['--version']).catch(() => null);
    if (isThere === null) return `${program} is missing (apt-get install buildah util-linux)`;
  }
  return null;
}
