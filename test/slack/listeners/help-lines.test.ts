import { describe, expect, it } from '@jest/globals';
import { printBlock } from '../../../sandbox/slack/print-blocks.ts';
import { wrapLine } from '../../../sandbox/slack/wrap.ts';
import { type Action, actions, type Policy } from '../../../src/access/policy.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import type { Message } from '../../../src/slack/render.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { contexts } from '../message-contexts.ts';
import { acceptedBlocks } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';
import { ask } from './question.fixture.ts';

/** The characters of a line on a phone of 390 pixels. */
const width = 40;

const environments = ['prod', 'stage', 'dev', 'training', 'acceptance'];
const vocabulary: Vocabulary = {
  environments,
  defaultEnvironment: 'prod',
  aliases: [{ name: 'nightly-load', workflowId: 'WKF110', environment: null, label: 'Nightly profile load' }],
};
const approval = { from: people('S0LEADS'), count: 1, withinMs: 300_000, requesterMayApprove: false };
const everything = {
  people: people('U0ALICE', 'U0BOB'),
  environments: new Set(environments),
  actions: new Set<Action>(actions),
  approval,
};
const reasonFormat = { pattern: 'CHG', hint: 'a change number, such as CHG0012345' };

const because = 'Holidays, and the import of the loyalty partners’ data is not finished before';
const frozen = (...names: string[]) => ({
  freezes: [
    {
      environments: new Set(names),
      verbs: new Set(['start', 'resume'] as const),
      because,
      time: { kind: 'period', from: 0, until: Date.UTC(2026, 11, 24, 18) } as const,
    },
  ],
});

const policies: readonly [string, Policy][] = [
  ['all commands', policyOf([ruleOf('Operators', everything)])],
  ['reasons in a format', policyOf([ruleOf('Operators', { ...everything, reasonRequired: true, reasonFormat })])],
  ['a freeze with a long reason', policyOf([ruleOf('Operators', everything)], frozen('stage'))],
  ['all environments frozen', policyOf([ruleOf('Operators', everything)], frozen(...environments))],
];

function shownLines({ slack }: Harness, message: Message): readonly string[] {
  const lines = acceptedBlocks(message).flatMap((block) => printBlock(slack.workspace, block as never));
  return lines.flatMap((line) => wrapLine(line, width));
}

describe.each(contexts)('help in $translator.locale', (localized) => {
  it.each(policies)('has at most 12 lines of a phone, and 14 with its buttons: %s', async (_what, policy) => {
    await using harness = await openHarness(policy, vocabulary, localized);
    for (const id of ['7K3M9QPA', '7K3M9QPB']) await ask(harness, id);
    const message = await harness.answer('U0BOB', 'help');
    const withoutButtons = { ...message, blocks: message.blocks.filter(({ type }) => type !== 'actions') };
    const lines = shownLines(harness, withoutButtons);
    expect([lines.length <= 12, lines]).toEqual([true, lines]);
    expect(shownLines(harness, message).length).toBeLessThanOrEqual(14);
    expect(lines.join(' ')).toContain('2');
    expect(message.blocks.at(-2)).toMatchObject({
      type: 'actions',
      elements: [{ action_id: 'new_request' }, { action_id: 'show_waiting' }],
    });
  });
});
