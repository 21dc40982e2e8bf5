import { describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { post } from '../sandbox/page/visitor.ts';
import { pageUnderTest } from './page-under-test.ts';

const { open, url } = pageUnderTest();

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** This element, if it has the focus. */
const focused = (target: Locator) => target.and(target.page().locator(':focus'));

describe('a thread', () => {
  it('is folded below its message, and opens beside the channel', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf resume WKF112 all is well again');
    await alice.announcement('Resume WKF112').waitFor();
    const summary = alice.log.getByRole('button', { name: /^2 replies from campaign-wf\. Last reply at \d/ });
    await summary.waitFor();
    expect(await alice.posted(/WKF112/).count()).toBe(1);
    await alice.page.getByRole('tab', { name: 'Campaign' }).waitFor();
    await summary.click();
    const pane = alice.page.getByRole('region', { name: /^Thread of campaign-wf/ });
    await focused(pane).waitFor();
    expect(await pane.getByRole('article').count()).toBe(3);
    await alice.page.getByRole('tab', { name: 'Campaign' }).waitFor({ state: 'hidden' });
    await pane.getByRole('button', { name: 'Close thread' }).click();
    await pane.waitFor({ state: 'detached' });
    await alice.page.getByRole('tab', { name: 'Campaign' }).waitFor();
    await focused(summary).waitFor();
  });

  it('opens and closes by keyboard, and by the browser’s way back', async () => {
    const alice = await open('Alice');
    const { page } = alice;
    const summary = alice.log.locator('.thread-summary').last();
    await summary.focus();
    await page.keyboard.press('Enter');
    const pane = page.getByRole('region', { name: /^Thread of/ });
    await focused(pane).waitFor();
    await page.reload();
    await pane.waitFor();
    await page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });
    await focused(summary).waitFor();
    await page.keyboard.press('Enter');
    await pane.waitFor();
    await alice.become('Bob');
    await pane.waitFor();
    await page.goBack();
    await pane.waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'as Bob' }).waitFor();
    expect(new URL(page.url()).searchParams.get('as')).toBe('U0BOB');
  });

  it('of another channel closes when one leaves', async () => {
    const alice = await open('Alice');
    await alice.log.locator('.thread-summary').last().click();
    const pane = alice.page.getByRole('region', { name: /^Thread of/ });
    await pane.waitFor();
    await alice.goTo('#marketing');
    await pane.waitFor({ state: 'detached' });
    await alice.page.getByRole('tab', { name: 'Campaign' }).waitFor();
    await alice.goTo('#ops');
    expect(await pane.count()).toBe(0);
  });

  it('takes the whole view on a phone, with a way back', async () => {
    const alice = await open('Alice', phone);
    await alice.log.locator('.thread-summary').last().tap();
    const pane = alice.page.getByRole('region', { name: /^Thread of/ });
    await pane.getByRole('article').nth(2).waitFor();
    await alice.log.waitFor({ state: 'hidden' });
    await alice.composer.waitFor({ state: 'hidden' });
    expect(await alice.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await pane.getByRole('button', { name: 'Back to #ops' }).tap();
    await pane.waitFor({ state: 'detached' });
    await alice.log.waitFor();
    await alice.composer.waitFor();
  });

  it('shows a reply for all in the channel as well, with the message that it replies to', async () => {
    const alice = await open('Alice');
    await post(url(), { type: 'break', name: 'Campaign: an error of its own (500)', isOn: true });
    await alice.write('/campaign-wf pause WKF204');
    const shown = alice.posted('replied to a thread:').filter({ hasText: 'WKF204' });
    await shown.waitFor();
    await post(url(), { type: 'break', name: 'Campaign: an error of its own (500)', isOn: false });
    await shown.getByRole('button', { name: /Pause WKF204/ }).click();
    const pane = alice.page.getByRole('region', { name: /^Thread of/ });
    await pane.getByRole('article').filter({ hasText: 'Also sent to the channel' }).waitFor();
  });
});

describe('a message', () => {
  const heard = '[aria-live=polite][data-announcer]';

  it('that arrives is read aloud: by whom, when, and its text', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    expect(await bob.page.locator(heard).textContent()).toBe('');
    await alice.write('good morning <@U0BOB>');
    await bob.page
      .locator(heard)
      .getByText(/^alice, \d+:\d\d [AP]M: good morning @bob$/)
      .waitFor();
    // Her own message is not.
    expect(await alice.page.locator(heard).textContent()).toBe('');
    await bob.write('/campaign-wf status WKF201');
    await bob.page
      .locator(heard)
      .getByText(/^campaign-wf, .*, only visible to you: .*WKF201/)
      .waitFor();
    expect(await alice.page.locator(heard).textContent()).not.toContain('WKF201');
    await bob.become('Carol');
    expect(await bob.page.locator(heard).textContent()).toBe('');
  });
});
