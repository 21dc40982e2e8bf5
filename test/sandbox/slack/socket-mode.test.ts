import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SocketModeReceiver } from '@slack/bolt';
import {
  type PretendSlack,
  type PretendSlackOptions,
  startPretendSlack,
} from '../../../sandbox/slack/pretend-slack.ts';
import { clientOf, quietLogger } from './quiet-client.ts';

type Client = SocketModeReceiver['client'];
type Envelope = { envelope_id: string; body: Record<string, unknown>; ack: (response?: unknown) => Promise<void> };

let slack: PretendSlack;
let clients: Client[];

beforeEach(async () => {
  slack = await startPretendSlack({ mode: 'socket' });
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.disconnect()));
  await slack.close();
});

async function restart(options: PretendSlackOptions): Promise<void> {
  await slack.close();
  slack = await startPretendSlack({ mode: 'socket', ...options });
}

/** Slack's own client, with this listener for envelopes. */
async function connect(onEnvelope: (envelope: Envelope) => unknown = ({ ack }) => ack()): Promise<Client> {
  const { client } = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quietLogger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } } },
  });
  client.on('slack_event', onEnvelope);
  await client.start();
  clients.push(client);
  return client;
}

const STOP = { user: 'U0ALICE', channel: 'C0OPS', text: 'stop WKF110' };

describe('envelopes', () => {
  it('deliver a command, and return its acknowledgement', async () => {
    const received: Envelope[] = [];
    await connect(async (envelope) => {
      received.push(envelope);
      await envelope.ack('Recorded.');
    });
    const { status, body, triggerId } = await slack.command(STOP);
    expect([status, JSON.parse(body)]).toEqual([200, { text: 'Recorded.' }]);
    expect(received).toMatchObject([{ type: 'slash_commands', accepts_response_payload: true }]);
    expect(received[0]?.body).toMatchObject({ command: '/campaign-wf', text: 'stop WKF110', trigger_id: triggerId });
    expect(slack.workspace.privateReplies).toMatchObject([{ user: 'U0ALICE', text: 'Recorded.', via: 'ack' }]);
  });

  it('deliver a press', async () => {
    const received: Envelope[] = [];
    await connect(async (envelope) => {
      received.push(envelope);
      await envelope.ack();
    });
    const { ts } = slack.say({ user: 'U0ROBOT', channel: 'C0OPS', text: 'Go?' });
    const { body } = await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts, actionId: 'go', value: 'R1' });
    expect(body).toBe('');
    expect(received).toMatchObject([{ type: 'interactive', body: { type: 'block_actions', user: { id: 'U0BOB' } } }]);
    expect(slack.workspace.mistakes).toEqual([]);
  });

  it('are delivered again with the same ID and content', async () => {
    const received: [string, string][] = [];
    await connect(async ({ envelope_id, body, ack }) => {
      received.push([envelope_id, JSON.stringify(body)]);
      await ack();
    });
    await slack.redeliver(await slack.command(STOP));
    expect(received).toHaveLength(2);
    expect(received[1]).toEqual(received[0]);
  });

  it('are sent to several connections in turn', async () => {
    const received = [0, 0];
    for (const nth of [0, 1])
      await connect(({ ack }) => {
        received[nth] = (received[nth] ?? 0) + 1;
        return ack();
      });
    expect(slack.socketCount()).toBe(2);
    for (let sent = 0; sent < 4; sent += 1) await slack.command(STOP);
    expect(received).toEqual([2, 2]);
  });

  it('wait for a connection', async () => {
    const delivery = slack.command(STOP);
    await connect();
    expect((await delivery).status).toBe(200);
  });

  it('are not delivered without one', async () => {
    await restart({ timeoutMs: 20 });
    await expect(slack.command(STOP)).rejects.toThrow('The bot has no Socket Mode connection.');
  });

  it('fail without an acknowledgement', async () => {
    await restart({ timeoutMs: 20 });
    await connect(() => {});
    await expect(slack.command(STOP)).rejects.toThrow('did not acknowledge its envelope within 20 ms');
  });

  it('are acknowledged once: the second time is a mistake', async () => {
    await connect(async ({ ack }) => {
      await ack();
      await ack();
    });
    await slack.command(STOP);
    await slack.waitFor(({ mistakes }) =>
      mistakes[0]?.startsWith('no envelope waits for this message over the socket'),
    );
  });
});

describe('connections', () => {
  it('close without an announcement', async () => {
    const client = await connect(() => slack.dropSockets());
    const disconnected = new Promise((resolve) => client.once('disconnected', resolve));
    await expect(slack.command(STOP)).rejects.toThrow('closed before the acknowledgement');
    await disconnected;
    expect(slack.socketCount()).toBe(0);
  });

  it('close after an announcement, which makes the client disconnect', async () => {
    const client = await connect();
    const disconnected = new Promise((resolve) => client.once('disconnected', resolve));
    slack.dropSockets('refresh_requested');
    await disconnected;
    await slack.waitFor(() => slack.socketCount() === 0);
  });

  it('are refused while refusals are on', async () => {
    slack.refuseSockets('invalid_auth');
    await expect(connect()).rejects.toThrow('invalid_auth');
    slack.refuseSockets(null);
    await connect();
    expect(slack.socketCount()).toBe(1);
  });

  it('need a ticket, which is valid once', async () => {
    const { url = '' } = await clientOf(slack, slack.appToken).apps.connections.open({});
    const firstMessage = (address: string) =>
      new Promise<unknown>((resolve) => {
        const socket = new WebSocket(address);
        socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
        socket.onerror = () => resolve('refused');
      });
    expect(await firstMessage(url)).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A0APP' },
    });
    expect(await firstMessage(url)).toBe('refused');
  });
});
