import { describe, expect, it } from '@jest/globals';
import type { Rule } from '../../../src/access/policy.ts';
import { parseCommand } from '../../../src/commands/grammar/parse-command.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import type { Rights } from '../../../src/slack/answers/invocation.ts';
import {
  commandChoices,
  environmentChoices,
  optionValue,
  type WorkflowOption,
  workflowChoices,
} from '../../../src/slack/form/workflow-options.ts';

const vocabulary: Vocabulary = {
  environments: ['prod'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: null }],
};
const rule: Rule = {
  name: 'Operators',
  channels: new Set(['C0OPS']),
  people: { users: new Set(['U0ALICE']), groups: new Set() },
  environments: new Set(['prod']),
  workflows: [{ id: '*', environment: null }],
  actions: new Set(['pause']),
  reasonRequired: false,
  approval: null,
};
const rights = {
  asks: [rule],
  may: () => ({ permitted: true, rule: rule.name, approval: null }) as const,
};

const optionsFor = (query: string) =>
  workflowChoices(query, rights, vocabulary, []).map((choice) => optionValue(choice).replace(/ [0-9a-f]{8}$/, ''));

describe('the text typed into the workflow field', () => {
  it('is offered as an ID where it is a valid one', () => {
    expect(optionsFor('WKF7')).toEqual(['id WKF7']);
    expect(optionsFor('#7')).toEqual(['id WKF7']);
    expect(optionsFor('wkf110')).toEqual(['alias nightly-load', 'id wkf110']);
    expect(optionsFor('my load')).toEqual([]);
  });

  it.each(['nightly-lod', '--env', 'env=stage'])(
    'is not offered where %s would be an error in a typed command',
    (typed) => {
      expect(parseCommand(`pause ${typed}`, vocabulary).ok).toBe(false);
      expect(optionsFor(typed)).not.toContain(`id ${typed}`);
    },
  );

  it.each([
    [{ reason: 'frozen', because: 'Restart', until: 1, request: null } as const, ['id WKF7']],
    [{ reason: 'protected_workflow', protection: 'configured' } as const, []],
  ])('is offered in spite of a freeze, and not where the workflow is protected: %j', (refusal, choices) => {
    const may = () => ({ permitted: false, refusal }) as const;
    const found = workflowChoices('WKF7', { ...rights, may }, vocabulary, []);
    expect(found.map(optionValue)).toEqual(choices);
  });

  it('is offered where a reason is required, which the form asks for', () => {
    const may: Rights['may'] = ({ hasReason }) =>
      hasReason
        ? { permitted: true, rule: rule.name, approval: null }
        : { permitted: false, refusal: { reason: 'reason_required', rule: rule.name } };
    expect(workflowChoices('WKF7', { ...rights, may }, vocabulary, []).map(optionValue)).toEqual(['id WKF7']);
  });

  it('finds the alias that was probably meant, once', () => {
    expect(optionsFor('nightly-lod')).toEqual(['alias nightly-load']);
    expect(optionsFor('Nightly-Load')).toEqual(['alias nightly-load']);
  });
});

describe('a person with different rules in different environments', () => {
  const environments = ['stage', 'prod', 'training'];
  const both: Vocabulary = { ...vocabulary, environments };
  const asks: readonly Rule[] = [
    { ...rule, environments: new Set(['prod', 'training']), actions: new Set(['history', 'pause']) },
    { ...rule, environments: new Set(['stage']), actions: new Set(['start']) },
    { ...rule, environments: new Set(['training']), actions: new Set(['status']) },
  ];
  const named = (workflowId: string, environment: string): WorkflowOption => ({ kind: 'id', workflowId, environment });

  it('gets the commands of all of them, and the environments with permitted changes', () => {
    expect(commandChoices(asks)).toEqual(['start', 'pause']);
    expect(environmentChoices(asks, both)).toEqual(['stage', 'prod', 'training']);
    expect(environmentChoices(asks.slice(1), both)).toEqual(['stage']);
    expect(environmentChoices([], both)).toEqual([]);
  });

  it('gets a workflow where a command for it is permitted in an environment, and only there', () => {
    const refusal = { reason: 'protected_workflow', protection: 'configured' } as const;
    const onlyStartsInStage = {
      asks,
      may: ({ action, environment }: { action: string; environment: string | null }) =>
        action === 'start' && environment === 'stage'
          ? ({ permitted: true, rule: 'Operators', approval: null } as const)
          : ({ permitted: false, refusal } as const),
    };
    const recent = [named('WKF70', 'prod'), named('WKF71', 'stage'), named('WKF72', 'training')];
    const found = workflowChoices('WKF7', onlyStartsInStage, both, recent);
    expect(found.map(optionValue)).toEqual(['id WKF71 stage', 'id WKF7']);
    expect(workflowChoices('nightly-load', onlyStartsInStage, both, [])).toEqual([]);
  });
});
