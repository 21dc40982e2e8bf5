import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import { guardFrames } from '../../../src/slack/transport/open-connection.ts';
import { quietLogger } from '../../sandbox/slack/quiet-client.ts';

let taken: unknown[];
let logged: { level: 'warn' | 'error'; fields: object }[];

beforeEach(() => {
  taken = [];
  logged = [];
});

const newClient = () =>
  new bolt.SocketModeReceiver({ appToken: 'xapp-1', logger: quietLogger, autoReconnectEnabled: false }).client;

/** A client whose own listener is this one, and which is guarded. */
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
      `@slack/socket-mode has ${listeners} listeners for "ws_message" and not one: see where it reads frames now, and let guard-frames.ts stand before that`,
    );
  }
});

it.each([
  '{"type":"hello"}',
  '{"type":"disconnect","reason":"refresh_requested"}',
  '{"type":"slash_commands","envelope_id":"1","payload":{}}',
])('lets through what the client understands: %s', (frame) => {
  guarded(async (data) => void taken.push(data)).emit('ws_message', frame, false);
  expect(taken).toEqual([frame]);
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
])('keeps from it what would end the process, and logs no content: %p', (frame) => {
  guarded(async (data) => void taken.push(data)).emit('ws_message', frame, false);
  expect(taken).toEqual([]);
  expect(logged).toEqual([{ level: 'warn', fields: {} }]);
});

it('logs what the client fails at, and goes on', async () => {
  const failure = new Error('cannot be taken');
  const client = guarded(async (data) => {
    taken.push(data);
    if (taken.length === 1) throw failure;
  });
  client.emit('ws_message', '{"type":"hello"}', false);
  client.emit('ws_message', '{"type":"hello"}', false);
  await nextTurn();
  expect(taken).toHaveLength(2);
  expect(logged).toEqual([{ level: 'error', fields: { err: failure } }]);
});
