import type { BrowserContext, ConsoleMessage, Request } from 'playwright-core';

/** Everything in a window that should not have been: what the console says, errors, answers that are none, and requests that leave this page. */
export function watchForTrouble(context: BrowserContext, home: string): readonly string[] {
  const troubles: string[] = [];
  context.on('console', (message) => {
    if (isTrouble(message)) troubles.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => troubles.push(`error: ${error.error().stack}`));
  context.on('request', (request) => {
    if (!isAtHome(request.url(), home)) troubles.push(`request elsewhere: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    if (!isLeftByThePage(request)) troubles.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`answer ${response.status()}: ${response.url()}`);
  });
  context.on('page', (page) => {
    page.on('websocket', (socket) => troubles.push(`socket: ${socket.url()}`));
  });
  return troubles;
}

function isTrouble(message: ConsoleMessage): boolean {
  return message.type() === 'error' || message.type() === 'warning' || message.type() === 'assert';
}

function isAtHome(url: string, home: string): boolean {
  return url.startsWith(`${home}/`) || url.startsWith('data:');
}

/** It closes its own stream when it becomes somebody else, and drops what it no longer needs. */
function isLeftByThePage(request: Request): boolean {
  return request.failure()?.errorText === 'net::ERR_ABORTED';
}
