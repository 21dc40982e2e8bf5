import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../start/main.js', import.meta.url));

export type Started = { exit: number | null; stdout: string; stderr: string };

/** The content of a file. Null: it is a folder. */
type Content = string | Uint8Array | null;

/** Runs the program until it exits, with only these variables, in a folder with only these files. */
export async function start(env: Record<string, string>, files: Record<string, Content> = {}): Promise<Started> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-')), (it) => rm(it, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(content === null ? path : dirname(path), { recursive: true });
    if (content !== null) await writeFile(path, content);
  }
  const args = ['--disable-warning=ExperimentalWarning', main];
  const options = { cwd: folder, env, timeout: 15_000 };
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exit: await exit, stdout, stderr };
}
