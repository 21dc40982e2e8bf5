import { expect, it } from '@jest/globals';
import { tracesAsked } from '../src/tracing/open-telemetry.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const otlp = { kind: 'otlp', protocol: 'http/protobuf', ratio: 1 };

it.each([
  [{}, { kind: 'none' }],
  [{ OTEL_SERVICE_NAME: 'mine' }, { kind: 'none' }],
  [endpoint, otlp],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector/v1/traces' }, otlp],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, otlp],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, { kind: 'none' }],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, { kind: 'none' }],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'yes' }, otlp],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    { ...otlp, protocol: 'http/json' },
  ],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
    { ...otlp, protocol: 'http/json' },
  ],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { kind: 'unsupported', variable: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'grpc' },
  ],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, { kind: 'unsupported', variable: 'OTEL_TRACES_EXPORTER', value: 'zipkin' }],
  [
    { ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' },
    { ...otlp, ratio: 0 },
  ],
  [
    { ...endpoint, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
    { ...otlp, ratio: 0.25 },
  ],
  [
    { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'many' },
    { kind: 'unsupported', variable: 'OTEL_TRACES_SAMPLER', value: 'traceidratio' },
  ],
])('the standard variables decide whether traces are exported: %j', (variables, asked) => {
  expect(tracesAsked(variables)).toEqual(asked);
});
