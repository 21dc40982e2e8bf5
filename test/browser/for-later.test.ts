import { expect, it } from '@jest/globals';
import { pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

it('a command for later is taken back; another one is sent once the clock is turned; a pause is mentioned days later', async () => {
  const [alice, bob] = [await open('Alice'), await open('Bob')];
  await alice.write('/campaign-wf pause WKF201 in 30m wrong list');
  const later = alice.announcement('Pause WKF201').filter({ hasText: 'To be sent:' });
  await later.waitFor();
  await later.getByRole('button', { name: /^Take back/ }).press('Enter');
  await alice.announcement('Pause WKF201').filter({ hasText: 'Taken back' }).waitFor();
  // Asks why, which may be left out.
  await alice.form().waitFor();
  await alice.page.keyboard.press('Escape');
  await alice.form().waitFor({ state: 'detached' });

  await alice.write('/campaign-wf pause WKF202 in 10m wrong list');
  await alice.announcement('Pause WKF202').filter({ hasText: 'To be sent:' }).waitFor();
  const clock = (await bob.show('Break things')).getByRole('region', { name: 'The clock' });
  await clock.getByRole('button', { name: '+10 min' }).press('Enter');
  await clock.getByText('10 min ahead').waitFor();
  await alice.announcement('Pause WKF202').filter({ hasText: '✅ Shows as paused or unfinished.' }).waitFor();
  await alice.show('Campaign');
  expect(await alice.received('/WKF202/commands').count()).toBe(1);
  expect(await alice.received('/WKF201/commands').count()).toBe(0);

  for (let days = 1; days <= 5; days++) {
    await clock.getByRole('button', { name: '+1 day' }).click();
    await clock.getByText(`${days} d ahead`).waitFor();
  }
  const thread = await alice.thread(await alice.requestId('Pause WKF202'));
  await thread.getByText('paused since').waitFor();
  await thread.getByRole('button', { name: /^Resume workflow/ }).press('Enter');
  await thread.getByText('has asked to resume').waitFor();
  await alice.announcement('Resume WKF202').filter({ hasText: '✅ Shows as in progress.' }).waitFor();
  await alice.show('Campaign');
  expect(await alice.received('/WKF202/commands').count()).toBe(2);
}, 120_000);
