import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startPageProcess } from '../../sandbox/page-process.ts';
import { accepted, browserWindows, pageUnderTest } from './page-under-test.ts';

describe('a narrow screen', () => {
  const { open } = pageUnderTest();

  it.each([
    ['a telephone', { width: 390, height: 844 }],
    ['the narrowest screen', { width: 320, height: 640 }],
  ])('%s shows everything, one view at a time, without horizontal scrolling', async (_, viewport) => {
    const { page, form, write, privateReply } = await open('Alice', { viewport, hasTouch: true });
    await page.getByRole('log', { name: 'Messages in #ops' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await write('/campaign-wf');
    await privateReply('New request').last().getByRole('button', { name: 'New request' }).click();
    await form().getByRole('combobox', { name: 'Workflow' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await form().getByRole('button', { name: 'Cancel' }).click();
    await form().waitFor({ state: 'detached' });
    for (const [view, heading] of views) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('tab', { name: view }).click();
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      expect({ view, overflow: await overflow(page) }).toEqual({ view, overflow: 0 });
      await page.getByRole('log').waitFor({ state: 'hidden' });
    }
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('list', { name: 'Log' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.getByRole('tab', { name: 'Chat' }).click();
    await page.getByRole('log', { name: 'Messages in #ops' }).waitFor();
  });

  it('is enough to request a stop, confirm it, and see the request to Campaign', async () => {
    const alice = await open('Alice', { viewport: { width: 390, height: 844 }, hasTouch: true });
    await alice.write('/campaign-wf stop WKF110 wrong audience');
    await alice.announcement('Stop WKF110').waitFor();
    await alice.become('Bob');
    await alice.announcement('Stop WKF110').getByRole('button', { name: 'Stop workflow' }).tap();
    await alice.announcement('Stop WKF110').filter({ hasText: accepted }).waitFor();
    expect(await overflow(alice.page)).toBe(0);
    await alice.show('Campaign');
    const command = alice.received('/WKF110/commands → 200');
    await command.getByText('/WKF110/commands →').tap();
    await command.getByText('authorization: Bearer ***').first().waitFor();
    expect(await overflow(alice.page)).toBe(0);
  });

  it('wraps the rules, and shows their mistakes at their lines', async () => {
    const { page, show } = await open('Alice', { viewport: { width: 390, height: 844 }, hasTouch: true });
    await show('More');
    const rules = await show('Rules');
    const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
    const long = `  - name: ${'A name that is far too long for one line of a telephone. '.repeat(4)}`;
    await file.fill(`${await file.inputValue()}\n${long}\n    chanels: [C0OPS]`);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    const mistake = rules.locator('.rules-mistake', { hasText: 'chanels' });
    await mistake.waitFor();
    expect(await overflow(page)).toBe(0);
    // The lines behind the text area wrap as it does: both are equally high.
    const [text, lines] = await file.evaluate((area) => [area.scrollHeight, area.previousElementSibling?.scrollHeight]);
    expect(Math.abs((text ?? 0) - (lines ?? 0))).toBeLessThan(4);
    const [wrongBox, mistakeBox] = [
      await rules.locator('.rules-line-wrong').last().boundingBox(),
      await mistake.boundingBox(),
    ];
    expect(mistakeBox?.y).toBeCloseTo((wrongBox?.y ?? 0) + (wrongBox?.height ?? 0), 0);
    await rules.getByRole('button', { name: 'Discard my changes' }).click();
  });

  it('can switch channels', async () => {
    const alice = await open('Alice', { viewport: { width: 390, height: 844 } });
    await alice.page.getByRole('combobox', { name: 'Channel' }).selectOption('#shared');
    await alice.page.getByRole('log', { name: 'Messages in #shared' }).waitFor();
  });
});

describe('a screen of medium width', () => {
  const { open } = pageUnderTest();

  it.each([820, 1000, 1120, 1280])(
    'of %i pixels shows every tab completely, also with an active fault',
    async (width) => {
      const { page, show } = await open('Alice', { viewport: { width, height: 760 } });
      const breaking = await show('Break things');
      await breaking.getByRole('switch').first().click();
      await page.getByRole('tab', { name: /1 broken/ }).waitFor();
      const edges = await Promise.all((await page.getByRole('tab').all()).map((tab) => tab.boundingBox()));
      expect(edges.filter((box) => box === null || box.x + box.width > width)).toEqual([]);
      await breaking.getByRole('switch').first().click();
      await page.getByRole('tab', { name: /broken/ }).waitFor({ state: 'detached' });
      expect(await overflow(page)).toBe(0);
    },
  );
});

const views = [
  ['Campaign', 'Campaign'],
  ['Break', 'Break things'],
  ['Record', 'Record'],
  ['More', 'Home'],
] as const;

/** The pixels by which the page is wider than the screen. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}

describe('the theme', () => {
  const { open } = pageUnderTest();
  const background = 'getComputedStyle(document.body).backgroundColor';
  const isOn = (page: Page, colour: string) => page.waitForFunction(`${background} === '${colour}'`);

  it('is that of the system until the person chooses another one, which is kept', async () => {
    const { page } = await open('Alice', { colorScheme: 'dark' });
    const dark = await page.evaluate<string>(background);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(`${background} !== '${dark}'`);
    const light = await page.evaluate<string>(background);
    await page.getByRole('radio', { name: 'Dark' }).click();
    await isOn(page, dark);
    await page.reload();
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor();
    await isOn(page, dark);
    await page.getByRole('radio', { name: 'System' }).click();
    await isOn(page, light);
  });
});

describe('when the sandbox ends', () => {
  const { open } = browserWindows();

  it('the page says so, and continues automatically when it is restarted', async () => {
    const first = await startPageProcess();
    const { port } = new URL(first.url);
    const alice = await open(first.url, 'Alice', { tolerates: /ERR_(CONNECTION|INCOMPLETE|EMPTY)|lost/i });
    const lost = alice.page.getByRole('alert').getByText('The connection to the sandbox is lost');
    const again = `npm run sandbox -- --port ${port}`;
    expect(await lost.count()).toBe(0);
    await alice.write('before it ended');
    await alice.posted('before it ended').waitFor();
    expect(await first.end('SIGINT')).toBe(0);
    await lost.waitFor();
    await alice.page.getByRole('alert').getByText(again).waitFor();
    await alice.composer.fill('while the sandbox is stopped');
    await alice.composer.press('Enter');
    await alice.page.getByRole('alert').getByText('The sandbox cannot be reached').waitFor();
    const second = await startPageProcess({ args: ['--port', port] });
    try {
      await lost.waitFor({ state: 'detached' });
      expect(await alice.composer.inputValue()).toBe('while the sandbox is stopped');
      await alice.composer.press('Enter');
      await alice.posted('while the sandbox is stopped').waitFor();
    } finally {
      expect(await second.end('SIGINT')).toBe(0);
    }
  });
});
