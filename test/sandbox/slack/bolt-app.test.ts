import { afterEach, expect, it } from '@jest/globals';
import type { App } from '@slack/bolt';
import { TRANSPORTS } from './bolt-bot.ts';

let stop = async () => {};

afterEach(() => stop());

/** Acknowledges a command, asks for a confirmation, and posts the result. */
function askAndConfirm(app: App): void {
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
}

it.each(TRANSPORTS)('has a conversation with a bot of Bolt %s', async (_how, start) => {
  const { slack, ...conversation } = await start(askAndConfirm);
  stop = conversation.stop;
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
