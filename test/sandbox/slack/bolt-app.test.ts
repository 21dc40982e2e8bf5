import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import type { Receiver } from '@slack/bolt';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { PretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import { quietLogger } from './quiet-client.ts';

let stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

/** A bot of Bolt: it acknowledges a command, asks for a confirmation, and says what came of it. */
function createBot(slack: PretendSlack, receiver: Receiver): App {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const app = new App({ token: slack.botToken, receiver, clientOptions, logger: quietLogger });
  app.command('/campaign-wf', async ({ ack, respond, client, body }) => {
    await ack('Recorded.');
    await client.chat.postMessage({
      channel: body.channel_id,
      text: `Do you want to ${body.text}?`,
      blocks: [
        { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
      ],
    });
    await respond({ text: 'Asked.' });
  });
  app.action('go', async ({ ack, respond, body }) => {
    await ack();
    await respond({ text: `Confirmed by <@${body.user.id}>.`, replace_original: true });
  });
  return app;
}

async function overHttp(): Promise<PretendSlack> {
  const slack = await startPretendSlack();
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quietLogger });
  createBot(slack, receiver);
  const server = createServer(receiver.requestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address === 'object' && address) slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  stops.push(slack.close, async () => server.close());
  return slack;
}

async function overSockets(): Promise<PretendSlack> {
  const slack = await startPretendSlack({ mode: 'socket' });
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quietLogger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  createBot(slack, receiver);
  await receiver.start();
  stops.push(slack.close, () => receiver.client.disconnect());
  return slack;
}

it.each([
  ['over HTTP', overHttp],
  ['over Socket Mode', overSockets],
])('carries a conversation with a bot of Bolt %s', async (_how, start) => {
  const slack = await start();
  expect((await slack.command({ user: 'U0ALICE', channel: 'C0OPS', text: 'stop' })).status).toBe(200);
  const repliesNow = await slack.waitFor(({ privateReplies }) => privateReplies.length === 2 && privateReplies);
  expect(repliesNow).toMatchObject([
    { text: 'Recorded.', via: 'ack' },
    { text: 'Asked.', via: 'response_url' },
  ]);
  const [question] = slack.workspace.messages;
  expect(question?.text).toBe('Do you want to stop?');
  await slack.press({ user: 'U0BOB', channel: 'C0OPS', ts: question?.ts ?? '', actionId: 'go' });
  await slack.waitFor(({ messages }) => messages[0]?.text === 'Confirmed by <@U0BOB>.');
  expect(slack.workspace.mistakes).toEqual([]);
});
