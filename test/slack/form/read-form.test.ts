import { describe, expect, it } from '@jest/globals';
import type { Vocabulary } from '../../../src/commands/vocabulary.ts';
import { readForm } from '../../../src/slack/form/read-form.ts';

const vocabulary: Vocabulary = {
  environments: ['prod', 'stage'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'trial', workflowId: 'WKF300', environment: 'stage', label: null }],
};

const chosen = (name: string, value: string) => ({ [name]: { [name]: { selected_option: { value } } } });

function filledIn(workflow: string, environment: string | null) {
  const values = {
    ...chosen('workflow', workflow),
    ...chosen('command', 'pause'),
    ...(environment === null ? {} : chosen('environment', environment)),
  };
  return { values };
}

describe('the environment in the form', () => {
  it('is the default where none is chosen, and else the one that is', () => {
    expect(readForm(filledIn('id WKF1', null), vocabulary)).toMatchObject({ filled: { environment: 'prod' } });
    expect(readForm(filledIn('id WKF1', 'stage'), vocabulary)).toMatchObject({ filled: { environment: 'stage' } });
  });

  it.each(['id WKF1', 'id WKF1 stage', 'alias trial'])(
    'is never the default where the one chosen is gone: %s',
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
