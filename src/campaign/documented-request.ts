export type CampaignCommand = 'start' | 'pause' | 'resume' | 'stop';

/** A request that lacks only its headers, because they hold the token. */
export type DocumentedRequest = { method: 'GET' | 'POST'; url: URL; body?: string };

const workflowIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Where the workflows of an organization live, without a slash at the end.
 * Adobe's documentation: `{API}/{ORGANIZATION}/campaign/workflow/execution/{workflowID}`.
 * @throws TypeError when the URL or the organization cannot be part of one.
 */
export function executionUrl(apiUrl: string, organization: string): string {
  if (['', '.', '..'].includes(organization)) {
    throw new TypeError('An organization cannot be empty or a relative path');
  }
  return `${baseUrl(apiUrl)}/${encodeURIComponent(organization)}/campaign/workflow/execution`;
}

/**
 * Adobe's documentation: `POST …/{workflowID}/commands` with `{"method":"stop"}`.
 * @throws TypeError for an ID that no caller should have let through.
 */
export function commandRequest(executions: string, workflowId: string, command: CampaignCommand): DocumentedRequest {
  const url = new URL(`${workflowUrl(executions, workflowId)}/commands`);
  return { method: 'POST', url, body: JSON.stringify({ method: command }) };
}

/** Adobe's documentation: `GET …/{workflowID}`. @throws TypeError as above. */
export function stateRequest(executions: string, workflowId: string): DocumentedRequest {
  return { method: 'GET', url: new URL(workflowUrl(executions, workflowId)) };
}

/** Adobe's documentation: exactly these four, for commands and for looking. */
export function documentedHeaders(apiKey: string, token: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    'Cache-Control': 'no-cache',
    'X-Api-Key': apiKey,
  };
}

function workflowUrl(executions: string, workflowId: string): string {
  // A URL parser takes `..` for another path: a wrong ID has to fail here, not to reach another workflow.
  if (!workflowIdPattern.test(workflowId)) {
    throw new TypeError('A workflow ID is 1 to 64 ASCII letters, digits, "_" or "-"');
  }
  return `${executions}/${encodeURIComponent(workflowId)}`;
}

/**
 * The base of a service, `https` or `http`, without a slash at its end; a path prefix stays.
 * @throws TypeError for anything else. It does not quote the text, which may hold credentials.
 */
export function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !isPlain(url)) {
    throw new TypeError('A base URL is http or https, without credentials, query or fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isPlain(url: URL): boolean {
  const extras = url.username + url.password + url.search + url.hash;
  return ['http:', 'https:'].includes(url.protocol) && extras === '';
}

/** Keys and tokens travel in headers: visible ASCII, or Node refuses the whole request. */
export const headerValue = /^[\x21-\x7e]+$/;

/** @throws TypeError that names the value but does not quote it. */
export function checkHeaderValue(name: string, value: string): void {
  if (!headerValue.test(value)) {
    throw new TypeError(`The ${name} has to be visible ASCII characters without spaces`);
  }
}
