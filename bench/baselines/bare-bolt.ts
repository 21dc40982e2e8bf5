import bolt from '@slack/bolt';

// The least that a Bolt app can do: it acknowledges, and nothing else.

const { SLACK_BOT_TOKEN: token = '', SLACK_SIGNING_SECRET: signingSecret = '', SLACK_API_URL = '' } = process.env;
const app = new bolt.App({
  token,
  signingSecret,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: bolt.LogLevel.ERROR,
});

app.command('/campaign-wf', ({ ack }) => ack('Asked.'));

const server = await app.start({ port: 0, host: '127.0.0.1' });
const address = server.address();
console.log(JSON.stringify({ message: 'ready', port: typeof address === 'object' ? address?.port : null }));
process.once('SIGTERM', () => process.exit(0));
