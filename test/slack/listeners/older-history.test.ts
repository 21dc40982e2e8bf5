import { describe, expect, it } from '@jest/globals';
import type { Policy, Rule } from '../../../src/access/policy.ts';
import type { Order } from '../../../src/requests/events.ts';
import { readOlderButton } from '../../../src/slack/answers/older-button.ts';
import { pressedBody } from '../../../src/slack/listeners/interaction.ts';
import { type OlderHistory, olderHistory } from '../../../src/slack/listeners/older-history.ts';
import type { Message } from '../../../src/slack/render.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { noAnswer } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { acceptedBlocks, linesOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';

const alice: Partial<Rule> = { people: people('U0ALICE'), environments: new Set(['prod', 'stage']) };
const policy = policyOf([
  ruleOf('Operators', alice),
  ruleOf('Loaders', { people: people('U0BOB'), workflows: [{ id: 'LOAD*', environment: null }] }),
  ruleOf('Marketing', { channels: new Set(['C0MKT']), people: people('U0CAROL') }),
]);

let written = 0;

async function store({ ledger }: Harness, workflowId: string, order: Partial<Order> = {}, rest = {}): Promise<void> {
  written += 1;
  const ended = { outcome: 'not_sent', because: { kind: 'too_late' }, answer: noAnswer } as const;
  const known = { environment: 'prod', organization: 'acme-prod', verb: 'pause', workflowId, ...order } as const;
  await storeRequest(ledger, submission(`R${written}`, known, rest), { type: 'ended', data: ended });
}

async function storeMany(harness: Harness, count: number, prefix = 'LOAD'): Promise<void> {
  for (let nth = 1; nth <= count; nth++) await store(harness, `${prefix}${nth}`);
}

/** The button's value; null without a button. */
function valueIn(message: Message): string | null {
  const elements = acceptedBlocks(message).flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const [button] = elements as unknown as readonly { action_id: string; value: string }[];
  if (button === undefined) return null;
  expect(button.action_id).toBe('older_requests');
  return button.value;
}

const press = (
  { ports, invocation }: Harness,
  person: string,
  value: string | null,
  channel = 'C0OPS',
  rules: Policy = policy,
): Promise<OlderHistory> => {
  const body = pressedBody.parse({
    user: { id: person },
    team: { id: 'T0ACME' },
    channel: { id: channel },
    trigger_id: invocation(person).interaction,
    actions: [{ value: value ?? 'none' }],
  });
  return olderHistory(body, { ...ports, policy: () => rules });
};

/** The workflows of a page. */
const namesIn = ({ message }: { readonly message: Message }) =>
  linesOf(message).flatMap((line) => /^\P{L}+ pause (\S+) \(/u.exec(line)?.[1] ?? []);

const names = (prefix: string, from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, nth) => `${prefix}${from - nth}`);

async function olderValue(harness: Harness, person: string, text: string, channel?: string): Promise<string> {
  const value = valueIn(await harness.answer(person, text, channel));
  if (value === null) throw new Error('there is no button');
  return value;
}

/** The value with another filter or place. */
const forged = (value: string, change: object) => JSON.stringify({ ...JSON.parse(value), ...change });

describe('the button below a history', () => {
  it('is answered with the page before, which takes its place, until there is none', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 23);
    const first = await harness.answer('U0ALICE', 'history');
    expect(namesIn({ message: first })).toEqual(names('LOAD', 23, 14));
    const second = await press(harness, 'U0ALICE', valueIn(first));
    expect(linesOf(second.message)[0]).toBe('Older requests in this channel:');
    expect([namesIn(second), second.replaces]).toEqual([names('LOAD', 13, 4), true]);
    const third = await press(harness, 'U0ALICE', valueIn(second.message));
    expect([namesIn(third), valueIn(third.message)]).toEqual([names('LOAD', 3, 1), null]);
  });

  it('shows the same page when it is pressed twice', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    const value = await olderValue(harness, 'U0ALICE', 'history');
    const one = await press(harness, 'U0ALICE', value);
    await store(harness, 'LATE');
    expect(await press(harness, 'U0ALICE', value)).toEqual(one);
  });

  it('keeps the filters, and the beginning of the period', async () => {
    await using harness = await openHarness(policy);
    for (let nth = 1; nth <= 12; nth++) {
      await store(harness, 'LOAD9', { environment: 'stage', organization: 'acme-stage' }, { requester: 'U0BOB' });
      await store(harness, 'LOAD9', { environment: 'stage', organization: 'acme-stage' });
      await store(harness, 'LOAD9', {}, { requester: 'U0BOB' });
    }
    for (const filters of ['LOAD9 <@U0BOB> --env stage 7d', '<@U0BOB> --env stage', '<@U0BOB> 30m LOAD9 --env stage']) {
      const first = await harness.answer('U0ALICE', `history ${filters}`);
      const older = await press(harness, 'U0ALICE', valueIn(first));
      for (const lines of [linesOf(first), linesOf(older.message)]) {
        expect(lines[0]).toMatch(/: (LOAD9 \(stage\)|stage) · asked or confirmed by @U0BOB( · since \{time\})?$/);
        expect(lines.filter((line) => line.startsWith('@')).every((line) => line.startsWith('@U0BOB'))).toBe(true);
        expect(lines.filter((line) => line.includes(' pause ')).every((line) => line.includes('(stage)'))).toBe(true);
      }
      expect([namesIn({ message: first }).length, namesIn(older).length]).toEqual([10, 2]);
    }
  });

  it('has a value that Slack accepts, also with the longest names', async () => {
    const alias = { name: 'n'.repeat(64), workflowId: 'W'.repeat(64), environment: 'stage', label: null };
    const environments = ['prod', 'stage'];
    await using harness = await openHarness(policy, { environments, defaultEnvironment: 'prod', aliases: [alias] });
    const order = { environment: 'stage', organization: 'acme-stage', alias: alias.name };
    for (let nth = 1; nth <= 12; nth++) await store(harness, alias.workflowId, order, { requester: 'U0BOB' });
    const value = await olderValue(harness, 'U0ALICE', `history ${alias.name} <@U0BOB> 7d`);
    expect(value.length).toBeLessThanOrEqual(2_000);
    expect(linesOf((await press(harness, 'U0ALICE', value)).message)[0]).toContain(
      `${alias.name} (${alias.workflowId})`,
    );
  });

  it('says that nothing is older, and leaves the page where it is', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    const value = await olderValue(harness, 'U0ALICE', 'history');
    const { message, replaces } = await press(harness, 'U0ALICE', forged(value, { others: [1, ''], refused: [1, ''] }));
    expect(linesOf(message)).toEqual(['No older requests in this channel that you may see.']);
    expect([valueIn(message), replaces]).toEqual([null, false]);
  });
});

describe('a press of that button is judged anew', () => {
  it('by the rights of now: a press without them is refused, and recorded', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    const value = await olderValue(harness, 'U0ALICE', 'history');
    const { message, replaces } = await press(harness, 'U0ALICE', value, 'C0OPS', policyOf(policy.rules.slice(1)));
    expect(linesOf(message)).toEqual([expect.stringContaining('and you are not among them')]);
    expect(replaces).toBe(false);
    const [recorded] = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: true, limit: 1 });
    expect(recorded).toMatchObject({ requester: 'U0ALICE', order: { verb: 'history' }, state: 'refused' });
  });

  it('for each request: another person’s button shows no more than the own rights', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 3, 'LOAD');
    await storeMany(harness, 12, 'WKF');
    const value = await olderValue(harness, 'U0ALICE', 'history');
    expect(namesIn(await press(harness, 'U0ALICE', value))).toEqual([...names('WKF', 2, 1), ...names('LOAD', 3, 1)]);
    expect(namesIn(await press(harness, 'U0BOB', value))).toEqual(names('LOAD', 3, 1));
  });

  it('for the channel of the press, never for another one', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    await store(harness, 'MKT1', {}, { channel: 'C0MKT' });
    const value = await olderValue(harness, 'U0ALICE', 'history');
    const places = { others: [Number.MAX_SAFE_INTEGER, ''], refused: [0, ''], channel: 'C0OPS' };
    expect(namesIn(await press(harness, 'U0CAROL', forged(value, places), 'C0MKT'))).toEqual(['MKT1']);
    const elsewhere = await press(harness, 'U0ALICE', forged(value, places), 'C0MKT');
    expect(linesOf(elsewhere.message)).toEqual([expect.stringContaining('You may do this in #C0OPS, not here.')]);
  });

  it('for the environment and the workflow that the value names', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    await store(harness, 'LOAD1', { environment: 'stage', organization: 'acme-stage' });
    const value = await olderValue(harness, 'U0BOB', 'history');
    const newest = { others: [Number.MAX_SAFE_INTEGER, ''], refused: [0, ''] };
    const ofStage = await press(harness, 'U0BOB', forged(value, { ...newest, environment: 'stage' }));
    expect(linesOf(ofStage.message)).toEqual([expect.stringContaining('and you are not among them')]);
    const workflow = { workflow: { id: 'WKF110', alias: 'LOAD1' }, environment: 'prod' };
    expect(linesOf((await press(harness, 'U0BOB', forged(value, { ...newest, ...workflow }))).message)).toEqual([
      expect.stringContaining('and you are not among them'),
    ]);
    expect(namesIn(await press(harness, 'U0ALICE', forged(value, { ...newest, environment: 'stage' })))).toEqual([
      'LOAD1',
    ]);
  });

  it('and does nothing for an environment that is gone, or a value that is none', async () => {
    await using harness = await openHarness(policy);
    await storeMany(harness, 12);
    const value = await olderValue(harness, 'U0ALICE', 'history');
    const values = [
      forged(value, { environment: 'gone' }),
      ...['', 'none', 'null', '[]', '{}', '{', '"'.repeat(2_000)],
      forged(value, { others: null }),
      forged(value, { others: ['now', ''] }),
      forged(value, { refused: [-1, ''] }),
      forged(value, { refused: [1e300, ''] }),
      forged(value, { others: [1, 'x'.repeat(17)] }),
      forged(value, { others: [1, '\u0000'] }),
      forged(value, { others: [1, '', 'more'] }),
      forged(value, { person: 'U0BOB> <@U0EVE' }),
      forged(value, { person: { $ne: null } }),
      forged(value, { workflow: { id: '*', alias: null }, environment: 'prod' }),
      forged(value, { workflow: { id: 'WKF110', alias: null }, environment: null }),
      forged(value, { environment: 'e'.repeat(65) }),
      forged(value, { since: 0.5 }),
    ];
    for (const one of values) {
      const { message, replaces } = await press(harness, 'U0ALICE', one);
      expect([one, linesOf(message)]).toEqual([one, [expect.stringContaining('This button does nothing any more.')]]);
      expect(replaces).toBe(false);
    }
    expect(readOlderButton(value)).not.toBeNull();
  });
});
