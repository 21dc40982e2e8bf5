import { describe, expect, it } from '@jest/globals';
import type { Screen } from '../../sandbox/browser/screen.ts';
import { accepted, type PageUnderTest, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

async function withForm(...[name, window]: Parameters<PageUnderTest['open']>): Promise<Screen> {
  const screen = await open(name, window);
  await screen.write('/campaign-wf');
  await screen.privateReply('New request').last().getByRole('button', { name: 'New request' }).click();
  await screen.form().getByRole('heading', { name: 'New request' }).waitFor();
  return screen;
}

describe('the form', () => {
  it('searches workflows while the person types, with the bot’s suggestions', async () => {
    const form = (await withForm('Alice')).form();
    const workflow = form.getByRole('combobox', { name: 'Workflow' });
    const suggestions = form.getByRole('listbox', { name: 'Suggestions' });
    await workflow.pressSequentially('n');
    await suggestions.getByRole('option', { name: /newsletter/ }).waitFor();
    await suggestions.getByRole('option', { name: /nightly-load/ }).waitFor();
    await workflow.pressSequentially('ig');
    await suggestions.getByRole('option', { name: /newsletter/ }).waitFor({ state: 'detached' });
    await suggestions.getByRole('option', { name: /nightly-load/ }).waitFor();
    await workflow.press('Enter');
    await suggestions.waitFor({ state: 'detached' });
    expect(await workflow.inputValue()).toContain('nightly-load');
    expect(await workflow.inputValue()).toContain('WKF110');
  });

  it('accepts an ID without an alias', async () => {
    const alice = await withForm('Alice');
    const form = alice.form();
    await form.getByRole('combobox', { name: 'Workflow' }).pressSequentially('WKF202');
    await form.getByRole('option', { name: /WKF202/ }).click();
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Pause');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    await form.waitFor({ state: 'detached' });
    await alice.announcement('Pause WKF202').filter({ hasText: accepted }).waitFor();
  });

  it('reports each missing field, and focuses the first', async () => {
    const form = (await withForm('Alice')).form();
    await form.getByRole('button', { name: 'Ask for it' }).click();
    const workflow = form.getByRole('combobox', { name: 'Workflow' });
    await workflow.and(form.locator(':focus')).waitFor();
    for (const field of [workflow, form.getByRole('combobox', { name: 'What to do' })]) {
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await described(field)).toContain('This is required.');
    }
    const environment = form.getByRole('combobox', { name: 'Environment' });
    expect(await environment.getAttribute('aria-invalid')).toBe('false');
  });

  it('says before it is sent that a reason is required and who confirms it, and keeps what was typed', async () => {
    const alice = await withForm('Alice');
    const form = alice.form();
    const reason = form.getByRole('textbox', { name: 'Reason' });
    await reason.fill('the autumn issue');
    await form.getByRole('combobox', { name: 'Workflow' }).pressSequentially('newsl');
    await form.getByRole('option', { name: /newsletter/ }).click();
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Stop');
    await form.getByText('Needs a confirmation by @leads').waitFor();
    expect(await form.getByText('Reason (optional)').count()).toBe(1);
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Start');
    await form.getByText('Needs confirmations by 2 people (@leads)').waitFor();
    await form.getByText('PRODUCTION · Start Weekly newsletter (WKF200, prod)').waitFor();
    await form.getByText('Reason (required)').waitFor();
    expect(await reason.inputValue()).toBe('the autumn issue');
    expect(await form.getByRole('combobox', { name: 'Workflow' }).inputValue()).toContain('newsletter');
    await reason.fill('');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    expect(await described(reason)).toContain('This is required.');
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Pause');
    await form.getByText('No confirmation needed.').waitFor();
    await form.getByRole('button', { name: 'Close' }).click();
    await form.waitFor({ state: 'detached' });
  });

  it('shows an error of the bot at its field, and keeps the values', async () => {
    const alice = await withForm('Alice');
    const form = alice.form();
    await form.getByRole('combobox', { name: 'Workflow' }).pressSequentially('newsl');
    await form.getByRole('option', { name: /newsletter/ }).click();
    await form.getByRole('combobox', { name: 'What to do' }).selectOption('Start');
    const environment = form.getByRole('combobox', { name: 'Environment' });
    await environment.selectOption('stage');
    const reason = form.getByRole('textbox', { name: 'Reason' });
    await reason.fill('the autumn issue');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    await form.getByText('newsletter is a workflow of prod, not of stage.').waitFor();
    expect(await described(environment)).toContain('not of stage');
    expect(await environment.getAttribute('aria-invalid')).toBe('true');
    expect(await form.getByRole('combobox', { name: 'Workflow' }).inputValue()).toContain('newsletter');
    await environment.selectOption('prod');
    await form.getByRole('button', { name: 'Ask for it' }).click();
    await form.waitFor({ state: 'detached' });
    await alice.announcement('Start newsletter (WKF200)').filter({ hasText: ': the autumn issue' }).waitFor();
  });

  it('is closed by Escape, without a request', async () => {
    const alice = await withForm('Alice');
    await alice.page.keyboard.press('Escape');
    await alice.form().waitFor({ state: 'detached' });
    expect(await alice.announcement('').count()).toBe(await alice.posted(/[0-9A-Z]{8} · record/).count());
  });

  it('is open for one person only', async () => {
    const bob = await open('Bob');
    const alice = await withForm('Alice');
    await alice.form().getByRole('combobox', { name: 'Workflow' }).waitFor();
    await bob.write('Bob goes on writing');
    await bob.posted('Bob goes on writing').waitFor();
    expect(await bob.form().count()).toBe(0);
  });
});

/** The field's accessible description. */
async function described(field: ReturnType<Screen['form']>): Promise<string> {
  const ids = (await field.getAttribute('aria-describedby')) ?? '';
  const texts = ids.split(' ').map((id) => field.page().locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(' ');
}
