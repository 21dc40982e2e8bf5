import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { alice, inSandbox } from './people.ts';

type Ready = { port?: number; metricsPort?: number; version?: string };

function readyLine({ bot }: Sandbox): Ready {
  const line = bot().log.find((one) => one.includes('"message":"ready"')) ?? '{}';
  return JSON.parse(line) as Ready;
}

const pages = ['/healthz', '/readyz', '/metrics', '/'];

function statusesAt(port: number | undefined): Promise<readonly number[]> {
  return Promise.all(pages.map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status));
}

it.concurrent('with METRICS_PORT, PORT has only Slack’s requests and /healthz, and the other port accepts no request of Slack', () =>
  inSandbox({ mode: 'http', env: { METRICS_PORT: '0' } }, async ({ sandbox, slack, type, announced, outcome }) => {
    const { port, metricsPort, version } = readyLine(sandbox);
    expect(version).toBe(manifest.version);
    const ready = await fetch(`http://127.0.0.1:${metricsPort}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: true, version });
    expect(await statusesAt(port)).toEqual([200, 404, 404, 404]);
    expect(await statusesAt(metricsPort)).toEqual([200, 200, 200, 404]);
    await type(alice, 'pause WKF200');
    await outcome(await announced('WKF200', 'accepted'));

    slack.deliverTo(`http://127.0.0.1:${metricsPort}/slack/events`);
    expect((await slack.post({ body: '{}', contentType: 'application/json' })).status).toBe(404);
    const posted = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { method: 'POST' });
    expect(posted.status).toBe(404);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain(
      '\ncampaign_wf_outcomes_total{outcome="accepted",reason="taken",verb="pause",environment="acme"} 1\n',
    );
    expect(metrics).toContain('\ncampaign_wf_requests_turned_away_total{reason="wrong_path"} 2\n');
    expect(metrics).toMatch(/\nprocess_cpu_seconds_total \d/);
  }));

it.concurrent('with METRICS_PORT in Socket Mode PORT is not opened, because another process may use it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const env = { PORT: String(typeof address === 'object' && address?.port), METRICS_PORT: '0' };
  await inSandbox({ mode: 'socket', env }, async ({ sandbox, type, announced }) => {
    const { port, metricsPort } = readyLine(sandbox);
    expect(port).toBeUndefined();
    expect(await statusesAt(metricsPort)).toEqual([200, 200, 200, 404]);
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
  }).finally(() => other.close());
});
