import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson, type Reply, requestUrl } from '../../http/message.ts';
import type { SlackContext } from '../context.ts';
import { type Faults, sendSlackOutcome, withFault } from '../faults.ts';
import { type Fields, readFields } from '../fields.ts';
import type { RateLimits } from '../rate-limits.ts';
import { type Answer, failure, missingScope } from './answer.ts';
import type { Method } from './method.ts';

/** The owner of a call's token. The token itself is not kept. */
type TokenKind = 'bot' | 'app' | 'unknown' | 'none';

export type ApiCall = {
  method: string;
  /** Without the token. Blocks, metadata and views are parsed, however they were sent. */
  params: Fields;
  token: TokenKind;
  /** Milliseconds since 1970, when it arrived. */
  at: number;
  /** The response: an object, or a text where Slack fails. null: none yet. */
  answer: unknown;
};

export type WebApi = {
  context: SlackContext;
  faults: Faults;
  limits: RateLimits;
  methods: Readonly<Record<string, Method>>;
  calls: ApiCall[];
  mayAnswer: MayAnswer;
};

/**
 * Called when a call has had its effect, before the response; `response_url` means a reply to an interaction.
 * If it returns false, the connection is closed without a response.
 */
export type MayAnswer = (call: Pick<ApiCall, 'method' | 'params'>) => boolean;

export async function handleApiCall(api: WebApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { context, faults, limits } = api;
  response.setHeader('date', new Date(context.now()).toUTCString());
  const call = await readCall(context, request);
  api.calls.push(call);
  context.changes.notify();
  const fault = faults.take(call.method) ?? limits.take(call);
  const outcome = await withFault(fault, () => replyTo(api, call), context.closing);
  if (typeof outcome === 'object') call.answer = outcome.body;
  sendSlackOutcome(response, api.mayAnswer(call) ? outcome : 'drop');
  context.changes.notify();
}

async function readCall(context: SlackContext, request: IncomingMessage): Promise<ApiCall> {
  const { token, ...params } = await readFields(request);
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return {
    method: requestUrl(request).pathname.replace('/api/', ''),
    params: withParsed(params, ['blocks', 'metadata', 'view']),
    token: kindOfToken(context, bearer ?? token),
    at: context.now(),
    answer: null,
  };
}

/** In a form, structures come as JSON text. */
function withParsed(params: Fields, names: readonly string[]): Fields {
  const parse = (value: unknown) => (typeof value === 'string' ? parseJson(value) : value);
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, names.includes(name) ? parse(value) : value]),
  );
}

function kindOfToken({ credentials }: SlackContext, token: unknown): TokenKind {
  if (token === undefined || token === '') return 'none';
  if (token === credentials.botToken) return 'bot';
  return token === credentials.appToken ? 'app' : 'unknown';
}

function replyTo({ context, methods }: WebApi, call: ApiCall): Reply {
  const method = methods[call.method];
  const scopes = { 'x-oauth-scopes': context.scopes.join(',') };
  if (!method) return { status: 200, body: failure('unknown_method'), headers: scopes };
  const headers = { ...scopes, 'x-accepted-oauth-scopes': method.scopes.join(',') };
  return { status: 200, body: refuse(context, method, call) ?? method.call(context, call.params), headers };
}

function refuse({ scopes, revoked }: SlackContext, method: Method, { token }: ApiCall): Answer | null {
  if (token === 'none') return failure('not_authed');
  if (token === 'unknown') return failure('invalid_auth');
  if (token === 'bot' && revoked) return failure('token_revoked');
  if (token !== method.token) return failure('not_allowed_token_type');
  // The app-level token has exactly the scope that it needs.
  const enough = token === 'app' || method.scopes.length === 0 || method.scopes.some((each) => scopes.includes(each));
  return enough ? null : missingScope(method.scopes.join(','), scopes);
}
