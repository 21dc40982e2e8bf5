import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PretendCampaign, startPretendCampaign } from '../../../sandbox/campaign/pretend-campaign.ts';
import type { PretendCommand, PretendState } from '../../../sandbox/campaign/workflow-states.ts';

/** The used part of the SDK, which has no types. */
type AdobeSdk = {
  init(
    tenant: string,
    apiKey: string,
    accessToken: string,
  ): Promise<{
    getWorkflow(id: string): Promise<{ status: number; body: unknown }>;
    controlWorkflow(id: string, command: PretendCommand): Promise<{ status: number }>;
  }>;
};

const require = createRequire(import.meta.url);
const sdk: AdobeSdk = require('@adobe/aio-lib-campaign-standard');
/** The SDK takes its base URL from this specification. */
const spec: { servers: [{ url: string }] } = require('@adobe/aio-lib-campaign-standard/spec/api.json');

let pretend: PretendCampaign;
beforeEach(async () => {
  pretend = await startPretendCampaign({ settleMs: 0 });
  spec.servers[0].url = `${pretend.apiUrl}/{ORGANIZATION}/campaign`;
});
afterEach(() => pretend.close());

const client = (token = pretend.issueToken(), organization = pretend.organization) =>
  sdk.init(organization, pretend.clientId, token);

describe('Adobe’s own SDK', () => {
  it.each<[PretendCommand, string, PretendState]>([
    ['start', 'WKF111', 'started'],
    ['pause', 'WKF110', 'paused'],
    ['resume', 'WKF112', 'started'],
    ['stop', 'WKF110', 'finished'],
  ])('sends a %s of %s', async (command, id, state) => {
    expect(await (await client()).controlWorkflow(id, command)).toMatchObject({ status: 200 });
    await pretend.waitFor(() => pretend.workflow(id)?.state === state);
    expect(pretend.workflow(id)?.commands).toEqual([command]);
  });

  it('reads a workflow', async () => {
    const response = await (await client()).getWorkflow('WKF112');
    expect(response).toMatchObject({ status: 200, body: { PKey: '@pretend-WKF112', logicalStatus: 'warning' } });
  });

  it('gets the error of a missing workflow, for a GET and a command', async () => {
    const acme = await client();
    await expect(acme.getWorkflow('WKF999')).rejects.toThrow(/404 .*RST-360011/);
    await expect(acme.controlWorkflow('WKF999', 'stop')).rejects.toThrow(/404 .*RST-360011/);
  });

  it('gets the error of an invalid token, and has no effect', async () => {
    const unauthorized = await client('not-a-token');
    const refusal = /401 .*"error_code":"401013","message":"Oauth token is not valid"/;
    await expect(unauthorized.getWorkflow('WKF110')).rejects.toThrow(refusal);
    await expect(unauthorized.controlWorkflow('WKF110', 'stop')).rejects.toThrow(refusal);
    expect(pretend.posts()).toMatchObject([{ reachedCampaign: false }]);
  });

  it('gets the error of a missing organization', async () => {
    const nobody = await client(undefined, 'nobody');
    await expect(nobody.controlWorkflow('WKF110', 'stop')).rejects.toThrow(/500 .*Oops/);
  });

  it('is refused where the pretend Campaign is strict, as for our own client', async () => {
    const strict = await startPretendCampaign({ strict: true });
    spec.servers[0].url = `${strict.apiUrl}/{ORGANIZATION}/campaign`;
    const acme = await client(strict.issueToken());
    await expect(acme.getWorkflow('WKF110')).rejects.toThrow(/^\S+ 400 /);
    await strict.close();
  });
});
