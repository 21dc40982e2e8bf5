import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';

/** The bot and its libraries as one file. Not minified, so that a stack trace in the log names functions. */
export const bundleOptions = {
  input: join(import.meta.dirname, '../src/main.ts'),
  platform: 'node',
  output: { format: 'esm', codeSplitting: false },
  logLevel: 'silent',
} as const satisfies BuildOptions;
