/**
 * The base of a service, `https` or `http`, without a slash at its end; a path prefix stays.
 * @throws TypeError for anything else. It does not quote the text, which may hold credentials.
 */
export function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !isPlain(url)) {
    throw new TypeError('A base URL is http or https, without credentials, query or fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isPlain(url: URL): boolean {
  const extras = url.username + url.password + url.search + url.hash;
  return ['http:', 'https:'].includes(url.protocol) && extras === '';
}
