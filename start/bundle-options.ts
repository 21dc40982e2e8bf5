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
 * The bot and its libraries as one file. Nothing else is left out or rewritten: the bundler takes calls such as
 * `decodeURIComponent(text)` to have no effect, but they throw for invalid text. And a stack trace in the log names functions.
 */
export const bundleOptions = {
  input: join(import.meta.dirname, '../src/main.ts'),
  platform: 'node',
  treeshake: false,
  plugins: [openTelemetryOnDemand],
  output: { format: 'esm', codeSplitting: false, minify: false },
  logLevel: 'silent',
} as const satisfies BuildOptions;
