import { expect, it } from '@jest/globals';
import { applyProxies, proxySecrets, withProxies } from '../../src/proxies.ts';

it.each([
  [{ HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
  [{ https_proxy: 'http://a:1' }, 'http://a:1'],
  [{ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://b:1'],
  [{ ALL_PROXY: 'socks5://a:1', all_proxy: 'http://a:1' }, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
])('of %j the libraries see %s', (variables, expected) => {
  const process: Record<string, string | undefined> = { ...variables };
  applyProxies(withProxies(variables), process);
  expect(process.HTTPS_PROXY).toBe(expected);
  expect(Object.keys(process).filter((name) => name !== 'HTTPS_PROXY' && /proxy/i.test(name))).toEqual([]);
});

it('what only .env names is seen by the libraries, too', () => {
  const process: Record<string, string | undefined> = {};
  applyProxies(withProxies({ HTTP_PROXY: 'http://a:1', NO_PROXY: '.example.com' }), process);
  expect(process).toEqual({ HTTP_PROXY: 'http://a:1', NO_PROXY: '.example.com' });
});

it('the password is a secret in every form in which it could be seen', () => {
  const secrets = proxySecrets({ HTTPS_PROXY: 'http://user:p%40ss@proxy:3128', HTTP_PROXY: 'http://proxy:3128' });
  expect(secrets).toEqual(['p%40ss', 'p@ss', Buffer.from('user:p@ss').toString('base64')]);
});
