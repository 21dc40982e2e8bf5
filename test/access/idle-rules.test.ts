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

/** Whether the later of two rules that are alike but for this is unreachable. */
function isHidden(later: Partial<Rule>, earlier: Partial<Rule> = {}): boolean {
  return unreachable(ruleOf('earlier', earlier), ruleOf('later', later)).includes('later');
}

describe('a rule can never decide', () => {
  it.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['behind its like', {}, {}],
    ['behind its like that is stricter', {}, { reasonRequired: true }],
    ['behind one with more channels', {}, { channels: setOf('C0NIGHT', 'C0OPS') }],
    ['behind one with more users', {}, { people: people('U0BOB', 'U0ALICE', 'S0OPS') }],
    ['behind one with its group and more', { people: people('S0OPS') }, { people: people('U0ALICE', 'S0OPS') }],
    ['behind one with more environments', {}, { environments: setOf('stage', 'prod') }],
    ['behind one with more workflows', { workflows: workflow('WKF1*') }, { workflows: workflow('wkf*') }],
    ['behind one with its alias and more', { workflows: workflow('WKF1', 'prod') }, { workflows: workflow('WKF1') }],
    ['behind one with an alias that is all it can mean', {}, { workflows: workflow('*', 'prod') }],
    ['behind one with more commands', { actions: start }, {}],
    ['without a channel', { channels: setOf() }, { actions: start }],
    ['without people', { people: people() }, { actions: start }],
    ['without an environment', { environments: setOf() }, { actions: start }],
    ['without a workflow', { workflows: [] }, { actions: start }],
    ['without a command', { actions: setOf() }, { actions: start }],
    ['with an alias of an environment that it has not', { workflows: workflow('WKF1', 'stage') }, { actions: start }],
  ])('%s', (_, later, earlier) => {
    expect(isHidden(later, earlier)).toBe(true);
  });

  it('behind several that together leave nothing to it', () => {
    const halves = [ruleOf('starts', { actions: start }), ruleOf('pauses', { actions: setOf<Action>('pause') })];
    const both = ruleOf('both', { actions: setOf<Action>('start', 'pause') });
    expect(unreachable(...halves, both)).toEqual(['both']);
    expect(unreachable(both, ...halves)).toEqual(['starts', 'pauses']);
    expect(unreachable(...halves.slice(1), both)).toEqual([]);
  });

  it('behind aliases that together are all that it can mean', () => {
    const prod = ruleOf('prod', { workflows: workflow('WKF1', 'prod') });
    const stage = ruleOf('stage', { workflows: workflow('wkf1', 'stage'), environments: setOf('stage') });
    const both = ruleOf('both', { workflows: workflow('WKF1'), environments: setOf('prod', 'stage') });
    expect(unreachable(prod, stage, both)).toEqual(['both']);
    expect(unreachable(prod, both)).toEqual([]);
  });
});

describe('a rule can decide', () => {
  it.each<[string, Partial<Rule>, Partial<Rule>]>([
    ['in a channel of its own', { channels: setOf('C0OPS', 'C0NIGHT') }, {}],
    ['for somebody of its own', { people: people('U0ALICE', 'U0BOB') }, {}],
    ['for a group behind a user, who may not be all of it', { people: people('S0OPS') }, {}],
    ['for a user behind a group, of which the user may be none', {}, { people: people('S0OPS') }],
    ['for another group', { people: people('S0LEADS') }, { people: people('S0OPS') }],
    ['in an environment of its own', { environments: setOf('prod', 'stage') }, {}],
    ['on a workflow of its own', { workflows: workflow('WKF*') }, { workflows: workflow('WKF1*') }],
    ['on all behind an alias', { workflows: workflow('WKF1') }, { workflows: workflow('WKF1', 'stage') }],
    ['with a command of its own', {}, { actions: start }],
    ['behind one that can never decide itself', {}, { channels: setOf() }],
  ])('%s', (_, later, earlier) => {
    expect(isHidden(later, earlier)).toBe(false);
  });

  it('before its like', () => {
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
    ['a freeze of all, whatever else', { actions: freezes, workflows: named('BIG*', '**') }, undefined],
    ['what else it has to a freeze of some', { actions: all, workflows: named('BIG*') }, undefined],
    [
      'a stop of what is protected',
      { actions: setOf<Action>('stop'), workflows: named('Tracking', 'WKF9') },
      'protected',
    ],
    ['a stop and a freeze of what is protected', { actions: all, workflows: named('Tracking') }, 'protected'],
    ['a look at what is protected', { actions: setOf<Action>('status'), workflows: named('tracking') }, undefined],
    ['a stop of what only begins like it', { actions: all, workflows: named('track*') }, undefined],
    ['an alias of another environment', { workflows: workflow('WKF1', 'stage') }, 'elsewhere'],
    ['anybody', { people: people() }, 'empty'],
    ['a workflow', { workflows: [] }, 'empty'],
  ])('%s', (_, change, why) => {
    expect(alone(change)).toBe(why);
  });

  it('what rules before it decide, which is another reason', () => {
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

/** That the living rules decide as all do: then none of the others ever decides. Whether something is permitted. */
function expectAlike(rules: readonly Rule[], living: readonly Rule[], question: Question): boolean {
  const decision = decide(policyOf(rules, oneProtected), question);
  const isNoRules = !decision.permitted && /^(not_permitted|wrong_channel)$/.test(decision.refusal.reason);
  const other = decide(policyOf(living, oneProtected), question);
  if (isNoRules) expect(other.permitted).toBe(false);
  else expect(other).toEqual(decision);
  return decision.permitted;
}

describe('whatever the rules are', () => {
  it('one that is called unreachable decides nothing, and nothing is otherwise without it', () => {
    const questions = fc.array(anyQuestion, { minLength: 20, maxLength: 20 });
    const met = { unreachable: 0, decided: 0, behindOthers: 0 };
    fc.assert(
      fc.property(anyRules, questions, (rules, asked) => {
        const closed = policyOf(rules, oneProtected);
        const dead = [...unusedRules(closed).keys()];
        const living = rules.filter((rule) => !dead.includes(rule));
        met.unreachable += dead.length;
        met.behindOthers += dead.filter((rule) => unusedRules(policyOf([rule], oneProtected)).size === 0).length;
        for (const question of asked) met.decided += expectAlike(rules, living, question) ? 1 : 0;
      }),
      { seed: 8, numRuns: 1_500 },
    );
    expect(met.unreachable).toBeGreaterThan(100);
    expect(met.behindOthers).toBeGreaterThan(30);
    expect(met.decided).toBeGreaterThan(1_000);
  });
});
