import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import { alice, type Conversation, inSandbox, ops } from './people.ts';

type Line = { level: number; message: string; reason?: string; [field: string]: unknown };
const warning = 40;
const error = 50;

function linesOf({ bot }: Sandbox, level: number): Line[] {
  return bot()
    .log.map((line): Line => JSON.parse(line))
    .filter((line) => line.level === level);
}

/** Waits for the first matching line of the bot's log. */
async function logged({ sandbox }: Conversation, level: number, text: string): Promise<Line> {
  for (;;) {
    const found = linesOf(sandbox, level).find(({ message }) => message.includes(text));
    if (found !== undefined) return found;
    // The log advances during an HTTP request.
    await fetch(`${sandbox.bot().url}/healthz`);
  }
}

async function counted({ bot }: Sandbox): Promise<Record<string, number>> {
  const text = await (await fetch(`${bot().url}/metrics`)).text();
  const lines = text.matchAll(/^campaign_wf_requests_turned_away_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(Array.from(lines, ([, reason, count]) => [reason, Number(count)]));
}

const findings = async ({ bot }: Sandbox) => {
  const answer = await fetch(`${bot().url}/readyz`);
  const { findings } = (await answer.json()) as { findings: unknown };
  return { status: answer.status, findings };
};

/** Sends this text, and returns the response once the connection is closed. */
async function sendRaw({ bot }: Sandbox, text: string): Promise<string> {
  const socket = connect(Number(new URL(bot().url).port), '127.0.0.1').on('error', () => {});
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.end(text);
  await once(socket, 'close');
  return answer;
}

it.concurrent('every rejected request is counted, with one warning and advice', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox, slack } = talk;
    const { url } = sandbox.bot();
    const seconds = () => Math.floor(Date.now() / 1000);
    const body = 'token=secret-in-the-body';
    const post = (path: string) => fetch(`${url}${path}`, { method: 'POST', body });
    const json = 'application/json';
    await post('/slack/events?secret-in-the-query');
    await post('/slack/events');
    await slack.post({ body, secret: 'not-the-secret' });
    await slack.post({ body, timestampSeconds: seconds() - 361 });
    await slack.post({ body, timestampSeconds: seconds() + 361 });
    await slack.post({ body, contentType: 'text/plain;charset=utf-8' });
    await slack.post({ body: '[]', contentType: json });
    await post('/slack/event?secret-in-the-query');
    await fetch(`${url}/slack/events`, { headers: { 'x-slack-signature': 'v0=00' } });
    // TLS, where there is none.
    await sendRaw(sandbox, '\x16\x03\x01\x02\x00\x01\x00\x01');
    // Requests of monitors, browsers and load balancers cause no warning.
    await fetch(`${url}/favicon.ico`);
    await fetch(`${url}/slack/events`);
    await sendRaw(sandbox, '');

    expect(await counted(sandbox)).toEqual({
      ...{ no_signature: 2, bad_signature: 1, too_old: 1, too_new: 1, wrong_type: 1, bad_body: 1 },
      ...{
        wrong_path: 2,
        bad_request: 1,
        not_ready: 0,
        wrong_mode: 0,
        too_large: 0,
        too_slow: 0,
        too_many: 0,
        unacknowledged: 0,
        headers_too_large: 0,
      },
    });
    const warned = linesOf(sandbox, warning).filter(({ message }) => message.includes('was turned away'));
    expect(warned.map(({ reason }) => reason).sort()).toEqual([
      'bad_body',
      'bad_request',
      'bad_signature',
      'no_signature',
      'too_new',
      'too_old',
      'wrong_path',
      'wrong_type',
    ]);
    const of = (reason: string) => warned.find((line) => line.reason === reason);
    expect(of('too_old')).toMatchObject({ message: expect.stringContaining('clock is ahead') });
    expect([361, 362, 363]).toContain(of('too_old')?.ageSeconds);
    expect(of('too_new')).toMatchObject({ message: expect.stringContaining('clock is behind') });
    expect([-361, -360, -359]).toContain(of('too_new')?.ageSeconds);
    expect(of('bad_signature')).toMatchObject({ message: expect.stringContaining('SLACK_SIGNING_SECRET') });
    expect(of('wrong_type')).toMatchObject({ contentType: 'text/plain' });
    expect(of('wrong_path')).toMatchObject({ path: '/slack/event', from: '127.0.0.1' });
    expect(sandbox.bot().log.join('\n')).not.toContain('secret-in');
  }));

it.concurrent('errors that Node answers itself are counted with their reason, and Expect: 100-continue is answered', () =>
  inSandbox({ mode: 'http' }, async (talk) => {
    const { sandbox } = talk;
    const send = (...lines: string[]) =>
      sendRaw(sandbox, `${['POST /slack/events HTTP/1.1', ...lines, 'content-length: 3'].join('\r\n')}\r\n\r\na=1`);
    expect(await send('host: bot', `x-added-by-a-proxy: ${'a'.repeat(20_000)}`)).toMatch(/^HTTP\/1.1 431 /);
    const unsigned = [await send('x-no-host: 1'), await send('host: bot', 'expect: something else')];
    // 100 is not sent where the body will not be read.
    unsigned.push(await send('host: bot', 'expect: 100-continue'));
    for (const answer of unsigned) expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(await counted(sandbox)).toMatchObject({ headers_too_large: 1, no_signature: 3, bad_request: 0 });
    const [warned] = linesOf(sandbox, warning).filter(({ reason }) => reason === 'headers_too_large');
    expect(warned).toMatchObject({ message: expect.stringContaining('16 KB of headers') });

    const { team } = talk.slack.workspace;
    const fields = { team_id: team.id, channel_id: ops, user_id: alice, command: '/campaign-wf', text: 'pause WKF200' };
    const body = new URLSearchParams({ ...fields, trigger_id: '1.1', response_url: 'http://127.0.0.1:9/' }).toString();
    const seconds = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', talk.slack.signingSecret).update(`v0:${seconds}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': `v0=${signature}`,
      expect: '100-continue',
    };
    const sending = request(`${talk.sandbox.bot().url}/slack/events`, { method: 'POST', headers, agent: false });
    sending.flushHeaders();
    await once(sending, 'continue');
    const answered = once(sending, 'response');
    sending.end(body);
    const [response] = (await answered) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    await talk.outcome(await talk.announced('WKF200', 'accepted'));
  }));

it.concurrent('over Socket Mode a request of Slack is rejected with where to turn it off', () =>
  inSandbox({ mode: 'socket' }, async (talk) => {
    const { url } = talk.sandbox.bot();
    expect((await fetch(`${url}/slack/events`, { method: 'POST', body: '' })).status).toBe(404);
    expect(await counted(talk.sandbox)).toMatchObject({ wrong_mode: 1 });
    expect(await logged(talk, warning, 'SLACK_APP_TOKEN is set')).toMatchObject({ reason: 'wrong_mode' });
  }));

it.concurrent.each([
  [-360_000, 'ahead', 'too_old'],
  [360_000, 'behind', 'too_new'],
] as const)(
  'a clock that becomes six minutes wrong (%d, %s) while the bot runs is reported at once, and also when it is right again',
  (wrongMs, direction, reason) => {
    let offset = 0;
    return inSandbox({ mode: 'http', slackNow: () => Date.now() + offset }, async (talk) => {
      const { sandbox, slack, type, announced } = talk;
      expect(await findings(sandbox)).toEqual({ status: 200, findings: [] });
      offset = wrongMs;
      const { status } = await slack.command({ user: alice, channel: ops, text: 'pause WKF200' });
      expect(status).toBe(401);
      // Independent of other calls to Slack.
      await slack.waitFor(() => slack.calls.filter(({ method }) => method === 'auth.test').length === 2);
      expect(await logged(talk, error, `clock is ${direction}`)).toMatchObject({ direction });
      expect(await logged(talk, warning, 'was turned away')).toMatchObject({ reason });
      const current = await findings(sandbox);
      expect(current).toEqual({
        status: 200,
        findings: [{ name: 'clock_off', seconds: expect.any(Number), direction }],
      });
      offset = 0;
      await type(alice, 'pause WKF200');
      await announced('WKF200', 'accepted');
      await logged(talk, 30, 'agrees with Slack’s again');
      expect(await findings(sandbox)).toEqual({ status: 200, findings: [] });
    });
  },
);

it.concurrent.each(['http', 'socket'] as const)(
  'over %s, a clock that is one minute off at the start causes a warning, and the bot works',
  (mode) =>
    inSandbox({ mode, slackNow: () => Date.now() + 60_000 }, async (talk) => {
      await logged(talk, warning, 'clock is behind');
      expect(linesOf(talk.sandbox, error)).toEqual([]);
      expect(await findings(talk.sandbox)).toMatchObject({ findings: [{ name: 'clock_off', direction: 'behind' }] });
      await talk.type(alice, 'pause WKF200');
      await talk.announced('WKF200', 'accepted');
    }),
);
