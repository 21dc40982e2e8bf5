import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { alice, type Conversation, conversation, ops } from './people.ts';

let sandbox: Sandbox;
let talk: Conversation;
beforeAll(async () => {
  sandbox = await startSandbox({ mode: 'http' });
  talk = conversation(sandbox);
});
afterAll(() => sandbox.close());

const now = () => Math.floor(Date.now() / 1000);

/** A command that would start a workflow, if only it were believed. */
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

/** The bot went on to answer somebody else, so what came before has had its effect, if it had one. */
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
  ['a timestamp that is no number', 401, (body) => rawPost(body, { 'x-slack-request-timestamp': 'NaN' })],
  ['no signature at all', 401, (body) => rawPost(body, {})],
  ['no timestamp, and a signature over nothing', 401, (body) => rawPost(body, { 'x-slack-signature': 'v0=00' })],
  ['two timestamps', 401, (body) => rawPost(body, { 'x-slack-request-timestamp': `${now()}, ${now()}` })],
  ['ssl_check=1 with a payload smuggled in', 200, (body) => rawPost(`${body}&ssl_check=1`, {})],
  ['JSON that is none', 400, () => sandbox.slack.post({ body: '{', contentType: 'application/json' })],
];

it.each(refused)(
  '%s is turned away (%d): no listener runs, nothing is recorded or sent',
  async (what, status, send) => {
    const workflow = `WKF9${refused.findIndex(([name]) => name === what) + 10}`;
    sandbox.campaign.addWorkflow(workflow);
    const answer = await send(startCommand(workflow));
    expect(answer.status).toBe(status);
    await settled();
    expect(talk.sent(workflow)).toEqual([]);
    expect(JSON.stringify(sandbox.slack.workspace.messages)).not.toContain(workflow);
    sandbox.campaign.addWorkflow('WKF111', 'editing');
  },
);

it('a body of 5 MB is turned away before it is read to the end: no listener runs, nothing is sent', async () => {
  sandbox.campaign.addWorkflow('WKF930');
  const body = `${startCommand('WKF930')}&pad=${'x'.repeat(5_000_000)}`;
  // Who is still writing when the answer comes may see the connection end instead of the answer.
  const answer = await sandbox.slack.post({ body }).catch((error: unknown) => ({ status: String(error) }));
  expect(String(answer.status)).toMatch(/^413$|did not answer: .*(EPIPE|ECONNRESET|socket hang up)/);
  await settled();
  expect(talk.sent('WKF930')).toEqual([]);
});

it('a signature within five minutes, either way, is good', async () => {
  for (const [workflow, timestampSeconds] of [
    ['WKF940', now() - 290],
    ['WKF941', now() + 290],
  ] as const) {
    sandbox.campaign.addWorkflow(workflow);
    expect((await sandbox.slack.post({ body: startCommand(workflow), timestampSeconds })).status).toBe(200);
    await talk.outcome(await talk.announced(workflow, 'accepted'));
  }
});

it('health is said on /healthz, readiness with its checks on /readyz, counts on /metrics', async () => {
  const { url } = sandbox.bot();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, checks: { started: true, ledger: true, slack: true } });
  await settled();
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/campaign_wf_outcomes_total\{outcome="accepted"\} [1-9]/);
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/slack/events'],
    ['POST', '/healthz'],
    ['POST', '/'],
  ] as const) {
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
  }
});

it('the acknowledgement comes without waiting for Slack or Campaign', async () => {
  sandbox.campaign.addWorkflow('WKF950');
  sandbox.slack.fail('users.info', { kind: 'hang' }, { times: 1 });
  sandbox.slack.fail('conversations.info', { kind: 'hang' }, { times: 1 });
  expect(await talk.type('U0CAROL', 'start WKF950')).toContain('Recorded as request');
  sandbox.slack.clearFaults();
});

/** As anybody on the network could post it. */
function rawPost(body: string, headers: Record<string, string>): Promise<{ status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number }>();
  const signed = headers['x-slack-request-timestamp'] === undefined ? {} : { 'x-slack-signature': sign(body, headers) };
  const outgoing = request(`${sandbox.bot().url}/slack/events`, {
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
