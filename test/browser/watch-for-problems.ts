import type { BrowserContext, ConsoleMessage, Request } from 'playwright-core';

/** All problems of a window: console warnings and errors, failed requests and responses, and requests to other origins. */
export function watchForProblems(context: BrowserContext, origin: string): readonly string[] {
  const problems: string[] = [];
  context.on('console', (message) => {
    if (isProblem(message)) problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => problems.push(`error: ${error.error().stack}`));
  context.on('request', (request) => {
    if (!isOwnOrigin(request.url(), origin)) problems.push(`foreign request: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    if (!isCancelledByPage(request)) problems.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) problems.push(`response ${response.status()}: ${response.url()}`);
  });
  context.on('page', (page) => {
    page.on('websocket', (socket) => problems.push(`socket: ${socket.url()}`));
  });
  return problems;
}

function isProblem(message: ConsoleMessage): boolean {
  return message.type() === 'error' || message.type() === 'warning' || message.type() === 'assert';
}

function isOwnOrigin(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`) || url.startsWith('data:');
}

/** The page closes its event stream when another person is selected, and cancels requests that it no longer needs. */
function isCancelledByPage(request: Request): boolean {
  return request.failure()?.errorText === 'net::ERR_ABORTED';
}
