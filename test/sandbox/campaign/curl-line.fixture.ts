import { type Answered, request } from './asking.fixture.ts';

/** Does over HTTP what a line for `curl` says, with its options `-X`, `-H` and `-d`. */
export function pasted(line: string): Promise<Answered> {
  const [, ...words] = wordsOf(line);
  const valuesOf = (option: string) => words.filter((_word, index) => words[index - 1] === option);
  const data = valuesOf('-d');
  const [method = data.length > 0 ? 'POST' : 'GET'] = valuesOf('-X');
  const url = words.find((word) => word.startsWith('http')) ?? '';
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const headers = { ...(data.length > 0 && form), ...Object.fromEntries(valuesOf('-H').map((it) => it.split(': '))) };
  return request(url, { method, headers, body: data.length > 0 ? data.join('&') : null });
}

/** As a shell would take it apart, without anything to be expanded. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
