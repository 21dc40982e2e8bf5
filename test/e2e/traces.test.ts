import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { alice, bob, inSandbox, requestId } from './people.ts';

const attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) });
const span = z.object({
  ...{ name: z.string(), traceId: z.string(), spanId: z.string(), parentSpanId: z.string().optional() },
  ...{ startTimeUnixNano: z.coerce.bigint(), endTimeUnixNano: z.coerce.bigint(), attributes: z.array(attribute) },
});
type Span = z.output<typeof span>;
const batch = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

type Received = { readonly path: string; readonly type: string; readonly key: string; readonly body: Buffer };

/** A collector of OpenTelemetry that keeps what it gets. */
async function startCollector(status = 200) {
  const received: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    buffer(request).then((body) => {
      const { 'content-type': type = '', 'x-key': key = '' } = request.headers;
      received.push({ path: request.url ?? '', type, key: String(key), body });
      response.writeHead(status, { 'content-type': type }).end(type.includes('json') ? '{}' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { received, url, [Symbol.dispose]: () => void server.close() };
}

function attributesOf({ attributes }: { attributes: z.output<typeof attribute>[] }): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}

it('a request is one trace, from the command to the report, and its lines in the log have its ID', async () => {
  using collector = await startCollector();
  const env = {
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    ...{ OTEL_EXPORTER_OTLP_HEADERS: 'x-key=mine', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test' },
  };
  await inSandbox({ mode: 'http', env }, async ({ type, announced, press, outcome, sandbox }) => {
    await type(alice, 'stop WKF110');
    const question = await announced('WKF110', 'awaiting_approval');
    const id = requestId(question);
    await press(bob, question, 'approve');
    await outcome(await announced('WKF110', 'accepted'));
    await sandbox.bot().end('SIGTERM');

    expect(collector.received.every(({ path, key }) => path === '/v1/traces' && key === 'mine')).toBe(true);
    const batches = collector.received.flatMap(({ body }) => batch.parse(JSON.parse(String(body))).resourceSpans);
    expect(attributesOf(batches[0]?.resource ?? { attributes: [] })).toMatchObject({
      ...{ 'service.name': 'campaign-wf', 'deployment.environment': 'test' },
    });
    const spans = batches.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans));
    const own = spans.filter((one) => attributesOf(one)['campaign_wf.request'] === id);
    const [root, ...others] = own.filter(({ parentSpanId }) => !parentSpanId);
    expect([root?.name, others]).toEqual(['request stop', []]);
    expect(root && attributesOf(root)).toMatchObject({
      ...{ 'campaign_wf.verb': 'stop', 'campaign_wf.workflow': 'WKF110', 'campaign_wf.outcome': 'accepted' },
    });
    expect(new Set(own.map(({ traceId }) => traceId)).size).toBe(1);
    const steps = own.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
    const names = steps.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['command', 'authorize', 'announce', 'press', 'decide', 'send', 'report']),
    );
    const within = (step: string) => own.filter(isChildOf(steps.find(({ name }) => name === step)));
    expect(within('command').map(({ name }) => name)).toContain('commit');
    expect(within('authorize').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['slack users.info', 'campaign']),
    );
    expect(within('announce').map(({ name }) => name)).toContain('slack chat.postMessage');
    expect(within('send').map(({ name }) => name)).toContain('campaign');
    expect(within('report').map(({ name }) => name)).toContain('slack chat.postMessage');
    for (const { startTimeUnixNano, endTimeUnixNano } of own) expect(startTimeUnixNano <= endTimeUnixNano).toBe(true);
    expect(JSON.stringify(spans, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      alice,
    );

    const lines = sandbox.bot().log.map((line) => JSON.parse(line));
    const ended = lines.find(({ message, request }) => message === 'request ended' && request === id);
    expect(ended).toMatchObject({ trace_id: root?.traceId, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });
});

function isChildOf(parent: Span | undefined): (one: Span) => boolean {
  return ({ parentSpanId }) => parent !== undefined && parentSpanId === parent.spanId;
}

it('Protobuf is the default, and a collector that fails is logged once, and changes nothing else', async () => {
  using collector = await startCollector(400);
  const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/mine` };
  await inSandbox({ mode: 'socket', env }, async ({ type, announced, outcome, sandbox }) => {
    await type(alice, 'pause WKF200');
    const announcement = await announced('WKF200', 'accepted');
    await outcome(announcement);
    await sandbox.bot().end('SIGTERM');
    expect(collector.received[0]).toMatchObject({ path: '/mine', type: 'application/x-protobuf' });
    expect(String(collector.received.map(({ body }) => body))).toContain(requestId(announcement));
    const lines = sandbox.bot().log.map((line) => JSON.parse(line));
    expect(lines.filter(({ message }) => message === 'traces cannot be exported')).toMatchObject([{ level: 40 }]);
    expect(lines.at(-1)).toMatchObject({ message: 'stopped' });
  });
});
