import { Agent } from 'node:http';
import bolt from '@slack/bolt';
import got from 'got';

// What one would write instead in an hour: acknowledge, announce, call Campaign, reply, edit. No record, no checks.

const { env } = process;
const { SLACK_BOT_TOKEN: token = '', SLACK_SIGNING_SECRET: signingSecret = '', SLACK_API_URL = '' } = env;
const app = new bolt.App({
  token,
  signingSecret,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: bolt.LogLevel.ERROR,
});
const form = {
  client_id: env.CAMPAIGN_CLIENT_ID,
  client_secret: env.CAMPAIGN_CLIENT_SECRET,
  scope: env.CAMPAIGN_SCOPES,
};
const issued = await got
  .post(`${env.IMS_URL}/ims/token/v3`, { form: { ...form, grant_type: 'client_credentials' } })
  .json<{ access_token: string }>();
const campaign = got.extend({
  agent: { http: new Agent({ keepAlive: true }) },
  retry: { limit: 0 },
  headers: { authorization: `Bearer ${issued.access_token}`, 'x-api-key': env.CAMPAIGN_CLIENT_ID },
});
const workflows = `${env.CAMPAIGN_API_URL}/${env.CAMPAIGN_ORGANIZATION}/campaign/workflow/execution`;

app.command('/campaign-wf', async ({ command, ack, client }) => {
  await ack('Asked.');
  const { channel_id: channel, user_id: user } = command;
  const [method = '', workflow = '', ...reason] = command.text.split(' ');
  const text = `<@${user}> asked to ${method} ${workflow}: ${reason.join(' ')}`;
  const { ts = '' } = await client.chat.postMessage({ channel, text });
  const outcome = await campaign
    .post(`${workflows}/${workflow}/commands`, { json: { method } })
    .then(() => 'Campaign accepted it.')
    .catch((error: Error) => `It failed: ${error.message}`);
  await client.chat.postMessage({ channel, thread_ts: ts, text: `<@${user}> ${method} ${workflow}: ${outcome}` });
  await client.chat.update({ channel, ts, text: `${text}\n${outcome}` });
});

const server = await app.start({ port: 0, host: '127.0.0.1' });
const address = server.address();
console.log(JSON.stringify({ message: 'ready', port: typeof address === 'object' ? address?.port : null }));
process.once('SIGTERM', () => process.exit(0));
