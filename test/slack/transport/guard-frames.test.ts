import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import { guardFrames } from '../../../src/slack/transport/open-connection.ts';
import { quietLogger } from '../../sandbox/slack/quiet-client.ts';

let received: unknown[];
let logged: { level: 'warn' | 'error'; fields: object }[];

beforeEach(() => {
  received = [];
  logged = [];
});

const newClient = () =>
  new bolt.SocketModeReceiver({ appToken: 'xapp-1', logger: quietLogger, autoReconnectEnabled: false }).client;

/** A guarded client with this listener. */
function guarded(own: (data: unknown) => Promise<void>) {
  const client = newClient();
  client.removeAllListeners('ws_message').on('ws_message', own);
  const log = (level: 'warn' | 'error') => (fields: object) => void logged.push({ level, fields });
  guardFrames(client, { info: () => {}, warn: log('warn'), error: log('error') });
  return client;
}

it('relies on one listener for ws_message in the client', () => {
  const listeners = newClient().listenerCount('ws_message');
  if (listeners !== 1) {
    throw new Error(
      `@slack/socket-mode has ${listeners} listeners for "ws_message" and not one: find out where it reads frames now, and put the guard of open-connection.ts before that`,
    );
  }
});

it.each([
  '{"type":"hello"}',
  '{"type":"disconnect","reason":"refresh_requested"}',
  '{"type":"slash_commands","envelope_id":"1","payload":{}}',
])('passes on what the client understands: %s', (frame) => {
  guarded(async (data) => void received.push(data)).emit('ws_message', frame, false);
  expect(received).toEqual([frame]);
  expect(logged).toEqual([]);
});

it.each<unknown>([
  'no JSON',
  '',
  'null',
  '[]',
  '"hello"',
  '{}',
  '{"type":"slash_commands","envelope_id":"1"}',
  '{"type":"slash_commands","envelope_id":"1","payload":null}',
  '{"type":"slash_commands","envelope_id":"1","payload":"text"}',
  Buffer.from('{"type":"hello"}'),
])('drops what would end the process, and logs no content: %p', (frame) => {
  guarded(async (data) => void received.push(data)).emit('ws_message', frame, false);
  expect(received).toEqual([]);
  expect(logged).toEqual([{ level: 'warn', fields: {} }]);
});

it('logs a failure of the client, and continues', async () => {
  const failure = new Error('cannot be handled');
  const client = guarded(async (data) => {
    received.push(data);
    if (received.length === 1) throw failure;
  });
  client.emit('ws_message', '{"type":"hello"}', false);
  client.emit('ws_message', '{"type":"hello"}', false);
  await nextTurn();
  expect(received).toHaveLength(2);
  expect(logged).toEqual([{ level: 'error', fields: { err: failure } }]);
});
