import { beforeEach, describe, expect, it } from '@jest/globals';
import { createResponseUrls, type ResponseUrls } from '../../bench/harness/response-urls.ts';

const hello = JSON.stringify({ text: 'Hello.' });
const ok = { status: 200, body: 'ok' };

describe('the response URLs of the benchmark', () => {
  let now = 0;
  let urls: ResponseUrls;
  beforeEach(() => {
    now = 1_000_000;
    urls = createResponseUrls('http://slack/response', () => now);
  });
  const issue = () => /^http:\/\/slack\/response\/(\w+)$/.exec(urls.issue())?.[1] ?? '';

  it('accept five replies each', () => {
    const [first, second] = [issue(), issue()];
    for (let use = 0; use < 5; use++) expect(urls.use(first, hello)).toEqual(ok);
    expect(urls.use(first, hello)).toEqual({ status: 404, body: 'used_url' });
    expect(urls.use(second, hello)).toEqual(ok);
  });

  it('expire after 30 minutes', () => {
    const id = issue();
    now += 30 * 60_000 - 1;
    expect(urls.use(id, hello)).toEqual(ok);
    now += 1;
    const later = issue();
    expect(urls.use(id, hello)).toEqual({ status: 404, body: 'expired_url' });
    expect(urls.use(later, hello)).toEqual(ok);
  });

  it.each(['', '2', 'x'])('are only those that were issued, not "%s"', (id) => {
    issue();
    expect(urls.use(id, hello)).toEqual({ status: 404, body: 'no_service' });
  });

  it.each([
    ['{}', 'no_text'],
    ['{"blocks":[]}', 'no_text'],
    ['text=Hello', 'invalid_payload'],
  ])('refuse %s without counting it as a use', (body, problem) => {
    const id = issue();
    for (let use = 0; use < 6; use++) expect(urls.use(id, body)).toEqual({ status: 400, body: problem });
    expect(urls.use(id, hello)).toEqual(ok);
  });
});
