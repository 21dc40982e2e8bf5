import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import { command, getWorkflow, requestToken } from './requests.fixture.ts';

const stage = { organization: 'acme-mkt-stage1', clientId: 'stage', clientSecret: 'stage-secret', scopes: 'openid' };

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ others: [stage], settleMs: 60_000 });
});
afterEach(() => pretend.close());

describe('a request is recorded with', () => {
  it('its response, of Campaign and of IMS', async () => {
    pretend.fail('gateway_503', { method: 'POST', retryAfter: 7 });
    const { body } = await command(pretend, 'WKF110', 'stop');
    const token = await requestToken(pretend);
    expect(pretend.requests.at(-1)?.answer).toEqual({
      status: 503,
      headers: { 'Content-Type': 'application/json', 'X-Request-Id': expect.any(String), 'Retry-After': '7' },
      body,
    });
    expect(pretend.tokenRequests.at(-1)?.answer).toMatchObject({ status: 200, body: token.body });
  });

  it.each(['drop_before', 'drop_after', 'ims_down'] as const)('“dropped” after %s', async (fault) => {
    pretend.fail(fault);
    await expect(fault === 'ims_down' ? requestToken(pretend) : getWorkflow(pretend, 'WKF110')).rejects.toThrow();
    expect([...pretend.requests, ...pretend.tokenRequests].map(({ answer }) => answer)).toEqual(['dropped']);
  });

  it('“hanging” where there will be no response, and nothing while a response is delayed', async () => {
    pretend.fail('hang', { workflowId: 'WKF110' });
    pretend.fail('slow', { workflowId: 'WKF111', delayMs: 60_000 });
    const unanswered = Promise.allSettled([getWorkflow(pretend, 'WKF110'), getWorkflow(pretend, 'WKF111')]);
    await pretend.waitFor(() => pretend.requests.length === 2);
    const answerTo = (id: string) => pretend.requests.find(({ path }) => path.endsWith(id))?.answer;
    await pretend.waitFor(() => answerTo('WKF110') === 'hanging');
    expect(answerTo('WKF111')).toBeNull();
    await pretend.close();
    await unanswered;
  });
});

describe('the recorded requests', () => {
  it('are the latest of each side, so memory does not grow', async () => {
    const short = await startPretendCampaign({ remembered: 2 });
    for (const id of ['WKF110', 'WKF111', 'WKF112']) await getWorkflow(short, id);
    await requestToken(short);
    expect(short.requests.map(({ number, path }) => `${number} ${path.slice(-6)}`)).toEqual(['2 WKF111', '3 WKF112']);
    expect(short.tokenRequests.map(({ number }) => number)).toEqual([4]);
    await short.close();
  });

  it('have the original headers, including repeated ones', async () => {
    const headers = ['X-Api-Key', 'one', 'x-API-key', 'two', 'Host', 'here'];
    await finish(request(pretend.apiUrl, { headers }));
    expect(pretend.requests.at(-1)?.writtenHeaders).toEqual([
      ['X-Api-Key', 'one'],
      ['x-API-key', 'two'],
      ['Host', 'here'],
      ['Connection', 'keep-alive'],
    ]);
  });

  it('do not include a request that is far too long', async () => {
    const { status } = await fetch(`${pretend.imsUrl}/ims/token/v3`, { method: 'POST', body: 'x'.repeat(100_001) });
    expect(status).toBe(413);
    expect(pretend.tokenRequests).toEqual([]);
  });
});

describe('the list of workflows', () => {
  it('has those of all organizations, with their commands, state and since when', async () => {
    pretend.addWorkflow('WKF300', 'paused', stage.organization);
    const before = pretend.now();
    await command(pretend, 'WKF110', 'pause');
    const listed = pretend.workflows();
    expect(listed).toHaveLength(11);
    expect(listed.at(0)).toEqual({
      id: 'WKF110',
      organization: 'acme',
      state: 'pausing',
      logicalStatus: 'started',
      since: expect.any(Number),
      commands: ['pause'],
    });
    expect(listed.at(0)?.since).toBeGreaterThanOrEqual(before);
    expect(listed.at(-1)).toMatchObject({
      id: 'WKF300',
      organization: stage.organization,
      state: 'paused',
      logicalStatus: 'warning',
      commands: [],
    });
  });
});

async function finish(clientRequest: ClientRequest): Promise<void> {
  clientRequest.end();
  const [answer] = (await once(clientRequest, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
}
