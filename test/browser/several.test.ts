import { expect, it } from '@jest/globals';
import { pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

it('several are paused by keyboard on a phone, one of which is refused before the question', async () => {
  const alice = await open('Alice', { viewport: { width: 390, height: 844 } });
  await alice.composer.focus();
  await alice.page.keyboard.type('/campaign-wf pause WKF201, newsletter and WKF999999 wrong list');
  await alice.page.keyboard.press('Enter');
  const question = alice.posted('Pause 2 workflows').filter({ hasText: 'wrong list' });
  await question.getByText('WKF999999 · ⛔').waitFor();
  await question.getByText('Weekly newsletter (WKF200) · In progress').waitFor();
  expect(await alice.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  const confirm = question.getByRole('button', { name: /^Pause 2 workflows: WKF201 and newsletter/ });
  await confirm.focus();
  await alice.page.keyboard.press('Enter');
  await question.getByText('WKF201 · ✅ Shows as paused or unfinished.').waitFor();
  await question.getByText('Weekly newsletter (WKF200) · ✅ Shows as paused or unfinished.').waitFor();
  const id = /[0-9A-Z]{8}(?= · record)/.exec((await question.textContent()) ?? '')?.[0] ?? '';
  const thread = await alice.thread(id);
  await thread.getByText('Campaign accepted the pause of WKF201.').waitFor();
  await thread.getByText('WKF999999 · ⛔').last().waitFor();
});

it('several stops are asked in French of a lead, who decides on them in the Home tab', async () => {
  const [chloe, bob] = [await open('Chloé'), await open('Bob')];
  await chloe.write('/campaign-wf arrêter WKF204 WKF205 mauvais ciblage');
  const question = chloe.posted('Stop 2 workflows').filter({ hasText: 'mauvais ciblage' });
  await question.waitFor();
  const home = await bob.show('Home');
  await home.getByText('WKF204 and WKF205 (prod)').waitFor();
  await home.getByRole('button', { name: /^Stop 2 workflows/ }).click();
  for (const workflow of ['WKF204', 'WKF205'])
    await question.getByText(`${workflow} · ✅ Shows as finished.`).waitFor();
});
