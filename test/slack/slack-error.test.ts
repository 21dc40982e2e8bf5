import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import { type PretendSlack, type SlackFault, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { classifySlackError } from '../../src/slack/slack-error.ts';
import { type BareServer, httpAnswer, startBareServer } from '../campaign/bare-server.ts';
import { clientOf } from '../sandbox/slack/quiet-client.ts';
import { type Attempt, postInProcess } from './post-in-process.ts';

const refused = (reason: string) => ({ kind: 'refused', reason });
const doubt = { kind: 'doubt' };

/** Nothing listens on this port: servers with a free port get a higher one, and `fetch` does not block it. */
const closedPort = 3;

describe('the classification of a failed call to Slack', () => {
  let slack: PretendSlack;
  beforeAll(async () => {
    slack = await startPretendSlack();
  });
  afterAll(() => slack.close());

  const codes: [meaning: object, codes: readonly string[]][] = [
    [refused('not_in_channel'), ['not_in_channel']],
    [refused('channel_not_found'), ['channel_not_found']],
    [refused('channel_archived'), ['is_archived', 'is_inactive']],
    [
      refused('posting_restricted'),
      [
        'restricted_action',
        'restricted_action_read_only_channel',
        'restricted_action_thread_only_channel',
        'restricted_action_non_threadable_channel',
        'restricted_action_thread_locked',
        'access_denied',
        'no_permission',
        'team_access_not_granted',
      ],
    ],
    [
      refused('token_revoked'),
      [
        'token_revoked',
        'token_expired',
        'invalid_auth',
        'account_inactive',
        'not_authed',
        'not_allowed_token_type',
      ].concat(['user_removed_from_team', 'team_disabled']),
    ],
    [refused('missing_scope'), ['missing_scope']],
    [
      refused('message_refused'),
      ['msg_too_long', 'msg_blocks_too_long', 'no_text', 'invalid_arguments', 'invalid_blocks', 'invalid_blocks_format']
        .concat(['invalid_metadata_format', 'invalid_metadata_schema', 'metadata_too_large', 'block_mismatch'])
        .concat(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found'])
        .concat(['cannot_reply_to_message', 'cannot_dm_bot', 'messages_tab_disabled']),
    ],
    [
      refused('unreachable'),
      [
        'org_login_required',
        'accesslimited',
        'message_limit_exceeded',
        'ekm_access_denied',
        'external_channel_migrating',
      ],
    ],
    [{ kind: 'rate_limited', retryAfterMs: 1_000 }, ['ratelimited', 'rate_limited']],
    [doubt, ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']],
    [doubt, ['a_name_of_the_future', 'enterprise_is_restricted', 'Forbidden', 'undefined']],
  ];
  const cases = codes.flatMap(([meaning, all]) => all.map((name) => [name, meaning] as const));

  it.each(cases)('follows Slack’s error code: %s', async (error, meaning) => {
    slack.fail('chat.postMessage', { kind: 'error', error }, { times: 1 });
    const post = clientOf(slack).chat.postMessage({ channel: 'C0OPS', text: 'hello' });
    expect(await post.then(() => 'posted', classifySlackError)).toEqual(meaning);
  });

  // As undici's `fetch` reports them. Slack's client wraps them in its own error.
  it.each([
    ['ECONNREFUSED', refused('unreachable')],
    ['ENOTFOUND', refused('unreachable')],
    ['EAI_AGAIN', refused('unreachable')],
    ['EHOSTUNREACH', refused('unreachable')],
    ['ENETUNREACH', refused('unreachable')],
    ['UND_ERR_CONNECT_TIMEOUT', refused('unreachable')],
    ['ECONNRESET', doubt],
    ['UND_ERR_SOCKET', doubt],
    ['UND_ERR_HEADERS_TIMEOUT', doubt],
  ])('says that nothing was sent only where there was no connection: %s', (code, meaning) => {
    const cause = Object.assign(new Error('as the network says'), { code });
    const error = new bolt.webApi.WebAPIRequestError(new TypeError('fetch failed', { cause }));
    expect(classifySlackError(error)).toEqual(meaning);
  });

  it('throws an error again that is not the client’s', () => {
    for (const error of [new RangeError('ours'), new TypeError('x is undefined'), 'a string', null])
      expect(() => classifySlackError(error)).toThrow();
  });
});

describe('the classification of a failure between here and Slack', () => {
  const success = JSON.stringify({ ok: true, ts: '1.1' });
  const foreign = ['<html>Access denied</html>', 'Forbidden', 'is_archived', '', '{}', '{"error":"is_archived"}']
    .concat([
      'null',
      '5',
      '"is_archived"',
      '[{"ok":false,"error":"is_archived"}]',
      '{"ok":false}',
      '{"ok":"false","error":"is_archived"}',
    ])
    .concat(['{"ok":false,"error":{"code":403}}', '{"ok":true']);
  const pages = Object.fromEntries(
    foreign.flatMap((body) =>
      [200, 201, 400, 401, 403, 404, 407, 451, 502].map((status) => [
        `${status} with ${body}, instead of Slack`,
        { fault: { kind: 'http', status, body } as SlackFault, meaning: doubt },
      ]),
    ),
  );
  const failures: Record<string, { fault?: SlackFault; bytes?: string; attempt?: Partial<Attempt>; meaning: unknown }> =
    {
      'no failure': { meaning: 'posted' },
      'too many requests': {
        fault: { kind: 'rate_limited', retryAfterSeconds: 7 },
        meaning: { kind: 'rate_limited', retryAfterMs: 7_000 },
      },
      'a 500': { fault: { kind: 'http', status: 500 }, meaning: doubt },
      'a 503': { fault: { kind: 'http', status: 503 }, meaning: doubt },
      'a 404 of an intermediary': { fault: { kind: 'http', status: 404 }, meaning: doubt },
      'a 408': { fault: { kind: 'http', status: 408 }, meaning: doubt },
      'a 204: no refusal': { bytes: httpAnswer(204, ''), meaning: doubt },
      'a redirection': { bytes: httpAnswer(302, '', { Location: 'http://127.0.0.1:1/' }), meaning: doubt },
      'a connection that is closed before the call was executed': { fault: { kind: 'drop_before' }, meaning: doubt },
      'a connection that is closed after the call was executed': { fault: { kind: 'drop_after' }, meaning: doubt },
      'no response in time': { fault: { kind: 'hang' }, attempt: { timeoutMs: 200 }, meaning: doubt },
      'a response that is cut off': { bytes: httpAnswer(200, success, { 'Content-Length': '999' }), meaning: doubt },
      'a response that becomes silent': {
        bytes: httpAnswer(200, '', { 'Content-Length': '999', Connection: 'keep-alive' }),
        attempt: { timeoutMs: 200 },
        meaning: doubt,
      },
      'a page instead of a response': { bytes: httpAnswer(200, '<html>Sign in to the network</html>'), meaning: doubt },
      ...pages,
      'Slack’s own refusal with another status': {
        fault: { kind: 'http', status: 403, body: '{"ok":false,"error":"is_archived"}' },
        meaning: refused('channel_archived'),
      },
      'an empty response': { bytes: httpAnswer(200, ''), meaning: doubt },
      'a connection that is refused': {
        attempt: { apiUrl: `http://127.0.0.1:${closedPort}/api/` },
        meaning: refused('unreachable'),
      },
      'a connection that is refused at each address of a name': {
        attempt: { apiUrl: `http://localhost:${closedPort}/api/` },
        meaning: refused('unreachable'),
      },
      'an unknown host name': {
        attempt: { apiUrl: 'http://slack.invalid/api/' },
        meaning: refused('unreachable'),
      },
      'an unknown token': { attempt: { token: 'xoxb-other' }, meaning: refused('token_revoked') },
    };

  let meanings: Map<string, unknown>;
  beforeAll(async () => {
    await using servers = new AsyncDisposableStack();
    const attempts = Object.entries(failures).map(async ([name, { fault, bytes, attempt }]) => {
      const { close, ...reached } = bytes === undefined ? await slackWith(fault) : await serverOf(name, bytes);
      servers.defer(close);
      return { ...reached, ...attempt };
    });
    const results = await postInProcess(await Promise.all(attempts));
    meanings = new Map(Object.keys(failures).map((name, index) => [name, results[index]]));
  });

  it.each(Object.entries(failures))('%s', (name, { meaning }) => {
    expect(meanings.get(name)).toEqual(meaning);
  });
});

async function slackWith(fault: SlackFault | undefined): Promise<Attempt & { close: () => Promise<void> }> {
  const { apiUrl, botToken: token, fail, close } = await startPretendSlack();
  if (fault !== undefined) fail('chat.postMessage', fault);
  return { apiUrl, token, close };
}

async function serverOf(name: string, bytes: string): Promise<Attempt & Pick<BareServer, 'close'>> {
  const silent = name.includes('silent');
  const { url, close } = await startBareServer((socket) => (silent ? socket.write(bytes) : socket.end(bytes)));
  return { apiUrl: `${url}/api/`, token: 'xoxb-1', close };
}
