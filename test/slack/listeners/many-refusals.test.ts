import { describe, expect, it } from '@jest/globals';
import type { Order } from '../../../src/requests/events.ts';
import { suggestWorkflows } from '../../../src/slack/listeners/suggest-workflows.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { noAnswer } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { type Harness, openHarness, vocabulary } from './harness.fixture.ts';

const loads = [{ id: 'LOAD*', environment: null }];
const policy = policyOf([
  ruleOf('Operators', { people: people('U0ALICE') }),
  ruleOf('Loaders', { people: people('U0BOB'), workflows: loads }),
]);

let requests = 0;

/** A request that was authorized and has ended. */
function storeEnded({ ledger }: Harness, order: Partial<Order>) {
  const ended = { outcome: 'not_sent', because: { kind: 'too_late' }, answer: noAnswer } as const;
  const known = { environment: 'prod', organization: 'acme-prod', verb: 'pause', ...order } as const;
  return storeRequest(ledger, submission(`DONE${++requests}`, known), { type: 'ended', data: ended });
}

function refused({ ledger }: Harness, order: Partial<Order>) {
  const because = { kind: 'access', refusal: { reason: 'guest' } } as const;
  const ended = { outcome: 'refused', because, answer: null } as const;
  const known = { environment: 'prod', organization: 'acme-prod', verb: 'pause', ...order } as const;
  return storeRequest(ledger, submission(`DONE${++requests}`, known), { type: 'ended', data: ended });
}

/** The workflows in the first lines of the entries, which have two each. */
const namesIn = (lines: readonly string[]) =>
  lines.slice(1).flatMap((line, index) => (index % 2 === 0 ? [/(?:LOAD|JUNK|WKF)-?\d+/.exec(line)?.[0]] : []));

describe('many refused requests of one person', () => {
  it('do not displace the rest of the history: it has three of them at most', async () => {
    await using harness = await openHarness(policy);
    for (let load = 0; load < 12; load++) await storeEnded(harness, { workflowId: `LOAD${load}` });
    for (let junk = 0; junk < 60; junk++) {
      await (junk % 2 === 0
        ? harness.type('U0DAVE', `status JUNK-${junk}`)
        : refused(harness, { workflowId: `JUNK-${junk}`, verb: 'stop' }));
    }
    expect(namesIn(await harness.type('U0ALICE', 'history'))).toEqual([
      ...['JUNK-59', 'JUNK-58', 'JUNK-57'],
      ...['LOAD11', 'LOAD10', 'LOAD9', 'LOAD8', 'LOAD7', 'LOAD6', 'LOAD5'],
    ]);
    expect(namesIn(await harness.type('U0BOB', 'history'))).toHaveLength(10);
  });

  it('fill the history where there are no others', async () => {
    await using harness = await openHarness(policy);
    for (let junk = 0; junk < 12; junk++) await harness.type('U0DAVE', `status JUNK-${junk}`);
    expect(namesIn(await harness.type('U0ALICE', 'history'))).toHaveLength(10);
    expect(await harness.type('U0BOB', 'history')).toEqual([
      'Among the last requests in this channel there is none of this kind that you may see.',
    ]);
  });

  it('do not displace the options of the form', async () => {
    await using harness = await openHarness(policy);
    await storeEnded(harness, { workflowId: 'LOAD1' });
    for (let junk = 0; junk < 60; junk++) await harness.type('U0DAVE', `status JUNK-${junk}`);
    const { options } = { options: await suggestWorkflows(suggestionBy('U0ALICE'), harness.ports) };
    expect(options.map(({ value }) => value)).toEqual(['id LOAD1 prod']);
  });
});

const suggestionBy = (id: string) => ({
  user: { id },
  team: { id: 'T0ACME' },
  value: '',
  view: { private_metadata: { channel: 'C0OPS', interaction: '1.2' } },
});

it('the history finds visible requests behind many that are not visible', async () => {
  await using harness = await openHarness(policy);
  await storeEnded(harness, { workflowId: 'LOAD1' });
  for (let other = 0; other < 120; other++) await storeEnded(harness, { workflowId: `WKF${other}` });
  expect(namesIn(await harness.type('U0BOB', 'history'))).toEqual(['LOAD1']);
});

it('the form offers no more workflows than Slack takes, and those that match what is typed', async () => {
  const aliases = Array.from({ length: 120 }, (_, nth) => ({
    name: `load-${nth}`,
    workflowId: `LOAD${nth}`,
    environment: 'prod',
    label: null,
  }));
  await using harness = await openHarness(policy, { ...vocabulary, aliases });
  const named = async (value: string) => {
    const options = await suggestWorkflows({ ...suggestionBy('U0ALICE'), value }, harness.ports);
    return options.map((option) => option.value.split(' ')[1]);
  };
  expect(await named('')).toEqual(aliases.slice(0, 100).map(({ name }) => name));
  expect(await named('load-119')).toEqual(['load-119']);
});
