import { once } from 'node:events';
import { createServer } from 'node:http';
import { App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { quietLogger } from './quiet-client.ts';

type Conversation = { slack: PretendSlack; stop: () => Promise<void> };

/** Registers a bot's listeners. */
type Listen = (app: App) => void;

/** A pretend Slack with a real bot of Bolt, over each of Slack's two transports. */
export const TRANSPORTS: [string, (listen: Listen) => Promise<Conversation>][] = [
  ['over HTTP', overHttp],
  ['over Socket Mode', overSockets],
];

async function overHttp(listen: Listen): Promise<Conversation> {
  const slack = await startPretendSlack();
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quietLogger });
  listen(createApp(slack, receiver));
  const server = createServer(receiver.requestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address === 'object' && address) slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  const stop = async () => {
    server.close();
    await slack.close();
  };
  return { slack, stop };
}

async function overSockets(listen: Listen): Promise<Conversation> {
  const slack = await startPretendSlack({ mode: 'socket' });
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quietLogger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  listen(createApp(slack, receiver));
  await receiver.start();
  const stop = async () => {
    await receiver.client.disconnect();
    await slack.close();
  };
  return { slack, stop };
}

function createApp(slack: PretendSlack, receiver: Receiver): App {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  return new App({ token: slack.botToken, receiver, clientOptions, logger: quietLogger });
}
