import { describe, expect, it } from '@jest/globals';
import type { Screen } from '../../sandbox/browser/screen.ts';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

describe('people whose Slack is in another language', () => {
  it('Chloé is answered in French, and understood in French', async () => {
    const [chloe, alice] = [await open('Chloé'), await open('Alice')];
    await chloe.write('/campaign-wf droits');
    await chloe.privateReply('Dans ce canal, vous pouvez').waitFor();
    await chloe.write('/campaign-wf mettre en pause WKF202 mauvaise audience');
    // The channel reads the language of the bot.
    await alice.announcement('Pause WKF202').filter({ hasText: 'mauvaise audience' }).waitFor();
  });

  it('Jonas is answered in German, and may confirm', async () => {
    const [jonas, alice] = [await open('Jonas'), await open('Alice')];
    await jonas.write('/campaign-wf status WKF201');
    await jonas.privateReply('zeigt den Status').waitFor();
    await alice.write('/campaign-wf stop WKF203 wrong audience');
    await jonas.announcement('Stop WKF203').getByRole('button', { name: 'Stop workflow' }).click();
    await alice.announcement('Stop WKF203').filter({ hasText: accepted }).waitFor();
    const thread = await alice.thread(await alice.requestId('Stop WKF203'));
    await thread.getByText('Confirmed by @jonas.').waitFor();
  });
});

describe('what the page suggests', () => {
  /** The names of the completions of this text. */
  async function completed(screen: Screen, text: string): Promise<readonly string[]> {
    await screen.composer.fill('');
    await screen.composer.pressSequentially(text);
    const options = screen.page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
    await options.first().waitFor();
    return options.locator('code').allInnerTexts();
  }

  it('is what the person may do here', async () => {
    const alice = await open('Alice');
    const operator = await completed(alice, '/campaign-wf ');
    expect(operator).toEqual(expect.arrayContaining(['start', 'pause', 'resume', 'stop', 'cancel', 'history']));
    expect(operator).not.toContain('freeze');
    await alice.become('Bob');
    expect(await completed(alice, '/campaign-wf ')).toEqual(expect.arrayContaining(['freeze', 'unfreeze', 'approve']));
    await alice.become('Gina');
    expect((await completed(alice, '/campaign-wf ')).toSorted()).toEqual(['access', 'help']);
  });

  it('is less in a channel with fewer rights', async () => {
    const alice = await open('Alice', { channel: 'C0MKT' });
    const names = await completed(alice, '/campaign-wf ');
    expect(names).toEqual(expect.arrayContaining(['status', 'history', 'help']));
    expect(names).not.toContain('stop');
    expect(await completed(alice, '/campaign-wf status n')).toEqual(['newsletter', 'nightly-load']);
  });

  it('follows the rules', async () => {
    const alice = await open('Alice');
    const rules = await alice.show('Rules');
    const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
    const before = await file.inputValue();
    await file.fill(before.replace('commands: [stop]', 'commands: [stop]\n    workflows: [nightly-load]'));
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('These rules are in force.').waitFor();
    expect(await completed(alice, '/campaign-wf stop ')).toEqual(['nightly-load', 'WKF110']);
    await file.fill(before);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('These rules are in force.').waitFor();
  });

  it('leaves it possible to type anything else, which is refused', async () => {
    const gina = await open('Gina', { channel: 'C0OPS' });
    const invitation = gina.page.getByRole('region', { name: 'Getting started' });
    if ((await gina.log.getByRole('article').count()) === 0) {
      expect(await invitation.getByRole('button').allInnerTexts()).toEqual([expect.stringMatching('help')]);
    }
    await gina.write('/campaign-wf stop WKF204 I want to');
    await gina.privateReply('Guests cannot').waitFor();
  });
});
