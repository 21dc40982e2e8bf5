import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setGlobals } from './globals.ts';

type Run = (
  globalConfig: { readonly watch: boolean; readonly watchAll: boolean },
  config: object,
  environment: object,
  runtime: object,
  testPath: string,
  ...others: unknown[]
) => Promise<object>;

const require = createRequire(import.meta.url);
const circus = require('jest-circus/runner') as { readonly default: Run };
const globals = new URL('./globals.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : nextResolve(specifier, context),
});

/**
 * Runs a test file as Jest does, but Node itself loads it and all that it imports: Jest would compile every module again
 * for every test file, in a context of its own, which takes longer than most tests. So the files that one process runs
 * share their modules. These keep no state that matters to a test.
 */
const run: Run = async (globalConfig, config, environment, runtime, testPath, ...others) => {
  if (globalConfig.watch || globalConfig.watchAll)
    throw new Error('Watching is not possible: a process that runs a file again has the modules of the first run.');
  const native = Object.create(runtime, {
    requireInternalModule: { value: requireAnew },
    setGlobalsForRuntime: { value: setGlobals },
    unstable_shouldLoadAsEsm: { value: () => true },
    unstable_importModule: { value: (path: string) => import(pathToFileURL(path).href) },
  });
  try {
    return await circus.default(globalConfig, config, environment, native, testPath, ...others);
  } finally {
    forgetTests();
  }
};

export default run;

/** The framework, with no tests yet. */
function requireAnew(path: string): unknown {
  delete require.cache[path];
  return require(path);
}

const kept: ReadonlySet<string | undefined> = new Set(['EVENT_HANDLERS', 'JEST_STATE_SYMBOL']);

/** The framework keeps the tests of a file, and who hears of them, as properties of the global object. */
function forgetTests(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (kept.has(key.description)) Reflect.deleteProperty(globalThis, key);
}
