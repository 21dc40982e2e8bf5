import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopbackServer } from '../../sandbox/http/loopback-server.ts';
import { createResponseUrls, type ResponseUrls } from './response-urls.ts';

/** What a client of Slack has done with a message. */
export type SlackPost = { readonly ts: string; readonly threadTs: string | null; readonly body: string };

/**
 * Slack and Adobe, as fast as a Node server can be: what is measured is the bot. Answers are as small as the real ones
 * can be. Every workflow is accepted; afterwards Campaign shows it as paused.
 */
export type Services = {
  readonly slackUrl: string;
  readonly adobeUrl: string;
  /** A new URL for private replies to one interaction. */
  responseUrl(): string;
  /** The listener for the messages that are posted from now on. */
  onPost(listener: (post: SlackPost) => void): void;
  /** The listener for the edits of messages from now on. */
  onEdit(listener: (ts: string) => void): void;
  /** The listener for the workflows whose commands arrive at Campaign from now on. */
  onSent(listener: (workflow: string) => void): void;
  close(): Promise<void>;
};

export const credentials = {
  SLACK_BOT_TOKEN: 'xoxb-bench',
  SLACK_SIGNING_SECRET: 'bench-signing-secret',
  CAMPAIGN_ORGANIZATION: 'acme',
  CAMPAIGN_CLIENT_ID: 'bench-client',
  CAMPAIGN_CLIENT_SECRET: 'bench-secret',
  CAMPAIGN_SCOPES: 'campaign_sdk',
};

export async function startServices(): Promise<Services> {
  const [slackServer, adobeServer] = await Promise.all([startLoopbackServer(0), startLoopbackServer(0)]);
  const responseUrls = createResponseUrls(`${slackServer.url}/response`);
  let posted: (post: SlackPost) => void = () => {};
  let edited: (ts: string) => void = () => {};
  let sent: (workflow: string) => void = () => {};
  let messages = 0;

  async function slack(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind, method = ''] = (request.url ?? '').split('/');
    const body = await bodyOf(request);
    if (kind === 'response') return reply(response, responseUrls.use(method, body));
    const form = new URLSearchParams(body);
    if (method === 'chat.postMessage') {
      const ts = `${1_700_000_000 + Math.floor(messages / 1_000)}.${String(messages % 1_000).padStart(6, '0')}`;
      messages += 1;
      const threadTs = form.get('thread_ts');
      json(response, { ok: true, ts, channel: form.get('channel'), message: { ts, thread_ts: threadTs ?? undefined } });
      posted({ ts, threadTs, body: `${form.get('text')} ${form.get('blocks')}` });
      return;
    }
    json(response, slackAnswer(method, form));
    if (method === 'chat.update') edited(form.get('ts') ?? '');
  }

  async function adobe(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await bodyOf(request);
    const path = request.url ?? '';
    if (path.startsWith('/ims/'))
      return json(response, { access_token: 'bench-token', token_type: 'bearer', expires_in: 86_399 });
    if (request.method !== 'POST') return json(response, { PKey: path.split('/').at(-1), logicalStatus: 'warning' });
    response.writeHead(204).end();
    sent(path.split('/').at(-2) ?? '');
  }

  slackServer.serve({ handle: slack, onError: fail });
  adobeServer.serve({ handle: adobe, onError: fail });
  return {
    slackUrl: `${slackServer.url}/api/`,
    adobeUrl: adobeServer.url,
    responseUrl: responseUrls.issue,
    onPost(listener) {
      posted = listener;
    },
    onEdit(listener) {
      edited = listener;
    },
    onSent(listener) {
      sent = listener;
    },
    async close() {
      await Promise.all([slackServer, adobeServer].map(({ close }) => close()));
    },
  };
}

function slackAnswer(method: string, form: URLSearchParams): object {
  switch (method) {
    case 'auth.test':
      return { ok: true, user: 'campaign-wf', user_id: 'U0BOT', bot_id: 'B0BOT', team: 'Acme', team_id: 'T0ACME' };
    case 'users.info': {
      const id = form.get('user');
      return { ok: true, user: { id, team_id: 'T0ACME', deleted: false, is_bot: id === 'U0BOT', locale: 'en-US' } };
    }
    case 'conversations.info':
      return {
        ok: true,
        channel: { id: form.get('channel'), is_member: true, is_archived: false, is_ext_shared: false },
      };
    case 'chat.update':
      return { ok: true, ts: form.get('ts'), channel: form.get('channel'), text: form.get('text') };
    case 'usergroups.users.list':
      return { ok: true, users: ['U0LEAD'] };
    case 'conversations.history':
    case 'conversations.replies':
      return { ok: true, messages: [], has_more: false };
    default:
      return { ok: true };
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function reply(response: ServerResponse, { status, body }: ReturnType<ResponseUrls['use']>): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}

function fail(_error: unknown, _request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(500).end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
