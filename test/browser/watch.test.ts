import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { visit } from '../sandbox/page/visitor.ts';
import { pageUnderTest } from './page-under-test.ts';

const { open, url } = pageUnderTest();

const usual = new URL('../../sandbox/page/campaign-wf.yml', import.meta.url);
const watch = '\n  - { workflows: [WKF113], environments: [prod], channel: C0OPS, every: 1m }\n';

it('a failure is noticed, and answered by its button', async () => {
  const alice = await open('Alice');
  const visitor = await visit(url(), 'U0ALICE');
  await visitor.see(({ bot }) => bot.state === 'running');
  const text = (await readFile(usual, 'utf8')).trimEnd() + watch;
  expect(await visitor.do({ type: 'set rules', text })).toEqual({ ok: true });
  visitor.leave();
  const alert = alice.posted('WKF113 (prod) has failed.').first();
  await alert.getByRole('button', { name: 'Start again' }).press('Enter');
  const asked = alice.announcement('Start WKF113');
  await asked.getByRole('button', { name: 'Start workflow' }).press('Enter');
  await asked.filter({ hasText: '✅ Shows as in progress.' }).waitFor();
  await alert.getByRole('button', { name: 'Mute 4 h' }).press('Enter');
  await alert.filter({ hasText: 'Muted until' }).waitFor();
  const campaign = await alice.show('Campaign');
  await campaign.getByRole('button', { name: 'Let WKF400 fail' }).click();
  await campaign.getByRole('row', { name: 'WKF400' }).filter({ hasText: 'erroneous' }).waitFor();
  expect(await alice.received('/WKF113/commands').count()).toBe(1);
});
