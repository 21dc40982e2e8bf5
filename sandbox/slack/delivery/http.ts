import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { isJson, parseJson } from '../../http/message.ts';
import type { SlackContext } from '../context.ts';
import { type Acknowledgement, type Interaction, NotDeliveredError, type Seal } from './interaction.ts';
import { signatureOf } from './signature.ts';

const FORM = 'application/x-www-form-urlencoded';

export type RawPost = { body: string; timestampSeconds?: number; secret?: string; contentType?: string };

export type HttpDelivery = {
  deliverTo: (url: string) => void;
  seal: Seal;
  post: (raw: RawPost) => Promise<{ status: number; body: string }>;
};

/** Slack's requests to the bot's server. */
export function createHttpDelivery(context: SlackContext, timeoutMs: number): HttpDelivery {
  let target: string | null = null;
  const send = (signed: SignedBody) => {
    if (target === null) throw new NotDeliveredError('The bot’s URL is unknown: call deliverTo(url) first.');
    return postTo(target, signed, timeoutMs);
  };
  return {
    deliverTo: (url) => {
      target = url;
    },
    seal: (interaction) => {
      const signed = sign(context, bodyOf(interaction));
      const isEvent = interaction.type === 'events_api';
      let attempts = 0;
      return async () => send(isEvent ? retried(signed, attempts++) : signed);
    },
    post: async (raw) => {
      const { status, body } = await send(sign(context, raw));
      return { status, body };
    },
  };
}

type SignedBody = { body: string; headers: Record<string, string> };

function sign({ credentials, now }: SlackContext, raw: RawPost): SignedBody {
  const { body, timestampSeconds = Math.floor(now() / 1000), secret = credentials.signingSecret } = raw;
  const headers = {
    'content-type': raw.contentType ?? FORM,
    'x-slack-request-timestamp': String(timestampSeconds),
    'x-slack-signature': signatureOf(secret, timestampSeconds, body),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
  };
  return { body, headers };
}

/** https://docs.slack.dev/apis/events-api: Slack delivers an event again, and says which attempt it is. */
function retried({ body, headers }: SignedBody, attempts: number): SignedBody {
  if (attempts === 0) return { body, headers };
  return {
    body,
    headers: { ...headers, 'x-slack-retry-num': String(attempts), 'x-slack-retry-reason': 'http_timeout' },
  };
}

function bodyOf(interaction: Interaction): RawPost {
  return interaction.type === 'events_api'
    ? { body: JSON.stringify(interaction.payload), contentType: 'application/json' }
    : { body: formOf(interaction) };
}

function formOf({ type, payload }: Interaction): string {
  const fields = type === 'interactive' ? { payload: JSON.stringify(payload) } : payload;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  return form.toString();
}

/** A new connection for each request: one that is kept open would fail after a restart of the bot. */
function postTo(url: string, { body, headers }: SignedBody, timeoutMs: number): Promise<Acknowledgement> {
  const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
  const signal = AbortSignal.timeout(timeoutMs);
  const fail = (error: Error) => {
    const why = signal.aborted ? `nothing within ${timeoutMs} ms` : error.message;
    reject(new NotDeliveredError(`${url} did not answer: ${why}`));
  };
  const sent = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
    text(response).then((answer) => {
      const parsedBody = isJson(response.headers['content-type']) ? parseJson(answer) : answer;
      resolve({ status: response.statusCode ?? 0, body: answer, parsedBody: answer === '' ? undefined : parsedBody });
    }, fail);
  });
  sent.on('error', fail).end(body);
  return promise;
}
