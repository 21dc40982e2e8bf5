import { expect, it } from '@jest/globals';
import { openEmptyForm } from '../../../src/slack/listeners/open-form.ts';
import { answerCommand } from '../../../src/slack/listeners/typed-command.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { linesOf } from '../shown-text.ts';
import { openHarness, toldBy } from './harness.fixture.ts';

const policy = policyOf([ruleOf('Operators', { people: people('U0ALICE') })]);

it.each([
  ['stop WKF1', 'U0ALICE', 'C0OPS'],
  ['start WKF1', 'U0ALICE', 'C0OPS'],
  ['freeze prod 2h wrong list', 'U0ALICE', 'C0OPS'],
  ['unfreeze prod', 'U0ALICE', 'C0OPS'],
  ['status WKF1', 'U0ALICE', 'C0OPS'],
  ['history', 'U0ALICE', 'C0OPS'],
  ['access <@U0BOB>', 'U0ALICE', 'C0OPS'],
  ['stop WKF1', 'U0BOB', 'C0OPS'],
  ['stop WKF1', 'U0GINA', 'Guests'],
])(
  '"%s" from %s in a channel that no rule names is answered and counted, and not recorded',
  async (text, person, word) => {
    await using harness = await openHarness(policy);
    const lines = await harness.type(person, text, 'G0LEADS');
    expect(lines.join(' ')).toContain(word);
    expect(harness.unnamedChannels()).toBe(1);
    const which = { channel: 'G0LEADS', workflowKey: null, limit: 9 };
    for (const refused of [true, false]) expect(await harness.ledger.recent({ ...which, refused })).toEqual([]);
  },
);

it('a form opened there is not recorded either', async () => {
  await using harness = await openHarness(policy);
  expect(await openEmptyForm(harness.invocation('U0ALICE', 'G0LEADS'), harness.ports)).not.toBeNull();
  expect(harness.unnamedChannels()).toBe(1);
  expect(await harness.ledger.recent({ channel: 'G0LEADS', workflowKey: null, limit: 9, refused: true })).toEqual([]);
});

it('a refused command in a channel that a rule names is recorded', async () => {
  await using harness = await openHarness(policy);
  await harness.type('U0BOB', 'stop WKF1');
  await harness.type('U0BOB', 'status WKF1');
  expect(harness.unnamedChannels()).toBe(0);
  const which = { channel: 'C0OPS', workflowKey: null, limit: 9 };
  expect(await harness.ledger.recent({ ...which, refused: false })).toHaveLength(1);
  expect(await harness.ledger.recent({ ...which, refused: true })).toHaveLength(1);
});

it.each([
  ['[reason]', 'wants to know why'],
  ['-', 'wants to know why'],
  ['wrong list', 'does not take this reason'],
])('where a rule of the channel was added meanwhile, the reason %j is checked against it', async (reason, refusal) => {
  await using harness = await openHarness(policy);
  const reasonFormat = { pattern: 'CHG\\d+', hint: 'a change number' };
  const change = { people: people('U0ALICE'), channels: new Set(['G0LEADS']), reasonRequired: true, reasonFormat };
  const added = { ...harness.ports, policy: () => policyOf([ruleOf('Leads', change)]) };
  const typed = { text: `stop WKF1 ${reason}`, user: 'U0ALICE', ...harness.invocation('U0ALICE', 'G0LEADS') };
  const answered = await answerCommand(typed, harness.ports);
  expect(linesOf(await toldBy(answered, added)).join(' ')).toContain(refusal);
});

it.each([
  ['stop WKF1', 'U0ALICE'],
  ['freeze prod 2h wrong list', 'U0ALICE'],
  ['status WKF1', 'U0ALICE'],
  ['access', 'U0ALICE'],
  ['history', 'U0BOB'],
  ['stop WKF1', 'U0BOB'],
])(
  '"%s" from %s in a channel whose ID is no longer the one in the rules is refused, with both IDs',
  async (text, person) => {
    await using harness = await openHarness(policy);
    harness.slack.moveChannel('C0OPS', 'G0OPS');
    const lines = (await harness.type(person, text, 'G0OPS')).join(' ');
    expect(lines).toContain('Slack gave this channel another ID, G0OPS, and the rules still name C0OPS');
    expect(await harness.ledger.recent({ channel: 'G0OPS', workflowKey: null, limit: 9, refused: true })).toEqual([]);
    expect((await harness.type(person, text, 'G0LEADS')).join(' ')).not.toContain('another ID');
  },
);

it('a decision typed in a channel with a new ID counts, also just after a look-up of the channel', async () => {
  await using harness = await openHarness(policy);
  await harness.type('U0ALICE', 'stop WKF1');
  const [request] = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, limit: 9, refused: false });
  const decide = async (channel: string) => (await harness.type('U0BOB', `cancel ${request?.id}`, channel)).join(' ');
  expect(await decide('G0LEADS')).toContain('There is no request');
  harness.slack.moveChannel('C0OPS', 'G0OPS');
  expect(await decide('G0OPS')).toContain('Recorded your decision');
});
