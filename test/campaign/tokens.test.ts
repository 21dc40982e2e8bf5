import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { fixedToken, imsTokens, type TokenSource } from '../../src/campaign/tokens.ts';
import { type BareServer, httpAnswer, startBareServer } from './bare-server.ts';

const minutes = (count: number) => count * 60_000;

async function tokenOf(tokens: TokenSource): Promise<string> {
  const result = await tokens.get();
  if (!result.ok) throw new Error(`No token: ${result.reason}`);
  return result.token;
}

describe('an access token', () => {
  let pretend: PretendCampaign;
  let tokens: TokenSource;
  let now: number;
  beforeEach(async () => {
    now = 1_000_000;
    pretend = await startPretendCampaign({ strict: true });
    tokens = imsTokens({ ...pretend, now: () => now });
  });
  afterEach(() => pretend.close());

  it('is requested as Adobe documents it, without secrets in the URL', async () => {
    await tokens.get();
    const [request] = pretend.tokenRequests;
    expect(request).toMatchObject({ method: 'POST', path: '/ims/token/v3', answer: { status: 200 } });
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.headers['user-agent']).toBeUndefined();
    expect([...new URLSearchParams(request?.body)]).toEqual([
      ['client_id', pretend.clientId],
      ['client_secret', pretend.clientSecret],
      ['grant_type', 'client_credentials'],
      ['scope', 'openid,AdobeID,pretend_campaign'],
    ]);
  });

  it('is kept until five minutes before its end, then renewed', async () => {
    const first = await tokenOf(tokens);
    now += 86_399_000 - minutes(5) - 1;
    expect(await tokenOf(tokens)).toBe(first);
    now += 1;
    expect(await tokenOf(tokens)).not.toBe(first);
    expect(pretend.tokenRequests).toHaveLength(2);
  });

  it('with a short lifetime is renewed after nine tenths of it', async () => {
    pretend.setTokenLifetime(600);
    const first = await tokenOf(tokens);
    now += minutes(9) - 1;
    expect(await tokenOf(tokens)).toBe(first);
    now += 1;
    expect(await tokenOf(tokens)).not.toBe(first);
  });

  it('is requested once for concurrent callers', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => tokenOf(tokens)));
    expect(new Set(results).size).toBe(1);
    expect(pretend.tokenRequests).toHaveLength(1);
  });

  it('that is still valid is used while IMS is unavailable', async () => {
    const first = await tokenOf(tokens);
    now += 86_399_000 - minutes(4);
    pretend.fail('ims_down', { times: 2 });
    expect(await tokenOf(tokens)).toBe(first);
    now += minutes(4);
    expect(await tokens.get()).toMatchObject({ ok: false, reason: 'ims_unreachable' });
  });

  it('is no longer used once IMS refuses the client', async () => {
    await tokens.get();
    now += 86_399_000 - minutes(4);
    pretend.fail('ims_401');
    expect(await tokens.get()).toMatchObject({ ok: false, reason: 'ims_refused' });
  });

  it.each(['expired', 'refused'] as const)(
    'that is %s is dropped, but a verdict on an older one does not count',
    async (how) => {
      const first = await tokenOf(tokens);
      tokens.recordVerdict(first, how);
      const second = await tokenOf(tokens);
      tokens.recordVerdict(first, how);
      expect(await tokenOf(tokens)).toBe(second);
      expect(second).not.toBe(first);
      expect(pretend.tokenRequests).toHaveLength(2);
    },
  );

  it('that is refused like the one before is kept for a minute, so that IMS is not flooded', async () => {
    tokens.recordVerdict(await tokenOf(tokens), 'refused');
    const second = await tokenOf(tokens);
    now += minutes(1) - 1;
    for (let times = 0; times < 20; times += 1) {
      tokens.recordVerdict(second, 'refused');
      expect(await tokenOf(tokens)).toBe(second);
    }
    now += 1;
    tokens.recordVerdict(second, 'refused');
    expect(await tokenOf(tokens)).not.toBe(second);
    expect(pretend.tokenRequests).toHaveLength(3);
  });

  it('that was accepted and is refused later is dropped immediately, each time', async () => {
    for (let times = 0; times < 5; times += 1) {
      const token = await tokenOf(tokens);
      tokens.recordVerdict(token, 'accepted');
      tokens.recordVerdict(token, 'refused');
      expect(await tokenOf(tokens)).not.toBe(token);
    }
  });

  it('that could not be obtained is requested again the next time; concurrent callers share the failure', async () => {
    pretend.fail('ims_429');
    const failures = await Promise.all([tokens.get(), tokens.get(), tokens.get()]);
    expect(failures.map((failure) => !failure.ok && failure.reason)).toEqual(['ims_busy', 'ims_busy', 'ims_busy']);
    expect(pretend.tokenRequests).toHaveLength(1);
    expect(await tokens.get()).toMatchObject({ ok: true });
  });

  it('is refused to a client with a wrong secret', async () => {
    const wrong = imsTokens({ ...pretend, clientSecret: 'wrong', now: () => now });
    expect(await wrong.get()).toMatchObject({ ok: false, reason: 'ims_refused', answer: { status: 400 } });
  });

  it('that is fixed stays the same', async () => {
    const fixed = fixedToken('mine');
    fixed.recordVerdict('another', 'expired');
    fixed.recordVerdict('mine', 'refused');
    expect(await fixed.get()).toEqual({ ok: true, token: 'mine' });
    expect(await fixed.get()).toEqual({ ok: true, token: 'mine' });
  });

  it('that is fixed is withheld once after the gateway refused it, then used again', async () => {
    const fixed = fixedToken('mine');
    fixed.recordVerdict('mine', 'expired');
    fixed.recordVerdict('mine', 'expired');
    const answer = { status: null, text: null, adobeRequestId: null };
    expect(await fixed.get()).toEqual({ ok: false, reason: 'token_ended', answer });
    expect(await fixed.get()).toEqual({ ok: true, token: 'mine' });
  });
});

describe('a response of IMS', () => {
  let server: BareServer;
  let answer = '';
  beforeEach(async () => {
    server = await startBareServer((socket) => socket.end(answer));
  });
  afterEach(() => server.close());

  function requestToken(imsUrl = server.url) {
    const client = { clientId: 'id', clientSecret: 's3cret', scopes: 'openid' };
    return imsTokens({ ...client, imsUrl, now: () => 0, timeoutMs: 2_000 }).get();
  }

  it.each([
    [400, 'ims_refused'],
    [401, 'ims_refused'],
    [403, 'ims_refused'],
    [302, 'ims_unexpected_answer'],
    [404, 'ims_unexpected_answer'],
    [407, 'ims_unexpected_answer'],
    [410, 'ims_unexpected_answer'],
    [408, 'ims_unreachable'],
    [429, 'ims_busy'],
    [500, 'ims_unreachable'],
    [503, 'ims_unreachable'],
  ])('with %i means %s', async (status, reason) => {
    answer = httpAnswer(status, 'words', { 'X-Request-Id': 'r-1', Location: 'http://127.0.0.1:1/' });
    expect(await requestToken()).toEqual({
      ok: false,
      reason,
      answer: { status, text: 'words', adobeRequestId: 'r-1' },
    });
  });

  const good = { access_token: 'abc', token_type: 'bearer', expires_in: 60 };
  it.each([
    '',
    'abc',
    '[]',
    '{"access_token":',
    JSON.stringify({ ...good, access_token: '' }),
    JSON.stringify({ ...good, access_token: 'a\nb' }),
    JSON.stringify({ ...good, expires_in: '60' }),
    JSON.stringify({ ...good, expires_in: -1 }),
    JSON.stringify({ ...good, token_type: 'mac' }),
  ])('that is a 200 without a usable token is unexpected, and is not quoted: %j', async (body) => {
    answer = httpAnswer(200, body);
    expect(await requestToken()).toEqual({
      ok: false,
      reason: 'ims_unexpected_answer',
      answer: { status: 200, text: null, adobeRequestId: null },
    });
  });

  it('may have its token type in capitals', async () => {
    answer = httpAnswer(200, JSON.stringify({ ...good, token_type: 'Bearer' }));
    expect(await requestToken()).toEqual({ ok: true, token: 'abc' });
  });

  it('of more than a megabyte is not read', async () => {
    answer = httpAnswer(200, JSON.stringify({ ...good, more: 'x'.repeat(1_000_000) }));
    expect(await requestToken()).toMatchObject({ ok: false, reason: 'ims_unexpected_answer' });
  });

  it.each([
    [200, 'ims_unexpected_answer'],
    [401, 'ims_unexpected_answer'],
    [403, 'ims_unexpected_answer'],
    [404, 'ims_unexpected_answer'],
    [429, 'ims_busy'],
    [502, 'ims_unreachable'],
  ])('that is a page with %i means %s, and its source is not shown', async (status, reason) => {
    answer = httpAnswer(status, '<html><body>Sign in</body></html>', { 'Content-Type': 'text/html' });
    expect(await requestToken()).toEqual({ ok: false, reason, answer: { status, text: null, adobeRequestId: null } });
  });

  it('that is not HTTP is unexpected', async () => {
    answer = 'SSH-2.0-OpenSSH_9.9\r\n';
    expect(await requestToken()).toMatchObject({ ok: false, reason: 'ims_unexpected_answer' });
  });

  it('that never arrives ends at the time limit', async () => {
    const silent = await startBareServer(() => undefined);
    const client = { imsUrl: silent.url, clientId: 'id', clientSecret: 's3cret', scopes: 'openid' };
    const result = await imsTokens({ ...client, now: () => 0, timeoutMs: 100 }).get();
    expect(result).toMatchObject({ ok: false, reason: 'ims_unreachable' });
    await silent.close();
  });
});
