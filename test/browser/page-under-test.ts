import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { type Name, openScreen, people, type Screen } from '../../sandbox/browser/screen.ts';
import { type ShownPage, startPageProcess } from '../../sandbox/page-process.ts';
import { visit } from '../sandbox/page/visitor.ts';
import { watchForTrouble } from './watch-for-trouble.ts';

/** How long anything may take to be seen: long enough for a machine that is busy with something else. */
const timeoutMs = 45_000;

export type Window = BrowserContextOptions & {
  /** Where the person looks first. Default: the first channel of theirs. */
  readonly channel?: string;
  /** Troubles that this window will have because the test makes them. */
  readonly tolerates?: RegExp;
};

export type PageUnderTest = {
  url(): string;
  /** A window of this person's own, with nothing from before. It is closed after the test, which fails where the window had trouble. */
  open(name: Name, window?: Window): Promise<Screen>;
};

type Opened = { readonly context: BrowserContext; readonly troubles: readonly string[]; readonly tolerates: RegExp };

const nothing = /(?!)/;

/** Starts the real sandbox before these tests and ends it after them, when nothing of it may be left. */
export function pageUnderTest(mode: 'http' | 'socket' = 'http'): PageUnderTest {
  let temporary: string;
  let sandbox: ShownPage;
  const windows = browserWindows();

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'campaign-wf-browser-'));
    sandbox = await startPageProcess({ args: ['--mode', mode], temporary });
  });
  // Like Slack, the sandbox keeps a form open for its person, whatever window it was opened in.
  afterEach(async () => {
    for (const person of Object.values(people)) await closeForm(sandbox.url, person);
  });
  afterAll(async () => {
    const exit = await sandbox.end('SIGINT');
    expect({ exit, output: sandbox.output() }).toEqual({ exit: 0, output: expect.stringMatching(/Ending…$/) });
    expect(await readdir(temporary)).toEqual([]);
    await rm(temporary, { recursive: true });
  });
  return {
    url: () => sandbox.url,
    open: (name, window) => windows.open(sandbox.url, name, window),
  };
}

async function closeForm(url: string, person: string): Promise<void> {
  const visitor = await visit(url, person);
  const { modal } = await visitor.see(() => true);
  if (modal !== null) await visitor.do({ type: 'close', viewId: modal.id });
  visitor.leave();
}

export function browserWindows() {
  let browser: Browser;
  const opened = new Set<Opened>();

  beforeAll(async () => {
    browser = await chromium.connect(process.env.TEST_BROWSER ?? '');
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const closing = [...opened];
    opened.clear();
    for (const { context } of closing) await context.close();
    const troubles = closing.flatMap((window) => window.troubles.filter((each) => !window.tolerates.test(each)));
    expect(troubles).toEqual([]);
  });

  return {
    async open(url: string, name: Name, { channel, tolerates = nothing, ...options }: Window = {}): Promise<Screen> {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(timeoutMs);
      opened.add({ context, troubles: watchForTrouble(context, url), tolerates });
      return openScreen(await context.newPage(), url, name, channel);
    },
  };
}
