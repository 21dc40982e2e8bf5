import { type PretendCampaign, startPretendCampaign } from './campaign/pretend-campaign.ts';

/** Runs only the pretend Campaign, until a signal ends the process. Rejects where the port is not available. */
export async function campaignOnly(port: number, print: (text: string) => void): Promise<void> {
  const ended = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.resolve());
  const campaign = await startPretendCampaign({ port, control: true });
  print(introduction(campaign));
  await ended.promise;
  await campaign.close();
}

function introduction(campaign: PretendCampaign): string {
  const { apiUrl, imsUrl, organization, clientId, clientSecret, scopes } = campaign;
  const workflows = campaign.workflows().map(({ id, state }) => `  ${id}  ${state}`);
  const [getToken, start, switchOn] = curlLines(campaign);
  return `The pretend Campaign runs, with its gateway and IMS; nothing leaves this machine. A client needs these settings:

  CAMPAIGN_API_URL        ${apiUrl}
  IMS_URL                 ${imsUrl}
  CAMPAIGN_ORGANIZATION   ${organization}
  CAMPAIGN_CLIENT_ID      ${clientId}
  CAMPAIGN_CLIENT_SECRET  ${clientSecret}
  CAMPAIGN_SCOPES         ${scopes}

Its workflows:

${workflows.join('\n')}

Get an access token:

${getToken}

Start a workflow, with a token that was made for this line and is good for a day:

${start}

Let the gateway be out of order for every request, until you send DELETE to the same address:

${switchOn}

All that can be switched, and what else there is under ${apiUrl}/pretend/, stands in docs/sandbox.md.
Ctrl-C ends it, and nothing of it is kept.`;
}

function curlLines(campaign: PretendCampaign): [string, string, string] {
  const { apiUrl, imsUrl, organization, clientId, clientSecret, scopes } = campaign;
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', scope: scopes };
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${campaign.issueToken()}`,
    'Cache-Control': 'no-cache',
    'X-Api-Key': clientId,
  };
  const command = `${apiUrl}/${organization}/campaign/workflow/execution/WKF111/commands`;
  const fields = Object.entries(form).map(([name, value]) => `-d ${name}=${value}`);
  const lines = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [
    `curl -i ${imsUrl}/ims/token/v3 ${fields.join(' ')}`,
    `curl -i ${command} ${lines.join(' ')} -d '{"method":"start"}'`,
    `curl -i ${apiUrl}/pretend/faults -d '{"fault":"gateway_503","times":"always"}'`,
  ];
}
