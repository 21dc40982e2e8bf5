import { expect, it } from '@jest/globals';
import { getProxyForUrl } from 'proxy-from-env';
import { applyProxies, proxySecrets, withProxies } from '../../src/proxies.ts';

it.each([
  [{ HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
  [{ https_proxy: 'http://a:1' }, 'http://a:1'],
  [{ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://b:1'],
  [{ ALL_PROXY: 'socks5://a:1', all_proxy: 'http://a:1' }, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
  [{ HTTPS_PROXY: 'http://a:1', https_proxy: ' ' }, 'http://a:1'],
])('of %j the libraries see %s', (variables, expected) => {
  const process: Record<string, string | undefined> = { ...variables };
  applyProxies(withProxies(variables), process);
  expect(process.HTTPS_PROXY).toBe(expected);
  expect(Object.keys(process).filter((name) => name !== 'HTTPS_PROXY' && /proxy/i.test(name))).toEqual([]);
});

it('what only .env names is seen by the libraries, too', () => {
  const process: Record<string, string | undefined> = {};
  applyProxies(withProxies({ HTTP_PROXY: 'http://a:1', NO_PROXY: '.example.com' }), process);
  expect(process).toEqual({ HTTP_PROXY: 'http://a:1', NO_PROXY: '.example.com,example.com' });
});

it.each([
  ['*', 'http://[::1]:80/', true],
  ['::1', 'http://[::1]:8080/', true],
  ['a.example, 2001:DB8:0:0::1', 'http://[2001:db8::1]/', true],
  ['[0:0:0:0:0:0:0:1]:8080', 'http://[::1]:8080/', true],
  ['[::1]:8080', 'http://[::1]:8081/', false],
  ['.example.com', 'http://a.example.com/', true],
  ['.example.com', 'http://example.com/', true],
  ['.example.com:81', 'http://example.com/', false],
  ['*.example.com', 'http://example.com/', false],
  ['example.com', 'http://a.example.com/', false],
  ['b.example.com:81', 'http://b.example.com/', false],
  ['B.example.com:80', 'http://b.example.com/', true],
])('with NO_PROXY=%s, whether %s is reached directly is %s', (NO_PROXY, url, direct) => {
  const before = { ...process.env };
  try {
    applyProxies(withProxies({ HTTP_PROXY: 'http://proxy:3128', NO_PROXY }), process.env);
    expect(getProxyForUrl(url) === '').toBe(direct);
  } finally {
    applyProxies(withProxies(before), process.env);
  }
});

it('the password is a secret in every form in which it could be seen', () => {
  const secrets = proxySecrets({ HTTPS_PROXY: 'http://user:p%40ss@proxy:3128', HTTP_PROXY: 'http://proxy:3128' });
  expect(secrets).toEqual(['p%40ss', 'p@ss', Buffer.from('user:p@ss').toString('base64')]);
});
