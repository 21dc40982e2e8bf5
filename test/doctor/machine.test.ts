import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { examine, newFolder } from './examine.ts';

/** It was valid in 2020. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBCDCBr6ADAgECAgEBMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMMA29sZDAeFw0y
MDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMA4xDDAKBgNVBAMMA29sZDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABKrS9JAGjpZ2ebupyauyAXq/dyKIHI6WkvAu
TFE+bMDOqeQg1oqjxSGDPqg7rRNKllAz7KKLwArIkYy1of70C18wCgYIKoZIzj0E
AwIDSAAwRQIhAOR4y5s7Gfnbr+hWPx3LD4djKvgQOPo3D32zFjOpKoxlAiB6klR+
HBVF2ZkhAcvVxWjZDUMcs5JgIcK2EZgua0w7fg==
-----END CERTIFICATE-----`;

const local = { HOST: '127.0.0.1' };

async function listening(): Promise<{ server: Server; port: string }> {
  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: String(address !== null && typeof address === 'object' ? address.port : 0) };
}

describe('a port', () => {
  const only = 'port';

  it('that another program has', async () => {
    const { server, port } = await listening();
    const { exit, named } = await examine({ ...local, PORT: port }, { only });
    server.close();
    expect(exit).toBe(1);
    expect(named('port_unusable')[0]?.message).toContain('PORT cannot be listened on (EADDRINUSE)');
  });

  it('that a campaign-wf has', async () => {
    const bot = await startBareServer((socket) => socket.end(httpAnswer(200, 'ok\n')));
    const { exit, named } = await examine({ ...local, PORT: new URL(bot.url).port }, { only });
    await bot.close();
    expect(exit).toBe(0);
    expect(named('port_own')).toMatchObject([{ setting: 'PORT' }]);
  });

  it('for the metrics, beside a port that Socket Mode does not open', async () => {
    const { server, port } = await listening();
    const env = { ...local, METRICS_PORT: port, PORT: '0' };
    const inSocketMode = await examine({ ...env, SLACK_APP_TOKEN: 'xapp-1' }, { only });
    const overHttp = await examine({ ...env, SLACK_SIGNING_SECRET: 'secret' }, { only });
    server.close();
    expect(inSocketMode.findings.map(({ message }) => message.split(' ')[0])).toEqual(['METRICS_PORT']);
    expect(overHttp.findings.map(({ name }) => name)).toEqual(['port_unusable', 'port_free']);
    expect(inSocketMode.exit).toBe(1);
  });

  it('of an address that this machine does not have', async () => {
    const { exit, named } = await examine({ HOST: '192.0.2.1', PORT: '0' }, { only });
    expect(exit).toBe(1);
    expect(named('port_unusable')[0]?.message).toContain('HOST cannot be listened on (EADDRNOTAVAIL)');
  });
});

describe('NODE_EXTRA_CA_CERTS', () => {
  const lookAt = (text: string | null) => {
    const path = join(newFolder(), 'ca.pem');
    if (text !== null) writeFileSync(path, text);
    return examine({}, { only: 'network', environment: { NODE_EXTRA_CA_CERTS: path } });
  };

  it('with certificates', async () => {
    const { named } = await lookAt(rootCertificates.slice(0, 2).join('\n'));
    expect(named('certificates_read')).toMatchObject([{ count: 2, level: 'ok' }]);
  });

  it.each([
    ['that cannot be read', null, 'certificates_unusable'],
    ['without a certificate', 'no certificate', 'certificates_none'],
    ['with a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificates_none'],
  ])('%s', async (_what, text, name) => {
    const { exit, named } = await lookAt(text);
    expect(exit).toBe(1);
    expect(named(name)).toHaveLength(1);
  });

  it('that has expired', async () => {
    const { named } = await lookAt(expired);
    expect(named('certificates_expired')).toMatchObject([{ count: 1, level: 'failure' }]);
  });

  it('in .env alone, where Node does not read it', async () => {
    const { exit, named } = await examine({ NODE_EXTRA_CA_CERTS: '/ca.pem' }, { only: 'network' });
    expect(exit).toBe(1);
    expect(named('certificates_ignored')).toHaveLength(1);
  });
});

it('a proxy that is wrong in the settings is not taken for none', async () => {
  const { named } = await examine({ HTTPS_PROXY: 'socks5://127.0.0.1:1' }, { only: 'settings,network' });
  expect(named('setting_wrong').map(({ message }) => message)).toContainEqual(expect.stringMatching(/^HTTPS_PROXY /));
  expect(named('proxy_none')).toEqual([]);
  expect(named('not_checked')).toMatchObject([{ area: 'network', because: 'settings' }]);
});

it('certificates that are not checked, and a proxy variable that is not read', async () => {
  const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const { exit, named } = await examine({ ALL_PROXY: 'socks5://127.0.0.1:1' }, { only: 'network', environment });
  expect(exit).toBe(1);
  expect(named('tls_unchecked')).toMatchObject([{ level: 'failure' }]);
  expect(named('proxy_ignored')).toMatchObject([{ level: 'warning' }]);
});
