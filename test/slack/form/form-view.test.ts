import { describe, expect, it } from '@jest/globals';
import { allOptions } from '../../../sandbox/slack/views/input-block.ts';
import { inputsOf } from '../../../sandbox/slack/views/inputs.ts';
import { checkModal } from '../../../sandbox/slack/views/modal.ts';
import { choiceLabel, formView } from '../../../src/slack/form/form-view.ts';
import { context } from '../message-contexts.ts';

const alias = { kind: 'alias', name: 'load', workflowId: 'WKF1', environment: 'prod' } as const;

describe('the form', () => {
  const environments = (count: number) => Array.from({ length: count }, (_, nth) => `${'e'.repeat(28)}${nth}`);
  const viewWith = (names: readonly string[]) =>
    formView(
      {
        origin: { channel: 'C0OPS', interaction: '1.2' },
        commands: ['start'],
        environments: names,
        preset: { verb: null, workflow: null },
        terms: null,
      },
      { environments: names, defaultEnvironment: null, aliases: [] },
      context,
    );

  it.each([1, 100, 101, 200, 201, 1_000])('has each of %d environments in a view that is valid for Slack', (count) => {
    const names = environments(count);
    const checked = checkModal(viewWith(names));
    if (!checked.ok) throw new Error(checked.problems.join());
    const field = inputsOf(checked.modal).find(({ actionId }) => actionId === 'environment');
    if (field?.element.type !== 'static_select') throw new Error('there is no field for the environment');
    expect(allOptions(field.element).map(({ value }) => value)).toEqual(names);
    // Slack, views.open: `view_too_large` beyond 250 kB.
    expect(JSON.stringify(viewWith(names)).length).toBeLessThan(250_000);
  });
});

describe('a workflow to choose', () => {
  it('is labelled with its names, environment and label, on one line and without invisible characters', () => {
    const label = 'Nightly\n*load*\u200B <!channel> \u202Egpj';
    expect(choiceLabel({ ...alias, label }, context)).toBe('load (WKF1) · prod · Nightly *load* <!channel> gpj');
  });

  it('has a label within Slack’s limit', () => {
    const long = choiceLabel({ ...alias, label: '🔥'.repeat(150) }, context);
    expect([...long]).toHaveLength(75);
    expect(long.isWellFormed()).toBe(true);
  });
});
