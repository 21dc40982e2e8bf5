import { expect, it } from '@jest/globals';
import { optionValue, type WorkflowOption } from '../../../src/slack/form/workflow-options.ts';
import { submitForm } from '../../../src/slack/listeners/submit-form.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { openHarness, vocabulary } from './harness.fixture.ts';

const load = { name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: null };

it.each([
  ['an alias means another workflow', { kind: 'alias', ...load }, 'nightly-load means another workflow now.'],
  ['an alias is gone', { kind: 'alias', ...load, name: 'old' }, 'The configuration does not have old any more.'],
  [
    'an environment is gone',
    { kind: 'id', workflowId: 'WKF1', environment: 'dev' },
    'The configuration does not have dev any more.',
  ],
] as const)(
  'a form shows at its workflow that %s, and asks to choose again',
  async (_what, chosen: WorkflowOption, problem) => {
    await using harness = await openHarness(policyOf([]), {
      ...vocabulary,
      aliases: [{ ...load, workflowId: 'WKF111' }],
    });
    const values = {
      workflow: { workflow: { selected_option: { value: optionValue(chosen) } } },
      command: { command: { selected_option: { value: 'pause' } } },
    };
    const view = { id: 'V0FORM', private_metadata: { channel: 'C0OPS', interaction: '1.2' }, state: { values } };
    expect(await submitForm({ user: { id: 'U0ALICE' }, team: null, view }, harness.ports)).toEqual({
      kind: 'wrong',
      errors: { workflow: `${problem} Choose again.` },
    });
  },
);

it.each([
  ['today 12:30', 'The time is past.'],
  ['2026-12-24 06:15', 'The time is more than 30 days ahead.'],
  ['noon', 'noon does not say exactly when. Type at 12:00.'],
])('a form shows at its time that %s does not do', async (typed, problem) => {
  await using harness = await openHarness(policyOf([ruleOf('Anything', { people: people('U0ALICE') })]));
  await harness.ports.directory.person('U0ALICE', new Set());
  const values = {
    workflow: { workflow: { selected_option: { value: 'id WKF1 prod' } } },
    command: { command: { selected_option: { value: 'pause' } } },
    when: { when: { value: typed } },
  };
  const view = { id: 'V0FORM', private_metadata: { channel: 'C0OPS', interaction: '1.2' }, state: { values } };
  const answer = await submitForm({ user: { id: 'U0ALICE' }, team: null, view }, harness.ports);
  expect(answer).toEqual({ kind: 'wrong', errors: { when: problem } });
  expect(await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 9 })).toEqual([]);
});
