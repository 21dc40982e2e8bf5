import { describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

/** This element, if it has the focus. */
const focused = (target: Locator) => target.and(target.page().locator(':focus'));

describe('the focus', () => {
  it('is in the composer at the start, after sending, and after another channel was chosen', async () => {
    const alice = await open('Alice');
    const { page, composer } = alice;
    await focused(composer).waitFor();
    await page.keyboard.type('typed without a click');
    await page.keyboard.press('Enter');
    await alice.posted('typed without a click').waitFor();
    await focused(composer).waitFor();
    await page.keyboard.type('sent with the button');
    await page.getByRole('button', { name: 'Send' }).click();
    await alice.posted('sent with the button').waitFor();
    await focused(composer).waitFor();
    await alice.goTo('#marketing');
    await focused(page.getByRole('combobox', { name: 'Message #marketing' })).waitFor();
  });

  it('stays where it is when another person is chosen', async () => {
    const alice = await open('Alice');
    await alice.become('Pat');
    await focused(alice.page.getByRole('radio', { name: 'Pat' })).waitFor();
  });

  it('is nowhere on a phone, where it would open the keyboard', async () => {
    const alice = await open('Alice', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    expect(await focused(alice.composer).count()).toBe(0);
    await alice.composer.tap();
    await alice.page.keyboard.type('from a phone');
    await alice.page.getByRole('button', { name: 'Send' }).tap();
    await alice.posted('from a phone').waitFor();
    expect(await focused(alice.composer).count()).toBe(0);
  });
});

it.each([
  ['a wide page', { width: 1400, height: 900 }],
  ['a narrow page', { width: 390, height: 844 }],
])('on %s, the first thing that Tab reaches leads to the conversation', async (_, viewport) => {
  const { page } = await open('Alice', { viewport });
  // As when one comes from the address bar.
  await page.evaluate('document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute("tabindex")');
  await page.keyboard.press('Tab');
  const link = focused(page.getByRole('link', { name: 'Skip to the conversation' }));
  await link.waitFor();
  const box = await link.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  await focused(page.getByRole('main')).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
});
