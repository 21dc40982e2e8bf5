import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';

const nothing = '\0no-open-telemetry';

/**
 * The packages of OpenTelemetry stay outside, and are loaded where traces are exported. `prom-client` requires one of them
 * for exemplars, which the bot does not use: it gets an empty module.
 */
const openTelemetryOnDemand = {
  name: 'open-telemetry-on-demand',
  resolveId(source: string, importer: string | undefined) {
    if (!source.startsWith('@opentelemetry/')) return null;
    return importer?.includes('prom-client') ? nothing : { id: source, external: true };
  },
  load: (id: string) => (id === nothing ? 'export {};' : null),
};

/**
 * Node keeps the source of what it runs: with a byte for each character where all are ASCII, otherwise with two. An escape has
 * the same value in strings, templates, regular expressions and names, but not in `String.raw`, nor after a backslash.
 */
const asciiOnly = {
  name: 'ascii-only',
  renderChunk(code: string) {
    const [found] = /String\.raw`[^`]*[^\0-\x7F]|(?<!\\)(?:\\\\)*\\[^\0-\x7F]/.exec(code) ?? [];
    if (found !== undefined) throw new Error(`an escape would change ${found}`);
    return code.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/**
 * The bot and its libraries as one file. Nothing else is left out or rewritten: the bundler takes calls such as
 * `decodeURIComponent(text)` to have no effect, but they throw for invalid text. And a stack trace in the log names functions.
 */
export const bundleOptions = {
  input: join(import.meta.dirname, '../src/main.ts'),
  platform: 'node',
  treeshake: false,
  plugins: [openTelemetryOnDemand, asciiOnly],
  output: {
    format: 'esm',
    codeSplitting: false,
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
  logLevel: 'silent',
} as const satisfies BuildOptions;
