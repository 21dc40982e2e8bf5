import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Question } from '../../src/access/decide.ts';
import type { Action, Rule } from '../../src/access/policy.ts';
import { type UnusedReason, unusedRules } from '../../src/access/unused-rules.ts';
import { anyQuestion, anyRules } from './any-policy.fixture.ts';
import { people, policyOf, ruleOf } from './policy.fixture.ts';
import { policy } from './rich-policy.fixture.ts';

const setOf = <T>(...all: readonly T[]) => new Set(all);
const workflow = (id: string, environment: string | null = null) => [{ id, environment }];
const start = setOf<Action>('start');

function unreachable(...rules: readonly Rule[]): readonly string[] {
  return [...unusedRules(policyOf(rules)).keys()].map(({ name }) => name);
}

/** Whether the later of two rules that differ only in this is unreachable. */
function isHidden(later: Partial<Rule>, earlier: Partial<Rule> = {}): boolean {
  return unreachable(ruleOf('earlier', earlier), ruleOf('later', later)).includes('later');
}

describe('a rule can never decide', () => {
  it.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['behind an identical one', {}, {}],
    ['behind an identical one that is stricter', {}, { reasonRequired: true }],
    ['behind one with more channels', {}, { channels: setOf('C0NIGHT', 'C0OPS') }],
    ['behind one with more users', {}, { people: people('U0BOB', 'U0ALICE', 'S0OPS') }],
    ['behind one with its group and more', { people: people('S0OPS') }, { people: people('U0ALICE', 'S0OPS') }],
    ['behind one with more environments', {}, { environments: setOf('stage', 'prod') }],
    ['behind one with more workflows', { workflows: workflow('WKF1*') }, { workflows: workflow('wkf*') }],
    ['behind one with its alias and more', { workflows: workflow('WKF1', 'prod') }, { workflows: workflow('WKF1') }],
    ['behind one with an alias that is everything it can match', {}, { workflows: workflow('*', 'prod') }],
    ['behind one with more commands', { actions: start }, {}],
    ['without a channel', { channels: setOf() }, { actions: start }],
    ['without people', { people: people() }, { actions: start }],
    ['without an environment', { environments: setOf() }, { actions: start }],
    ['without a workflow', { workflows: [] }, { actions: start }],
    ['without a command', { actions: setOf() }, { actions: start }],
    [
      'with an alias of an environment that it does not list',
      { workflows: workflow('WKF1', 'stage') },
      { actions: start },
    ],
  ])('%s', (_, later, earlier) => {
    expect(isHidden(later, earlier)).toBe(true);
  });

  it('behind several that together match everything it matches', () => {
    const halves = [ruleOf('starts', { actions: start }), ruleOf('pauses', { actions: setOf<Action>('pause') })];
    const both = ruleOf('both', { actions: setOf<Action>('start', 'pause') });
    expect(unreachable(...halves, both)).toEqual(['both']);
    expect(unreachable(both, ...halves)).toEqual(['starts', 'pauses']);
    expect(unreachable(...halves.slice(1), both)).toEqual([]);
  });

  it('behind aliases that together are everything it can match', () => {
    const prod = ruleOf('prod', { workflows: workflow('WKF1', 'prod') });
    const stage = ruleOf('stage', { workflows: workflow('wkf1', 'stage'), environments: setOf('stage') });
    const both = ruleOf('both', { workflows: workflow('WKF1'), environments: setOf('prod', 'stage') });
    expect(unreachable(prod, stage, both)).toEqual(['both']);
    expect(unreachable(prod, both)).toEqual([]);
  });
});

describe('a rule can decide', () => {
  it.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['in another channel', { channels: setOf('C0OPS', 'C0NIGHT') }, {}],
    ['for another user', { people: people('U0ALICE', 'U0BOB') }, {}],
    ['for a group behind a user, who may not be its only member', { people: people('S0OPS') }, {}],
    ['for a user behind a group, of which the user may not be a member', {}, { people: people('S0OPS') }],
    ['for another group', { people: people('S0LEADS') }, { people: people('S0OPS') }],
    ['in another environment', { environments: setOf('prod', 'stage') }, {}],
    ['on another workflow', { workflows: workflow('WKF*') }, { workflows: workflow('WKF1*') }],
    ['on all behind an alias', { workflows: workflow('WKF1') }, { workflows: workflow('WKF1', 'stage') }],
    ['with another command', {}, { actions: start }],
    ['behind one that can never decide', {}, { channels: setOf() }],
  ])('%s', (_, later, earlier) => {
    expect(isHidden(later, earlier)).toBe(false);
  });

  it('before an identical one', () => {
    expect(unreachable(ruleOf('first'), ruleOf('second'), ruleOf('third'))).toEqual(['second', 'third']);
  });

  it('where there are no others', () => {
    expect(unreachable(ruleOf('only'))).toEqual([]);
    expect(unreachable()).toEqual([]);
  });
});

describe('a rule can never permit', () => {
  const alone = (change: Partial<Rule>): UnusedReason | undefined => {
    const rule = ruleOf('alone', change);
    return unusedRules(policyOf([rule], { protectedWorkflows: setOf('tracking', 'wkf9') })).get(rule);
  };
  const named = (...ids: readonly string[]) => ids.map((id) => ({ id, environment: null }));
  const freezes = setOf<Action>('freeze', 'unfreeze');
  const all = setOf<Action>('freeze', 'stop');

  it.each<[string, Partial<Rule>, UnusedReason | undefined]>([
    ['a freeze of some workflows', { actions: freezes, workflows: named('BIG*', 'WKF1') }, 'not_all'],
    [
      'a freeze of all in the environment of an alias',
      { actions: freezes, workflows: workflow('*', 'prod') },
      undefined,
    ],
    ['a freeze of all workflows, besides others', { actions: freezes, workflows: named('BIG*', '**') }, undefined],
    ['adds its other actions to a freeze of some workflows', { actions: all, workflows: named('BIG*') }, undefined],
    [
      'a stop of a protected workflow',
      { actions: setOf<Action>('stop'), workflows: named('Tracking', 'WKF9') },
      'protected',
    ],
    ['a stop and a freeze of a protected workflow', { actions: all, workflows: named('Tracking') }, 'protected'],
    ['a query on a protected workflow', { actions: setOf<Action>('status'), workflows: named('tracking') }, undefined],
    ['a stop of a workflow with the same prefix', { actions: all, workflows: named('track*') }, undefined],
    ['an alias of another environment', { workflows: workflow('WKF1', 'stage') }, 'elsewhere'],
    ['anybody', { people: people() }, 'empty'],
    ['a workflow', { workflows: [] }, 'empty'],
  ])('%s', (_, change, why) => {
    expect(alone(change)).toBe(why);
  });

  it('what earlier rules decide, which is another reason', () => {
    const [first, second] = [ruleOf('first'), ruleOf('second')];
    expect(unusedRules(policyOf([first, second]))).toEqual(new Map([[second, 'covered']]));
  });

  it('behind a rule that only seems to decide it', () => {
    const stops = { actions: setOf<Action>('stop', 'freeze'), workflows: named('BIG*') };
    expect(unreachable(ruleOf('some', stops), ruleOf('freezes', { actions: freezes }))).toEqual([]);
  });
});

it('names the empty rules of the specification, and no others', () => {
  const found = [...unusedRules(policy).keys()].map(({ name }) => name);
  expect(found).toEqual(['No people', 'No channel', 'No environment', 'No workflow', 'No command']);
});

const oneProtected = { protectedWorkflows: setOf('load') };

/** Expects the same decision without the unreachable rules. Returns whether something is permitted. */
function expectSameDecision(rules: readonly Rule[], reachable: readonly Rule[], question: Question): boolean {
  const decision = decide(policyOf(rules, oneProtected), question);
  const isNoRules = !decision.permitted && /^(not_permitted|wrong_channel)$/.test(decision.refusal.reason);
  const other = decide(policyOf(reachable, oneProtected), question);
  if (isNoRules) expect(other.permitted).toBe(false);
  else expect(other).toEqual(decision);
  return decision.permitted;
}

describe('with any rules', () => {
  it('a rule reported as unreachable decides nothing, and removing it changes no decision', () => {
    const questions = fc.array(anyQuestion, { minLength: 20, maxLength: 20 });
    const met = { unreachable: 0, decided: 0, behindOthers: 0 };
    fc.assert(
      fc.property(anyRules, questions, (rules, asked) => {
        const closed = policyOf(rules, oneProtected);
        const dead = [...unusedRules(closed).keys()];
        const reachable = rules.filter((rule) => !dead.includes(rule));
        met.unreachable += dead.length;
        met.behindOthers += dead.filter((rule) => unusedRules(policyOf([rule], oneProtected)).size === 0).length;
        for (const question of asked) met.decided += expectSameDecision(rules, reachable, question) ? 1 : 0;
      }),
      { seed: 8, numRuns: 1_500 },
    );
    expect(met.unreachable).toBeGreaterThan(100);
    expect(met.behindOthers).toBeGreaterThan(30);
    expect(met.decided).toBeGreaterThan(1_000);
  });
});
