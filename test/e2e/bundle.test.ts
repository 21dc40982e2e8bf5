import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { alice, inSandbox } from './people.ts';

const listModules = new URL('./list-modules.ts', import.meta.url).href;
const repository = new URL('../../', import.meta.url).href;

/** Optional packages of `debug`, which uses them for colours where they are installed. */
const optionalPackages: ReadonlySet<string> = new Set(['node_modules/supports-color', 'node_modules/has-flag']);

/** The bundler does not run in a Jest environment. */
const printModules = `
  import { build } from 'rolldown';
  import { bundleOptions } from './start/bundle-options.ts';
  const { output } = await build({ ...bundleOptions, write: false });
  const modules = output.flatMap(({ modules = {} }) => Object.keys(modules));
  console.log(JSON.stringify({ modules, isAscii: output.every(({ code = '' }) => !/[^\\0-\\x7F]/.test(code)) }));
`;

type Lock = { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> };

it('the bundle contains nothing of the sandbox or the tests, no development package, and ASCII alone', async () => {
  const { modules, isAscii } = await bundled();
  expect(isAscii).toBe(true);
  expect(modules).toContain('src/main.ts');
  expect(modules).toContainEqual(expect.stringMatching(/^node_modules\/@slack\/bolt\//));
  expect(modules.filter((path) => path.includes('@opentelemetry'))).toEqual([]);
  const own = modules.filter((path) => !path.startsWith('node_modules/'));
  // package.json has the version.
  expect(own.filter((path) => !path.startsWith('src/'))).toEqual(['package.json']);
  const { packages } = JSON.parse(await readFile(new URL('package-lock.json', repository), 'utf8')) as Lock;
  const packaged = new Set(modules.map(packageOf).filter((name) => name !== null));
  const notProduction = [...packaged].filter((name) => packages[name] === undefined || packages[name].dev);
  expect(notProduction.filter((name) => !optionalPackages.has(name))).toEqual([]);
});

it.each([
  ['http', 'over HTTP', {}],
  ['socket', 'over Socket Mode', {}],
  ['http', 'with OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }],
] as const)('the running bot, %s, %s, loads the bundle and nothing else', async (mode, _, env) => {
  const loaded = await modulesLoadedByBot(mode, env);
  expect(loaded).toEqual([
    'start/main.js',
    'start/needs-node.js',
    expect.stringMatching(/^dist\/campaign-wf-[0-9a-f]{16}\.js$/),
  ]);
});

/** The modules have their paths in the repository, without the bundler's own. */
async function bundled(): Promise<{ readonly modules: readonly string[]; readonly isAscii: boolean }> {
  const folder = fileURLToPath(repository);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', printModules], {
    cwd: folder,
  });
  const { modules, isAscii } = JSON.parse(stdout) as { readonly modules: readonly string[]; readonly isAscii: boolean };
  const files = modules.filter((path) => !path.startsWith('\0'));
  return { modules: files.map((path) => path.replace(folder, '')), isAscii };
}

/** The paths in the repository. */
async function modulesLoadedByBot(mode: 'http' | 'socket', also = {}): Promise<readonly string[]> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-')), (it) => rm(it, { recursive: true }));
  const list = join(folder, 'modules');
  const env = { NODE_OPTIONS: `--import=${listModules}`, LIST_OF_MODULES: list, ...also };
  await inSandbox({ mode, env }, async ({ type, announced }) => {
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
  });
  const urls = new Set((await readFile(list, 'utf8')).split('\n').filter((url) => url.startsWith('file:')));
  urls.delete(listModules);
  return [...urls].map((url) => url.replace(repository, ''));
}

/** The name of the innermost package in the lock file: `node_modules/a/node_modules/b`. */
function packageOf(path: string): string | null {
  const [found] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
  return found ?? null;
}
