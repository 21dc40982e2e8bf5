import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { openConnection } from '../../../src/slack/transport/open-connection.ts';

/** Slack's client, which connects as `start` says, and closes its socket at this call of `disconnect`. */
function clientThat(start: (client: EventEmitter) => Promise<unknown>, closesAtCall = 1) {
  const emitter = new EventEmitter();
  let disconnects = 0;
  const client = Object.assign(emitter, {
    start: () => start(emitter),
    disconnect: () => (++disconnects < closesAtCall ? new Promise<void>(() => {}) : Promise.resolve()),
  });
  const open = () => openConnection(client as never, 20);
  const left = () => emitter.listenerCount('connecting') + emitter.listenerCount('disconnected');
  return { open, emitter, left, disconnects: () => disconnects };
}

const connectWithoutHello = (client: EventEmitter) => {
  client.emit('connecting');
  return new Promise<never>(() => {});
};

it.each([
  ['is closed', 1],
  ['is closed a second time where it does not close, which terminates it', 2],
])('a connection without Slack’s hello %s', async (_what, calls) => {
  const { open, left, disconnects } = clientThat(connectWithoutHello, calls);
  await expect(open()).rejects.toThrow('no hello within 20 ms');
  expect(disconnects()).toBe(calls);
  expect(left()).toBe(0);
});

it('a connection that cannot be opened leaves nothing to close', async () => {
  const { open, left, disconnects } = clientThat(() => Promise.reject(new Error('unavailable')));
  await expect(open()).rejects.toThrow('unavailable');
  expect([disconnects(), left()]).toEqual([0, 0]);
});

it('a connection ends when the client says so, and not before', async () => {
  const { open, emitter } = clientThat(async () => {});
  const { ended } = await open();
  let isOver = false;
  const over = ended.then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  emitter.emit('disconnected');
  await over;
});
