import type { PretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import type { PretendCommand } from '../../../sandbox/campaign/workflow-states.ts';

export type HttpResponse = { status: number; body: string; headers: Headers };

const workflowPath = (id: string) => `/acme/campaign/workflow/execution/${id}`;

/** The headers that the gateway requires, with a valid token. */
function headersFor(pretend: PretendCampaign): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${pretend.issueToken()}`,
    'Cache-Control': 'no-cache',
    'X-Api-Key': pretend.clientId,
  };
}

export async function request(url: string, init: RequestInit = {}): Promise<HttpResponse> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

export function command(pretend: PretendCampaign, id: string, method: PretendCommand): Promise<HttpResponse> {
  const url = `${pretend.apiUrl}${workflowPath(id)}/commands`;
  return request(url, { method: 'POST', headers: headersFor(pretend), body: JSON.stringify({ method }) });
}

export function getWorkflow(pretend: PretendCampaign, id: string): Promise<HttpResponse> {
  return request(pretend.apiUrl + workflowPath(id), { headers: headersFor(pretend) });
}

export function requestToken({ imsUrl, clientId, clientSecret, scopes }: PretendCampaign): Promise<HttpResponse> {
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', scope: scopes };
  return request(`${imsUrl}/ims/token/v3`, { method: 'POST', body: new URLSearchParams(form) });
}
