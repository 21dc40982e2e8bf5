import { describe, expect, it } from '@jest/globals';
import { accepted, pageUnderTest } from './page-under-test.ts';

// All other tests in the browser go over HTTP.
describe('over a socket', () => {
  const { open } = pageUnderTest('socket');

  it('a pause is announced, sent to Campaign once, and its outcome is in the thread', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf pause WKF202 wrong audience');
    await bob.announcement('Pause WKF202').filter({ hasText: accepted }).waitFor();
    const thread = await bob.thread(await bob.requestId('Pause WKF202'));
    await thread.getByRole('article').filter({ hasText: '@alice Campaign accepted' }).waitFor();
    const campaign = await bob.show('Campaign');
    await campaign.getByRole('row', { name: /^WKF202 acme paused/ }).waitFor();
    expect(await bob.received('/WKF202/commands → 200').count()).toBe(1);
  });

  it('a start needs no confirmation', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf start WKF111');
    await alice.announcement('Start WKF111').filter({ hasText: accepted }).waitFor();
    const campaign = await alice.show('Campaign');
    await campaign.getByRole('row', { name: /^WKF111 acme started/ }).waitFor();
  });

  it('both Alice, who requests a stop, and Bob, who confirms it, see its progress', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf stop WKF110 wrong audience');
    await alice.privateReply(`Asked: ${await alice.requestId('Stop WKF110')}`).waitFor();
    const question = bob.announcement('Stop WKF110');
    await question.getByRole('button', { name: 'Stop workflow' }).click();
    for (const screen of [alice, bob]) {
      const announced = screen.announcement('Stop WKF110');
      await announced.filter({ hasText: accepted }).waitFor();
      expect(await announced.getByRole('button', { name: 'Stop workflow' }).count()).toBe(0);
      const thread = await screen.thread(await screen.requestId('Stop WKF110'));
      await thread.getByText('Confirmed by @bob.').waitFor();
      // The follow-up.
      await thread.getByText(/^✅ WKF\d+ shows as/).waitFor();
    }
    expect(await bob.privateReply(/./).count()).toBe(0);
  });

  it('the requester of a stop cannot confirm it', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await bob.write('/campaign-wf stop WKF205 wrong list');
    await bob.announcement('Stop WKF205').getByRole('button', { name: 'Stop workflow' }).click();
    await bob.privateReply('You asked for this yourself, so somebody else has to confirm it').waitFor();
    await bob.announcement('Stop WKF205').getByRole('button', { name: 'Keep running' }).click();
    await alice.announcement('Stop WKF205').filter({ hasText: 'Kept running by @bob.' }).waitFor();
    expect(await alice.privateReply(/WKF205|confirm/).count()).toBe(0);
  });

  it('whoever keeps a workflow running says why, without a mouse', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf stop WKF204 wrong list');
    await bob.announcement('Stop WKF204').getByRole('button', { name: 'Keep running' }).press('Enter');
    const why = bob.form().getByRole('textbox', { name: 'Reason' });
    await why.and(bob.form().locator(':focus')).waitFor();
    await bob.page.keyboard.type('wrong segment, ask me');
    await bob.page.keyboard.press('Enter');
    await bob.form().waitFor({ state: 'detached' });
    await alice.announcement('Stop WKF204').filter({ hasText: '@bob: wrong segment, ask me' }).waitFor();
    const thread = await alice.thread(await alice.requestId('Stop WKF204'));
    await thread.getByText('@alice, @bob says why: wrong segment, ask me').waitFor();
  });

  it('Gina, a guest, is refused privately', async () => {
    const [gina, alice] = [await open('Gina'), await open('Alice')];
    await gina.write('/campaign-wf stop WKF200 I want to');
    await gina.privateReply('Guests cannot run workflows').waitFor();
    await gina.write('never mind');
    await alice.posted('never mind').waitFor();
    expect(await alice.log.getByText(/Guests cannot|WKF200/).count()).toBe(0);
  });

  it('Pat, a partner’s employee, is refused privately', async () => {
    const [pat, alice] = [await open('Pat'), await open('Alice', { channel: 'C0SHARED' })];
    expect(await pat.page.getByRole('navigation', { name: 'Channels' }).getByRole('button').allInnerTexts()).toEqual([
      '#shared',
      'campaign-wf',
    ]);
    await pat.write('/campaign-wf stop WKF200 I want to');
    await pat.privateReply(/another organization/).waitFor();
    await pat.write('never mind, partners');
    await alice.posted('never mind, partners').waitFor();
    expect(await alice.log.getByText(/another organization|WKF200/).count()).toBe(0);
  });

  it('a form is filled in, and announced like a typed command', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf');
    await alice.privateReply('New request').getByRole('button', { name: 'New request' }).click();
    const form = alice.form();
    await form.getByRole('combobox', { name: 'Workflow' }).pressSequentially('trial');
    await form.getByRole('option', { name: /trial-run/ }).click();
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Start');
    await form.getByRole('textbox', { name: 'Reason' }).fill('a first try');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    await form.waitFor({ state: 'detached' });
    const announced = bob.announcement('Start trial-run (WKF300)');
    await announced.filter({ hasText: accepted }).waitFor();
    await announced.filter({ hasText: ': a first try' }).waitFor();
  });

  it('the start of the newsletter needs two leads', async () => {
    const [alice, bob, carol] = [await open('Alice'), await open('Bob'), await open('Carol')];
    await alice.write('/campaign-wf stop newsletter to start it afresh');
    await carol.announcement('Stop newsletter (WKF200)').getByRole('button', { name: 'Stop workflow' }).click();
    await alice.announcement('Stop newsletter (WKF200)').filter({ hasText: accepted }).waitFor();
    // A start requested before the stop takes effect would be asked again.
    const stopped = await alice.thread(await alice.requestId('Stop newsletter (WKF200)'));
    await stopped.getByText(/^✅ WKF\d+ shows as/).waitFor();
    await alice.write('/campaign-wf start newsletter for the autumn');
    const order = 'Start newsletter (WKF200)';
    await bob.announcement(order).getByRole('button', { name: 'Start workflow' }).click();
    await carol.announcement(order).filter({ hasText: '1 of 2: @bob' }).waitFor();
    await alice.show('Campaign');
    expect(await alice.received('/WKF200/commands').count()).toBe(1);
    await bob.announcement(order).getByRole('button', { name: 'Start workflow' }).click();
    await bob.privateReply('You have confirmed request').waitFor();
    await carol.announcement(order).getByRole('button', { name: 'Start workflow' }).click();
    await alice.announcement(order).filter({ hasText: accepted }).waitFor();
    expect(await alice.received('/WKF200/commands').count()).toBe(2);
  });

  it('a bot that is killed while Campaign has its command restarts, and posts one outcome', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    const breaking = await bob.show('Break things');
    await breaking.getByRole('button', { name: 'Kill it during its next call to Campaign' }).click();
    await breaking.getByText('It will be killed during its next call').waitFor();
    await alice.write('/campaign-wf pause WKF203 it looks stuck');
    await breaking.getByText('started 2 times').waitFor();
    await alice.announcement('Pause WKF203').filter({ hasText: 'Unknown, see thread' }).waitFor();
    const thread = await alice.thread(await alice.requestId('Pause WKF203'));
    await thread.getByText('Look in Campaign before repeating').waitFor();
    await alice.show('Campaign');
    expect(await alice.received('/WKF203/commands → connection cut').count()).toBe(1);
    expect(await alice.received('/WKF203/commands').count()).toBe(1);
    await alice.write('/campaign-wf pause WKF204 does it work again?');
    await alice.announcement('Pause WKF204').filter({ hasText: accepted }).waitFor();
    const again = await alice.thread(await alice.requestId('Pause WKF203'));
    expect(await again.getByText('Look in Campaign before repeating').count()).toBe(1);
    const record = await alice.show('Record');
    await record.getByText(/Pause WKF203.*unknown.*Chain valid/).waitFor();
  });
});
