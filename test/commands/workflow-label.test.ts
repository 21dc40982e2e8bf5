import { describe, expect, it } from '@jest/globals';
import { type Alias, labelIn } from '../../src/commands/vocabulary/vocabulary.ts';

const alias = (name: string, other: Partial<Alias> = {}): Alias => ({
  name,
  workflowId: 'WKF110',
  environment: 'prod',
  label: `Label of ${name}`,
  ...other,
});

/** What WKF110 in prod is called, ordered by its ID or under this alias. */
function labelOf(aliases: readonly Alias[], ordered: string | null = null, workflowId = 'WKF110'): string | null {
  const vocabulary = { environments: ['prod', 'stage'], defaultEnvironment: 'prod', aliases };
  return labelIn(vocabulary, { alias: ordered, workflowId, environment: 'prod' });
}

describe('the label of a workflow', () => {
  it('is that of the alias under which it was ordered, in any spelling', () => {
    const aliases = [alias('first'), alias('second')];
    expect(labelOf(aliases, 'second')).toBe('Label of second');
    expect(labelOf(aliases, 'SECOND')).toBe('Label of second');
    expect(labelOf([alias('first'), alias('bare', { label: null })], 'bare')).toBeNull();
  });

  it('is that of any of its aliases where it was ordered by its ID, in any spelling', () => {
    const aliases = [alias('bare', { label: null }), alias('second')];
    expect(labelOf(aliases)).toBe('Label of second');
    expect(labelOf(aliases, null, 'wkf110')).toBe('Label of second');
    expect(labelOf([alias('everywhere', { environment: null })])).toBe('Label of everywhere');
  });

  it('is not that of another workflow or environment', () => {
    expect(labelOf([alias('stage', { environment: 'stage' }), alias('other', { workflowId: 'WKF111' })])).toBeNull();
    expect(labelOf([])).toBeNull();
  });

  it('is not that of an alias which means another workflow by now', () => {
    const aliases = [alias('moved', { workflowId: 'WKF111' }), alias('second')];
    expect(labelOf(aliases, 'moved')).toBe('Label of second');
    expect(labelOf(aliases, 'gone')).toBe('Label of second');
  });
});
