import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { browserOptions } from '../browser/browser-options.ts';
import { NoBrowserError } from '../browser/find-browser.ts';
import { type Name, openScreen, type Screen } from '../browser/screen.ts';
import { startPageProcess } from '../page-process.ts';

// Screenshots for the documentation, of the page that `npm run sandbox` serves.

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

const themes = ['light', 'dark'] as const;

// Sharp on most screens, and below 300 kB each.
const wide: BrowserContextOptions = { viewport: { width: 1200, height: 720 }, deviceScaleFactor: 1.2 };
const narrow: BrowserContextOptions = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };

async function takePictures(browser: Browser, url: string): Promise<void> {
  const open = async (name: Name, window: BrowserContextOptions): Promise<Screen> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...window });
    return openScreen(await context.newPage(), url, name);
  };
  const [alice, bob] = [await open('Alice', wide), await open('Bob', wide)];
  await alice.write('/campaign-wf stop nightly-load wrong audience');
  const stop = 'Stop Nightly profile load (WKF110';
  const button = bob.announcement(stop).getByRole('button', { name: 'Stop workflow' });
  await button.waitFor();
  await take(bob.page, 'stop-waiting');
  const telephone = await open('Bob', narrow);
  await telephone.announcement(stop).getByRole('button', { name: 'Stop workflow' }).waitFor();
  await take(telephone.page, 'narrow');

  await button.click();
  const thread = await bob.thread(await bob.requestId(stop));
  await thread.getByText(/^✅ .*shows as finished/).waitFor();
  await bob.page.mouse.move(0, 0);
  await take(bob.page, 'stop-outcome');

  await alice.write('/campaign-wf');
  await alice.privateReply('New request').getByRole('button', { name: 'New request' }).click();
  await alice.form().getByRole('combobox', { name: 'What to do' }).selectOption('Start');
  await alice.form().getByRole('combobox', { name: 'Workflow' }).pressSequentially('n');
  await alice
    .form()
    .getByRole('option', { name: /nightly-load/ })
    .waitFor();
  await take(alice.page, 'form');
  await alice.form().getByRole('button', { name: 'Close' }).click();

  const breaking = await bob.show('Break things');
  await breaking.getByRole('switch', { name: 'Campaign: not available (503)' }).click();
  await bob.write('/campaign-wf pause WKF201 the list is not ready');
  await bob.announcement('Pause WKF201').filter({ hasText: 'Campaign not reached yet' }).waitFor();
  await bob.page.mouse.move(0, 0);
  await take(bob.page, 'break-things');
}

/** In both themes, of the same state. */
async function take(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme=${theme}]`).waitFor();
    const path = join(folder, `${name}-${theme}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    process.stdout.write(`${path}\n`);
  }
}

async function main(): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const browser = resources.adopt(await chromium.launch(browserOptions()), (it) => it.close());
  const sandbox = resources.adopt(await startPageProcess(), async (it) => void (await it.end('SIGTERM')));
  await mkdir(folder, { recursive: true });
  await takePictures(browser, sandbox.url);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof NoBrowserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
