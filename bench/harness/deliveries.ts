import { Agent, type RequestOptions, request } from 'node:http';
import { signatureOf } from '../../sandbox/slack/delivery/signature.ts';
import { credentials, type Services } from './services.ts';

/** Slack's requests to an app. Each resolves when it is acknowledged. */
export type Deliveries = {
  command(person: string, text: string): Promise<void>;
  press(person: string, choice: 'approve' | 'cancel', question: Question): Promise<void>;
  close(): void;
};

export type Question = { readonly request: string; readonly ts: string };

const place = { channel: 'C0OPS', team: 'T0ACME', app: 'A0BENCH' } as const;

/** @param urls the app's addresses, in turn: one for each replica */
export function createDeliveries(urls: readonly string[], { responseUrl }: Pick<Services, 'responseUrl'>): Deliveries {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  let serial = 0;
  const nextUrl = () => urls[++serial % urls.length] ?? '';
  const trigger = () => `${Date.now()}.${serial}.bench`;
  return {
    command(person, text) {
      const url = nextUrl();
      return deliver(url, agent, {
        command: '/campaign-wf',
        text,
        user_id: person,
        user_name: 'bench',
        channel_id: place.channel,
        channel_name: 'ops',
        team_id: place.team,
        team_domain: 'acme',
        api_app_id: place.app,
        trigger_id: trigger(),
        response_url: responseUrl(),
        is_enterprise_install: 'false',
      });
    },
    press(person, choice, question) {
      const url = nextUrl();
      const payload = {
        type: 'block_actions',
        user: { id: person, team_id: place.team },
        team: { id: place.team },
        api_app_id: place.app,
        container: { type: 'message', message_ts: question.ts, channel_id: place.channel, is_ephemeral: false },
        trigger_id: trigger(),
        channel: { id: place.channel },
        response_url: responseUrl(),
        actions: [{ type: 'button', action_id: `${choice}_request`, block_id: 'bench', value: question.request }],
      };
      return deliver(url, agent, { payload: JSON.stringify(payload) });
    },
    close: () => agent.destroy(),
  };
}

function deliver(url: string, agent: Agent, form: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams(form).toString();
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signatureOf(credentials.SLACK_SIGNING_SECRET, timestamp, body),
    'content-length': Buffer.byteLength(body),
  };
  return post(url, { method: 'POST', agent, headers }, body);
}

function post(url: string, options: RequestOptions, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request(url, options, (response) => {
    response.resume();
    response.on('end', () => {
      if (response.statusCode === 200) resolve();
      else reject(new Error(`the acknowledgement has status ${response.statusCode}`));
    });
  });
  sent.on('error', (error) => {
    // The server has closed an idle connection just before the request (Node.js documentation, request.reusedSocket).
    if (sent.reusedSocket) post(url, options, body).then(resolve, reject);
    else reject(error);
  });
  sent.end(body);
  return promise;
}
