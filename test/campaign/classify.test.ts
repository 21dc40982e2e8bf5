import { describe, expect, it } from '@jest/globals';
import { classify } from '../../src/campaign/classify.ts';
import { summarizeResponse } from '../../src/campaign/response-summary.ts';
import type { CommandVerdict } from '../../src/campaign/results.ts';

const gateway = (code: string) => JSON.stringify({ error_code: code, message: 'words' });
const numbered = (code: number) => JSON.stringify({ error_code: code, message: 'words' });
const oops = (code: number) => JSON.stringify({ code, message: 'Oops. Something went wrong.' });
const rst = 'RST-360011 An error has occurred - please contact your administrator.';
const verdictOf = (status: number, body = '', headers = {}) => classify({ status, headers, body }, 0);

const accepted: CommandVerdict = { kind: 'accepted' };
const rejected = (reason: Extract<CommandVerdict, { kind: 'rejected' }>['reason']): CommandVerdict => ({
  kind: 'rejected',
  reason,
});
const unknown = (reason: Extract<CommandVerdict, { kind: 'unknown' }>['reason']): CommandVerdict => ({
  kind: 'unknown',
  reason,
});
const notReached = (reason: Extract<CommandVerdict, { kind: 'not_reached' }>['reason']): CommandVerdict => ({
  kind: 'not_reached',
  reason,
  retryAfterMs: null,
});

describe('a response proves', () => {
  const table: [number, string, CommandVerdict][] = [
    [200, '', accepted],
    [200, '{}', accepted],
    [201, 'saved', accepted],
    [202, '<html>', unknown('unexpected_answer')],
    [204, '', accepted],
    [299, gateway('401013'), unknown('unexpected_answer')],
    [300, '', unknown('redirected')],
    [302, gateway('503000'), unknown('redirected')],
    [304, '', unknown('redirected')],
    [400, '', rejected('bad_request')],
    [400, oops(500), rejected('bad_request')],
    [401, gateway('401013'), notReached('token_expired')],
    [401, `\n ${gateway('401013')}`, notReached('token_expired')],
    [401, gateway('401010'), rejected('token_refused')],
    [401, numbered(401013), notReached('token_expired')],
    [401, numbered(401013.5), rejected('token_refused')],
    [401, '{"error_code":["401013"],"message":"words"}', rejected('token_refused')],
    [401, '{"errorCode":"invalid_token","message":"words"}', rejected('token_refused')],
    [401, '<html>401013</html>', rejected('token_refused')],
    [403, numbered(403023), rejected('profile_invalid')],
    [429, numbered(429050), notReached('gateway_busy')],
    [503, numbered(503010), notReached('gateway_unavailable')],
    [500, numbered(401013), unknown('server_error')],
    [502, '{"code":"502","message":"Oops. Something went wrong."}', unknown('entry_error')],
    [401, '{"error_code":"401013"}', rejected('token_refused')],
    [401, '', rejected('token_refused')],
    [403, gateway('403023'), rejected('profile_invalid')],
    [403, gateway('403000'), rejected('key_or_scope')],
    [403, gateway('403003'), rejected('key_or_scope')],
    [403, gateway('403010'), rejected('key_or_scope')],
    [403, gateway('403011'), rejected('key_or_scope')],
    [403, gateway('403999'), rejected('other')],
    [403, '<html>', rejected('other')],
    [403, gateway('401013'), rejected('other')],
    [404, rst, rejected('workflow_not_found')],
    [404, 'Unable to decrypt PKey', rejected('workflow_not_found')],
    [404, '', rejected('workflow_not_found')],
    [404, '<html><body>404 Not Found</body></html>', rejected('other')],
    [404, gateway('404000'), rejected('other')],
    [404, '{"errorCode":"not_found","message":"words"}', rejected('other')],
    [404, oops(404), rejected('other')],
    [404, '{"error":{"code":404,"message":"no such workflow"}}', rejected('workflow_not_found')],
    [408, '', unknown('timeout')],
    [408, gateway('429050'), unknown('timeout')],
    [409, '', rejected('other')],
    [429, gateway('429001'), notReached('gateway_busy')],
    [429, gateway('429002'), notReached('gateway_busy')],
    [429, gateway('429050'), notReached('gateway_busy')],
    [429, 'slow down', rejected('rate_limited')],
    [499, '', rejected('other')],
    [500, oops(500), unknown('entry_error')],
    [502, oops(502), unknown('entry_error')],
    [500, rst, unknown('campaign_error')],
    [500, 'Unable to decrypt PKey', unknown('campaign_error')],
    [500, 'An error has occurred', unknown('server_error')],
    [500, gateway('401013'), unknown('server_error')],
    [500, gateway('503000'), unknown('server_error')],
    [502, gateway('502000'), unknown('server_error')],
    [503, gateway('503000'), notReached('gateway_unavailable')],
    [503, gateway('503010'), notReached('gateway_unavailable')],
    [503, gateway('429050'), unknown('server_error')],
    [503, 'Service Unavailable', unknown('server_error')],
    [503, '{"error_code":"503000","message":', unknown('server_error')],
    [503, '[]', unknown('server_error')],
    [503, rst, unknown('campaign_error')],
    [504, '', unknown('server_error')],
    [599, '', unknown('server_error')],
    [999, '', unknown('server_error')],
    [101, '', unknown('server_error')],
  ];

  it.each(table)('%i %s → %o', (status, body, verdict) => {
    expect(verdictOf(status, body)).toEqual(verdict);
  });
});

/** A rest parameter: Jest takes a third parameter without a value for its callback. */
type Given = [name: string, body: string | null, contentType?: string];

describe('a 2xx', () => {
  const verdict = (body: string | null, contentType?: string) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    return classify({ status: 200, headers, body }, 0);
  };

  it.each<Given>([
    ['nothing', ' \r\n '],
    ['nothing, with the type of a page', '', 'text/html'],
    ['JSON of any type', '{"saved":true}', 'text/html; charset=utf-8'],
    ['an empty list', '[]'],
    ['a code that is no error', '{"code":200,"message":"Command saved"}'],
    ['a code that is zero', '{"errorCode":0,"error_message":""}'],
    ['empty members for errors', '{"error":null,"errors":[],"fault":false}'],
    [
      'a workflow that has failed',
      '{"PKey":"@x","status":"error","activities":{"activity":{"error":{"name":"error"}}}}',
    ],
    ['deeply nested JSON', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a few words', 'Command saved.', 'text/plain;charset=utf-8'],
    ['a few words with the type JSON', 'OK', 'application/json'],
    ['a word in quotes', '"accepted"'],
    ['a status that is a number', '{"status":0}'],
    ['a word with the type JSON', 'null', 'application/json'],
    ['a few words about a queue', 'The command was queued', 'text/plain'],
    ['a comparison, which is no markup', 'queued: 3 < 20'],
  ])('can be an acceptance by Campaign: %s', (...[, body, contentType]: Given) => {
    expect(verdict(body, contentType)).toEqual(accepted);
  });

  it.each<Given>([
    ['a page', '<!DOCTYPE html><title>Sign in</title>', 'text/html'],
    ['a page with the type JSON', '<html></html>', 'application/json'],
    ['a page with the type text', '\n <HTML><body>', 'text/plain'],
    ['a page behind a comment', '<!-- edge --><html>'],
    ['words with the type of a page', 'Please wait', 'text/html'],
    ['XML', '<?xml version="1.0"?><ok/>', 'application/xml'],
    ['a SOAP fault', '<SOAP-ENV:Envelope><SOAP-ENV:Fault/></SOAP-ENV:Envelope>'],
    ['a SOAP fault as JSON', '{"Envelope":{"Body":{"Fault":{"faultstring":"no"}}}}'],
    ['an error of the gateway', gateway('401013')],
    ['an error of the gateway with a number', '{"error_code":429050,"message":"Too many requests"}'],
    ['an errorCode', '{"errorCode":"invalid_token"}'],
    ['an error as text', '{"error":"invalid_token","error_description":"expired"}'],
    ['an error as an object', '{"error":{}}'],
    ['errors', '{"data":null,"errors":[{"message":"no"}]}'],
    ['an error in a list', '[{"error":"no"}]'],
    ['an error of the entry', oops(500)],
    ['a code alone', '{"code":502}'],
    ['a problem (RFC 9457)', '{"type":"about:blank","title":"Forbidden","status":403}'],
    ['a failed result', '{"status":"error"}'],
    ['no success', '{"success":false}'],
    ['a status that is an object', '{"status":{"toString":1},"error":true}'],
    ['a message of a refusal', '{"message":"Unauthorized"}'],
    ['the message of a gateway', '{"message":"Missing Authentication Token"}'],
    ['a limit', '{"Message":"Too Many Requests"}'],
    ['a success that is zero', '{"ok":0}'],
    ['a denied result', '{"result":"denied"}'],
    ['an error with a longer name', '{"hasError":true}'],
    ['a sign-in address', '{"login_url":"https://login.acme.example/"}'],
    ['an address alone', 'https://login.acme.example/authorize', 'text/plain'],
    ['the words of a load balancer', 'no healthy upstream', 'text/plain'],
    ['the words of a filter', 'Request blocked', 'text/plain'],
    ['a sign-in request in another language', 'Bitte anmelden', 'text/plain'],
    ['RST- text', rst],
    ['the same text of v8', 'An error has occurred - please contact your administrator.'],
    ['a bad key', 'Unable to decrypt PKey'],
    ['no', 'false'],
    ['truncated JSON', '{"status":"sav', 'application/json'],
    ['two JSON texts', '{}{}'],
    ['a long text', 'saved '.repeat(200)],
    ['an image', '\u2030PNG\r\n\x1a\n', 'image/png'],
    ['a document', '%PDF-1.4', 'application/pdf'],
    ['a body that could not be decompressed', null],
  ])('has an unknown outcome otherwise: %s', (...[, body, contentType]: Given) => {
    expect(verdict(body, contentType)).toEqual(unknown('unexpected_answer'));
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-01T10:00:00Z');
  const waits: [string | undefined, number | null][] = [
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['Sun, 01 Mar 2026 10:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 10:00:30 GMT', 30_000],
    ['Sun Mar  1 10:00:30 2026', 30_000],
    ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['Sun, soon', null],
    ['2026-03-01', null],
    ['9'.repeat(400), null],
    ['', null],
    [undefined, null],
  ];

  it.each(waits)('%j of the gateway means %j ms', (header, retryAfterMs) => {
    const headers = { 'retry-after': header };
    expect(classify({ status: 429, headers, body: gateway('429050') }, now)).toEqual({
      kind: 'not_reached',
      reason: 'gateway_busy',
      retryAfterMs,
    });
  });
});

describe('the text of a response', () => {
  const textOf = (body: string, secrets: string[] = []) =>
    summarizeResponse({ status: 500, headers: {}, body }, secrets).text;

  it("is the gateway's code and message", () => {
    expect(textOf(gateway('403023'))).toBe('403023 words');
  });

  it('is otherwise raw, line breaks and markup included', () => {
    expect(textOf('RST-1 <b>&\r\n\t<!channel>')).toBe('RST-1 <b>&\r\n\t<!channel>');
  });

  it('has at most 300 characters, and no half of a surrogate pair', () => {
    expect(textOf('é'.repeat(400))).toHaveLength(300);
    expect(textOf(`${'x'.repeat(299)}🙂`)).toBe('x'.repeat(299));
  });

  it('is null if nothing is readable', () => {
    expect(textOf('')).toBeNull();
    expect(textOf(' \n ')).toBeNull();
    expect(textOf('\x1f\x8b\x08\x00packed')).toBeNull();
  });

  it('contains no secret, not even a part of one at the cut', () => {
    expect(textOf(`${'x'.repeat(296)}s3/cret+`, ['s3/cret+'])).toBe(`${'x'.repeat(296)}[sec`);
    expect(textOf('a s3%2Fcret%2B b s3\\/cret+ c', ['s3/cret+'])).toBe('a [secret] b [secret] c');
  });

  it('ignores an empty secret', () => {
    expect(textOf('words', [''])).toBe('words');
  });
});
