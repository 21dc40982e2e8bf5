import { describe, expect, it } from '@jest/globals';
import { choiceLabel } from '../../../src/slack/form/form-view.ts';
import { voice } from '../voices.ts';

const alias = { kind: 'alias', name: 'load', workflowId: 'WKF1', environment: 'prod' } as const;

describe('a workflow to choose', () => {
  it('is told by its names, place and label, on one line and without characters that nobody sees', () => {
    const label = 'Nightly\n*load*\u200B <!channel> \u202Egpj';
    expect(choiceLabel({ ...alias, label }, voice)).toBe('load (WKF1) · prod · Nightly *load* <!channel> gpj');
  });

  it('fits into what Slack shows', () => {
    const long = choiceLabel({ ...alias, label: '🔥'.repeat(150) }, voice);
    expect([...long]).toHaveLength(75);
    expect(long.isWellFormed()).toBe(true);
  });
});
