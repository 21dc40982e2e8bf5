import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';
import { codeOf } from '../../requests/ledger/log/witness-file.ts';
import { found } from '../finding.ts';
import type { Check, CheckContext, Report } from './check.ts';

const connectWithinMs = 5_000;

/** The proxy on the way to Slack and Adobe, and the additional certificates. */
export const checkNetwork: Check = async (context, report) => {
  await Promise.all([checkProxies(context, report), checkCertificates(context, report)]);
  const { environment, variables } = context;
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') report(found('failure', 'tls_unchecked', {}));
  if (variables.ALL_PROXY?.trim() || variables.all_proxy?.trim()) report(found('warning', 'proxy_ignored', {}));
};

async function checkProxies({ known, problems }: CheckContext, report: Report): Promise<void> {
  const { slack, adobe } = known;
  const addresses = [slack?.apiUrl, adobe?.campaign.imsUrl, adobe?.campaign.apiUrl].filter((url) => url !== undefined);
  const hosts = new Set(addresses.map((url) => URL.parse(url)?.host ?? ''));
  const proxied = Map.groupBy(
    addresses.filter((url) => getProxyForUrl(url) !== ''),
    (url) => getProxyForUrl(url),
  );
  const isUnknown = problems.some((problem) => 'name' in problem && /^HTTPS?_PROXY(?:_FILE)?$/.test(problem.name));
  if (addresses.length === 0 || isUnknown) return report(found('warning', 'not_checked', { because: 'settings' }));
  if (proxied.size === 0) return report(found('ok', 'proxy_none', { hosts: [...hosts].join(', ') }));
  for (const [proxy, urls] of proxied) {
    const to = new Set(urls.map((url) => URL.parse(url)?.host ?? ''));
    await checkProxy(new URL(proxy), [...to].join(', '), report);
  }
}

async function checkProxy({ host, hostname, port, protocol }: URL, hosts: string, report: Report): Promise<void> {
  const usual = protocol === 'https:' ? 443 : 80;
  const socket = connect({ host: hostname.replace(/^\[(.+)\]$/, '$1'), port: port === '' ? usual : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectWithinMs) });
    report(found('ok', 'proxy_used', { proxy: host, hosts }));
  } catch (error) {
    const code = codeOf(error) === 'ABORT_ERR' ? 'ETIMEDOUT' : codeOf(error);
    report(found('failure', 'proxy_unreachable', { proxy: host, code }));
  } finally {
    socket.destroy();
  }
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Node reads the file when it starts, and goes on without it where it cannot. */
async function checkCertificates({ variables, environment }: CheckContext, report: Report): Promise<void> {
  const path = environment.NODE_EXTRA_CA_CERTS?.trim();
  if (!path) {
    if (variables.NODE_EXTRA_CA_CERTS?.trim()) report(found('failure', 'certificates_ignored', {}));
    return;
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    report(found('failure', 'certificates_unusable', { path, code: codeOf(error) }));
    return null;
  });
  if (text === null) return;
  const certificates = (text.match(certificate) ?? []).map(readCertificate);
  const valid = certificates.filter((one) => one !== null);
  if (valid.length === 0 || valid.length < certificates.length) {
    return report(found('failure', 'certificates_none', { path }));
  }
  // Of a system's whole collection, some have always expired.
  const inForce = valid.filter(({ validTo }) => Date.parse(validTo) >= Date.now());
  if (inForce.length > 0) report(found('ok', 'certificates_read', { path, count: inForce.length }));
  else report(found('failure', 'certificates_expired', { path, count: valid.length }));
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
