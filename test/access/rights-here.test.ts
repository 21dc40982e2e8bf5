import { describe, expect, it } from '@jest/globals';
import { refuse } from '../../src/access/decision.ts';
import type { Action, Approval } from '../../src/access/policy.ts';
import { confirmableBy } from '../../src/access/press-decision.ts';
import { rightsHere } from '../../src/access/rights-here.ts';
import { cast, named, places } from './cast.fixture.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { people, policyOf, ruleOf } from './policy.fixture.ts';
import { policy } from './rich-policy.fixture.ts';
import { channelOf } from './specification-table.fixture.ts';

/** "asks these, confirms those", or the reason for nothing. */
function rights(who: string, where: string, rules = policy): string {
  const here = rightsHere(rules, { person: named(cast, who), place: named(places, where), channel: channelOf(where) });
  if (here.kind === 'none') return formatDecision(refuse(here.refusal));
  const [asks, confirms] = [here.asks, here.confirms].map((all) => all.map(({ name }) => name).join(', '));
  return `asks: ${asks}; confirms: ${confirms}`;
}

describe('the actions permitted here', () => {
  it.each([
    ['oscar', 'ops', 'asks: Exports say why, Operators run, Operators stop; confirms: '],
    ['alice', 'ops', 'asks: Operators run, Billing takes two, Operators stop; confirms: '],
    ['oscar', 'night', 'asks: Operators run, Operators stop, Night looks back; confirms: '],
    ['lars', 'ops', 'asks: Billing takes two, Leads stop, Leads start; confirms: Billing takes two, Leads stop'],
    ['carol', 'ops', 'asks: ; confirms: Billing takes two'],
    ['adam', 'admin', 'asks: Admins; confirms: Admins'],
    ['gina', 'agency', 'asks: Agency mails; confirms: '],
    ['gustav', 'dev', 'asks: Developers play; confirms: '],
    ['alice', 'agency', 'asks: Agency mails; confirms: '],
    // Only empty rules name her there, and the rule that Adam would confirm permits only queries.
    ['eve', 'dev', '✗ not_permitted: @devs gustav in #dev'],
    ['adam', 'audit', '✗ wrong_channel: #admin'],
    ['carol', 'night', '✗ not_permitted: @oncall @operators alice in #night'],
    ['eve', 'random', '✗ not_permitted: @audit @leads @oncall @operators alice in #ops'],
    ['dora', 'ops', '✗ wrong_channel: #dev'],
    ['greta', 'ops', '✗ guest'],
    ['sam', 'agency', '✗ stranger'],
    ['robot', 'ops', '✗ bot'],
    ['dee', 'ops', '✗ deactivated'],
    ['wilma', 'ops', '✗ other_workspace'],
    ['alice', 'partner', '✗ shared_channel'],
    ['alice', 'attic', '✗ archived_channel'],
    ['alice', 'quiet', '✗ bot_not_in_channel'],
    ['eve', 'attic', '✗ not_permitted: alice in #attic'],
    ['alice', 'lost', '✗ lookup_failed: channel'],
    ['unseen', 'ops', '✗ lookup_failed: person'],
    ['ungrouped', 'ops', '✗ lookup_failed: @leads @operators'],
  ])('%s in %s: %s', (who, where, expected) => {
    expect(rights(who, where)).toBe(expected);
  });

  it('are none without rules, and nobody can help', () => {
    expect(rights('alice', 'ops', policyOf([]))).toBe('✗ not_permitted: nobody in no channel');
  });
});

it('includes who may declare an emergency, and who reviews it, where neither may ask or confirm', () => {
  const approval = { from: people('S0LEADS'), count: 1, requesterMayApprove: false, withinMs: 300_000 };
  const emergency = {
    people: people('U0DORA'),
    actions: new Set(['stop'] as const),
    afterMs: 1,
    reviewBy: people('U0EVE'),
  };
  const withEmergency = policyOf([ruleOf('Stops', { approval, emergency })]);
  const rightsOf = (who: string, where: string) => {
    const channel = channelOf(where);
    const here = rightsHere(withEmergency, { person: named(cast, who), place: named(places, where), channel });
    return here.kind === 'none'
      ? here.refusal.reason
      : { declares: here.declares.length, reviews: here.reviews.length };
  };
  expect(rightsOf('dora', 'ops')).toEqual({ declares: 1, reviews: 0 });
  expect(rightsOf('eve', 'ops')).toEqual({ declares: 0, reviews: 1 });
  expect(rightsOf('eve', 'night')).toBe('not_permitted');
  expect(rightsOf('carol', 'ops')).toBe('not_permitted');
});

it('names nothing that a rule permits without effect: a freeze of some workflows, or a stop of a protected workflow', () => {
  const rules = [
    ruleOf('some', { actions: new Set(['stop', 'freeze']), workflows: [{ id: 'BIG*', environment: null }] }),
    ruleOf('freezes', { actions: new Set(['freeze']), workflows: [{ id: 'BIG*', environment: null }] }),
    ruleOf('tracking', { actions: new Set(['stop', 'status']), workflows: [{ id: 'tracking', environment: null }] }),
  ];
  const closed = policyOf(rules, { protectedWorkflows: new Set(['tracking']) });
  const who = { person: named(cast, 'alice'), place: named(places, 'ops'), channel: 'C0OPS' };
  const here = rightsHere(closed, who);
  const names = here.kind === 'none' ? [] : here.asks.map(({ name, actions }) => [name, ...actions]);
  expect(names).toEqual([
    ['some', 'stop'],
    ['tracking', 'status'],
  ]);
});

const carols: Approval = { from: people('U0CAROL', 'S0LEADS'), count: 2, requesterMayApprove: false, withinMs: 1 };

describe('the requests that somebody may confirm here', () => {
  const nowhere = new Set<string>();
  const carol = { id: 'U0CAROL', membership: 'member', groups: nowhere, unknownGroups: new Map() } as const;
  const confirms = (...rules: Parameters<typeof policyOf>[0]) =>
    confirmableBy(policyOf(rules), 'C0OPS', carol).atOnce.map(({ name }) => name);

  it('are those whose rule names them as approvers in this channel', () => {
    expect(confirms(ruleOf('hers', { approval: carols }))).toEqual(['hers']);
    expect(confirms(ruleOf('elsewhere', { approval: carols, channels: new Set(['C0NIGHT']) }))).toEqual([]);
    expect(confirms(ruleOf('of others', { approval: { ...carols, from: people('U0EVE') } }))).toEqual([]);
    expect(confirms(ruleOf('of nobody', { approval: { ...carols, from: people() } }))).toEqual([]);
  });

  it('include nothing that its requester confirms, that nobody can request, or that needs no confirmation', () => {
    const asks = people('U0CAROL');
    expect(confirms(ruleOf('own', { people: asks, approval: { ...carols, from: 'requester' } }))).toEqual([]);
    expect(confirms(ruleOf('none', { people: asks }))).toEqual([]);
    expect(confirms(ruleOf('nobody asks', { people: people(), approval: carols }))).toEqual([]);
    const reads = new Set<Action>(['status', 'history', 'access']);
    expect(confirms(ruleOf('reads', { actions: reads, approval: carols }))).toEqual([]);
  });
});
