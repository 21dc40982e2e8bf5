import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../sandbox/campaign/faults.ts';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import { command, getWorkflow, requestToken } from './requests.fixture.ts';

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ settleMs: 0 });
});
afterEach(() => pretend.close());

const retry = { 'retry-after': '1' };
const type = (value: string) => ({ 'content-type': value });
const rst = /^RST-360011 An error has occurred - please contact your administrator\.\nRST-/;
const oops = (code: number) => ({ code, message: expect.stringMatching(/^Oops\. Something went wrong\./) });

describe('the gateway', () => {
  const codes: [Fault, string, string | RegExp, Record<string, string>][] = [
    ['gateway_401013', '401013', 'Oauth token is not valid', {}],
    ['scope_403000', '403000', /./, {}],
    ['scope_403003', '403003', 'Api Key is invalid', {}],
    ['scope_403010', '403010', /./, {}],
    ['scope_403011', '403011', /./, {}],
    ['profile_403023', '403023', 'Profile is not valid', {}],
    ['gateway_429001', '429001', /./, retry],
    ['gateway_429002', '429002', /./, retry],
    ['gateway_429', '429050', /./, retry],
    ['gateway_503000', '503000', /./, retry],
    ['gateway_503', '503010', /./, retry],
  ];

  it.each(codes)('%s: responds with %s, and nothing reaches Campaign', async (fault, code, message, headers) => {
    pretend.fail(fault);
    const answer = await command(pretend, 'WKF110', 'stop');
    expect(answer.status).toBe(Number(code.slice(0, 3)));
    expect(JSON.parse(answer.body)).toEqual({ error_code: code, message: expect.stringMatching(message) });
    expect(Object.fromEntries(answer.headers)).toMatchObject({ ...type('application/json'), ...headers });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
  });

  it.each<[Fault, unknown, string | RegExp]>([
    ['number_401013', 'application/json', '{"error_code":401013,"message":"Oauth token is not valid"}'],
    ['invalid_token_401', 'application/json', /^{"errorCode":"invalid_token",/],
    ['html_401', 'text/html', /^<html>/],
  ])('%s: 401 in another format, and nothing reaches Campaign', async (fault, contentType, body) => {
    pretend.fail(fault);
    const answer = await command(pretend, 'WKF110', 'stop');
    expect(answer).toMatchObject({ status: 401, body: expect.stringMatching(body) });
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
  });

  it('cut_401: the response is cut off, and nothing reaches Campaign', async () => {
    pretend.fail('cut_401');
    await expect(command(pretend, 'WKF110', 'stop')).rejects.toThrow();
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false, answer: { status: 401 } }]);
  });

  it.each([
    [7, '7'],
    ['Sun, 01 Mar 2026 10:00:30 GMT', 'Sun, 01 Mar 2026 10:00:30 GMT'],
    [null, null],
  ])('sends the configured Retry-After: %j', async (retryAfter, header) => {
    pretend.fail('gateway_429001', { retryAfter });
    expect((await command(pretend, 'WKF110', 'stop')).headers.get('retry-after')).toBe(header);
  });
});

describe('the entry', () => {
  it.each([
    ['oops_500', 500],
    ['oops_502', 502],
  ] as const)('%s: Oops, and nothing reaches Campaign', async (fault, status) => {
    pretend.fail(fault);
    const answer = await command(pretend, 'WKF110', 'stop');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual(oops(status));
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
  });

  it('wrong_tenant: 400 while it is cold, 500 once it is warm', async () => {
    pretend.fail('wrong_tenant', { times: 3 });
    const answers = [
      await getWorkflow(pretend, 'WKF110'),
      await getWorkflow(pretend, 'WKF110'),
      await getWorkflow(pretend, 'WKF110'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 500, 500]);
    expect(JSON.parse(answers[1]?.body ?? '')).toEqual(oops(500));
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(200);
  });
});

describe('Campaign itself', () => {
  const errors: [Fault, number, RegExp, string][] = [
    ['rst_500', 500, rst, 'text/plain;charset=utf-8'],
    ['rst_404', 404, rst, 'text/plain;charset=utf-8'],
    ['pkey_500', 500, /^XTK-170036 Unable to parse expression/, 'text/plain;charset=utf-8'],
    ['v8_500', 500, /^An error has occurred - please contact your administrator\.$/, 'text/plain;charset=utf-8'],
    ['v8_404', 404, /^Unable to find document with path /, 'text/plain;charset=utf-8'],
    ['v8_pkey_404', 404, /^Unable to decrypt PKey/, 'text/plain;charset=utf-8'],
    ['plain_503', 503, /^Service Unavailable$/, 'text/plain;charset=utf-8'],
    ['html_500', 500, /^<html>/, 'application/json'],
    ['html_502', 502, /^<html>/, 'text/html'],
    ['cut_json_503', 503, /^\{"error_code":"503010",[^}]*$/, 'application/json'],
  ];

  it.each(errors)('%s: %i, received the command, and did nothing', async (fault, status, body, contentType) => {
    pretend.fail(fault);
    const answer = await command(pretend, 'WKF110', 'stop');
    expect(answer).toMatchObject({ status, body: expect.stringMatching(body) });
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: true }]);
    expect(pretend.workflow('WKF110')?.commands).toEqual([]);
  });

  it('state_hidden: shows everything but the state, and accepts commands', async () => {
    pretend.fail('state_hidden', { times: 2 });
    const shown = JSON.parse((await getWorkflow(pretend, 'WKF110')).body);
    expect(Object.keys(shown)).toEqual(['PKey', 'activities', 'nextProcessingDate']);
    expect(await command(pretend, 'WKF110', 'stop')).toMatchObject({ status: 200, body: '' });
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });

  it.each([
    ['WKF110', 11, false],
    ['WKF111', 0, false],
    ['WKF112', 13, false],
    ['WKF113', 11, true],
  ])('state_as_number: shows %s as %i, failed: %s', async (id, state, failed) => {
    pretend.fail('state_as_number');
    const shown = JSON.parse((await getWorkflow(pretend, id)).body);
    expect(shown).toMatchObject({ PKey: `@pretend-${id}`, state, failed });
    expect(shown).not.toHaveProperty('logicalStatus');
  });

  it('state_as_number: does not change a response without a workflow', async () => {
    pretend.fail('state_as_number', { times: 2 });
    expect(await getWorkflow(pretend, 'WKF999')).toMatchObject({ status: 404, body: expect.stringMatching(rst) });
    const wrongKey = await getWorkflow({ ...pretend, clientId: 'wrong' }, 'WKF110');
    expect(JSON.parse(wrongKey.body)).toEqual({ error_code: '403000', message: expect.any(String) });
  });
});

describe('intermediaries', () => {
  it.each([
    ['sign_in_200', /^<!DOCTYPE html>/],
    ['gateway_200', /"error_code":"403000"/],
  ] as const)('%s: 200 in the place of Campaign', async (fault, body) => {
    pretend.fail(fault);
    const answer = await command(pretend, 'WKF110', 'stop');
    expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(body) });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
    expect(pretend.workflow('WKF110')?.commands).toEqual([]);
  });

  it('html_404: a page in the place of Campaign', async () => {
    pretend.fail('html_404', { times: 2 });
    expect(await getWorkflow(pretend, 'WKF110')).toMatchObject({ status: 404, body: expect.stringMatching(/^<html>/) });
    expect((await command(pretend, 'WKF110', 'stop')).headers.get('content-type')).toBe('text/html');
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
    expect(pretend.workflow('WKF110')?.commands).toEqual([]);
  });

  it('packed_200: executed, with a response that cannot be decoded', async () => {
    pretend.fail('packed_200');
    await expect(command(pretend, 'WKF110', 'stop')).rejects.toThrow();
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });
});

describe('the transport', () => {
  it.each([
    ['redirect_302', 302],
    ['timeout_408', 408],
  ] as const)('%s: %i, and nothing is executed', async (fault, status) => {
    pretend.fail(fault);
    expect((await command(pretend, 'WKF110', 'stop')).status).toBe(status);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
  });

  it('huge_body: executed, with a response of more than 1 MB', async () => {
    pretend.fail('huge_body');
    expect((await command(pretend, 'WKF110', 'stop')).body.length).toBeGreaterThan(1_000_000);
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });

  it.each([
    ['drop_before', []],
    ['drop_after', ['stop']],
  ] as const)('%s: the connection is closed after %j', async (fault, commands) => {
    pretend.fail(fault);
    await expect(command(pretend, 'WKF110', 'stop')).rejects.toThrow();
    expect(pretend.workflow('WKF110')?.commands).toEqual(commands);
  });
});

describe('IMS', () => {
  it.each([
    ['ims_429', 429],
    ['ims_401', 401],
  ] as const)('%s: %i, and no token', async (fault, status) => {
    pretend.fail(fault);
    expect(await requestToken(pretend)).toMatchObject({ status, body: expect.not.stringContaining('access_token') });
    expect((await requestToken(pretend)).status).toBe(200);
  });

  it('ims_down: the connection is closed, and Campaign is unchanged', async () => {
    pretend.fail('ims_down');
    expect((await getWorkflow(pretend, 'WKF110')).status).toBe(200);
    await expect(requestToken(pretend)).rejects.toThrow();
  });
});
