import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { boltLogger } from '../../../src/slack/clients.ts';
import { createReceiver } from '../../../src/slack/transport/receive.ts';
import { keepConnected } from '../../../src/slack/transport/socket-connection.ts';
import type { TurnedAwayReason } from '../../../src/slack/transport/turned-away.ts';
import { TurnTakingApp } from '../../../src/slack/transport/turns.ts';
import { unwatchedClock } from '../../sandbox/slack/quiet-client.ts';

const [alice, bob] = ['U0ALICE', 'U0BOB'];

let resources = new AsyncDisposableStack();
afterEach(async () => {
  await resources.disposeAsync();
  resources = new AsyncDisposableStack();
});

/** Bolt between the pretend Slack and a listener that acknowledges when the test says so, and messages to pass by at once. */
async function deliveries(mode: 'http' | 'socket', given: { timeoutMs?: number; longestTurnMs?: number } = {}) {
  const { timeoutMs = 20_000, longestTurnMs = 60_000 } = given;
  const turnedAway: TurnedAwayReason[] = [];
  const logged: string[] = [];
  const processed = new Map<string, { acknowledge(): void; fail(error: Error): void }>();
  const clock = { now: 0 };
  const write = (_fields: object, message: string) => void logged.push(message);
  const log = { info: () => {}, warn: write, error: write };

  const slack = resources.adopt(await startPretendSlack({ mode, timeoutMs }), (it) => it.close());
  const { appToken, signingSecret, apiUrl } = slack;
  const settings = mode === 'http' ? ({ kind: mode, signingSecret } as const) : ({ kind: mode, appToken } as const);
  const turnAway = (reason: TurnedAwayReason) => void turnedAway.push(reason);
  const reception = createReceiver(settings, apiUrl, { log, clock: unwatchedClock, turnedAway: turnAway });
  const app = new TurnTakingApp(
    {
      receiver: reception.receiver,
      authorize: async () => ({ botToken: 'xoxb-1', botUserId: 'U0BOT' }),
      logger: boltLogger(log),
    },
    {
      givenUp: () => reception.kind === 'socket' && turnAway('unacknowledged'),
      longestTurnMs,
      clock: () => clock.now,
    },
  );
  app.command('/campaign-wf', async ({ command: { text }, ack }) => {
    const { promise, resolve: acknowledge, reject: fail } = Promise.withResolvers<void>();
    processed.set(text, { acknowledge, fail });
    if (text.startsWith('passing')) acknowledge();
    await promise;
    await ack();
  });
  if (reception.kind === 'http') {
    const server = createServer(reception.receiver.requestListener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    resources.defer(() => server.closeAllConnections());
    resources.defer(() => void server.close());
    slack.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  } else {
    const { receiver } = reception;
    const { signal } = new AbortController();
    const options = { receiver, log, now: Date.now, random: () => 0, signal, onLost: () => {} };
    resources.adopt(await keepConnected(options), (it) => it.close());
  }

  /** Resolves with the status once it is acknowledged. */
  const send = (user: string, text: string): Promise<number | 'failed'> =>
    slack.command({ user, channel: 'C0OPS', text }).then(
      ({ status }) => status,
      () => 'failed',
    );
  return {
    send,
    ...{ turnedAway, logged, clock },
    texts: () => [...processed.keys()].filter((text) => !text.startsWith('passing')),
    acknowledge: (text: string) => processed.get(text)?.acknowledge(),
    fail: (text: string) => processed.get(text)?.fail(new Error('it failed')),
    async until(text: string): Promise<void> {
      while (!processed.has(text)) await wait(1);
    },
    /** Once two messages of another person have passed, what was sent before has arrived. */
    async arrived(): Promise<void> {
      for (const text of ['passing', 'passing again']) await send('U0DAVE', text);
    },
  };
}

it('an interaction whose connection ends before its turn is not processed, and the next one is', async () => {
  const { send, texts, until, arrived, acknowledge } = await deliveries('http', { timeoutMs: 1_000 });
  const sent = ['first', 'second', 'third'].map((text) => send(alice, text));
  expect(await Promise.all(sent)).toEqual(['failed', 'failed', 'failed']);
  await arrived();
  const before = texts();
  void send(alice, 'fourth');
  for (const text of before) acknowledge(text);
  await until('fourth');
  acknowledge('fourth');
  expect(texts()).toEqual([...before, 'fourth']);
  expect(before).toHaveLength(1);
});

describe.each(['http', 'socket'] as const)('many interactions of one person at once (%s)', (mode) => {
  it('are processed one after the other and in order, while another person’s is processed at once', async () => {
    const { send, texts, until, arrived, acknowledge } = await deliveries(mode);
    const sent = [send(alice, 'first')];
    await until('first');
    for (const text of ['second', 'third']) {
      sent.push(send(alice, text));
      await arrived();
    }
    sent.push(send(bob, 'of another person'));
    await until('of another person');
    expect(texts()).toEqual(['first', 'of another person']);
    acknowledge('first');
    await until('second');
    await arrived();
    expect(texts()).toEqual(['first', 'of another person', 'second']);
    acknowledge('second');
    await until('third');
    for (const text of texts()) acknowledge(text);
    expect(await Promise.all(sent)).toEqual(sent.map(() => 200));
  });

  it('that fail make room for the next one', async () => {
    const { send, until, acknowledge, fail } = await deliveries(mode);
    void send(alice, 'first');
    await until('first');
    const second = send(alice, 'second');
    fail('first');
    await until('second');
    acknowledge('second');
    expect(await second).toBe(200);
  });

  it('that take long make room for the next one before they are acknowledged', async () => {
    const { send, until, acknowledge } = await deliveries(mode, { longestTurnMs: 20 });
    const sent = ['first', 'second', 'third'].map((text) => send(alice, text));
    await Promise.all(['first', 'second', 'third'].map(until));
    for (const text of ['third', 'second', 'first']) acknowledge(text);
    expect(await Promise.all(sent)).toEqual([200, 200, 200]);
  });

  it('are not processed where three seconds are over before their turn, and the next one is', async () => {
    const { send, texts, until, arrived, acknowledge, clock, turnedAway, logged } = await deliveries(mode);
    const sent = [send(alice, 'first')];
    await until('first');
    const givenUp = ['second', 'third'].map((text) => send(alice, text));
    await arrived();
    clock.now += 3_000;
    sent.push(send(alice, 'fourth'));
    await arrived();
    acknowledge('first');
    await until('fourth');
    for (const text of texts()) acknowledge(text);
    expect(texts()).toEqual(['first', 'fourth']);
    expect(await Promise.all(sent)).toEqual([200, 200]);
    if (mode === 'http') expect(await Promise.all(givenUp)).toEqual([503, 503]);
    expect(turnedAway).toEqual(['unacknowledged', 'unacknowledged']);
    expect(logged).toEqual([]);
  });
});
