import { expect, it } from '@jest/globals';
import { visit } from '../sandbox/page/visitor.ts';
import { pageUnderTest } from './page-under-test.ts';

const { open, url } = pageUnderTest();

it('a stop that no lead answers wanders to who is on duty, who confirms it from the direct message', async () => {
  const alice = await open('Alice');
  await alice.write('/campaign-wf stop WKF201 wrong audience');
  const question = alice.announcement('Stop WKF201');
  await question.getByRole('button', { name: 'Stop workflow' }).waitFor();
  const id = await alice.requestId('Stop WKF201');
  const visitor = await visit(url(), 'U0ALICE');
  expect(await visitor.do({ type: 'turn clock', minutes: 3 })).toEqual({ ok: true });
  visitor.leave();
  await question.filter({ hasText: 'Now also asked: @duty' }).waitFor();
  await (await alice.thread(id)).getByText('Too few have confirmed, so you are asked as well.').waitFor();

  const chloe = await open('Chloé', { channel: 'D0CHLOE' });
  const asked = chloe.posted('Vous êtes sollicité, car trop peu d’autres l’ont confirmé.').first();
  await asked.getByRole('link', { name: id }).waitFor();
  await asked.getByRole('button', { name: /^Arrêter le workflow/ }).press('Enter');
  await question.filter({ hasText: '✅ Shows as finished.' }).waitFor();
  await alice.show('Campaign');
  expect(await alice.received('/WKF201/commands').count()).toBe(1);
});

it('a stop that nobody confirms is sent in an emergency, with a reason, and a lead reviews it', async () => {
  const alice = await open('Alice');
  await alice.write('/campaign-wf stop WKF202 it mails everybody');
  const question = alice.announcement('Stop WKF202');
  await question.getByRole('button', { name: 'Stop workflow' }).waitFor();
  const visitor = await visit(url(), 'U0ALICE');
  expect(await visitor.do({ type: 'turn clock', minutes: 3 })).toEqual({ ok: true });
  visitor.leave();
  await question.getByRole('button', { name: /^Emergency/ }).press('Enter');
  const declaring = alice.form();
  await declaring.getByText('It is sent without the confirmations that are missing.').waitFor();
  await declaring.getByRole('textbox', { name: 'Reason' }).fill('half a million mails');
  await declaring.getByRole('button', { name: 'Send it now' }).click();
  await question.filter({ hasText: '✅ Shows as finished.' }).waitFor();
  await question.filter({ hasText: 'half a million mails (not reviewed yet)' }).waitFor();

  const bob = await open('Bob', { channel: 'D0BOB' });
  const asked = bob.posted('You are asked to review this emergency.').first();
  await asked.getByRole('button', { name: /^Review/ }).press('Enter');
  const reviewing = bob.form();
  await reviewing.getByText('half a million mails').waitFor();
  await reviewing.getByRole('textbox', { name: 'Comment' }).fill('right so');
  await reviewing.getByRole('button', { name: 'Record review' }).click();
  await question.filter({ hasText: '(reviewed by @Bob: right so)' }).waitFor();
  await alice.show('Campaign');
  expect(await alice.received('/WKF202/commands').count()).toBe(1);
});
