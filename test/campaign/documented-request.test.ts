import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CampaignCommand, createCampaignClient } from '../../src/campaign/campaign.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import { type BareServer, httpAnswer, startBareServer } from './bare-server.ts';
import { sendOnce } from './send-once.ts';

let server: BareServer;
beforeEach(async () => {
  server = await startBareServer((socket) => socket.end(httpAnswer(200, '')));
});
afterEach(() => server.close());

function campaign(apiUrl = server.url, organization = 'acme') {
  return createCampaignClient({ apiUrl, organization, apiKey: 'the-key', tokens: fixedToken('the-token') });
}

/** A request in its parts. Header names are in lower case and headers are sorted; everything else is exact. */
function parts(request = '') {
  const [head = '', body] = request.split('\r\n\r\n');
  const [line, ...headers] = head.split('\r\n');
  const lowerNames = headers.map((header) => header.replace(/^[^:]+/, (name) => name.toLowerCase()));
  return { line, headers: lowerNames.sort(), body };
}

function documentedHeaders(...more: string[]) {
  const host = server.url.replace('http://', '');
  return [
    'authorization: Bearer the-token',
    'cache-control: no-cache',
    'connection: close',
    ...more,
    'content-type: application/json',
    `host: ${host}`,
    'x-api-key: the-key',
  ];
}

describe('a request to Campaign', () => {
  it.each<CampaignCommand>(['start', 'pause', 'resume', 'stop'])(
    'is the documented request for %s',
    async (command) => {
      await sendOnce(campaign(), 'WKF110', command);
      const body = `{"method":"${command}"}`;
      expect(server.received.map(parts)).toEqual([
        {
          line: 'POST /acme/campaign/workflow/execution/WKF110/commands HTTP/1.1',
          headers: documentedHeaders(`content-length: ${body.length}`),
          body,
        },
      ]);
    },
  );

  it('is a GET with the same four headers for a probe', async () => {
    await campaign().probe('WKF110');
    expect(server.received.map(parts)).toEqual([
      { line: 'GET /acme/campaign/workflow/execution/WKF110 HTTP/1.1', headers: documentedHeaders(), body: '' },
    ]);
  });

  it.each(['', '/', '//'])('has one slash after an address that ends in "%s"', async (end) => {
    await sendOnce(campaign(server.url + end), 'WKF110', 'stop');
    expect(parts(server.received[0]).line).toBe('POST /acme/campaign/workflow/execution/WKF110/commands HTTP/1.1');
  });

  it('keeps the path prefix of the address', async () => {
    await campaign(`${server.url}/gateway/v1/`).probe('WKF110');
    expect(parts(server.received[0]).line).toBe('GET /gateway/v1/acme/campaign/workflow/execution/WKF110 HTTP/1.1');
  });

  it('has the organization as one segment of the path, whatever its characters', async () => {
    await campaign(server.url, 'ac/me?x=é').probe('WKF110');
    expect(parts(server.received[0]).line).toContain('GET /ac%2Fme%3Fx%3D%C3%A9/campaign/');
  });

  it('uses a new connection for each request', async () => {
    await sendOnce(campaign(), 'WKF110', 'pause');
    await sendOnce(campaign(), 'WKF110', 'resume');
    expect(server.received).toHaveLength(2);
  });
});

describe('an invalid ID', () => {
  const invalidIds = ['', '.', '..', 'a/b', '../x', '..%2Fx', 'é', 'WKF 110', 'WKF110\n', 'WKF110?x', 'x'.repeat(65)];

  it.each(invalidIds)('is rejected and never becomes another path: %j', async (id) => {
    await expect(sendOnce(campaign(), id, 'stop')).rejects.toThrow(TypeError);
    await expect(campaign().probe(id)).rejects.toThrow(TypeError);
    expect(server.received).toEqual([]);
  });

  it('does not include 64 letters, digits, underscores and hyphens', async () => {
    const id = `Abc_-9${'x'.repeat(58)}`;
    await sendOnce(campaign(), id, 'stop');
    expect(parts(server.received[0]).line).toContain(`/execution/${id}/commands `);
  });
});

describe('invalid settings', () => {
  it.each(['', '.', '..'])('are rejected immediately: organization %j', (organization) => {
    expect(() => campaign(server.url, organization)).toThrow(TypeError);
  });

  it.each([
    '',
    'mc.adobe.io',
    'ftp://mc.adobe.io',
    'https://u:p@mc.adobe.io',
    'https://mc.adobe.io/?a',
    'https://x/#a',
  ])('are rejected immediately: address %j', (apiUrl) => {
    expect(() => campaign(apiUrl)).toThrow(TypeError);
  });

  it('are rejected immediately: a key or a token that is invalid in a header', () => {
    const tokens = fixedToken('valid');
    expect(() => createCampaignClient({ apiUrl: server.url, organization: 'acme', apiKey: 'a\nb', tokens })).toThrow(
      TypeError,
    );
    expect(() => fixedToken('a b')).toThrow(TypeError);
  });
});
