import { describe, expect, it } from '@jest/globals';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { openHarness } from './harness.fixture.ts';

const policy = policyOf([ruleOf('Operators', { people: people('U0ALICE') })]);
const vocabulary: Vocabulary = {
  environments: ['prod', 'secretstage'],
  defaultEnvironment: 'prod',
  aliases: [{ name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: null }],
};

const typos = [
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
  it.each(typos)('are suggested to people with rights here: %s', async (text) => {
    await using harness = await openHarness(policy, vocabulary);
    expect((await harness.type('U0ALICE', text)).join(' ')).toMatch(/nightly-load|secretstage/);
  });

  it.each(typos)('are shown to no guest, no stranger, and nobody without rights here: %s', async (text) => {
    await using harness = await openHarness(policy, vocabulary);
    for (const person of ['U0GINA', 'U0PAT', 'U0DAVE']) {
      const answer = (await harness.type(person, text)).join(' ');
      expect(answer).not.toMatch(/nightly-load|secretstage/);
      expect(answer).toMatch(/may not run workflows|not among them/);
    }
  });

  it('are in no example for them either, also where an environment is required', async () => {
    await using harness = await openHarness(policy, { ...vocabulary, defaultEnvironment: null });
    expect((await harness.type('U0ALICE', 'stpo')).join(' ')).toContain('--env prod');
    expect((await harness.type('U0GINA', 'stpo')).join(' ')).not.toMatch(/prod|secretstage/);
  });

  it('cost one look at the freezes of each environment, also for somebody without rights', async () => {
    await using harness = await openHarness(policy, vocabulary);
    const asked: string[] = [];
    const ledger = {
      ...harness.ledger,
      lastFreeze(organization: string) {
        asked.push(organization);
        return harness.ledger.lastFreeze(organization);
      },
    };
    Object.assign(harness.ports, { ledger });
    for (const person of ['U0ALICE', 'U0DAVE']) await harness.type(person, 'start nightly-laod');
    expect(asked).toEqual(['acme-prod', 'acme-secretstage', 'acme-prod', 'acme-secretstage']);
  });
});
