import { createRequire } from 'node:module';
import type { Campaign, SendCommand } from './send-command.ts';

/** The used part of the SDK, which has no types. */
type AdobeSdk = {
  init(
    tenant: string,
    apiKey: string,
    accessToken: string,
  ): Promise<{ controlWorkflow(id: string, command: string): Promise<{ status: number }> }>;
};

const require = createRequire(import.meta.url);

/** Adobe's own SDK. */
export async function connect({ apiUrl, organization, apiKey, token }: Campaign): Promise<SendCommand> {
  const sdk: AdobeSdk = require('@adobe/aio-lib-campaign-standard');
  // The SDK takes its base URL from this specification.
  const spec: { servers: [{ url: string }] } = require('@adobe/aio-lib-campaign-standard/spec/api.json');
  spec.servers[0].url = `${apiUrl}/{ORGANIZATION}/campaign`;
  const client = await sdk.init(organization, apiKey, token);
  return async (workflow) => {
    const { status } = await client.controlWorkflow(workflow, 'pause');
    if (status !== 204) throw new Error(`Adobe's SDK: the answer has status ${status}`);
  };
}
