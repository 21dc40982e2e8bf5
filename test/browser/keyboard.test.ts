import { expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Screen } from '../../sandbox/browser/screen.ts';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

/** The maximum number of tab stops. */
const mostStops = 120;

/** This element, if it has the focus. */
const focused = (target: Locator) => target.and(target.page().locator(':focus'));

/** Presses Tab until this element has the focus. */
async function tabTo({ page }: Screen, target: Locator): Promise<void> {
  for (let stops = 0; stops < mostStops; stops++) {
    if ((await focused(target).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${target}.`);
}

it('a stop can be requested, confirmed by a lead and read by keyboard', async () => {
  const screen = await open('Alice');
  const { page, composer } = screen;
  await tabTo(screen, composer);
  await page.keyboard.type('/campaign-wf sto');
  await page.keyboard.press('Tab');
  await page.keyboard.type('nightly');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('wrong audience');
  expect(await composer.inputValue()).toBe('/campaign-wf stop nightly-load wrong audience');
  await page.keyboard.press('Enter');
  const question = screen.announcement('Stop nightly-load (WKF110)');
  await question.waitFor();

  await tabTo(screen, page.getByRole('radio', { name: 'Alice' }));
  await page.keyboard.press('ArrowDown');
  await page.getByRole('combobox', { name: 'as Bob' }).waitFor();
  await focused(page.getByRole('radio', { name: 'Bob', checked: true })).waitFor();
  await tabTo(screen, question.getByRole('button', { name: 'Stop workflow' }));
  await page.keyboard.press('Enter');
  await question.filter({ hasText: accepted }).waitFor();
  // The button is removed, and the focus is kept.
  expect(await page.locator('body:focus').count()).toBe(0);
  await focused(question).waitFor();

  await tabTo(screen, question.getByRole('button', { name: 'More actions' }));
  await page.keyboard.press('Enter');
  await focused(page.getByRole('menuitem', { name: 'Repeat or act on this' })).waitFor();
  await page.keyboard.press('Enter');
  await screen.form().getByRole('combobox', { name: 'Workflow' }).waitFor();
});

it('a form can be filled in by keyboard, and the focus returns afterwards', async () => {
  const screen = await open('Alice');
  const { page } = screen;
  await tabTo(screen, screen.composer);
  await page.keyboard.type('/campaign-wf');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const opener = screen.privateReply('New request').last().getByRole('button', { name: 'New request' });
  await opener.waitFor();
  await tabTo(screen, opener);
  await page.keyboard.press('Enter');
  const form = screen.form();
  const workflow = form.getByRole('combobox', { name: 'Workflow' });
  await workflow.waitFor();
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await focused(opener).waitFor();

  await page.keyboard.press('Enter');
  await workflow.waitFor();
  await tabTo(screen, workflow);
  await page.keyboard.type('trial');
  await form.getByRole('option', { name: /trial-run/ }).waitFor();
  await page.keyboard.press('Enter');
  await tabTo(screen, form.getByRole('combobox', { name: 'What to do' }));
  await page.keyboard.type('Start');
  await tabTo(screen, form.getByRole('textbox', { name: 'Reason' }));
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'detached' });
  await screen.announcement('Start trial-run (WKF300)').filter({ hasText: accepted }).waitFor();
});

it('tabs, switches and cards work by keyboard', async () => {
  const screen = await open('Alice');
  const { page } = screen;
  await tabTo(screen, page.getByRole('tab', { name: 'Campaign' }));
  await page.keyboard.press('ArrowRight');
  await focused(page.getByRole('tab', { name: 'Break things', selected: true })).waitFor();
  const slow = page.getByRole('switch', { name: 'Campaign is slow' });
  await tabTo(screen, slow);
  await page.keyboard.press('Space');
  await page.getByRole('switch', { name: 'Campaign is slow', checked: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('switch', { name: 'Campaign is slow', checked: false }).waitFor();
  await tabTo(screen, page.getByRole('tab', { name: 'Break things' }));
  await page.keyboard.press('ArrowRight');
  const card = page.getByRole('list', { name: 'Requests in the ledger' }).locator('summary').first();
  await card.waitFor();
  await tabTo(screen, card);
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Events' }).first().waitFor();
  await tabTo(screen, page.getByRole('tab', { name: 'Record' }));
  await page.keyboard.press('End');
  await page.getByRole('tabpanel', { name: 'Log' }).waitFor();
});

it('the focus is visible at every tab stop', async () => {
  const screen = await open('Alice');
  const unmarked = new Set<string>();
  for (let stops = 0; stops < mostStops; stops++) {
    await screen.page.keyboard.press('Tab');
    const stop = await screen.page.evaluate<{ name: string; isMarked: boolean } | null>(markedFocus);
    if (stop === null) break;
    if (!stop.isMarked) unmarked.add(stop.name);
  }
  expect([...unmarked]).toEqual([]);
});

/** Whether the focus changes the style of its element, or of a related one. Null where nothing has the focus. */
const markedFocus = `(async () => {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return null;
  const elements = [focused, focused.closest('label'), focused.parentElement, focused.nextElementSibling];
  const styles = () => elements.filter(Boolean).map((element) => {
    const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
    return [outline, boxShadow, borderColor, backgroundColor].join();
  }).join();
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await drawn();
  const marked = styles();
  focused.blur();
  await drawn();
  const isMarked = marked !== styles();
  focused.focus();
  return { name: focused.outerHTML.slice(0, 120), isMarked };
})()`;
