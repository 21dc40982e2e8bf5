import { afterEach, describe, expect, it } from '@jest/globals';
import { BREAKAGE_NAMES } from '../../sandbox/page/breakages.ts';
import { auditHere } from '../audit/run-audit.ts';
import { newLedgerPath } from '../requests/scene/ledger-path.fixture.ts';
import { post } from '../sandbox/page/visitor.ts';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open, url } = pageUnderTest();

// After a failed test, the following ones have no active faults.
afterEach(async () => {
  for (const name of BREAKAGE_NAMES) await post(url(), { type: 'break', name, isOn: false });
});

describe('the Campaign tab', () => {
  it('shows the exact request, without credentials', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf pause WKF202 wrong audience');
    await alice.announcement('Pause WKF202').filter({ hasText: accepted }).waitFor();
    await alice.show('Campaign');
    const command = alice.received('/WKF202/commands → 200');
    await command.getByText('/WKF202/commands →').click();
    const shown = (await command.locator('pre').allInnerTexts()).join('\n');
    expect(shown).toContain('POST /acme/campaign/workflow/execution/WKF202/commands');
    expect(shown).toContain('authorization: Bearer ***');
    expect(shown).toContain('cache-control: no-cache');
    expect(shown).toContain('content-type: application/json');
    expect(shown).toContain('x-api-key: ');
    expect(shown).toContain('{"method":"pause"}');
    expect(shown).toContain('Status 200');
    const signIn = alice.received('/ims/token/v3 → 200').first();
    await signIn.getByText('/ims/token/v3 →').click();
    const form = (await signIn.locator('pre').allInnerTexts()).join('\n');
    expect(form).toContain('client_secret=***');
    expect(await alice.page.content()).not.toMatch(/pretend-token-|pretend-secret/);
  });

  it('moves the clock forward, after which a paused workflow is finished', async () => {
    const alice = await open('Alice');
    const campaign = await alice.show('Campaign');
    await campaign.getByRole('row', { name: /^WKF112 acme paused/ }).waitFor();
    await campaign.getByRole('button', { name: 'Let 8 days pass' }).click();
    await campaign.getByRole('row', { name: /^WKF112 acme finished/ }).waitFor();
  });
});

describe('the Break things tab', () => {
  it('a 503 delays a command while it is switched on', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    const breaking = await bob.show('Break things');
    const unavailable = breaking.getByRole('switch', { name: 'Campaign: not available (503)' });
    await unavailable.click();
    await breaking.getByRole('switch', { name: 'Campaign: not available (503)', checked: true }).waitFor();
    await bob.page.getByRole('tab', { name: /^Break things\b.*\b1 broken/ }).waitFor();
    await alice.write('/campaign-wf pause WKF203 wrong audience');
    const announced = alice.announcement('Pause WKF203');
    await announced.waitFor();
    await alice.show('Campaign');
    await alice.received('/WKF203/commands → 503').first().waitFor();
    expect(await announced.filter({ hasText: accepted }).count()).toBe(0);
    await unavailable.click();
    await announced.filter({ hasText: accepted }).waitFor();
    await alice.received('/WKF203/commands → 200').waitFor();
    expect(await bob.page.getByRole('tab', { name: /broken/ }).count()).toBe(0);
  });

  it('an error of Campaign is quoted', async () => {
    const alice = await open('Alice');
    const breaking = await alice.show('Break things');
    const error = breaking.getByRole('switch', { name: 'Campaign: an error of its own (500)' });
    await error.click();
    await alice.write('/campaign-wf pause WKF204');
    await alice.announcement('Pause WKF204').filter({ hasText: 'Unknown, see thread' }).waitFor();
    const thread = await alice.thread(await alice.requestId('Pause WKF204'));
    await thread.getByText('RST-360011').first().waitFor();
    // An open thread takes the place of the panel.
    await alice.show('Break things');
    await error.click();
    await breaking.getByRole('switch', { name: 'Campaign: an error of its own (500)', checked: false }).waitFor();
  });

  it('every switch can be turned on and off again', async () => {
    const alice = await open('Alice');
    const breaking = await alice.show('Break things');
    const names = await breaking.getByRole('switch').allInnerTexts();
    expect(names.length).toBeGreaterThanOrEqual(10);
    for (const name of names) {
      await breaking.getByRole('switch', { name }).click();
      await breaking.getByRole('switch', { name, checked: true }).waitFor();
    }
    await alice.page.getByRole('tab', { name: new RegExp(`^Break things\\b.*\\b${names.length} broken`) }).waitFor();
    for (const name of names) {
      await breaking.getByRole('switch', { name }).click();
      await breaking.getByRole('switch', { name, checked: false }).waitFor();
    }
    expect(await alice.page.getByRole('tab', { name: /broken/ }).count()).toBe(0);
  });

  it('a bot that is killed restarts, and its question can still be confirmed', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    await alice.write('/campaign-wf stop WKF110 wrong audience');
    const button = bob.announcement('Stop WKF110').getByRole('button', { name: 'Stop workflow' });
    await button.waitFor();
    const breaking = await alice.show('Break things');
    await breaking.getByRole('button', { name: 'Kill the bot now' }).click();
    await breaking.getByText('started 2 times').waitFor();
    await breaking.getByText('Running').waitFor();
    await button.click();
    await alice.announcement('Stop WKF110').filter({ hasText: accepted }).waitFor();
  });

  it('a fault that prevents the start can be switched off during the start', async () => {
    const alice = await open('Alice');
    const breaking = await alice.show('Break things');
    const slack = breaking.getByRole('switch', { name: 'Slack is down' });
    await slack.click();
    await breaking.getByRole('switch', { name: 'Slack is down', checked: true }).waitFor();
    await breaking.getByRole('button', { name: 'Kill the bot now' }).click();
    await breaking.getByText('Restarting').waitFor();
    await slack.click();
    await breaking.getByRole('switch', { name: 'Slack is down', checked: false }).waitFor();
    await breaking.getByText('Running').waitFor();
    expect(await breaking.getByRole('alert').count()).toBe(0);
  });
});

describe('the Record tab', () => {
  it('shows every event of a request, and that their chain is valid', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf pause WKF205 wrong audience');
    await alice.announcement('Pause WKF205').filter({ hasText: accepted }).waitFor();
    const record = await alice.show('Record');
    const id = await alice.requestId('Pause WKF205');
    const request = record
      .getByRole('list', { name: 'Requests in the ledger' })
      .getByRole('listitem')
      .filter({ hasText: id })
      .first();
    await request.filter({ hasText: /Chain valid: \d+ events, all digests verified/ }).waitFor();
    await request.getByText('Chain valid').click();
    const words = await request.getByRole('list', { name: 'In words' }).getByRole('listitem').allInnerTexts();
    expect(words).toEqual([
      expect.stringMatching(/^Asked by alice\b.*20\d\d/),
      'Reason: wrong audience',
      expect.stringContaining('“Operators and leads run workflows”'),
      expect.stringMatching(/^Campaign accepted the pause/),
    ]);
    const events = request.getByRole('list', { name: 'Events', exact: true });
    await events.getByText(/alice/i).first().waitFor();
    await request.getByText('Raw events').click();
    const raw = request.getByRole('list', { name: 'Raw events' });
    await raw.getByText('requested', { exact: true }).waitFor();
    await raw.getByText('wrong audience').first().waitFor();
  });

  it('has the checkpoint, and a proof that the audit program accepts', async () => {
    const alice = await open('Alice');
    const record = await alice.show('Record');
    await record.getByText(/^Checkpoint/).click();
    await record.getByText(/^campaign-wf.*\n\d+\n/).waitFor();
    const request = record.getByRole('list', { name: 'Requests in the ledger' }).getByRole('listitem').first();
    await request.getByText('Chain valid').click();
    const downloading = record.page().waitForEvent('download');
    await request.getByRole('link', { name: 'Download proof' }).click();
    const file = `${newLedgerPath()}.json`;
    await (await downloading).saveAs(file);
    expect(await auditHere(null, ['check', file])).toMatchObject({ code: 0 });
  });
});

describe('the Rules tab', () => {
  it('lists the problems of a file with their lines, and the old rules stay', async () => {
    const alice = await open('Alice');
    const rules = await alice.show('Rules');
    const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
    const before = await file.inputValue();
    await file.fill(before.replace('channels: [C0MKT]', 'chanels: [C0MKT]'));
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    const result = rules.getByRole('status').filter({ hasText: 'The bot rejected these rules.' });
    await result.waitFor();
    expect(await result.textContent()).toMatch(/Line \d+: .*chanels.*did you mean.*channels/is);
    // Also at the line itself.
    const wrong = rules.locator('.rules-line-wrong');
    expect(await wrong.locator('.rules-line-text').textContent()).toContain('chanels: [C0MKT]');
    expect(await wrong.locator('.rules-mistake').textContent()).toMatch(/did you mean.*channels/);
    await result.getByRole('button', { name: /^Line \d+$/ }).click();
    const selected =
      'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)';
    expect(await alice.page.evaluate(selected)).toContain('chanels: [C0MKT]');
    await alice.write('/campaign-wf pause WKF201');
    await alice.announcement('Pause WKF201').filter({ hasText: accepted }).waitFor();
    await file.fill(before);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('The bot has reloaded the file. These rules are in force.').waitFor();
  });

  it('applies a valid file, from the next command on', async () => {
    const [alice, bob] = [await open('Alice'), await open('Bob')];
    const rules = await alice.show('Rules');
    const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
    const before = await file.inputValue();
    const allowed = 'commands: [start, pause, resume, watch, unwatch, status, history, access]';
    expect(before).toContain(allowed);
    const after = before.replace(allowed, 'commands: [status, history, access]');
    await file.fill(after);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('The bot has reloaded the file. These rules are in force.').waitFor();
    await alice.write('/campaign-wf start WKF111');
    await alice.privateReply('Refused.').waitFor();
    const panel = await bob.show('Rules');
    expect(await panel.getByRole('textbox', { name: 'campaign-wf.yml' }).inputValue()).toBe(after);
    await file.fill(before);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('The bot has reloaded the file. These rules are in force.').waitFor();
    await alice.write('/campaign-wf start WKF111');
    await alice.announcement('Start WKF111').filter({ hasText: accepted }).waitFor();
  });

  it('says that another language waits for the next start, and restarts the bot', async () => {
    const alice = await open('Alice');
    const rules = await alice.show('Rules');
    const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
    const before = await file.inputValue();
    await rules.getByText('Language (locale): at the next start.').waitFor();
    expect(await rules.getByRole('button', { name: 'Restart the bot' }).count()).toBe(0);
    await file.fill(before.replace('locale: en', 'locale: de'));
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('Language: German at the next start. Until then the bot writes English.').waitFor();
    await rules.getByRole('button', { name: 'Restart the bot' }).click();
    await rules.getByText('Language: German').waitFor({ state: 'detached' });
    await alice.write('/campaign-wf pause WKF205 falsche Liste');
    await alice.posted('falsche Liste').filter({ hasText: 'PRODUKTION' }).waitFor();
    await file.fill(before);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByRole('button', { name: 'Restart the bot' }).click();
    await rules.getByText('Language: English').waitFor({ state: 'detached' });
  });

  it('keeps a draft while another tab is open', async () => {
    const alice = await open('Alice');
    const file = (await alice.show('Rules')).getByRole('textbox', { name: 'campaign-wf.yml' });
    const before = await file.inputValue();
    await file.fill(`${before}# a draft`);
    await alice.show('Log');
    const again = await alice.show('Rules');
    expect(await file.inputValue()).toBe(`${before}# a draft`);
    await again.getByRole('button', { name: 'Discard my changes' }).click();
    expect(await file.inputValue()).toBe(before);
    // No rest of the draft hides the changes of another window.
    const bob = await open('Bob');
    const rules = await bob.show('Rules');
    await rules.getByRole('textbox', { name: 'campaign-wf.yml' }).fill(`${before}# of another window`);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText('These rules are in force.').waitFor();
    await again.getByRole('textbox').filter({ hasText: '# of another window' }).waitFor();
  });
});

describe('the Log tab', () => {
  it('shows the lines of the bot’s process', async () => {
    const alice = await open('Alice');
    const log = await alice.show('Log');
    await log.getByRole('listitem').filter({ hasText: 'ready' }).first().waitFor();
    const mistakes = log.getByRole('region', { name: 'Mistakes of the bot that Slack tolerated' });
    // What a busy machine acknowledges late is not meant.
    const isLate = /^acknowledged after \d+ ms/;
    expect(await mistakes.getByRole('listitem').filter({ hasNotText: isLate }).allInnerTexts()).toEqual([]);
  });

  it('filters by level and by request, and leaves out what is null', async () => {
    const alice = await open('Alice');
    await alice.write('/campaign-wf pause WKF201 first of two');
    await alice.write('/campaign-wf pause WKF202 second of two');
    const log = await alice.show('Log');
    const lines = log.getByRole('list', { name: 'Log' }).getByRole('listitem');
    const ended = lines.filter({ hasText: 'request ended' });
    await ended.filter({ hasText: 'first of two' }).waitFor();
    await ended.filter({ hasText: 'second of two' }).waitFor();
    expect((await lines.allInnerTexts()).join('\n')).not.toMatch(/[=:]null/);
    const text = await ended.filter({ hasText: 'first of two' }).textContent();
    const [, id = ''] = /request="(\w+)"/.exec(text ?? '') ?? [];
    await log.getByRole('combobox', { name: 'Request' }).selectOption(id);
    await ended.filter({ hasText: 'second of two' }).waitFor({ state: 'detached' });
    await ended.filter({ hasText: 'first of two' }).waitFor();
    await log.getByRole('combobox', { name: 'Level' }).selectOption('Errors');
    await log
      .getByRole('status')
      .getByText(/^0 of \d+ lines$/)
      .waitFor();
    expect(await lines.count()).toBe(0);
    await log.getByRole('combobox', { name: 'Request' }).selectOption('All requests');
    await log.getByRole('combobox', { name: 'Level' }).selectOption('All levels');
    await lines.filter({ hasText: 'ready' }).first().waitFor();
  });
});
