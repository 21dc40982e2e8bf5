import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { createCampaignClient } from '../../src/campaign/campaign.ts';
import { imsTokens } from '../../src/campaign/tokens.ts';

const stage = {
  organization: 'acme-mkt-stage1',
  clientId: 'stage-client',
  clientSecret: 'stage-secret',
  scopes: 'openid',
};

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ strict: true, others: [stage], settleMs: 0 });
  pretend.addWorkflow('WKF300', 'started', stage.organization);
});
afterEach(() => pretend.close());

type Client = { clientId: string; clientSecret: string; scopes: string };

const clientFor = (organization: string, client: Client, apiKey = client.clientId) =>
  createCampaignClient({
    apiUrl: pretend.apiUrl,
    organization,
    apiKey,
    tokens: imsTokens({ ...client, imsUrl: pretend.imsUrl, now: Date.now }),
  });

it('each organization has its workflows and its own client', async () => {
  expect(await clientFor('acme', pretend).probe('WKF110')).toMatchObject({ kind: 'seen' });
  expect(await clientFor('acme', pretend).probe('WKF300')).toMatchObject({ kind: 'not_found' });
  expect(await clientFor(stage.organization, stage).probe('WKF300')).toMatchObject({ kind: 'seen' });
  expect(await clientFor(stage.organization, stage).probe('WKF110')).toMatchObject({ kind: 'not_found' });
});

it('no client has access to another organization, also with the key of another client', async () => {
  expect(await clientFor(stage.organization, pretend).probe('WKF300')).toMatchObject({ reason: 'entry_error' });
  expect(await clientFor('acme', stage).probe('WKF110')).toMatchObject({ reason: 'entry_error' });
  expect(await clientFor('acme', stage, pretend.clientId).probe('WKF110')).toMatchObject({ reason: 'key_or_scope' });
});
