import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { type Name, openScreen, people, type Screen } from '../../sandbox/browser/screen.ts';
import { type ShownPage, startPageProcess } from '../../sandbox/page-process.ts';
import { visit } from '../sandbox/page/visitor.ts';
import { watchForProblems } from './watch-for-problems.ts';

/** An announcement after Campaign accepted the command; ✅ once the workflow shows it. */
export const accepted = /Accepted|✅/;

/** The time limit for everything on the page, also on a busy machine. */
const timeoutMs = 45_000;

export type Window = BrowserContextOptions & {
  /** The first channel that is shown. Default: the person's first one. */
  readonly channel?: string;
  /** Problems that the test causes on purpose. */
  readonly tolerates?: RegExp;
};

export type PageUnderTest = {
  url(): string;
  /** Opens a new window for this person. It is closed after the test, which fails where the window had a problem. */
  open(name: Name, window?: Window): Promise<Screen>;
};

type Opened = { readonly context: BrowserContext; readonly problems: readonly string[]; readonly tolerates: RegExp };

const nothing = /(?!)/;

/** Starts the real sandbox before these tests. Ends it after them, and checks that it leaves nothing behind. */
export function pageUnderTest(mode: 'http' | 'socket' = 'http'): PageUnderTest {
  let temporary: string;
  let sandbox: ShownPage;
  const windows = browserWindows();

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'campaign-wf-browser-'));
    sandbox = await startPageProcess({ args: ['--mode', mode], temporary });
  });
  // As in Slack, an open form belongs to the person, and not to the window.
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
    const problems = closing.flatMap((window) => window.problems.filter((each) => !window.tolerates.test(each)));
    expect(problems).toEqual([]);
  });

  return {
    async open(url: string, name: Name, { channel, tolerates = nothing, ...options }: Window = {}): Promise<Screen> {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(timeoutMs);
      opened.add({ context, problems: watchForProblems(context, url), tolerates });
      return openScreen(await context.newPage(), url, name, channel);
    },
  };
}
