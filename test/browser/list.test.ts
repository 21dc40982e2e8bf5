import { expect, it } from '@jest/globals';
import { pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

it('a list has each workflow with its state and the last outcome, on a phone, typed by keyboard', async () => {
  const alice = await open('Alice', { viewport: { width: 390, height: 844 } });
  await alice.write('/campaign-wf pause WKF201 wrong list');
  await alice.announcement('Pause WKF201').filter({ hasText: '✅ Shows as paused or unfinished.' }).waitFor();
  await alice.composer.focus();
  await alice.page.keyboard.type('/campaign-wf lis');
  await alice.page.keyboard.press('Tab');
  await alice.page.keyboard.press('Enter');
  const list = alice.privateReply('Workflows that you may act on here:');
  await list.waitFor();
  const lines = await list.locator('.slack_blocks_to_jsx__rich_text_section_element').allTextContents();
  expect(lines).toEqual([
    'Workflows that you may act on here:',
    '🔴 PRODUCTION prod',
    'WKF201',
    expect.stringMatching(/^Paused or unfinished · ✅ pause · \d/),
    'newsletter (WKF200) · Weekly newsletter',
    'In progress',
    'nightly-load (WKF110) · Nightly profile load',
    'In progress',
    'stage',
    'trial-run (WKF300)',
    'Editing',
  ]);
  await list.getByText('✅ effect seen').waitFor();
  expect(await alice.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});

it('a list is in the language of the person, and shows nothing to whom no rule names', async () => {
  const [chloe, gina] = [await open('Chloé'), await open('Gina')];
  await chloe.write('/campaign-wf list stage');
  const list = chloe.privateReply('Workflows sur lesquels vous pouvez agir ici');
  await list.getByText('trial-run').waitFor();
  expect(await list.getByText('newsletter').count()).toBe(0);
  await gina.write('/campaign-wf list');
  const refused = gina.privateReply('Nothing can be run from here by you.');
  await refused.waitFor();
  expect(await refused.textContent()).not.toMatch(/WKF|trial|stage/);
});

it('the status of one of many workflows is chosen in a menu, by keyboard', async () => {
  const alice = await open('Alice');
  for (let nth = 1; nth <= 9; nth++) await alice.write(`/campaign-wf pause WKF90${nth}`);
  for (let nth = 1; nth <= 9; nth++) await alice.announcement(`Pause WKF90${nth}`).waitFor();
  await alice.write('/campaign-wf status');
  const menu = alice.privateReply('Which workflow?').getByRole('combobox', { name: 'Which workflow?' });
  await menu.focus();
  await alice.page.keyboard.press('ArrowDown');
  const [, first] = await menu.locator('option').allTextContents();
  await alice.privateReply(`${first?.split(' ')[0]} in prod`).waitFor();
  expect(await menu.and(alice.page.locator(':focus')).count()).toBe(1);
});
