import { describe, expect, it } from '@jest/globals';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import { readForm } from '../../../src/slack/form/read-form.ts';
import { optionValue, type WorkflowOption } from '../../../src/slack/form/workflow-options.ts';

const vocabulary: Vocabulary = {
  environments: ['prod', 'stage'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'trial', workflowId: 'WKF300', environment: 'stage', label: null }],
};

const trial = { kind: 'alias', name: 'trial', workflowId: 'WKF300', environment: 'stage', label: null } as const;

const selection = (name: string, value: string) => ({ [name]: { [name]: { selected_option: { value } } } });

function filledIn(workflow: string, environment: string | null) {
  const values = {
    ...selection('workflow', workflow),
    ...selection('command', 'pause'),
    ...(environment === null ? {} : selection('environment', environment)),
  };
  return { values };
}

describe('the environment in the form', () => {
  it('is the selected one, or the default', () => {
    expect(readForm(filledIn('id WKF1', null), vocabulary)).toMatchObject({ filled: { environment: 'prod' } });
    expect(readForm(filledIn('id WKF1', 'stage'), vocabulary)).toMatchObject({ filled: { environment: 'stage' } });
  });

  it.each(['id WKF1', 'id WKF1 stage', optionValue(trial)])(
    'is never the default where the selected one is gone: %s',
    (workflow) => {
      expect(readForm(filledIn(workflow, 'dev'), vocabulary)).toEqual({
        ok: false,
        problem: {
          field: 'environment',
          error: { problem: 'unknown_environment', typed: 'dev', suggestion: null, known: ['prod', 'stage'] },
        },
      });
    },
  );
});

describe('the workflow in the form', () => {
  const read = (workflow: WorkflowOption) => readForm(filledIn(optionValue(workflow), null), vocabulary);

  it('is what the alias meant when it was selected, or has to be selected again', () => {
    expect(read(trial)).toMatchObject({ filled: { workflowId: 'WKF300', environment: 'stage', alias: 'trial' } });
    const outdated = (by: string, name: string) => ({
      ok: false,
      problem: { field: 'workflow', error: { problem: 'outdated_choice', kind: 'outdated', by, name } },
    });
    expect(read({ ...trial, name: 'gone' })).toEqual(outdated('removal', 'gone'));
    expect(read({ ...trial, workflowId: 'WKF301' })).toEqual(outdated('change', 'trial'));
    expect(read({ ...trial, environment: 'prod' })).toEqual(outdated('change', 'trial'));
    expect(read({ kind: 'id', workflowId: 'WKF1', environment: 'dev' })).toEqual(outdated('removal', 'dev'));
    expect(read({ ...trial, label: 'Another label' })).toMatchObject({ ok: true });
  });

  it('fits into the value of an option with the longest names', () => {
    const [name, workflowId, environment] = ['a'.repeat(64), 'W'.repeat(64), 'e'.repeat(32)];
    expect(optionValue({ ...trial, name, workflowId, environment }).length).toBeLessThanOrEqual(150);
    expect(optionValue({ kind: 'id', workflowId, environment }).length).toBeLessThanOrEqual(150);
  });
});

it('a form whose reason contains a command is refused', () => {
  const { values } = filledIn('id WKF1', null);
  const reason = { reason: { value: 'wrong audience\nstop WKF2' } };
  expect(readForm({ values: { ...values, reason } }, vocabulary)).toMatchObject({
    problem: { field: 'reason', error: { problem: 'several_commands', others: ['stop WKF2'] } },
  });
});

describe('a missing value', () => {
  it('is reported at its own field', () => {
    expect(readForm(filledIn('', null), vocabulary)).toEqual({
      ok: false,
      problem: { field: 'workflow', error: { problem: 'missing_workflow', command: 'pause' } },
    });
    expect(readForm({ values: selection('workflow', 'id WKF1') }, vocabulary)).toEqual({
      ok: false,
      problem: { field: 'command', error: { problem: 'unknown_command', typed: '' } },
    });
    expect(readForm(filledIn('id WKF1', null), { ...vocabulary, defaultEnvironment: null })).toEqual({
      ok: false,
      problem: {
        field: 'environment',
        error: { problem: 'missing_environment', command: 'pause', known: ['prod', 'stage'] },
      },
    });
  });
});
