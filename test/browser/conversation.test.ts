import { describe, expect, it } from '@jest/globals';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

describe('buttons', () => {
  it('a double click sends once', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf stop WKF110 wrong audience');
    await bob.announcement('Stop WKF110').getByRole('button', { name: 'Stop workflow' }).dblclick();
    await bob.announcement('Stop WKF110').filter({ hasText: accepted }).waitFor();
    const campaign = await bob.show('Campaign');
    await campaign.getByRole('row', { name: /^WKF110 acme finished/ }).waitFor();
    expect(await bob.received('/WKF110/commands').count()).toBe(1);
    expect(await bob.privateReply(/./).count()).toBe(0);
    expect(await bob.page.getByRole('alert').getByText(/./).count()).toBe(0);
  });

  it('two leads who press at the same moment send once', async () => {
    const [alice, bob, carol] = [await open('Alice'), await open('Bob'), await open('Carol')];
    await alice.write('/campaign-wf stop WKF201 wrong audience');
    const presses = [bob, carol].map((lead) =>
      lead.announcement('Stop WKF201').getByRole('button', { name: 'Stop workflow' }),
    );
    for (const button of presses) await button.waitFor();
    await Promise.all(presses.map((button) => button.click()));
    await alice.announcement('Stop WKF201').filter({ hasText: accepted }).waitFor();
    const campaign = await alice.show('Campaign');
    await campaign.getByRole('row', { name: /^WKF201 acme finished/ }).waitFor();
    expect(await alice.received('/WKF201/commands').count()).toBe(1);
  });
});

describe('a private reply', () => {
  it('is visible to one person only', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf history');
    await alice.privateReply('Last requests in this channel').waitFor();
    await alice.write('/campaign-wf status WKF202');
    await alice.privateReply('WKF202 shows as in progress').waitFor();
    await alice.write('all can read this');
    await bob.posted('all can read this').waitFor();
    expect(await bob.log.getByText(/Last requests|WKF202/).count()).toBe(0);
  });

  it('is not shown when another person is selected in the same window', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf access');
    await alice.privateReply('under the first of these rules').waitFor();
    await alice.become('Bob');
    await alice.log.getByText(/./).first().waitFor();
    expect(await alice.log.getByText('under the first of these rules').count()).toBe(0);
    await alice.become('Alice');
    await alice.privateReply('under the first of these rules').waitFor();
  });
});

describe('writing', () => {
  it('completes commands and names', async () => {
    const alice = await open('Alice');
    const completions = alice.page.getByRole('listbox', { name: 'Completions' });
    await alice.composer.pressSequentially('/campaign-wf st');
    await completions.getByRole('option', { name: /^start/ }).waitFor();
    const names = await completions.getByRole('option').locator('code').allInnerTexts();
    expect(names).toEqual(['start', 'stop', 'status']);
    await alice.composer.press('ArrowDown');
    await alice.composer.press('ArrowDown');
    await alice.composer.press('Enter');
    expect(await alice.composer.inputValue()).toBe('/campaign-wf stop ');
    await completions.getByRole('option', { name: /^nightly-load.*Nightly profile load/ }).click();
    expect(await alice.composer.inputValue()).toBe('/campaign-wf stop nightly-load ');
    await alice.composer.press('Escape');
    await completions.waitFor({ state: 'detached' });
  });

  it('reports an unknown command to its author only', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.composer.fill('/campain-wf stop WKF110');
    await alice.composer.press('Enter');
    const problem = 'There is no command /campain-wf here. Try /campaign-wf help.';
    await alice.page.getByRole('alert').getByText(problem).waitFor();
    expect(await alice.composer.inputValue()).toBe('/campain-wf stop WKF110');
    expect(await bob.page.getByText(problem).count()).toBe(0);
  });

  it('a typo is answered with the nearest command, and never executed', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf stpo WKF204');
    await alice.privateReply('There is no command stpo.').filter({ hasText: 'Did you mean stop?' }).waitFor();
    await alice.show('Campaign');
    expect(await alice.received('/WKF204/').count()).toBe(0);
  });

  it('in a channel without the bot, the reply says so', async () => {
    const alice = await open('Alice');
    await alice.goTo('#nobot');
    await alice.page.getByText('campaign-wf is not in this channel').first().waitFor();
    await alice.write('/campaign-wf pause WKF204');
    await alice.privateReply(/You may do this in|campaign-wf is not in this channel/).waitFor();
  });

  it('a link to a message scrolls to it, and does not leave the page', async () => {
    const alice = await open('Alice', { viewport: { width: 1400, height: 500 } });
    await alice.write('/campaign-wf start WKF111');
    const announced = alice.announcement('Start WKF111').filter({ hasText: accepted });
    await announced.waitFor();
    await alice.write('/campaign-wf help');
    await alice.privateReply('New request').last().waitFor();
    await alice.write('/campaign-wf history');
    await alice.privateReply('Last requests').getByRole('link', { name: 'WKF111' }).last().click();
    await announced.and(alice.page.locator(':focus')).waitFor();
    expect(await announced.evaluate((element) => element.getBoundingClientRect().top > 0)).toBe(true);
    expect(alice.page.context().pages()).toHaveLength(1);
  });

  it('marks a channel with new messages', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob', { channel: 'C0MKT' })];
    await bob.write('news from marketing');
    await alice.page.getByRole('button', { name: /^#marketing.*new/ }).click();
    await alice.posted('news from marketing').waitFor();
    // New messages can arrive meanwhile in the channel that she left.
    await alice.page.getByRole('button', { name: /^#marketing(?!.*new)/ }).waitFor();
  });
});

describe('markup that people type', () => {
  const typed =
    '<img src=x onerror=document.title="hit"> *bold* _thin_ <!channel> <https://elsewhere.example|here> &lt; `x`';

  // A mention is shown as its name, and a link as its URL.
  const shown = '<img src=x onerror=document.title="hit"> *bold* _thin_ @channel https://elsewhere.example &lt; `x`';

  it('is text in a reason', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write(`/campaign-wf pause WKF203 ${typed}`);
    const announced = bob.announcement('Pause WKF203').filter({ hasText: accepted });
    await announced.waitFor();
    expect(await announced.textContent()).toContain(`@alice: ${shown}`);
    const reason = announced.getByText('Reason:');
    expect(await reason.locator('img, a, b, strong, em, i, code').count()).toBe(0);
    expect(await bob.page.title()).toBe('campaign-wf sandbox');
    const record = await bob.show('Record');
    await record.getByText('pause WKF203').click();
    await record
      .getByText(/document\.title/)
      .first()
      .waitFor();
    expect(await bob.page.locator('img').count()).toBe(0);
  });

  it('is neither an image nor a link in a message', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('<img src=x onerror=document.title="hit"> said Alice, <b>boldly</b>');
    const message = bob.posted('said Alice');
    await message.waitFor();
    expect(await message.textContent()).toContain('<img src=x onerror=document.title="hit"> said Alice, <b>boldly</b>');
    expect(await message.locator('img, b, a').count()).toBe(0);
    expect(await bob.page.title()).toBe('campaign-wf sandbox');
  });
});

describe('the menu of a message', () => {
  it('“Repeat or act on this” fills in the form with the announced request', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf pause WKF205 wrong list');
    const announced = bob.announcement('Pause WKF205').filter({ hasText: accepted });
    await announced.hover();
    await announced.getByRole('button', { name: 'More actions' }).click();
    await bob.page.getByRole('menuitem', { name: 'Repeat or act on this' }).click();
    const form = bob.form();
    const workflow = form.getByRole('combobox', { name: 'Workflow' });
    await workflow.waitFor();
    expect(await workflow.inputValue()).toContain('WKF205');
    expect(await alice.form().count()).toBe(0);
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Resume');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    await alice.announcement('Resume WKF205').filter({ hasText: '@bob' }).waitFor();
    await alice.announcement('Resume WKF205').filter({ hasText: accepted }).waitFor();
  });

  it('a message without a workflow has no actions', async () => {
    const alice = await open('Alice');
    await alice.write('just a message');
    await alice.posted('just a message').hover();
    expect(await alice.posted('just a message').getByRole('button').count()).toBe(0);
  });
});
