import { Agent } from 'node:http';
import got from 'got';
import type { Campaign, SendCommand } from './send-command.ts';

/** The least code with got: a POST, and an error where it is not accepted. */
export async function connect(
  { apiUrl, organization, apiKey, token }: Campaign,
  connections: { readonly keepAlive: boolean },
): Promise<SendCommand> {
  const campaign = got.extend({
    agent: { http: new Agent(connections) },
    retry: { limit: 0 },
    headers: { authorization: `Bearer ${token}`, 'x-api-key': apiKey },
  });
  return async (workflow) => {
    const url = `${apiUrl}/${organization}/campaign/workflow/execution/${workflow}/commands`;
    await campaign.post(url, { json: { method: 'pause' } });
  };
}
