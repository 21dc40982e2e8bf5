import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { type CampaignClient, createCampaignClient } from '../../src/campaign/campaign.ts';
import { imsTokens } from '../../src/campaign/tokens.ts';

/** A strict pretend Campaign that executes commands immediately, and a client that gets its tokens from IMS. */
export async function startCampaign(): Promise<{ pretend: PretendCampaign; campaign: CampaignClient }> {
  const pretend = await startPretendCampaign({ strict: true, settleMs: 0 });
  const tokens = imsTokens({ ...pretend, now: Date.now });
  return { pretend, campaign: createCampaignClient({ ...pretend, apiKey: pretend.clientId, tokens }) };
}
