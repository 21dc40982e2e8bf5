import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault, PretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { statusOf } from '../../sandbox/campaign/recorded-request.ts';
import { type CampaignClient, createCampaignClient } from '../../src/campaign/campaign.ts';
import type { ServiceFailure } from '../../src/campaign/service-failure.ts';
import { fixedToken, imsTokens } from '../../src/campaign/tokens.ts';
import { startCampaign } from './campaign.fixture.ts';
import { sendOnce } from './send-once.ts';

describe('a command to Campaign', () => {
  let pretend: PretendCampaign;
  let campaign: CampaignClient;
  beforeEach(async () => {
    ({ pretend, campaign } = await startCampaign());
  });
  afterEach(() => pretend.close());

  it('is accepted, and carried out later', async () => {
    expect(await sendOnce(campaign, 'WKF110', 'stop')).toMatchObject({ kind: 'accepted', answer: { status: 200 } });
    await pretend.waitFor(() => pretend.workflow('WKF110')?.state === 'finished');
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });

  it('is rejected for a workflow that does not exist', async () => {
    const result = await sendOnce(campaign, 'WKF999', 'stop');
    expect(result).toMatchObject({ kind: 'rejected', reason: 'workflow_not_found', answer: { status: 404 } });
    expect(result).toHaveProperty('answer.text', expect.stringMatching(/^RST-360011/));
  });

  it('has an unknown outcome for an organization that does not exist', async () => {
    const tokens = fixedToken(pretend.issueToken());
    const otherOrganization = createCampaignClient({
      ...pretend,
      organization: 'other',
      apiKey: pretend.clientId,
      tokens,
    });
    expect(await sendOnce(otherOrganization, 'WKF110', 'stop')).toMatchObject({
      kind: 'unknown',
      reason: 'entry_error',
    });
  });

  const failures: [Fault, object][] = [
    ['gateway_401013', { kind: 'not_reached', reason: 'token_expired', retryAfterMs: null }],
    ['gateway_429', { kind: 'not_reached', reason: 'gateway_busy', retryAfterMs: 1000 }],
    ['gateway_503', { kind: 'not_reached', reason: 'gateway_unavailable', retryAfterMs: 1000 }],
    ['profile_403023', { kind: 'rejected', reason: 'profile_invalid' }],
    ['scope_403003', { kind: 'rejected', reason: 'key_or_scope' }],
    ['oops_500', { kind: 'unknown', reason: 'entry_error' }],
    ['oops_502', { kind: 'unknown', reason: 'entry_error' }],
    ['rst_500', { kind: 'unknown', reason: 'campaign_error' }],
    ['rst_404', { kind: 'rejected', reason: 'workflow_not_found' }],
    ['plain_503', { kind: 'unknown', reason: 'server_error' }],
    ['html_500', { kind: 'unknown', reason: 'server_error' }],
    ['redirect_302', { kind: 'unknown', reason: 'redirected' }],
    ['timeout_408', { kind: 'unknown', reason: 'timeout' }],
    ['sign_in_200', { kind: 'unknown', reason: 'unexpected_answer', answer: { status: 200, text: null } }],
    [
      'gateway_200',
      { kind: 'unknown', reason: 'unexpected_answer', answer: { text: '403000 Api Key is not permitted' } },
    ],
    ['packed_200', { kind: 'unknown', reason: 'unexpected_answer', answer: { text: null } }],
    ['huge_body', { kind: 'unknown', reason: 'answer_too_large' }],
    ['drop_before', { kind: 'unknown', reason: 'connection_lost' }],
    ['drop_after', { kind: 'unknown', reason: 'connection_lost' }],
  ];

  it.each(failures)('that fails with %s is classified, and sent once', async (fault, expected) => {
    pretend.fail(fault);
    expect(await sendOnce(campaign, 'WKF110', 'stop')).toMatchObject(expected);
    expect(pretend.requests).toHaveLength(1);
  });

  it("returns the gateway's message and its request ID", async () => {
    pretend.fail('gateway_429');
    expect(await sendOnce(campaign, 'WKF110', 'stop')).toHaveProperty('answer', {
      status: 429,
      text: '429050 Too many requests',
      adobeRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('is executed although no response arrives', async () => {
    pretend.fail('drop_after');
    await sendOnce(campaign, 'WKF110', 'stop');
    expect(pretend.workflow('WKF110')?.commands).toEqual(['stop']);
  });

  it('has an unknown outcome when no response arrives in time', async () => {
    pretend.fail('hang');
    const tokens = fixedToken(pretend.issueToken());
    const shortLimit = createCampaignClient({ ...pretend, apiKey: pretend.clientId, tokens, timeoutMs: 100 });
    expect(await sendOnce(shortLimit, 'WKF110', 'stop')).toEqual({
      kind: 'unknown',
      reason: 'timeout',
      answer: { status: null, text: null, adobeRequestId: null },
    });
  });

  it('requests a new token after the gateway refused the old one, and only then', async () => {
    await sendOnce(campaign, 'WKF110', 'pause');
    pretend.revokeTokens();
    expect(await sendOnce(campaign, 'WKF110', 'resume')).toMatchObject({
      kind: 'not_reached',
      reason: 'token_expired',
    });
    expect(await sendOnce(campaign, 'WKF110', 'resume')).toMatchObject({ kind: 'accepted' });
    expect(pretend.tokenRequests).toHaveLength(2);
    expect(pretend.posts('WKF110').map(statusOf)).toEqual([200, 401, 200]);
  });

  it.each<[Fault, string]>([
    ['number_401013', 'token_expired'],
    ['invalid_token_401', 'token_refused'],
    ['html_401', 'token_refused'],
    ['cut_401', 'connection_lost'],
  ])('drops the token after any 401, to a POST or a GET: %s', async (fault, reason) => {
    const tokenOf = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers.authorization;
    pretend.fail(fault);
    expect(await sendOnce(campaign, 'WKF110', 'pause')).toMatchObject({ reason });
    expect(await sendOnce(campaign, 'WKF110', 'pause')).toMatchObject({ kind: 'accepted' });
    pretend.fail(fault);
    const isRepeated = reason === 'token_expired';
    expect(await campaign.probe('WKF110')).toMatchObject(isRepeated ? { kind: 'seen' } : { kind: 'failed', reason });
    expect(await campaign.probe('WKF110')).toMatchObject({ kind: 'seen' });
    const [first, second, third, fourth] = pretend.requests.map(tokenOf);
    expect(second).toBe(third);
    expect(new Set([first, second, fourth]).size).toBe(3);
    expect(pretend.posts('WKF110').map(statusOf)).toEqual([401, 200]);
  });

  it('requests two tokens and no more while every token is refused', async () => {
    pretend.fail('html_401', { times: 20 });
    for (let times = 0; times < 10; times += 1) {
      expect(await sendOnce(campaign, 'WKF110', 'stop')).toMatchObject({ kind: 'rejected', reason: 'token_refused' });
      await campaign.probe('WKF110');
    }
    expect(pretend.tokenRequests).toHaveLength(2);
  });

  it('reports no failure when an expired token is renewed, and one when the new token is refused as well', async () => {
    const failures: (string | null)[] = [];
    const monitor = (failure: ServiceFailure | null) => void failures.push(failure?.reason ?? null);
    const tokens = imsTokens({ ...pretend, now: Date.now });
    const monitored = createCampaignClient({ ...pretend, apiKey: pretend.clientId, tokens, monitor });
    await sendOnce(monitored, 'WKF110', 'pause');
    pretend.revokeTokens();
    for (let times = 0; times < 2; times += 1) await sendOnce(monitored, 'WKF110', 'resume');
    expect(failures).toEqual([null, null]);
    pretend.fail('gateway_401013', { times: 2 });
    for (let times = 0; times < 2; times += 1) await sendOnce(monitored, 'WKF110', 'pause');
    expect(failures).toEqual([null, null, 'token_expired']);
  });

  it.each(['gateway_200', 'scope_403003', 'plain_503'] as const)('keeps its token after %s', async (fault) => {
    pretend.fail(fault);
    await sendOnce(campaign, 'WKF110', 'pause');
    await sendOnce(campaign, 'WKF110', 'pause');
    expect(pretend.tokenRequests).toHaveLength(1);
  });

  it('is not sent again with a fixed token that the gateway refused', async () => {
    const tokens = fixedToken(pretend.issueToken());
    const fixed = createCampaignClient({ ...pretend, apiKey: pretend.clientId, tokens });
    pretend.fail('gateway_401013');
    expect(await sendOnce(fixed, 'WKF110', 'stop')).toMatchObject({ kind: 'not_reached', reason: 'token_expired' });
    expect(await sendOnce(fixed, 'WKF110', 'stop')).toEqual({
      kind: 'no_token',
      reason: 'token_ended',
      answer: { status: null, text: null, adobeRequestId: null },
    });
    expect(pretend.posts('WKF110')).toHaveLength(1);
    expect(await sendOnce(fixed, 'WKF110', 'stop')).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['ims_down', 'ims_unreachable'],
    ['ims_429', 'ims_busy'],
    ['ims_401', 'ims_refused'],
  ] as const)('is not sent without a token: %s', async (fault, reason) => {
    pretend.fail(fault);
    expect(await sendOnce(campaign, 'WKF110', 'stop')).toMatchObject({ kind: 'no_token', reason });
    expect(pretend.requests).toEqual([]);
  });

  it('requests one token for fifty concurrent commands with an expired token', async () => {
    let now = 0;
    const tokens = imsTokens({ ...pretend, now: () => now });
    const busy = createCampaignClient({ ...pretend, apiKey: pretend.clientId, tokens });
    await busy.probe('WKF110');
    now = 86_400_000;
    const results = await Promise.all(Array.from({ length: 50 }, () => sendOnce(busy, 'WKF110', 'pause')));
    expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(50);
    expect(pretend.posts('WKF110')).toHaveLength(50);
    expect(pretend.tokenRequests).toHaveLength(2);
  });
});
