import { isIPv6 } from 'node:net';

/** The variables that select the proxy for outgoing requests. The libraries read them from the process. */
const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/**
 * The variables with the proxy variables under their upper-case names. Lower-case names have precedence, as in curl,
 * unless they are empty. ALL_PROXY is not read: it often names a SOCKS proxy, which is not supported.
 */
export function withProxies(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const proxies = names.map((name) => [name, variables[name.toLowerCase()]?.trim() || variables[name]] as const);
  return { ...variables, ...Object.fromEntries(proxies) };
}

/** Sets them for the libraries. @param into the process's own variables */
export function applyProxies(
  variables: Readonly<Record<string, string | undefined>>,
  into: Record<string, string | undefined>,
): void {
  for (const name of [...names, 'ALL_PROXY']) {
    delete into[name.toLowerCase()];
    delete into[name];
  }
  for (const name of names) {
    const value = variables[name]?.trim();
    if (value) into[name] = name === 'NO_PROXY' ? forLibrary(value) : value;
  }
}

/** The hosts of NO_PROXY as the library compares them: IPv6 as in a URL, and `.example.com` without the domain itself. */
function forLibrary(hosts: string): string {
  return hosts
    .split(/[\s,]+/)
    .flatMap(withDomain)
    .map(withBrackets)
    .join(',');
}

function withDomain(host: string): readonly string[] {
  return /^\.[^.]/.test(host) ? [host, host.slice(1)] : [host];
}

/** In the host of a URL, IPv6 has brackets and its shortest form. */
function withBrackets(host: string): string {
  const [, address = '', port = ''] = /^\[(.+)\](:\d+)?$/.exec(host) ?? [host, host];
  return isIPv6(address) ? `${URL.parse(`http://[${address}]`)?.hostname ?? host}${port}` : host;
}

/** The secrets: the password URL-encoded, decoded, and as it is sent. */
export function proxySecrets(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [variables.HTTPS_PROXY, variables.HTTP_PROXY].flatMap((value) => {
    const url = value === undefined ? null : URL.parse(value.trim());
    if (url === null || url.password === '') return [];
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return [url.password, password, Buffer.from(`${user}:${password}`).toString('base64')];
  });
}
