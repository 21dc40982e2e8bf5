import type { IdGenerator, ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { settledWithin } from '../requests/settled-within.ts';
import type { TroubleWatch } from '../trouble-log.ts';
import { version } from '../version.ts';
import type { FinishedSpan, SpanSink } from './tracing.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the standard variables ask for; `unsupported` is the value of one that this bot does not know. */
export type TracesAsked =
  | { readonly kind: 'none' }
  | { readonly kind: 'unsupported'; readonly variable: string; readonly value: string }
  | { readonly kind: 'otlp'; readonly protocol: 'http/protobuf' | 'http/json'; readonly ratio: number };

/** How long the last spans may take at the end. */
const endWithinMs = 3_000;

/**
 * Sends spans over OTLP. The exporters read `OTEL_EXPORTER_OTLP_*` by themselves. The packages are loaded here, so that
 * nothing of them is in a process that exports nothing.
 */
export async function openTelemetry(
  { protocol, ratio }: TracesAsked & { kind: 'otlp' },
  trouble: TroubleWatch,
): Promise<SpanSink> {
  const [api, sdk, resources, exporter] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    protocol === 'http/json'
      ? import('@opentelemetry/exporter-trace-otlp-http').then(({ OTLPTraceExporter }) => new OTLPTraceExporter())
      : import('@opentelemetry/exporter-trace-otlp-proto').then(({ OTLPTraceExporter }) => new OTLPTraceExporter()),
  ]);
  const named = resources.resourceFromAttributes({ 'service.name': 'campaign-wf', 'service.version': version });
  const { resourceAttributesEnvDetector, serviceNameEnvDetector } = resources;
  const given = resources.detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  const ids = givenIds();
  const provider = new sdk.TracerProvider({
    resource: named.merge(given),
    idGenerator: ids,
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: watched(exporter, trouble) })],
  });
  const tracer = provider.getTracer('campaign-wf', version);
  const { ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } = api;

  function emit({ name, id, parent, attributes, startedAt, endedAt, problem, ...rest }: FinishedSpan): void {
    if (!isSampled(rest.trace, ratio)) return;
    const within = { traceId: rest.trace, spanId: parent ?? '', traceFlags: TraceFlags.SAMPLED };
    const context = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, within);
    ids.next(rest.trace, id);
    const span = tracer.startSpan(name, { startTime: startedAt, attributes, root: parent === null }, context);
    if (problem !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
    span.end(endedAt);
  }

  return {
    emit,
    end: () =>
      settledWithin(
        endWithinMs,
        provider.shutdown().catch(() => {}),
      ),
  };
}

/** The IDs of the next span: those of a request follow from its record. */
function givenIds(): IdGenerator & { next(trace: string, span: string): void } {
  let [trace, span] = ['', ''];
  return {
    next(nextTrace, nextSpan) {
      [trace, span] = [nextTrace, nextSpan];
    },
    generateTraceId: () => trace,
    generateSpanId: () => span,
  };
}

/** By the trace ID alone: so all processes decide alike. */
function isSampled(trace: string, ratio: number): boolean {
  return Number.parseInt(trace.slice(0, 8), 16) < ratio * 0x1_0000_0000;
}

function watched(exporter: SpanExporter, trouble: TroubleWatch): SpanExporter {
  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        // 0: exported. The error can contain what the collector answers, but no headers.
        if (result.code === 0) trouble.worked();
        else trouble.failed('not_exported', { detail: result.error?.message ?? null });
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** OpenTelemetry's specification, "Environment Variable Specification". Nothing is exported unless something asks for it. */
export function tracesAsked(variables: Variables): TracesAsked {
  const given = (name: string) => variables[name]?.trim() || null;
  if (given('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return { kind: 'none' };
  const endpoint = given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? given('OTEL_EXPORTER_OTLP_ENDPOINT');
  const exporter = given('OTEL_TRACES_EXPORTER') ?? (endpoint === null ? 'none' : 'otlp');
  if (exporter === 'none') return { kind: 'none' };
  if (exporter !== 'otlp') return { kind: 'unsupported', variable: 'OTEL_TRACES_EXPORTER', value: exporter };
  const ofTraces = 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  const variable = given(ofTraces) === null ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : ofTraces;
  const protocol = given(variable) ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json')
    return { kind: 'unsupported', variable, value: protocol };
  const sampler = given('OTEL_TRACES_SAMPLER') ?? 'always_on';
  const ratio = ratioOf(sampler.replace(/^parentbased_/, ''), given('OTEL_TRACES_SAMPLER_ARG'));
  if (ratio === null) return { kind: 'unsupported', variable: 'OTEL_TRACES_SAMPLER', value: sampler };
  return { kind: 'otlp', protocol, ratio };
}

function ratioOf(sampler: string, argument: string | null): number | null {
  if (sampler === 'always_on') return 1;
  if (sampler === 'always_off') return 0;
  const ratio = Number(argument ?? 1);
  return sampler === 'traceidratio' && ratio >= 0 && ratio <= 1 ? ratio : null;
}
