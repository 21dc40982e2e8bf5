import { chromium } from 'playwright-core';
import { browserOptions } from '../../../sandbox/browser/browser-options.ts';
import { NoBrowserError } from '../../../sandbox/browser/find-browser.ts';

/** One browser for all tests; each person there has a window of the own, with nothing from before. */
export default async function setUp(): Promise<void> {
  const server = await chromium.launchServer(options());
  process.env.TEST_BROWSER = server.wsEndpoint();
  Object.assign(globalThis, { browserOfTheTests: server });
}

/** Jest would print where in the code that was, and whoever reads it only has to install something. */
function options() {
  try {
    return browserOptions();
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
