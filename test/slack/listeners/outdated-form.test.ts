import { expect, it } from '@jest/globals';
import { optionValue, type WorkflowOption } from '../../../src/slack/form/workflow-options.ts';
import { submitForm } from '../../../src/slack/listeners/submit-form.ts';
import { policyOf } from '../../access/policy.fixture.ts';
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
