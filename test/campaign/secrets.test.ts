import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { fixedToken, imsTokens } from '../../src/campaign/tokens.ts';
import { type BareServer, httpAnswer, startBareServer } from './bare-server.ts';
import { sendOnce } from './send-once.ts';

const TOKEN = 'tok3n-eyJhbGciOi/J+x';
const SECRET = 'p8e-s3cret/+';

function everythingIn(value: unknown): string {
  const inspected = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
  return [JSON.stringify(value), inspected, value instanceof Error ? value.stack : ''].join('\n');
}

describe('a secret', () => {
  let server: BareServer;
  afterEach(() => server.close());

  const clientOf = () => ({
    apiUrl: server.url,
    organization: 'acme',
    apiKey: 'key',
    tokens: fixedToken(TOKEN),
    timeoutMs: 500,
  });

  const echoes: [string, string][] = [
    ['a text', httpAnswer(500, `RST-1 ${TOKEN}`)],
    ['the gateway', httpAnswer(401, JSON.stringify({ error_code: '401013', message: `Bearer ${TOKEN}` }))],
    ['escaped JSON', httpAnswer(400, JSON.stringify({ token: TOKEN }).replaceAll('/', '\\/'))],
    ['an accepted answer', httpAnswer(200, JSON.stringify({ status: TOKEN, failed: true }))],
    ['the request ID', httpAnswer(503, '', { 'X-Request-Id': TOKEN })],
    ['a redirect', httpAnswer(302, TOKEN, { Location: `https://x/?t=${encodeURIComponent(TOKEN)}` })],
    ['a response that is cut off', httpAnswer(200, TOKEN, { 'Content-Length': '999', 'X-Request-Id': TOKEN })],
    ['no HTTP', TOKEN],
    ['nothing', ''],
  ];

  it.each(echoes)('is in no result, even if the response contains it in %s', async (_name, answer) => {
    server = await startBareServer((socket) => socket.end(answer));
    const campaign = createCampaignClient(clientOf());
    const results = [await sendOnce(campaign, 'WKF110', 'stop'), await campaign.probe('WKF110')];
    expect(server.received.join()).toContain(TOKEN);
    expect(everythingIn(results)).not.toContain(TOKEN);
    expect(everythingIn(campaign)).not.toContain(TOKEN);
  });

  it.each([
    ['a refusal', httpAnswer(400, `invalid client_secret ${SECRET} ${encodeURIComponent(SECRET)}`)],
    ['a 200 without a token', httpAnswer(200, JSON.stringify({ access_token: TOKEN, client_secret: SECRET }))],
    ['nothing', ''],
  ])('of the client is in no result of IMS, even if the response contains it in %s', async (_name, answer) => {
    server = await startBareServer((socket) => socket.end(answer));
    const client = { imsUrl: server.url, clientId: 'id', clientSecret: SECRET, scopes: 'openid' };
    const tokens = imsTokens({ ...client, now: () => 0 });
    const campaign = createCampaignClient({ ...clientOf(), tokens });
    const everything = everythingIn([await tokens.get(), await sendOnce(campaign, 'WKF110', 'stop'), tokens]);
    expect(server.received.join()).toContain(encodeURIComponent(SECRET));
    for (const secret of [SECRET, encodeURIComponent(SECRET), TOKEN]) expect(everything).not.toContain(secret);
  });

  it('is in no thrown error', async () => {
    server = await startBareServer(() => undefined);
    const secret = `${SECRET} with a space`;
    const errors: unknown[] = [
      await sendOnce(createCampaignClient(clientOf()), '../x', 'stop').catch((error: unknown) => error),
    ];
    for (const attempt of [
      () => fixedToken(secret),
      () => createCampaignClient({ ...clientOf(), apiKey: secret }),
      () => createCampaignClient({ ...clientOf(), apiUrl: `https://user:${encodeURIComponent(SECRET)}@x` }),
      () => imsTokens({ imsUrl: `x${SECRET}`, clientId: '', clientSecret: SECRET, scopes: '', now: () => 0 }),
    ]) {
      try {
        attempt();
      } catch (error) {
        errors.push(error);
      }
    }
    expect(errors.map((error) => error instanceof TypeError)).toEqual([true, true, true, true, true]);
    for (const error of errors) expect(everythingIn(error)).not.toMatch(/p8e|tok3n/);
  });
});
