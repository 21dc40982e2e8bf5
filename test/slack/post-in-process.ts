import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type Attempt = { readonly apiUrl: string; readonly token?: string; readonly timeoutMs?: number };

const script = `
  import bolt from '@slack/bolt';
  import { fetchFromSlack } from './src/slack/fetch.ts';
  import { classifySlackError } from './src/slack/slack-error.ts';
  const silence = () => {};
  const logger = { debug: silence, info: silence, warn: silence, error: silence, setLevel: silence, setName: silence };
  const posts = JSON.parse(process.env.ATTEMPTS).map(async ({ apiUrl, token, timeoutMs = 5_000 }) => {
    const retryConfig = { retries: 0 };
    const fetch = fetchFromSlack(30, { begin: () => () => {} });
    const options = { slackApiUrl: apiUrl, timeout: timeoutMs, logger, retryConfig, rejectRateLimitedCalls: true, fetch };
    const client = new bolt.webApi.WebClient(token, options);
    try {
      await client.chat.postMessage({ channel: 'C0OPS', text: 'hello' });
      return 'posted';
    } catch (error) {
      return classifySlackError(error);
    }
  });
  console.log(JSON.stringify(await Promise.all(posts)));
  process.exit();`;

/**
 * The result of a post for each attempt, all at once. In a process of its own: within Jest the errors of `fetch` are of
 * another realm than the client's, which then loses their causes.
 */
export async function postInProcess(attempts: readonly Attempt[]): Promise<readonly unknown[]> {
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  const env = { ATTEMPTS: JSON.stringify(attempts), NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}
