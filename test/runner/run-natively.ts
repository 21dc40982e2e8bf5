import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { endFile } from './after-file.ts';
import { setGlobals } from './globals.ts';

type Run = (
  globalConfig: unknown,
  projectConfig: unknown,
  environment: unknown,
  runtime: unknown,
  path: string,
  report: unknown,
) => Promise<unknown>;

const require = createRequire(import.meta.url);
const circus = require('jest-circus/runner') as { readonly default: Run };
const globals = new URL('./globals.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});

/**
 * Jest's own runner of tests, with Node as the loader of modules, as in production. Jest loads every module anew for each
 * test file, in a context of its own, which took a quarter of the time. Here each of Jest's workers loads a module once: what
 * the modules of `src` keep (compiled statements, connections to a proxy) is valid for every test file. `jest.mock` and fake
 * timers are not available.
 */
const run: Run = async (globalConfig, projectConfig, _environment, _runtime, path, report) => {
  try {
    return await circus.default(globalConfig, projectConfig, { global: globalThis }, nodeRuntime, path, report);
  } finally {
    endFile();
  }
};

export default run;

/** What jest-circus uses of `jest-runtime`. */
const nodeRuntime = {
  requireInternalModule: requireAnew,
  requireModule: require,
  setGlobalsForRuntime: setGlobals,
  enterTestCode: () => {},
  leaveTestCode: () => {},
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path: string) => import(pathToFileURL(path).href),
};

/** jest-circus keeps the tests of a file in its module, and the listeners of that module in a global variable. */
function requireAnew(path: string): unknown {
  delete require.cache[path];
  Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
  return require(path);
}
