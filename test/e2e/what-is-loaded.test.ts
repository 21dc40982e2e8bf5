import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { alice, inSandbox } from './people.ts';

const noteModules = new URL('./note-modules.ts', import.meta.url).href;
const repository = new URL('../../', import.meta.url).href;

/** What a package of the bot's tries, and does without where it is not there: `debug` colours its output so. */
const takenWhereThere: ReadonlySet<string> = new Set(['node_modules/supports-color', 'node_modules/has-flag']);

type Lock = { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> };

it.each(['http', 'socket'] as const)(
  'the bot at work, over %s, loads nothing of the sandbox or the tests, and no package that is there for development only',
  async (mode) => {
    const loaded = await modulesOfABotAtWork(mode);
    expect(loaded).toContain('src/main.ts');
    expect(loaded).toContainEqual(expect.stringMatching(/^node_modules\/@slack\/bolt\//));
    const own = loaded.filter((path) => !path.startsWith('node_modules/'));
    expect(own.filter((path) => !path.startsWith('src/'))).toEqual([]);
    const { packages } = JSON.parse(await readFile(new URL('package-lock.json', repository), 'utf8')) as Lock;
    const installed = new Set(loaded.map(packageOf).filter((name) => name !== null));
    const notProduction = [...installed].filter((name) => packages[name] === undefined || packages[name].dev);
    expect(notProduction.filter((name) => !takenWhereThere.has(name))).toEqual([]);
  },
);

/** By their paths in the repository. */
async function modulesOfABotAtWork(mode: 'http' | 'socket'): Promise<readonly string[]> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-')), (it) => rm(it, { recursive: true }));
  const list = join(folder, 'modules');
  const env = { NODE_OPTIONS: `--import=${noteModules}`, LIST_OF_MODULES: list };
  await inSandbox({ mode, env }, async ({ type, announced }) => {
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
  });
  const urls = new Set((await readFile(list, 'utf8')).split('\n').filter((url) => url.startsWith('file:')));
  urls.delete(noteModules);
  return [...urls].map((url) => url.replace(repository, ''));
}

/** As the lock file names it, where the innermost package counts: `node_modules/a/node_modules/b`. */
function packageOf(path: string): string | null {
  const [found] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
  return found ?? null;
}
