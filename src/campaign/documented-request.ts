export type CampaignCommand = 'start' | 'pause' | 'resume' | 'stop';

/** A request without its headers, which hold the token. */
export type DocumentedRequest = { readonly method: 'GET' | 'POST'; readonly url: URL; readonly body?: string };

const workflowIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The base URL of an organization's workflows, without a trailing slash.
 * Adobe's documentation: `{API}/{ORGANIZATION}/campaign/workflow/execution/{workflowID}`.
 * @throws TypeError for an invalid URL or organization
 */
export function executionUrl(apiUrl: string, organization: string): string {
  if (['', '.', '..'].includes(organization)) {
    throw new TypeError('An organization must not be empty or a relative path');
  }
  return `${baseUrl(apiUrl)}/${encodeURIComponent(organization)}/campaign/workflow/execution`;
}

/**
 * Adobe's documentation: `POST …/{workflowID}/commands` with `{"method":"stop"}`.
 * @throws TypeError for an invalid ID, which callers should have rejected before
 */
export function commandRequest(executions: string, workflowId: string, command: CampaignCommand): DocumentedRequest {
  const url = new URL(`${workflowUrl(executions, workflowId)}/commands`);
  return { method: 'POST', url, body: JSON.stringify({ method: command }) };
}

/** Adobe's documentation: `GET …/{workflowID}`. @throws TypeError for an invalid ID */
export function stateRequest(executions: string, workflowId: string): DocumentedRequest {
  return { method: 'GET', url: new URL(workflowUrl(executions, workflowId)) };
}

/** Adobe's documentation: exactly these four headers, for POST and GET. */
export function documentedHeaders(apiKey: string, token: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    'Cache-Control': 'no-cache',
    'X-Api-Key': apiKey,
  };
}

function workflowUrl(executions: string, workflowId: string): string {
  // A URL parser resolves `..`, so an invalid ID must fail here instead of addressing another workflow.
  if (!workflowIdPattern.test(workflowId)) {
    throw new TypeError('A workflow ID must be 1 to 64 ASCII letters, digits, "_" or "-"');
  }
  return `${executions}/${encodeURIComponent(workflowId)}`;
}

/**
 * The base URL of a service, `https` or `http`, without a trailing slash. A path prefix is kept.
 * @throws TypeError for anything else; its message does not quote the text, which may hold credentials
 */
export function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !hasNoExtras(url)) {
    throw new TypeError('A base URL must be http or https, without credentials, query or fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function hasNoExtras(url: URL): boolean {
  const extras = url.username + url.password + url.search + url.hash;
  return ['http:', 'https:'].includes(url.protocol) && extras === '';
}

/** Keys and tokens are sent in headers. Node rejects a request whose header values are not visible ASCII. */
export const headerValue = /^[\x21-\x7e]+$/;

/** @throws TypeError that names the value but does not quote it */
export function checkHeaderValue(name: string, value: string): void {
  if (!headerValue.test(value)) {
    throw new TypeError(`The ${name} must be visible ASCII characters without spaces`);
  }
}
