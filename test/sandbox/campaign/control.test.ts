import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAULTS } from '../../../sandbox/campaign/faults.ts';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import { command, getWorkflow, request, requestToken } from './requests.fixture.ts';

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ settleMs: 0, control: true });
});
afterEach(() => pretend.close());

async function control(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await request(`${pretend.apiUrl}/pretend/${path}`, { method, body: text ?? null });
  return { status: answer.status, json: JSON.parse(answer.body) };
}

const names = Object.keys(FAULTS);

describe('the control interface', () => {
  it('shows the workflows', async () => {
    const { status, json } = await control('GET', 'workflows');
    expect(status).toBe(200);
    expect(json).toEqual(pretend.workflows());
  });

  it('shows requests and responses in order, without its own', async () => {
    await getWorkflow(pretend, 'WKF110');
    await requestToken(pretend);
    await command(pretend, 'WKF110', 'pause');
    await control('GET', 'workflows');
    const { json } = await control('GET', 'requests?all');
    expect(json).toMatchObject([
      { method: 'GET', answer: { status: 200 } },
      { method: 'POST', path: '/ims/token/v3', answer: { status: 200 } },
      { method: 'POST', body: '{"method":"pause"}', answer: { status: 200, body: '' }, reachedCampaign: true },
    ]);
    expect(pretend.requests).toHaveLength(2);
  });

  it('switches a fault on until it is switched off', async () => {
    const sent = { fault: 'gateway_429', times: 'always', workflowId: 'WKF110', retryAfter: 9 };
    expect(await control('POST', 'faults', sent)).toEqual({ status: 201, json: { on: [sent] } });
    for (let n = 0; n < 3; n += 1) expect((await getWorkflow(pretend, 'WKF110')).headers.get('retry-after')).toBe('9');
    expect((await getWorkflow(pretend, 'WKF111')).status).toBe(200);
    expect(await control('GET', 'faults')).toEqual({ status: 200, json: { on: [sent], known: names } });
    expect(await control('DELETE', 'faults')).toEqual({ status: 200, json: { on: [] } });
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(200);
  });

  it('a fault applies once by default', async () => {
    await control('POST', 'faults', { fault: 'oops_502' });
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(502);
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(200);
  });

  it('switches off the faults of one name', async () => {
    await control('POST', 'faults', { fault: 'oops_502' });
    await control('POST', 'faults', { fault: 'rst_404', times: 2 });
    const left = { on: [{ fault: 'rst_404', times: 2 }] };
    expect(await control('DELETE', 'faults/oops_502')).toEqual({ status: 200, json: left });
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(404);
  });

  it('adds workflows, with which a twenty-first start is queued until one of the others ends', async () => {
    const started = () => pretend.workflows().filter(({ state }) => state === 'started').length;
    while (started() < 20) await control('POST', 'workflows', { id: `LOAD-${started()}`, state: 'started' });
    const { status, json } = await control('POST', 'workflows', { id: 'LOAD-20' });
    expect({ status, added: json.at(-1) }).toMatchObject({ status: 201, added: { id: 'LOAD-20', state: 'editing' } });
    await command(pretend, 'LOAD-20', 'start');
    expect(pretend.workflow('LOAD-20')?.state).toBe('queued');
    await control('POST', 'workflows', { id: 'WKF110', state: 'finished' });
    await pretend.waitFor(() => pretend.workflow('LOAD-20')?.state === 'started');
  });

  it.each([
    {},
    { id: 'no blanks' },
    { id: 'x'.repeat(65) },
    { id: 'WKF1', state: 'queued' },
    { id: 'WKF1', org: 'a' },
    'x',
  ])('adds no workflow for %j', async (body) => {
    const answer = await control('POST', 'workflows', body);
    expect(answer).toEqual({ status: 400, json: { problem: expect.any(String) } });
    expect(pretend.workflows()).toHaveLength(10);
  });

  it('moves the clock forward', async () => {
    const eightDays = 8 * 24 * 60 * 60 * 1000;
    const { status, json } = await control('POST', 'clock', { letPassMs: eightDays });
    expect(status).toBe(200);
    expect(Date.parse(json.now)).toBeGreaterThan(Date.now() + eightDays - 60_000);
    await pretend.waitFor(() => pretend.workflow('WKF112')?.state === 'finished');
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown fault', { fault: 'gateway_999' }, /^fault: there is no such fault$/],
    ['no fault', {}, /^fault: there is no such fault$/],
    ['a name of every object', { fault: 'toString' }, /^fault: there is no such fault$/],
    ['a fault that never happens', { fault: 'slow', times: 0 }, /^times: /],
    ['times in words', { fault: 'slow', times: 'often' }, /^times: /],
    ['another method', { fault: 'slow', method: 'PUT' }, /^method: /],
    ['a delay in the past', { fault: 'slow', delayMs: -1 }, /^delayMs: /],
    ['an invalid header', { fault: 'gateway_429', retryAfter: '1\r\nX: y' }, /^retryAfter: /],
    ['a workflow of IMS', { fault: 'ims_429', workflowId: 'WKF110' }, /^workflowId: IMS knows no workflows$/],
    ['an unknown key', { fault: 'slow', delay: 1 }, /"delay"/],
    ['a list', [], /object/],
    ['no JSON', 'fault=slow', /JSON/],
    ['nothing', '', /JSON/],
  ])('reports the problem of %s, and lists the faults', async (_name, body, problem) => {
    const answer = await control('POST', 'faults', body);
    expect(answer).toEqual({ status: 400, json: { problem: expect.stringMatching(problem), faults: names } });
    expect(pretend.faults()).toEqual([]);
  });

  it('lists the faults when an unknown one is switched off', async () => {
    pretend.fail('slow');
    const answer = await control('DELETE', 'faults/fast');
    expect(answer).toEqual({ status: 400, json: { problem: 'there is no fault fast', faults: names } });
    expect(pretend.faults()).toHaveLength(1);
  });

  it.each([{}, { letPassMs: -1 }, { letPassMs: 1.5 }, { letPassMs: '8d' }, { letPassMs: 1e15 }, { days: 8 }, 'x'])(
    'does not move the clock for %j',
    async (body) => {
      const answer = await control('POST', 'clock', body);
      expect(answer).toEqual({ status: 400, json: { problem: expect.any(String) } });
      expect(pretend.now()).toBeLessThan(Date.now() + 60_000);
    },
  );

  it.each([
    ['GET', 'nothing'],
    ['PUT', 'faults'],
    ['PUT', 'workflows'],
    ['GET', 'workflows/WKF110'],
  ])('lists what exists instead of %s %s', async (method, path) => {
    const answer = await control(method, path);
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({
      problem: `There is no ${method} /pretend/${path}.`,
      ways: expect.arrayContaining(['POST /pretend/clock', 'DELETE /pretend/faults/{fault}']),
    });
  });

  it('does not exist by default, and its paths are ordinary requests', async () => {
    const plain = await startPretendCampaign();
    const answer = await request(`${plain.apiUrl}/pretend/faults`, { method: 'POST', body: '{"fault":"hang"}' });
    expect(answer.status).toBe(401);
    expect(plain.faults()).toEqual([]);
    expect(plain.requests).toHaveLength(1);
    await plain.close();
  });
});

describe('no secret is shown:', () => {
  const url = (path: string) => pretend.apiUrl + path;
  const shown = async () => (await control('GET', 'requests')).json;

  it('access tokens and client secrets of well-formed requests', async () => {
    await requestToken(pretend);
    await getWorkflow(pretend, 'WKF110');
    const requests = await shown();
    expect(requests[0].body).toContain('client_secret=***&grant_type=client_credentials');
    expect(requests[0].answer.body).toContain('"access_token":"***"');
    expect(requests[1].headers.authorization).toBe('Bearer ***');
    expect(requests[1].writtenHeaders).toContainEqual([expect.stringMatching(/^authorization$/i), 'Bearer ***']);
    expect(JSON.stringify(requests)).not.toMatch(/pretend-secret|pretend-token/);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a secret in the URL', () => request(url('/ims/token/v3?client_secret=s3cret&x=1'), { method: 'POST' })],
    ['an access token in the URL', () => request(url('/acme/x?access_token=s3cret'))],
    ['a secret as JSON', () => request(url('/ims/token/v3'), { method: 'POST', body: '{"client_secret":"s3cret"}' })],
    [
      'a secret under an encoded name',
      () => request(url('/ims/x'), { method: 'POST', body: 'client%5Fsecret=s3cret' }),
    ],
    ['another way to authorize', () => request(url('/acme/x'), { headers: { Authorization: 'Basic s3cret' } })],
  ])('%s', async (_name, send) => {
    await send();
    const requests = await shown();
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(requests)).not.toContain('s3cret');
  });

  it('except to the test itself', async () => {
    await requestToken(pretend);
    await shown();
    expect(pretend.tokenRequests[0]?.body).toContain('client_secret=pretend-secret');
  });
});
