import { type HttpResponse, request } from './requests.fixture.ts';

/** Sends the request of a `curl` line, with its options `-X`, `-H` and `-d`. */
export function runCurl(line: string): Promise<HttpResponse> {
  const [, ...words] = wordsOf(line);
  const valuesOf = (option: string) => words.filter((_word, index) => words[index - 1] === option);
  const data = valuesOf('-d');
  const [method = data.length > 0 ? 'POST' : 'GET'] = valuesOf('-X');
  const url = words.find((word) => word.startsWith('http')) ?? '';
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const headers = { ...(data.length > 0 && form), ...Object.fromEntries(valuesOf('-H').map((it) => it.split(': '))) };
  return request(url, { method, headers, body: data.length > 0 ? data.join('&') : null });
}

/** Splits the line as a shell does, without expansions. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
