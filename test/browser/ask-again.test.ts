import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { visit } from '../sandbox/page/visitor.ts';
import { pageUnderTest } from './page-under-test.ts';

const { open, url } = pageUnderTest();

const usual = new URL('../../sandbox/page/campaign-wf.yml', import.meta.url);

/** Lets questions wait that long from now on, without a reminder or anybody else who is asked. */
async function questionsWait(duration: string): Promise<void> {
  const visitor = await visit(url(), 'U0ALICE');
  const rules = (await readFile(usual, 'utf8'))
    .replaceAll('expires_after: 15m', `expires_after: ${duration}`)
    .replace(/^ +(?:remind_after|escalate|emergency): .*\n/gm, '');
  await visitor.see(({ bot }) => bot.state === 'running');
  expect(await visitor.do({ type: 'set rules', text: rules })).toEqual({ ok: true });
  visitor.leave();
}

it('what expired is asked again and confirmed by keyboard; who asks as well is told of the other', async () => {
  const [alice, bob] = [await open('Alice'), await open('Bob')];
  await questionsWait('2s');
  await alice.write('/campaign-wf stop WKF201 wrong audience');
  const expired = alice.announcement('Stop WKF201').filter({ hasText: 'Expired, nothing was sent' });
  await expired.waitFor();
  await questionsWait('15m');
  const firstId = await alice.requestId('Stop WKF201');
  const button = expired.getByRole('button', { name: 'Ask again' });
  await button.focus();
  await alice.page.keyboard.press('Enter');
  // The new one names the first as well, for which the leads were notified.
  const asked = alice.announcement('Stop WKF201').filter({ hasNotText: `${firstId} · record` });
  await asked.filter({ hasText: ': wrong audience' }).getByRole('button', { name: 'Stop workflow' }).waitFor();
  const secondId = /[0-9A-Z]{8}(?= · record)/.exec((await asked.textContent()) ?? '')?.[0] ?? '';
  await alice.privateReply(`Asked: ${secondId}`).waitFor();

  await bob.posted(firstId).first().getByRole('button', { name: 'Ask again' }).press('Enter');
  const told = bob.privateReply('@alice has asked for the same:');
  await told.getByRole('link', { name: secondId }).waitFor();
  await bob.posted(secondId).first().getByRole('button', { name: 'Stop workflow' }).press('Enter');
  await bob.posted(secondId).first().filter({ hasText: '✅ Shows as finished.' }).waitFor();
  // One stop is enough.
  await bob.announcement('Stop WKF201').filter({ hasText: 'Superseded by' }).waitFor();
  await alice.show('Campaign');
  expect(await alice.received('/WKF201/commands').count()).toBe(1);
});
