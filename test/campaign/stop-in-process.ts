import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Sends a stop from a process of its own, which starts with these environment variables. */
export async function stopInProcess(apiUrl: string, env: Record<string, string>): Promise<unknown> {
  const script = `
    import { createCampaignClient } from './src/campaign/campaign.ts';
    import { sendOnce } from './test/campaign/send-once.ts';
    import { fixedToken } from './src/campaign/tokens.ts';
    const tokens = fixedToken('the-token');
    const campaign = createCampaignClient({ apiUrl: '${apiUrl}', organization: 'acme', apiKey: 'key', tokens });
    console.log(JSON.stringify(await sendOnce(campaign, 'WKF110', 'stop')));`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}
