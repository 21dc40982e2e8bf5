import { describe, expect, it } from '@jest/globals';
import type { Screen } from '../../sandbox/browser/screen.ts';
import { accessibilityProblems } from './accessibility-problems.ts';
import { accepted, pageUnderTest } from './page-under-test.ts';

const { open } = pageUnderTest();

const wide = { width: 1400, height: 900 };
const narrow = { width: 390, height: 844 };

describe.each([
  { viewport: wide, workflow: 'WKF201' },
  { viewport: narrow, workflow: 'WKF203' },
] as const)('axe finds no serious problem, dark or light, $viewport.width pixels wide', ({ viewport, workflow }) => {
  const window = { viewport };
  const isNarrow = viewport === narrow;

  it('in an empty channel, and with open completions', async () => {
    const gina = await open('Gina', { ...window, channel: 'D0GINA' });
    expect(await accessibilityProblems(gina.page)).toEqual([]);
    const carol = await open('Carol', { ...window, channel: 'G0LEADS' });
    expect(await accessibilityProblems(carol.page)).toEqual([]);
    await carol.composer.pressSequentially('/campaign-wf ');
    await carol.page.getByRole('listbox', { name: 'Completions' }).waitFor();
    await carol.composer.press('ArrowDown');
    expect(await accessibilityProblems(carol.page)).toEqual([]);
  });

  it('a question, its outcome and its thread', async () => {
    const alice = await open('Alice', window);
    await alice.write(`/campaign-wf stop ${workflow} wrong audience`);
    const announced = alice.announcement(`Stop ${workflow}`);
    await announced.getByRole('button', { name: 'Stop workflow' }).waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await alice.become('Bob');
    await announced.getByRole('button', { name: 'Stop workflow' }).click();
    await announced.filter({ hasText: accepted }).waitFor();
    const thread = await alice.thread(await alice.requestId(`Stop ${workflow}`));
    await thread.getByRole('button', { name: 'More actions' }).first().click();
    await alice.page.getByRole('menu').waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
  });

  it('private replies, and refusals', async () => {
    const alice = await open('Alice', window);
    await alice.write('/campaign-wf help');
    await alice.privateReply('What you may do here').last().waitFor();
    await alice.write('/campaign-wf stop billing');
    await alice.privateReply('This workflow is protected').last().waitFor();
    await alice.composer.fill('/nothing');
    await alice.composer.press('Enter');
    await alice.page.getByRole('alert').getByText('There is no command /nothing').waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
  });

  it('the form, its suggestions and its errors', async () => {
    const alice = await open('Alice', window);
    await alice.write('/campaign-wf');
    await alice.privateReply('New request').last().getByRole('button', { name: 'New request' }).click();
    const workflows = alice.form().getByRole('combobox', { name: 'Workflow' });
    await workflows.pressSequentially('n');
    await alice.form().getByRole('option').first().waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await workflows.press('Escape');
    await alice.form().getByRole('button', { name: 'Ask for it' }).click();
    await alice.form().getByText('This is required.').first().waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
  });

  it('every panel, with its cards open', async () => {
    const alice = await open('Alice', window);
    await alice.write(`/campaign-wf status ${workflow}`);
    await alice.privateReply(`${workflow} shows as`).last().waitFor();
    await alice.show('Campaign');
    await alice.received(/./).first().locator('summary').click();
    await alice.received(/./).last().locator('summary').click();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await switchFault(alice, isNarrow);
    const record = await alice.show('Record');
    await record.getByText(/^Checkpoint/).click();
    await record.getByText('Chain valid').first().click();
    await record.getByRole('list', { name: 'Events', exact: true }).first().waitFor();
    await record.getByText('Raw events').first().click();
    await record.getByRole('list', { name: 'Raw events' }).first().waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await rulesAndLog(alice, isNarrow);
  });
});

it('axe finds a problem where there is one', async () => {
  const { page } = await open('Alice');
  await page.evaluate('document.querySelector("button[aria-label=Send]").removeAttribute("aria-label")');
  expect(await accessibilityProblems(page)).toEqual([
    expect.stringMatching(/^dark: critical button-name: .*\n {2}at .*button/),
    expect.stringMatching(/^light: critical button-name: .*\n {2}at .*button/),
  ]);
});

async function switchFault(alice: Screen, isNarrow: boolean): Promise<void> {
  const breaking = await alice.show(isNarrow ? 'Break' : 'Break things');
  const slow = breaking.getByRole('switch', { name: 'Campaign is slow' });
  await slow.click();
  await breaking.getByRole('switch', { checked: true }).waitFor();
  expect(await accessibilityProblems(alice.page)).toEqual([]);
  await slow.click();
  await breaking.getByRole('switch', { checked: true }).waitFor({ state: 'detached' });
}

async function rulesAndLog(alice: Screen, isNarrow: boolean): Promise<void> {
  if (isNarrow) await alice.show('More');
  const rules = await alice.show('Rules');
  const file = rules.getByRole('textbox', { name: 'campaign-wf.yml' });
  const before = await file.inputValue();
  for (const [text, result] of [
    ['acces: []', 'The bot rejected these rules.'],
    [before, 'The bot has reloaded the file.'],
  ] as const) {
    await file.fill(text);
    await rules.getByRole('button', { name: 'Apply these rules' }).click();
    await rules.getByText(result).waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
  }
  await alice.show('Log');
  await alice.page.getByRole('list', { name: 'Log' }).waitFor();
  expect(await accessibilityProblems(alice.page)).toEqual([]);
}
