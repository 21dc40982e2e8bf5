import type { Log } from '../requests/ports.ts';
import { createTroubleLog } from '../trouble-log.ts';
import { exportSpans } from './tracing.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Exports traces where a standard variable of OpenTelemetry asks for it. Otherwise nothing is loaded. */
export async function startTracing(variables: Variables, log: Log): Promise<void> {
  const given = Object.entries(variables).filter(([name]) => name.startsWith('OTEL_'));
  if (given.length === 0) return;
  const { openTelemetry, tracesAsked } = await import('./open-telemetry.ts');
  const asked = tracesAsked(variables);
  if (asked.kind === 'none') return;
  if (asked.kind === 'unsupported') {
    const { variable, value } = asked;
    log.warn({ variable, value }, 'traces are not exported: this exporter, protocol or sampler is not supported');
    return;
  }
  // The exporters read their settings there. `.env` is not in it.
  for (const [name, value] of given) process.env[name] ??= value;
  const texts = { begins: 'traces cannot be exported', ends: 'traces are exported again' };
  const trouble = createTroubleLog({ log }).watch('traces', { ...texts, fields: { service: 'OpenTelemetry' } });
  exportSpans(await openTelemetry(asked, trouble));
  log.info({ protocol: asked.protocol, ratio: asked.ratio }, 'traces are exported');
}
