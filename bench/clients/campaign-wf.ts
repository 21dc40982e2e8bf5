import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { fixedToken } from '../../src/campaign/tokens.ts';
import type { Campaign, SendCommand } from './send-command.ts';

/** The bot's client. */
export async function connect({ token, ...options }: Campaign): Promise<SendCommand> {
  const campaign = createCampaignClient({ ...options, tokens: fixedToken(token) });
  return async (workflow) => {
    const prepared = await campaign.prepare(workflow, 'pause');
    const result = prepared.kind === 'ready' ? await prepared.send(() => true) : prepared;
    if (result.kind !== 'accepted') throw new Error(`the bot's client: ${JSON.stringify(result)}`);
  };
}
