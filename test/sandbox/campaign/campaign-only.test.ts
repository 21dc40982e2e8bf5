import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runCurl } from './curl-line.fixture.ts';
import { request } from './requests.fixture.ts';

const main = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));

type Run = { child: ChildProcess; output(): string; ended: Promise<[number | null, string | null]> };

const running: Run[] = [];
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, 'close') as Run['ended'];
  const started = { child, output: () => output, ended };
  running.push(started);
  return started;
}

/** Its output once it has started. */
async function startOutput({ child, output, ended }: Run): Promise<string> {
  while (!output().includes('Ctrl-C ends it')) {
    const exit = await Promise.race([ended, once(child.stdout ?? child, 'data').then(() => null)]);
    if (exit !== null) throw new Error(`it ended (${exit.join()}):\n${output()}`);
  }
  return output();
}

const settingIn = (text: string, name: string) => new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(text)?.[1] ?? '';
const curlLinesIn = (text: string) => text.split('\n').filter((line) => line.startsWith('curl '));

async function occupyPort(): Promise<{ server: Server; port: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? String(address.port) : '' };
}

describe('npm run sandbox -- --campaign-only', () => {
  it('prints how to reach it, and each line for curl works unchanged', async () => {
    const text = await startOutput(run('--campaign-only'));
    const [getToken = '', start = '', switchOn = ''] = curlLinesIn(text);
    const workflows = `${settingIn(text, 'CAMPAIGN_API_URL')}/pretend/workflows`;
    const shown = async () => JSON.parse((await request(workflows)).body);
    for (const { id, state } of await shown()) expect(text).toMatch(new RegExp(`^ +${id} +${state}$`, 'm'));

    const token = await runCurl(getToken);
    expect(token.status).toBe(200);
    expect(JSON.parse(token.body)).toMatchObject({ access_token: expect.any(String), token_type: 'bearer' });

    expect((await runCurl(start)).status).toBe(200);
    expect(await shown()).toContainEqual(expect.objectContaining({ id: 'WKF111', commands: ['start'] }));

    expect((await runCurl(switchOn)).status).toBe(201);
    for (let n = 0; n < 2; n += 1) expect((await runCurl(start)).status).toBe(503);
  });

  it('the settings that it prints are all that a client needs', async () => {
    const text = await startOutput(run('--campaign-only'));
    const form = new URLSearchParams({
      client_id: settingIn(text, 'CAMPAIGN_CLIENT_ID'),
      client_secret: settingIn(text, 'CAMPAIGN_CLIENT_SECRET'),
      grant_type: 'client_credentials',
      scope: settingIn(text, 'CAMPAIGN_SCOPES'),
    });
    const ims = `${settingIn(text, 'IMS_URL')}/ims/token/v3`;
    const { access_token: token } = JSON.parse((await request(ims, { method: 'POST', body: form })).body);
    const organization = settingIn(text, 'CAMPAIGN_ORGANIZATION');
    const url = `${settingIn(text, 'CAMPAIGN_API_URL')}/${organization}/campaign/workflow/execution/WKF112`;
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache',
      'X-Api-Key': settingIn(text, 'CAMPAIGN_CLIENT_ID'),
    };
    const { status, body } = await request(url, { headers });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ logicalStatus: 'warning' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with exit code 0, also with open requests', async (signal) => {
    const started = run('--campaign-only');
    const text = await startOutput(started);
    const [getToken = ''] = curlLinesIn(text);
    const apiUrl = settingIn(text, 'CAMPAIGN_API_URL');
    await request(`${apiUrl}/pretend/faults`, { method: 'POST', body: '{"fault":"hang"}' });
    const waiting = expect(request(`${apiUrl}/acme/x`)).rejects.toThrow();
    while (!(await request(`${apiUrl}/pretend/requests`)).body.includes('hanging'));
    started.child.kill(signal);
    expect(await started.ended).toEqual([0, null]);
    await waiting;
    await expect(runCurl(getToken)).rejects.toThrow();
  });

  it('listens on the given port, and again after a restart', async () => {
    const { server, port } = await occupyPort();
    await new Promise((resolve) => server.close(resolve));
    for (let n = 0; n < 2; n += 1) {
      const started = run('--campaign-only', '--port', port);
      expect(settingIn(await startOutput(started), 'CAMPAIGN_API_URL')).toBe(`http://127.0.0.1:${port}`);
      started.child.kill('SIGTERM');
      await started.ended;
    }
  });

  it('a port in use: one sentence, exit code 1', async () => {
    const { server, port } = await occupyPort();
    const refused = run('--campaign-only', '--port', port);
    expect(await refused.ended).toEqual([1, null]);
    expect(refused.output()).toMatch(new RegExp(`^Port ${port} is in use: [^\\n]+\\.\\n$`));
    server.close();
  });
});
