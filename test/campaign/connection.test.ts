import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import { type BareServer, bytesAnswer, httpAnswer, startBareServer } from './bare-server.ts';
import { sendOnce } from './send-once.ts';

describe('a connection', () => {
  const servers: BareServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function bare(...args: Parameters<typeof startBareServer>) {
    const server = await startBareServer(...args);
    servers.push(server);
    return server;
  }

  function stop(apiUrl: string) {
    const tokens = fixedToken('the-token');
    const campaign = createCampaignClient({ apiUrl, organization: 'acme', apiKey: 'key', tokens, timeoutMs: 2_000 });
    return sendOnce(campaign, 'WKF110', 'stop');
  }

  const noConnection = {
    kind: 'not_reached',
    reason: 'no_connection',
    retryAfterMs: null,
    answer: { status: null, text: null, adobeRequestId: null },
  };

  it('that is refused proves that nothing was sent', async () => {
    const server = await startBareServer(() => undefined);
    await server.close();
    expect(await stop(server.url)).toEqual(noConnection);
  });

  it('to a name that does not exist proves that nothing was sent', async () => {
    expect(await stop('http://campaign.invalid')).toEqual({ ...noConnection, reason: 'host_not_found' });
  });

  it('that is reset after the request was written has an unknown outcome', async () => {
    const server = await bare((socket) => socket.resetAndDestroy());
    expect(await stop(server.url)).toMatchObject({ kind: 'unknown', reason: 'connection_lost' });
    expect(server.received).toHaveLength(1);
  });

  it('that ends within a 200 has an unknown outcome, and keeps the head', async () => {
    const partial = httpAnswer(200, 'half', { 'Content-Length': '10', 'X-Request-Id': 'r-1' });
    const server = await bare((socket) => socket.end(partial));
    expect(await stop(server.url)).toEqual({
      kind: 'unknown',
      reason: 'connection_lost',
      answer: { status: 200, text: null, adobeRequestId: 'r-1' },
    });
  });

  it('that receives something other than HTTP has an unknown outcome', async () => {
    const server = await bare((socket) => socket.end('220 mail.example ESMTP\r\n'));
    expect(await stop(server.url)).toMatchObject({ kind: 'unknown', reason: 'connection_lost' });
  });

  it('that is upgraded to another protocol has an unknown outcome immediately', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n';
    const server = await bare((socket) => socket.write(upgrade));
    expect(await stop(server.url)).toMatchObject({ kind: 'unknown', reason: 'connection_lost' });
  });

  it.each([301, 302, 303, 307, 308])('that redirects with %i is not followed', async (status) => {
    const target = await bare((socket) => socket.end(httpAnswer(200, '')));
    const server = await bare((socket) => socket.end(httpAnswer(status, '', { Location: `${target.url}/x` })));
    expect(await stop(server.url)).toMatchObject({ kind: 'unknown', reason: 'redirected', answer: { status } });
    expect(target.received).toEqual([]);
  });

  it('with an endless response is closed after a megabyte', async () => {
    let written = 0;
    const server = await bare((socket) => {
      const chunk = 'x'.repeat(100_000);
      const writeAll = () => {
        while (!socket.destroyed && socket.write(chunk)) written += chunk.length;
      };
      socket.on('drain', writeAll);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      writeAll();
    });
    expect(await stop(server.url)).toMatchObject({
      kind: 'unknown',
      reason: 'answer_too_large',
      answer: { status: 200 },
    });
    expect(written).toBeLessThan(20_000_000);
  });

  it('with a response of exactly a megabyte is read, and 300 characters are kept', async () => {
    const server = await bare((socket) => socket.end(httpAnswer(400, 'x'.repeat(1_000_000))));
    const result = await stop(server.url);
    expect(result).toMatchObject({ kind: 'rejected', answer: { text: 'x'.repeat(300) } });
  });

  const compressed: [string, Uint8Array][] = [
    ['gzip', gzipSync('{"saved":true}')],
    ['x-gzip', gzipSync('{"saved":true}')],
    ['deflate', deflateSync('{"saved":true}')],
    ['br', brotliCompressSync('{"saved":true}')],
    ['zstd', zstdCompressSync('{"saved":true}')],
    ['gzip, br', brotliCompressSync(gzipSync('{"saved":true}'))],
    ['UTF-8', Buffer.from('{"saved":true}')],
  ];

  it.each(compressed)('with an unrequested content encoding is read: %s', async (encoding, body) => {
    const server = await bare((socket) => socket.end(bytesAnswer(200, body, { 'Content-Encoding': encoding })));
    expect(await stop(server.url)).toMatchObject({ kind: 'accepted', answer: { text: '{"saved":true}' } });
  });

  const unexpected = { kind: 'unknown', reason: 'unexpected_answer', answer: { status: 200, text: null } };
  const unreadable: [string, string, Uint8Array, object][] = [
    ['is not compressed', 'gzip', Buffer.from('{}'), unexpected],
    ['is cut off', 'gzip', gzipSync('{"saved":true}').subarray(0, -9), unexpected],
    ['has another encoding than declared', 'br', gzipSync('{}'), unexpected],
    ['has an undeclared encoding', '', gzipSync('{}'), unexpected],
    ['contains an error', 'gzip', gzipSync('{"error_code":"403000","message":"no"}'), { reason: 'unexpected_answer' }],
    [
      'is a decompression bomb',
      'br',
      brotliCompressSync(Buffer.alloc(50_000_000)),
      { kind: 'unknown', reason: 'answer_too_large' },
    ],
  ];

  it.each(unreadable)('with a body that %s has an unknown outcome', async (_name, encoding, body, expected) => {
    const server = await bare((socket) => socket.end(bytesAnswer(200, body, { 'Content-Encoding': encoding })));
    expect(await stop(server.url)).toMatchObject(expected);
  });

  it('with a rejection that cannot be decompressed is still a rejection', async () => {
    const answer = bytesAnswer(404, Buffer.from('no'), { 'Content-Encoding': 'gzip' });
    const server = await bare((socket) => socket.end(answer));
    expect(await stop(server.url)).toMatchObject({ kind: 'rejected', reason: 'workflow_not_found' });
  });

  it('with an image has an unknown outcome', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    const server = await bare((socket) => socket.end(bytesAnswer(200, png, { 'Content-Type': 'image/png' })));
    expect(await stop(server.url)).toMatchObject(unexpected);
  });

  it('with an interim response waits for the final one', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
    const server = await bare((socket) => socket.end(interim + httpAnswer(202, '{}')));
    expect(await stop(server.url)).toMatchObject({ kind: 'accepted', answer: { status: 202, text: '{}' } });
  });
});
