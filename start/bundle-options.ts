import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';

/**
 * The bot and its libraries as one file. Nothing is left out or rewritten: the bundler takes calls such as
 * `decodeURIComponent(text)` to have no effect, but they throw for invalid text. And a stack trace in the log names functions.
 */
export const bundleOptions = {
  input: join(import.meta.dirname, '../src/main.ts'),
  platform: 'node',
  treeshake: false,
  output: { format: 'esm', codeSplitting: false, minify: false },
  logLevel: 'silent',
} as const satisfies BuildOptions;
