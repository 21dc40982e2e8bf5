import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createReceiver } from '../../src/slack/transport/receive.ts';
import { keepConnected } from '../../src/slack/transport/socket-connection.ts';
import { unwatchedClock } from '../sandbox/slack/quiet-client.ts';
import { alice, type Conversation, conversation, inSandbox, ops } from './people.ts';

let sandbox: Sandbox;
let talk: Conversation;
beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
  talk = conversation(sandbox);
});
afterAll(() => sandbox.close());

const now = () => Math.floor(Date.now() / 1000);

const stamped = () => ({ 'x-slack-request-timestamp': String(now()) });

/** The body of a command that starts a workflow. */
function startCommand(workflow: string): string {
  const { team } = sandbox.slack.workspace;
  return new URLSearchParams({
    team_id: team.id,
    channel_id: ops,
    user_id: alice,
    command: '/campaign-wf',
    text: `start ${workflow}`,
    trigger_id: `${workflow}.${Math.random()}`,
    response_url: 'http://127.0.0.1:9/nowhere',
  }).toString();
}

/** Waits until another command has its outcome, so that earlier requests have had their effect. */
async function settled(): Promise<void> {
  await talk.type(alice, 'start WKF111');
  await talk.outcome(await talk.announced('WKF111', 'accepted'));
}

const refused: readonly (readonly [string, number, (body: string) => Promise<{ status: number }>])[] = [
  ['a forged signature', 401, (body) => sandbox.slack.post({ body, secret: 'not-the-secret' })],
  ['a signature 301 s old', 401, (body) => sandbox.slack.post({ body, timestampSeconds: now() - 301 })],
  ['a signature an hour old', 401, (body) => sandbox.slack.post({ body, timestampSeconds: now() - 3600 })],
  ['a signature 330 s in the future', 401, (body) => sandbox.slack.post({ body, timestampSeconds: now() + 330 })],
  ['a signature an hour in the future', 401, (body) => sandbox.slack.post({ body, timestampSeconds: now() + 3600 })],
  ['a timestamp that is not a number', 401, (body) => rawPost(body, { 'x-slack-request-timestamp': 'NaN' })],
  ['no signature', 401, (body) => rawPost(body, {})],
  ['no timestamp, and an invalid signature', 401, (body) => rawPost(body, { 'x-slack-signature': 'v0=00' })],
  ['two timestamps', 401, (body) => rawPost(body, { 'x-slack-request-timestamp': `${now()}, ${now()}` })],
  ['ssl_check=1 without a signature', 401, (body) => rawPost(`${body}&ssl_check=1`, {})],
  ['a malformed signature', 401, (body) => rawPost(body, { ...stamped(), 'x-slack-signature': 'v0=00' })],
  ['a body type that Slack does not send', 415, (body) => sandbox.slack.post({ body, contentType: 'text/plain' })],
  ['invalid JSON', 400, () => sandbox.slack.post({ body: '{', contentType: 'application/json' })],
];

it.each(refused)('%s is rejected (%d): no listener runs, nothing is recorded or sent', async (what, status, send) => {
  const workflow = `WKF9${refused.findIndex(([name]) => name === what) + 10}`;
  sandbox.campaign.addWorkflow(workflow);
  const answer = await send(startCommand(workflow));
  expect(answer.status).toBe(status);
  await settled();
  expect(talk.sent(workflow)).toEqual([]);
  expect(JSON.stringify(sandbox.slack.workspace.messages)).not.toContain(workflow);
  sandbox.campaign.addWorkflow('WKF111', 'editing');
});

it.each(['null', '5', '"x"', '[]', 'true', '{'])(
  'a signed body that is %s is rejected (400), plain or as the payload of a form, and the bot continues',
  async (json) => {
    const form = `payload=${encodeURIComponent(json)}`;
    expect((await sandbox.slack.post({ body: json, contentType: 'application/json' })).status).toBe(400);
    expect((await sandbox.slack.post({ body: form })).status).toBe(400);
    // Without a signature the body is not parsed.
    expect((await rawPost(form, {})).status).toBe(401);
    await settled();
    sandbox.campaign.addWorkflow('WKF111', 'editing');
  },
);

it.each([
  { type: 'view_submission', view: { callback_id: 'request_form' } },
  { type: 'view_submission', user: { id: alice } },
  { type: 'view_submission' },
  { type: 'view_closed', user: { id: alice }, view: null },
  { type: 'block_actions', actions: [{ action_id: 'new_request' }] },
  { type: 'block_suggestion', value: 'WKF' },
  { type: 'message_action', callback_id: 'act_on_workflow' },
  { type: 'shortcut', user: alice },
])('an invalid interaction is rejected (400), and is not a fault of the bot: %j', async (payload) => {
  const answer = await sandbox.slack.post({ body: `payload=${encodeURIComponent(JSON.stringify(payload))}` });
  expect(answer.status).toBe(400);
});

it.each(['payload=null', 'payload=%7B%7D', 'payload=%7B'])(
  'nothing is parsed before the signature is verified: %s is refused for its signature',
  async (body) => {
    expect((await sandbox.slack.post({ body, secret: 'not-the-secret' })).status).toBe(401);
  },
);

it('with a signed ssl_check no payload is read', async () => {
  expect((await sandbox.slack.post({ body: 'payload=null&ssl_check=1' })).status).toBe(200);
});

const mostBytes = 512 * 1024;

it('a body of more than 512 KB gets 413, with or without Content-Length; a little less is read', async () => {
  const forged = { ...stamped(), 'x-slack-signature': `v0=${'0'.repeat(64)}` };
  const inChunks = { ...forged, 'transfer-encoding': 'chunked' };
  for (const headers of [forged, inChunks]) {
    expect((await rawPost('x'.repeat(mostBytes + 1), headers)).status).toBe(413);
    expect((await rawPost('x'.repeat(mostBytes), headers)).status).toBe(401);
  }
});

it('a command of 512 KB is accepted', async () => {
  sandbox.campaign.addWorkflow('WKF931');
  const body = `${startCommand('WKF931')}&pad=`;
  expect((await sandbox.slack.post({ body: body.padEnd(mostBytes, 'x') })).status).toBe(200);
  await talk.outcome(await talk.announced('WKF931', 'accepted'));
});

it('a body of 5 MB is rejected before it is read to the end: no listener runs, nothing is sent', async () => {
  sandbox.campaign.addWorkflow('WKF930');
  const body = `${startCommand('WKF930')}&pad=${'x'.repeat(5_000_000)}`;
  // A client that is still writing may get a closed connection instead of the response.
  const answer = await sandbox.slack.post({ body }).catch((error: unknown) => ({ status: String(error) }));
  expect(String(answer.status)).toMatch(/^413$|did not answer: .*(EPIPE|ECONNRESET|socket hang up)/);
  await settled();
  expect(talk.sent('WKF930')).toEqual([]);
});

it('a signature within five minutes, either way, is valid', async () => {
  for (const [workflow, timestampSeconds] of [
    ['WKF940', now() - 290],
    ['WKF941', now() + 290],
  ] as const) {
    sandbox.campaign.addWorkflow(workflow);
    expect((await sandbox.slack.post({ body: startCommand(workflow), timestampSeconds })).status).toBe(200);
    await talk.outcome(await talk.announced(workflow, 'accepted'));
  }
});

it('a body type with a charset, and a path with a trailing slash, are accepted', async () => {
  for (const [workflow, path, contentType] of [
    ['WKF950', '/slack/events', 'application/x-www-form-urlencoded; charset=utf-8'],
    ['WKF951', '/slack/events/', 'Application/X-WWW-Form-URLEncoded;charset=UTF-8'],
    ['WKF952', '/slack/events/?from=proxy', 'application/x-www-form-urlencoded'],
  ] as const) {
    sandbox.campaign.addWorkflow(workflow);
    const body = startCommand(workflow);
    const headers = { 'content-type': contentType, ...stamped() };
    const answer = await rawPost(body, headers, path);
    expect(answer.status).toBe(200);
    await talk.outcome(await talk.announced(workflow, 'accepted'));
  }
});

it('/healthz has health, /readyz readiness with its checks, /metrics counts', async () => {
  const { url } = sandbox.bot();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, checks: { started: true, ledger: true, slack: true } });
  await settled();
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/campaign_wf_outcomes_total\{outcome="accepted",.*\} [1-9]/);
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/slack/events'],
    ['POST', '/healthz'],
    ['POST', '/'],
  ] as const) {
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
  }
});

it('the acknowledgement does not wait for Slack or Campaign', async () => {
  sandbox.campaign.addWorkflow('WKF950');
  sandbox.slack.fail('users.info', { kind: 'hang' });
  sandbox.slack.fail('conversations.info', { kind: 'hang' });
  const carol = { user: 'U0CAROL', channel: 'C0OPS' };
  expect(await sandbox.slack.command({ ...carol, text: 'start WKF950' })).toMatchObject({ status: 200, body: '' });
  sandbox.slack.clearFaults();
});

const unreadable = [
  'null',
  '5',
  '[]',
  '{',
  '{"type":"events_api","envelope_id":"secret-5","payload":null}',
  '{"type":"interactive","envelope_id":"secret-6","payload":[]}',
  '{"type":"slash_commands","envelope_id":"secret-7"}',
];

it('Socket Mode: an invalid frame is ignored, logged without its content, and the bot continues', () =>
  inSandbox({ mode: 'socket' }, async ({ type, announced, sandbox: { bot }, slack }) => {
    for (const frame of unreadable) slack.sendFrame(frame);
    slack.sendFrame('{"type":"events_api","envelope_id":"secret-8","payload":{}}');
    await type(alice, 'pause WKF200');
    await announced('WKF200', 'accepted');
    expect(bot().log.filter((line) => line.includes('cannot be understood'))).toHaveLength(unreadable.length);
    expect(bot().log.filter((line) => line.includes('a frame from Slack could not be processed'))).toHaveLength(1);
    expect(bot().log.join('\n')).not.toContain('secret-');
    expect(slack.socketCount()).toBe(1);
  }));

it('Socket Mode: a WebSocket without a hello from Slack is closed, and another one is opened', () =>
  withPretendSlack(async (slack) => {
    slack.greetSockets(false);
    const { connecting, failed } = connect(slack);
    expect(await failed).toMatch(/^no_hello: .*no hello within 50 ms/);
    await slack.waitFor(() => slack.socketCount() === 0);
    slack.greetSockets(true);
    const connection = await connecting;
    expect(connection.isConnected()).toBe(true);
    expect(slack.socketCount()).toBe(1);
    await connection.close();
  }));

it('Socket Mode: a failed attempt leaves no listener behind, and the first connection can be aborted', () =>
  withPretendSlack(async (slack) => {
    slack.refuseSockets('internal_error');
    const { connecting, failed, client, abort } = connect(slack);
    expect(await failed).toMatch(/^server_error: internal_error/);
    expect(client.listenerCount('disconnected')).toBe(0);
    expect(client.listenerCount('connecting')).toBe(0);
    abort.abort(new Error('given up'));
    await expect(connecting).rejects.toThrow('given up');
  }));

async function withPretendSlack(work: (slack: PretendSlack) => Promise<void>): Promise<void> {
  const slack = await startPretendSlack({ mode: 'socket' });
  await work(slack).finally(() => slack.close());
}

/** Connects in this process. `failed`: the reason of the first failure. */
function connect(slack: PretendSlack) {
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  const warn = (fields: object, message: string) => {
    const { reason, detail } = fields as { reason?: string; detail?: string };
    if (message === 'no connection to Slack') resolve(`${reason}: ${detail}`);
  };
  const log = { info() {}, warn, error() {} };
  const reception = createReceiver({ kind: 'socket', appToken: slack.appToken }, slack.apiUrl, {
    clock: unwatchedClock,
    log,
    turnedAway() {},
  });
  if (reception.kind !== 'socket') throw new Error('a receiver for Socket Mode was expected');
  const abort = new AbortController();
  const clock = { now: Date.now, random: () => 0 };
  const ends = { signal: abort.signal, onLost() {}, helloWithinMs: 50 };
  const connecting = keepConnected({ ...reception, ...clock, ...ends, log });
  return { connecting, failed, abort, client: reception.receiver.client };
}

/** A request with any headers. */
function rawPost(body: string, headers: Record<string, string>, path = '/slack/events'): Promise<{ status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number }>();
  const signed = headers['x-slack-request-timestamp'] === undefined ? {} : { 'x-slack-signature': sign(body, headers) };
  const outgoing = request(`${sandbox.bot().url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...signed, ...headers },
  });
  outgoing.on('response', (response) => {
    response.resume();
    resolve({ status: response.statusCode ?? 0 });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

function sign(body: string, headers: Record<string, string>): string {
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  return `v0=${createHmac('sha256', sandbox.slack.signingSecret).update(base).digest('hex')}`;
}
