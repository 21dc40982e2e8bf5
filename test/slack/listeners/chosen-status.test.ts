import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../../src/access/policy.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import { chosenStatus } from '../../../src/slack/listeners/chosen-status.ts';
import { pressedBody } from '../../../src/slack/listeners/interaction.ts';
import type { Message } from '../../../src/slack/render.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { acceptedBlocks, linesOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';

const vocabulary: Vocabulary = {
  environments: ['prod', 'stage'],
  defaultEnvironment: 'prod',
  aliases: [
    { name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: 'Nightly *load* <!channel>' },
    { name: 'trial', workflowId: 'WKF300', environment: null, label: null },
  ],
};

const policy = policyOf([
  ruleOf('Operators', { people: people('U0ALICE'), environments: new Set(['prod', 'stage']) }),
  ruleOf('Loaders', { people: people('U0BOB'), workflows: [{ id: 'WKF1*', environment: null }] }),
  ruleOf('Starters', { people: people('U0CAROL'), actions: new Set(['start']) }),
]);

let written = 0;

async function store({ ledger }: Harness, workflowId: string, environment = 'prod'): Promise<void> {
  written += 1;
  const order = { environment, organization: `acme-${environment}`, verb: 'pause', workflowId } as const;
  await storeRequest(ledger, submission(`S${written}`, order));
}

const controlsOf = (message: Message) =>
  acceptedBlocks(message).flatMap((block) => (block.type === 'actions' ? block.elements : []));

const buttonsOf = (message: Message) => controlsOf(message).filter((control) => control.type === 'button');

const optionsOf = (message: Message) =>
  controlsOf(message).flatMap((control) => (control.type === 'static_select' ? (control.options ?? []) : []));

const labels = (message: Message) => buttonsOf(message).map(({ text }) => text.text);

type Chosen = { readonly value: string } | { readonly selected_option: { readonly value: string } };

function press(harness: Harness, person: string, value: string, rules: Policy = policy) {
  return choose(harness, person, { value }, rules);
}

function choose({ ports, invocation }: Harness, person: string, chosen: Chosen, rules: Policy = policy) {
  const body = pressedBody.parse({
    user: { id: person },
    team: { id: 'T0ACME' },
    channel: { id: 'C0OPS' },
    trigger_id: invocation(person).interaction,
    actions: [chosen],
  });
  return chosenStatus(body, { ...ports, policy: () => rules });
}

describe('status without a workflow', () => {
  it('offers the recent workflows, then the other aliases, each once in each environment', async () => {
    await using harness = await openHarness(policy, vocabulary);
    for (const workflow of ['WKF7', 'wkf7', 'WKF300']) await store(harness, workflow, 'stage');
    const offered = await harness.answer('U0ALICE', 'status');
    expect(linesOf(offered)).toEqual(['Which workflow?']);
    expect(labels(offered)).toEqual([
      'trial · stage',
      'wkf7 · stage',
      'Nightly *load* <!channel> · prod',
      'trial · prod',
    ]);
    expect(labels(await harness.answer('U0ALICE', 'status --env stage'))).toEqual(['trial · stage', 'wkf7 · stage']);
  });

  it('offers only what the person may see the status of', async () => {
    await using harness = await openHarness(policy, vocabulary);
    await store(harness, 'WKF7');
    expect(labels(await harness.answer('U0BOB', 'status'))).toEqual(['Nightly *load* <!channel> · prod']);
    const refused = await harness.answer('U0CAROL', 'status');
    expect(buttonsOf(refused)).toEqual([]);
    expect(linesOf(refused).join()).toContain('may do this in');
    expect(linesOf(await harness.answer('U0DAVE', 'status')).join()).not.toMatch(/nightly|WKF|stage/);
  });

  it('says what to type where there is none', async () => {
    const loads = ruleOf('Loads only', { people: people('U0BOB'), workflows: [{ id: 'LOAD*', environment: null }] });
    await using harness = await openHarness(policyOf([loads]), vocabulary);
    expect(await harness.type('U0BOB', 'status')).toEqual([
      'status needs the ID of a workflow.',
      'Type /campaign-wf status WKF110.',
    ]);
  });

  it('offers ten as buttons, and more in a menu', async () => {
    await using harness = await openHarness(policy, { ...vocabulary, aliases: [], defaultEnvironment: null });
    const names = (count: number) => Array.from({ length: count }, (_, nth) => `WKF${count - nth} · prod`);
    for (let nth = 1; nth <= 10; nth++) await store(harness, `WKF${nth}`);
    const few = await harness.answer('U0ALICE', 'status');
    expect([labels(few), optionsOf(few)]).toEqual([names(10), []]);
    for (let nth = 11; nth <= 13; nth++) await store(harness, `WKF${nth}`);
    const many = await harness.answer('U0ALICE', 'status');
    expect(optionsOf(many).map(({ text }) => text.text)).toEqual(names(13));
    expect(linesOf(many)).toEqual(['Which workflow?']);
    expect(controlsOf(many)).toMatchObject([{ type: 'static_select', placeholder: { text: 'Which workflow?' } }]);
  });

  it('says how many do not fit into the menu', async () => {
    const aliases = Array.from({ length: 103 }, (_, nth) => ({
      name: `load-${nth}`,
      workflowId: `WKF${nth}`,
      environment: 'prod',
      label: null,
    }));
    await using harness = await openHarness(policy, { ...vocabulary, aliases, defaultEnvironment: null });
    const offered = await harness.answer('U0ALICE', 'status');
    expect(optionsOf(offered)).toHaveLength(100);
    expect(linesOf(offered)[1]).toBe('3 more: type /campaign-wf status WKF110 --env prod.');
  });

  it.each([1, 11])('fits into Slack’s limits, with %s of the longest names', async (count) => {
    const aliases = Array.from({ length: count }, (_, nth) => ({
      name: 'n'.repeat(64),
      workflowId: `${'W'.repeat(62)}${nth + 10}`,
      environment: 'e'.repeat(63),
      label: '🔥'.repeat(80),
    }));
    const names = { ...vocabulary, environments: ['e'.repeat(63)], aliases };
    const everywhere = policyOf([ruleOf('Operators', { environments: new Set(names.environments) })]);
    await using harness = await openHarness(everywhere, names);
    const offered = await harness.answer('U0ALICE', 'status');
    const shown = count === 1 ? labels(offered) : optionsOf(offered).map(({ text }) => text.text);
    expect(shown.map((label) => [...label].length)).toEqual(Array(count).fill(75));
  });

  it('reads to a screen reader what a button does', async () => {
    await using harness = await openHarness(policy, vocabulary);
    expect(controlsOf(await harness.answer('U0BOB', 'status'))).toMatchObject([
      { accessibility_label: 'status: Nightly *load* <!channel> · prod' },
    ]);
  });
});

describe('its button', () => {
  it('is answered with the status of that workflow, by its alias', async () => {
    await using harness = await openHarness(policy, vocabulary);
    const [button] = buttonsOf(await harness.answer('U0BOB', 'status'));
    expect(linesOf(await press(harness, 'U0BOB', button?.value ?? ''))[0]).toBe('nightly-load (WKF110) in prod');
  });

  it('may be an option of the menu as well', async () => {
    await using harness = await openHarness(policy, vocabulary);
    const chosen = { selected_option: { value: 'WKF110 prod' } };
    expect(linesOf(await choose(harness, 'U0BOB', chosen))[0]).toBe('nightly-load (WKF110) in prod');
  });

  it('counts as a query of its own: a right that is gone is a refusal, which is recorded', async () => {
    await using harness = await openHarness(policy, vocabulary);
    const [button] = buttonsOf(await harness.answer('U0BOB', 'status'));
    const without = policyOf(policy.rules.filter(({ name }) => name !== 'Loaders'));
    expect(linesOf(await press(harness, 'U0BOB', button?.value ?? '', without)).join()).toContain('may do this');
    const recorded = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 5 });
    expect(recorded).toMatchObject([{ requester: 'U0BOB', order: { verb: 'status', workflowId: 'WKF110' } }]);
  });

  it('with a changed value shows nothing that the person could not ask for', async () => {
    await using harness = await openHarness(policy, vocabulary);
    expect(linesOf(await press(harness, 'U0BOB', 'WKF300 stage')).join()).toContain('may do this');
    for (const value of ['', 'WKF110', 'WKF110 moon', '<!channel> prod', 'WKF110 prod more', '*  prod']) {
      expect(linesOf(await press(harness, 'U0BOB', value)).join()).toContain('does nothing any more');
    }
  });
});
