import { describe, expect, it } from '@jest/globals';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { openDesk } from './desk.fixture.ts';

const policy = policyOf([ruleOf('Operators', { people: people('U0ALICE') })]);
const vocabulary: Vocabulary = {
  environments: ['prod', 'secretstage'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: null }],
};

const slips = [
  'start nightly-laod',
  'start nightly load',
  'start WKF1 --env secretstag',
  'start WKF1 secretstage',
  'start nightly-load --env secretstage',
  'status secretstage',
  'freeze secretstag 2h oops',
  'freeze',
  'freeze secretstage',
];

describe('the names of the configuration', () => {
  it.each(slips)('are suggested to who may do something here: %s', async (text) => {
    await using desk = await openDesk(policy, vocabulary);
    expect((await desk.type('U0ALICE', text)).join(' ')).toMatch(/nightly-load|secretstage/);
  });

  it.each(slips)('are shown to no guest, to no stranger, and to nobody without rights here: %s', async (text) => {
    await using desk = await openDesk(policy, vocabulary);
    for (const person of ['U0GINA', 'U0PAT', 'U0DAVE']) {
      const told = (await desk.type(person, text)).join(' ');
      expect(told).not.toMatch(/nightly-load|secretstage/);
      expect(told).toMatch(/may not run workflows|not among them/);
    }
  });

  it('are in no example either where people have to say which environment they mean', async () => {
    await using desk = await openDesk(policy, { ...vocabulary, defaultEnvironment: null });
    expect((await desk.type('U0ALICE', 'stpo')).join(' ')).toContain('--env prod');
    expect((await desk.type('U0GINA', 'stpo')).join(' ')).not.toMatch(/prod|secretstage/);
  });
});
