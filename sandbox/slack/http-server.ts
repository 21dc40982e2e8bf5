import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { handleApiCall, type WebApi } from './api/web-api.ts';
import { sendOutcome, withFault } from './faults.ts';
import { isJson, readFields, sendReply } from './http-body.ts';
import { addMistake } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';

export type ListeningServer = { server: Server; port: number };

export async function listenOnLoopback(port: number): Promise<ListeningServer> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The pretend Slack has no port.');
  return { server, port: address.port };
}

export type Routes = { api: WebApi; responseUrls: ResponseUrls };

export function serve(server: Server, routes: Routes): void {
  server.on('request', (request, response) => {
    route(routes, request, response).catch((error: unknown) => {
      // Whoever asked is gone in the middle of the question.
      if (!request.complete) return;
      addMistake(routes.api.context, `the pretend Slack itself failed: ${String(error)}`);
      sendReply(response, { status: 500, body: 'internal_error' });
    });
  });
}

async function route(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.startsWith('/api/')) return handleApiCall(routes.api, request, response);
  if (pathname.startsWith('/response/') && request.method === 'POST') return handleResponse(routes, request, response);
  sendReply(response, { status: 404, body: 'not_found' });
}

async function handleResponse(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api, responseUrls } = routes;
  const id = new URL(request.url ?? '/', 'http://localhost').pathname.replace('/response/', '');
  const fields = await readFields(request);
  const fault = api.faults.take('response_url');
  // Unlike the Web API, a response_url says in the status that something is wrong.
  if (fault?.kind === 'error') return sendReply(response, { status: 404, body: fault.error });
  const use = () =>
    isJson(request.headers['content-type']) ? responseUrls.use(id, fields) : { status: 400, body: 'invalid_payload' };
  const outcome = await withFault(fault, use, api.context.closing);
  sendOutcome(response, api.mayAnswer({ method: 'response_url', params: fields }) ? outcome : 'drop');
}

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
