import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from '../http/loopback-server.ts';
import { isJson, requestUrl, sendReply } from '../http/message.ts';
import { handleApiCall, type WebApi } from './api/web-api.ts';
import { sendSlackOutcome, withFault } from './faults.ts';
import { readFields } from './fields.ts';
import { addMistake } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';

export type Routes = { api: WebApi; responseUrls: ResponseUrls };

export function createRequestHandler(routes: Routes): RequestHandler {
  return {
    handle: (request, response) => route(routes, request, response),
    onError(error, request, response) {
      // The client closed the connection before the end of the request.
      if (!request.complete) return;
      addMistake(routes.api.context, `the pretend Slack itself failed: ${String(error)}`);
      sendReply(response, { status: 500, body: 'internal_error' });
    },
  };
}

async function route(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = requestUrl(request);
  if (pathname.startsWith('/api/')) return handleApiCall(routes.api, request, response);
  if (pathname.startsWith('/response/') && request.method === 'POST') return handleResponse(routes, request, response);
  sendReply(response, { status: 404, body: 'not_found' });
}

async function handleResponse(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api, responseUrls } = routes;
  const id = requestUrl(request).pathname.replace('/response/', '');
  const fields = await readFields(request);
  const fault = api.faults.take('response_url');
  // Unlike the Web API, a response_url reports errors by its status.
  if (fault?.kind === 'error') return sendReply(response, { status: 404, body: fault.error });
  const use = () =>
    isJson(request.headers['content-type']) ? responseUrls.use(id, fields) : { status: 400, body: 'invalid_payload' };
  const outcome = await withFault(fault, use, api.context.closing);
  sendSlackOutcome(response, api.mayAnswer({ method: 'response_url', params: fields }) ? outcome : 'drop');
}
