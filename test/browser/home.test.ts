import { expect, it } from '@jest/globals';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

it('waiting: Bob decides in another channel, and sees there what came of it', async () => {
  const [alice, bob] = [await open('Alice'), await open('Bob', { channel: 'C0MKT' })];
  await alice.write('/campaign-wf stop WKF201 wrong audience');
  await alice.announcement('Stop WKF201').getByRole('button', { name: 'Stop workflow' }).waitFor();
  await bob.write('/campaign-wf waiting');
  const list = bob.privateReply('Stop WKF201');
  await list.getByRole('button', { name: 'Stop workflow' }).click();
  await bob.privateReply('Recorded your decision').waitFor();
  await alice.announcement('Stop WKF201').filter({ hasText: accepted }).waitFor();
  const thread = await alice.thread(await alice.requestId('Stop WKF201'));
  await thread.getByText('Confirmed by @bob.').waitFor();
});

it('the Home shows a request as soon as it is asked for, and is decided on by keyboard', async () => {
  const [alice, bob] = [await open('Alice'), await open('Bob')];
  const home = await bob.show('Home');
  await home.getByText('Nothing waits for your decision').waitFor();
  await alice.write('/campaign-wf stop WKF202 wrong audience');
  await home.getByText('1 request waits for your decision').waitFor();
  await home.getByRole('button', { name: 'Stop workflow' }).focus();
  await bob.page.keyboard.press('Enter');
  await home.getByText('Recorded your decision').waitFor();
  // The button is gone, and the focus has stayed at the home.
  expect(await bob.page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('App Home');
  await alice.announcement('Stop WKF202').filter({ hasText: accepted }).waitFor();
  await home.getByText('Last outcomes').waitFor();
  expect(await home.getByRole('button', { name: 'Stop workflow' }).count()).toBe(0);
});

it('the Home opens the form for its channel', async () => {
  const alice = await open('Alice');
  const home = await alice.show('Home');
  await home.getByRole('button', { name: 'New request' }).first().click();
  await alice.form().getByText('#ops').waitFor();
  await alice.form().getByRole('button', { name: 'Cancel' }).click();
});

it('the Home fits on a telephone, in the language of the person', async () => {
  const chloe = await open('Chloé', { viewport: { width: 390, height: 780 } });
  await chloe.page.getByRole('tab', { name: 'More' }).click();
  const home = chloe.page.getByRole('tabpanel', { name: 'Home' });
  await home.getByText('Rien n’attend votre décision').waitFor();
  expect(await chloe.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});
