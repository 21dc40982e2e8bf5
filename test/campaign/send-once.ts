import type { CampaignClient } from '../../src/campaign/campaign.ts';

/** One attempt to send a command, from the access token on. */
export async function sendOnce(campaign: CampaignClient, ...order: Parameters<CampaignClient['prepare']>) {
  const prepared = await campaign.prepare(...order);
  return prepared.kind === 'ready' ? prepared.send(() => true) : prepared;
}
