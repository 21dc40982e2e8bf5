import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { createReceiver } from '../../../src/slack/transport/receive.ts';
import {
  keepConnected,
  type SocketConnection,
  type SocketOptions,
} from '../../../src/slack/transport/socket-connection.ts';
import { unwatchedClock } from '../../sandbox/slack/quiet-client.ts';

let slack: PretendSlack;
let connection: SocketConnection | null = null;
let lost: string[];
let logged: string[];

beforeEach(async () => {
  slack = await startPretendSlack({ mode: 'socket' });
  lost = [];
  logged = [];
});
afterEach(async () => {
  await connection?.close();
  connection = null;
  await slack.close();
});

const record = (_fields: object, message: string) => void logged.push(message);
const log = { info: record, warn: record, error: record };

async function connect(changed: Partial<SocketOptions> = {}): Promise<SocketConnection> {
  const mode = { kind: 'socket', appToken: slack.appToken } as const;
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const reception = createReceiver(mode, slack.apiUrl, { clock: unwatchedClock, log: silent, turnedAway() {} });
  if (reception.kind !== 'socket') throw new Error('the mode is Socket Mode');
  const { receiver } = reception;
  const { signal } = new AbortController();
  const onLost = (reason: string) => void lost.push(reason);
  connection = await keepConnected({ receiver, log, now: Date.now, random: () => 0, signal, onLost, ...changed });
  return connection;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

it('is connected after Slack’s hello, and not any more when it is closed', async () => {
  const opened = await connect();
  expect(opened.isConnected()).toBe(true);
  expect(slack.socketCount()).toBe(1);
  await opened.close();
  await until(() => slack.socketCount() === 0);
  expect(opened.isConnected()).toBe(false);
  expect(logged).toEqual(['connected to Slack']);
});

it('is re-established when it is lost, and both are logged', async () => {
  const opened = await connect();
  slack.dropSockets();
  await until(() => logged.length === 3 && opened.isConnected());
  expect(logged).toEqual(['connected to Slack', 'no connection to Slack', 'connected to Slack']);
  expect(lost).toEqual([]);
});

it.each(['invalid_auth', 'missing_scope'])('is refused at the start by a final error: %s', async (error) => {
  slack.refuseSockets(error);
  await expect(connect()).rejects.toMatchObject({ name: 'SlackRefusedError' });
  expect(lost).toEqual([]);
});

it('is retried while Slack is unavailable', async () => {
  slack.fail('apps.connections.open', { kind: 'http', status: 503 }, { times: 1 });
  expect((await connect()).isConnected()).toBe(true);
  expect(logged).toEqual(['no connection to Slack', 'connected to Slack']);
});

it('is retried while Slack sends no hello', async () => {
  slack.greetSockets(false);
  const opening = connect({ helloWithinMs: 50 });
  await until(() => logged.length > 0);
  slack.greetSockets(true);
  expect((await opening).isConnected()).toBe(true);
});

it('that Slack refuses later is given up, once', async () => {
  await connect();
  slack.refuseSockets('token_revoked');
  slack.dropSockets();
  await until(() => lost.length > 0);
  expect(lost).toEqual(['token_revoked']);
});

it('can be aborted before it is established', async () => {
  slack.greetSockets(false);
  const stopping = new AbortController();
  const opening = connect({ signal: stopping.signal });
  await slack.waitFor(() => slack.calls.length > 0);
  stopping.abort(new Error('stopped'));
  await expect(opening).rejects.toThrow('stopped');
});
