import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import type { PretendCommand, PretendState } from '../../sandbox/campaign/workflow-states.ts';

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ settleMs: 0 });
});
afterEach(() => pretend.close());

async function callApi(path: string, overrides: Record<string, string> = {}, body?: string) {
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${pretend.issueToken()}`,
    'Cache-Control': 'no-cache',
    'X-Api-Key': pretend.clientId,
    ...overrides,
  };
  const response = await fetch(pretend.apiUrl + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    body: body ?? null,
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

const commands = (id: string) => `/acme/campaign/workflow/execution/${id}/commands`;

function command(id: string, method: string, headers: Record<string, string> = {}) {
  return callApi(commands(id), headers, JSON.stringify({ method }));
}

function becomes(id: string, state: PretendState) {
  return pretend.waitFor(() => pretend.workflow(id)?.state === state);
}

describe('the pretend Campaign', () => {
  it.each<[PretendCommand, string, PretendState]>([
    ['start', 'WKF111', 'started'],
    ['start', 'WKF112', 'started'],
    ['start', 'WKF113', 'started'],
    ['pause', 'WKF110', 'paused'],
    ['resume', 'WKF112', 'started'],
    ['stop', 'WKF110', 'finished'],
    ['stop', 'WKF112', 'finished'],
  ])('executes %s of %s', async (method, id, state) => {
    expect(await command(id, method)).toMatchObject({ status: 200, body: '' });
    await becomes(id, state);
  });

  it('executes commands one after the other, and accepts those without an effect', async () => {
    for (const method of ['pause', 'pause', 'resume', 'stop']) await command('WKF110', method);
    await becomes('WKF110', 'finished');
    expect(pretend.workflow('WKF110')?.commands).toEqual(['pause', 'pause', 'resume', 'stop']);
  });

  it('shows a transitional state for a while', async () => {
    const slow = await startPretendCampaign({ settleMs: 60_000 });
    const previous = pretend;
    pretend = slow;
    await command('WKF110', 'stop');
    expect(slow.workflow('WKF110')).toMatchObject({ state: 'stopping', logicalStatus: 'started' });
    pretend = previous;
    await slow.close();
  });

  it('shows the documented fields, and the logical status', async () => {
    const { body } = await callApi('/acme/campaign/workflow/execution/WKF112');
    expect(JSON.parse(body)).toEqual({
      PKey: '@pretend-WKF112',
      activities: { activity: { scheduler: expect.any(Object) } },
      nextProcessingDate: expect.any(String),
      logicalStatus: 'warning',
    });
  });

  it('runs twenty workflows at once and queues the next', async () => {
    for (let n = 0; n < 13; n += 1) pretend.addWorkflow(`FILL${n}`);
    await command('WKF111', 'start');
    expect(pretend.workflow('WKF111')?.state).toBe('queued');
    await command('WKF110', 'stop');
    await becomes('WKF111', 'started');
  });

  it.each([
    ['no token', { Authorization: '' }, 401, '401013'],
    ['an unknown token', { Authorization: 'Bearer strange' }, 401, '401013'],
    ['a wrong key', { 'X-Api-Key': 'wrong' }, 403, '403000'],
  ])('has a gateway that refuses %s', async (_name, headers, status, code) => {
    const answer = await command('WKF110', 'stop', headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error_code: code });
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false, answer: { status } }]);
  });

  it.each([
    ['another body', () => command('WKF110', 'kill'), 400],
    ['another content type', () => command('WKF110', 'stop', { 'Content-Type': 'text/plain' }), 400],
    ['a body that is not JSON', () => callApi(commands('WKF110'), {}, 'method=stop'), 400],
    ['a truncated body', () => callApi(commands('WKF110'), {}, '{"method":"stop"'), 400],
    ['an unknown workflow', () => command('WKF999', 'stop'), 404],
    ['an unknown organization', () => callApi('/other/campaign/workflow/execution/WKF110'), 500],
    ['an unknown path', () => callApi('/acme/campaign/profiles'), 500],
  ])('rejects %s', async (_name, send, status) => {
    expect((await send()).status).toBe(status);
    expect(pretend.workflow('WKF110')?.commands).toEqual([]);
  });

  const deviations: [string, () => ReturnType<typeof callApi>][] = [
    ['another cache control', () => command('WKF110', 'stop', { 'Cache-Control': 'no-store' })],
    ['a charset', () => command('WKF110', 'stop', { 'Content-Type': 'application/json; charset=utf-8' })],
    ['capitals in the type', () => command('WKF110', 'stop', { 'Content-Type': 'Application/JSON' })],
    ['spaces in the body', () => callApi(commands('WKF110'), {}, '{ "method": "stop" }\n')],
    ['more in the body', () => callApi(commands('WKF110'), {}, '{"method":"stop","source":"x"}')],
  ];

  it.each(deviations)('accepts from other clients what Adobe accepts: %s', async (_name, send) => {
    expect((await send()).status).toBe(200);
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });

  it.each(deviations)('rejects it in strict mode: %s', async (_name, send) => {
    await pretend.close();
    pretend = await startPretendCampaign({ settleMs: 0, strict: true });
    expect((await send()).status).toBe(400);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
    expect((await command('WKF110', 'pause')).status).toBe(200);
  });

  it('applies a fault only where and as often as it was set', async () => {
    pretend.fail('gateway_503', { method: 'POST', workflowId: 'WKF111', times: 2, retryAfter: 7 });
    expect((await command('WKF110', 'pause')).status).toBe(200);
    expect((await callApi('/acme/campaign/workflow/execution/WKF111')).status).toBe(200);
    expect((await command('WKF111', 'start')).headers.get('retry-after')).toBe('7');
    expect((await command('WKF111', 'start')).status).toBe(503);
    expect((await command('WKF111', 'start')).status).toBe(200);
  });

  it('removes its faults on request', async () => {
    pretend.fail('rst_500', { times: 5 });
    pretend.clearFaults();
    expect((await command('WKF110', 'pause')).status).toBe(200);
  });

  it('executes a command whose response is dropped or delayed, and none that hangs', async () => {
    pretend.fail('drop_after', { workflowId: 'WKF200' });
    pretend.fail('slow', { workflowId: 'WKF201', delayMs: 1 });
    pretend.fail('hang', { workflowId: 'WKF202' });
    await expect(command('WKF200', 'stop')).rejects.toThrow();
    expect((await command('WKF201', 'stop')).status).toBe(200);
    const hanging = expect(command('WKF202', 'stop')).rejects.toThrow();
    await pretend.waitFor(() => pretend.posts('WKF202').length === 1);
    expect(['WKF200', 'WKF201', 'WKF202'].map((id) => pretend.workflow(id)?.commands)).toEqual([
      ['stop'],
      ['stop'],
      [],
    ]);
    expect(pretend.posts('WKF202')).toMatchObject([{ reachedCampaign: true, answer: 'hanging' }]);
    await pretend.close();
    await hanging;
  });

  it('refuses revoked tokens', async () => {
    const Authorization = `Bearer ${pretend.issueToken()}`;
    pretend.revokeTokens();
    expect((await command('WKF110', 'stop', { Authorization })).status).toBe(401);
  });

  it('lists the received requests where a wait times out', async () => {
    await command('WKF110', 'pause');
    await expect(pretend.waitFor(() => false, 1)).rejects.toThrow(/1 ms[\s\S]*execution\/WKF110\/commands → 200/);
  });

  it('notifies of changes until it is unsubscribed', async () => {
    let changes = 0;
    const unsubscribe = pretend.on('change', () => {
      changes += 1;
    });
    pretend.addWorkflow('NEW');
    unsubscribe();
    pretend.addWorkflow('NEWER');
    expect(changes).toBe(1);
  });
});
