import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../../src/access/policy.ts';
import type { Verb } from '../../../src/commands/command.ts';
import type { Vocabulary } from '../../../src/commands/vocabulary/vocabulary.ts';
import type { Event, Observation } from '../../../src/requests/events.ts';
import { listMessage } from '../../../src/slack/answers/list.ts';
import { people, policyOf, ruleOf } from '../../access/policy.fixture.ts';
import { endedAs, noAnswer, samples } from '../../requests/events.fixture.ts';
import { storeRequest, submission } from '../../requests/ledger/ledger.fixture.ts';
import { contexts } from '../message-contexts.ts';
import { expectCompleteText, linesOf, smallPrintOf } from '../shown-text.ts';
import { type Harness, openHarness } from './harness.fixture.ts';

const vocabulary: Vocabulary = {
  environments: ['prod', 'stage'],
  defaultEnvironment: 'prod',
  aliases: [
    { name: 'nightly-load', workflowId: 'WKF110', environment: 'prod', label: 'Nightly *load* <!channel>' },
    { name: 'trial', workflowId: 'WKF300', environment: 'stage', label: null },
  ],
};

const policy = policyOf([
  ruleOf('Operators', { people: people('U0ALICE'), environments: new Set(['prod', 'stage']) }),
  ruleOf('Starters', { people: people('U0BOB'), actions: new Set(['start']) }),
  ruleOf('Readers', {
    people: people('U0CAROL'),
    actions: new Set(['status', 'history']),
    environments: new Set(['stage']),
  }),
]);

let written = 0;

async function store({ ledger }: Harness, workflowId: string, environment = 'prod', channel = 'C0OPS'): Promise<void> {
  written += 1;
  const ended = { outcome: 'not_sent', because: { kind: 'too_late' }, answer: noAnswer } as const;
  const order = { environment, organization: `acme-${environment}`, verb: 'pause', workflowId } as const;
  await storeRequest(ledger, submission(`L${written}`, order, { channel }), { type: 'ended', data: ended });
}

const states: Readonly<Record<string, Observation>> = {
  WKF110: { kind: 'seen', reading: 'in_progress', field: 'logicalStatus', raw: 'started' },
  WKF300: { kind: 'seen', reading: 'warning', field: 'logicalStatus', raw: 'warning' },
  WKF9: { kind: 'failed', reason: 'timeout' },
};

/** The answer, the workflows that were looked up, and those of them of which nothing older is shown. */
async function list(
  { ports, invocation }: Harness,
  person: string,
  environment: string | null = null,
  now = ports.now,
) {
  const lookedUp: string[] = [];
  const changing: string[] = [];
  const glance = async (id: string, isChanging = false): Promise<Observation> => {
    lookedUp.push(id);
    if (isChanging) changing.push(id);
    if (id === 'SLOW') await new Promise(() => {});
    if (id === 'BROKEN') throw new TypeError('an invalid ID');
    return states[id] ?? { kind: 'not_found' };
  };
  const campaign = () => ({ probe: glance, glance });
  const message = await listMessage(environment, invocation(person), { ...ports, campaign, now });
  return { message, lines: linesOf(message), lookedUp, changing };
}

describe('list', () => {
  it('shows nothing that was seen before a command that has just ended', async () => {
    await using harness = await openHarness(policy, vocabulary);
    await store(harness, 'WKF9');
    const [request] = await harness.ledger.recent({ channel: 'C0OPS', workflowKey: null, refused: false, limit: 1 });
    const listedAfter = (ms: number) => list(harness, 'U0ALICE', 'prod', () => (request?.end?.at ?? 0) + ms);
    expect((await listedAfter(59_000)).changing).toEqual(['WKF9']);
    expect((await listedAfter(61_000)).changing).toEqual([]);
  });

  it('shows aliases and recent IDs of this channel by environment, with their state and how they ended', async () => {
    await using harness = await openHarness(policy, vocabulary);
    await store(harness, 'WKF300', 'stage');
    await store(harness, 'WKF9');
    await store(harness, 'WKF8', 'prod', 'C0MKT');
    const { message, lines } = await list(harness, 'U0ALICE');
    expect(lines).toEqual([
      'Workflows that you may act on here:',
      'prod',
      'WKF9',
      'Not read · 🚫 pause · {time}',
      'nightly-load (WKF110) · Nightly *load* <!channel>',
      'In progress',
      'stage',
      'trial (WKF300)',
      'Paused or unfinished · 🚫 pause · {time}',
    ]);
    expect(smallPrintOf(message)).toBe('🚫 not sent');
    expect((await list(harness, 'U0ALICE', 'stage')).lines).toEqual([lines[0], ...lines.slice(6)]);
  });

  it('has ✅ only for an effect that was seen', async () => {
    await using harness = await openHarness(policy, { ...vocabulary, aliases: [] });
    const lastOf = async (verb: Verb, ...observed: readonly Observation[]) => {
      written += 1;
      const order = { environment: 'prod', organization: 'acme-prod', verb, workflowId: 'WKF110' };
      const seen = observed.map((observation): Event => ({ type: 'observed', data: { observation } }));
      const { granted, announcing, announced, approved, dispatching } = samples;
      const before = [granted, announcing, announced, approved, dispatching];
      await storeRequest(harness.ledger, submission(`L${written}`, order), ...before, endedAs('accepted'), ...seen);
      const { message, lines } = await list(harness, 'U0ALICE', 'prod');
      return [lines.at(-1), smallPrintOf(message)];
    };
    const inProgress = states.WKF110 as Observation;
    expect(await lastOf('start')).toEqual(['In progress · 📥 start · {time}', '📥 accepted']);
    expect(await lastOf('start', inProgress)).toEqual(['In progress · ✅ start · {time}', '✅ effect seen']);
    expect(await lastOf('pause', inProgress)).toEqual(['In progress · ⚠️ pause · {time}', '⚠️ other state seen']);
  });

  it('shows what Campaign shows only to people who may ask for the status, and outcomes only to those who see the history', async () => {
    await using harness = await openHarness(policy, vocabulary);
    await store(harness, 'WKF110');
    const bob = await list(harness, 'U0BOB');
    expect(bob.lines.slice(1)).toEqual(['prod', 'nightly-load (WKF110) · Nightly *load* <!channel>']);
    expect(bob.lookedUp).toEqual([]);
    const carol = await list(harness, 'U0CAROL');
    expect(carol.lines.slice(1)).toEqual(['stage', 'trial (WKF300)', 'Paused or unfinished']);
  });

  it('tells people whom no rule names what help tells them', async () => {
    await using harness = await openHarness(policy, vocabulary);
    const [line, ...more] = await harness.type('U0DAVE', 'list');
    expect(line).toContain('Nothing can be run from here by you.');
    expect(more).toEqual([]);
    expect(await harness.type('U0DAVE', 'list moon')).not.toContain('stage');
  });

  it('shows 15, and says how many more there are', async () => {
    await using harness = await openHarness(policy, { ...vocabulary, aliases: [] });
    for (let nth = 1; nth <= 17; nth++) await store(harness, `WKF${nth}00`);
    const { lines, lookedUp } = await list(harness, 'U0ALICE');
    expect(lookedUp).toHaveLength(15);
    expect(lines.at(2)).toBe('WKF1700');
    expect(lines.at(-1)).toBe('2 more are not shown.');
  });

  it('does not wait for a workflow that Campaign does not show in time, and is not ended by a failure', async () => {
    const names = ['SLOW', 'BROKEN', 'WKF110'];
    const aliases = names.map((id) => ({ name: `a-${id}`, workflowId: id, environment: 'prod', label: null }));
    await using harness = await openHarness(policy, { ...vocabulary, aliases });
    const { lines } = await list(harness, 'U0ALICE', 'prod');
    expect(lines.slice(2)).toEqual([
      ...['a-SLOW (SLOW)', 'Not read'],
      ...['a-BROKEN (BROKEN)', 'Not read'],
      ...['a-WKF110 (WKF110)', 'In progress'],
    ]);
  });

  it('finds the last request of an alias behind many others', async () => {
    await using harness = await openHarness(policy, vocabulary);
    await store(harness, 'WKF110');
    for (let nth = 1; nth <= 50; nth++) await store(harness, 'WKF7');
    const { lines } = await list(harness, 'U0ALICE', 'prod');
    expect(lines.slice(2)).toEqual([
      ...['WKF7', 'Not in Campaign · 🚫 pause · {time}'],
      ...['nightly-load (WKF110) · Nightly *load* <!channel>', 'In progress · 🚫 pause · {time}'],
    ]);
  });

  it('says that nothing is known yet', async () => {
    const start: Policy = policyOf([ruleOf('Operators', { people: people('U0ALICE') })]);
    await using harness = await openHarness(start, { ...vocabulary, aliases: [] });
    expect(await harness.type('U0ALICE', 'list')).toEqual([
      'No workflow is known here yet: there is no alias for you, and no request that you may see.',
    ]);
  });

  it.each(contexts)('is complete in $translator.locale, and fits into Slack’s limits', async (localized) => {
    const aliases = Array.from({ length: 20 }, (_, nth) => ({
      name: `${'n'.repeat(60)}${nth}`,
      workflowId: `${'W'.repeat(60)}${nth}`,
      environment: 'prod',
      label: 'l'.repeat(500),
    }));
    await using harness = await openHarness(policy, { ...vocabulary, aliases }, localized);
    await store(harness, 'WKF9');
    expectCompleteText((await list(harness, 'U0ALICE')).message);
  });
});
