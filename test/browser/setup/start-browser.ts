import { chromium } from 'playwright-core';
import { browserOptions } from '../../../sandbox/browser/browser-options.ts';
import { NoBrowserError } from '../../../sandbox/browser/find-browser.ts';

/** One browser for all tests. Each person has a new window. */
export default async function setUp(): Promise<void> {
  const server = await chromium.launchServer(options());
  process.env.TEST_BROWSER = server.wsEndpoint();
  Object.assign(globalThis, { browserOfTheTests: server });
}

/** Prints only the message of a missing browser, without Jest's stack trace. */
function options() {
  try {
    return browserOptions();
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
