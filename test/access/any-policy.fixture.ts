import fc from 'fast-check';
import type { Question } from '../../src/access/decide.ts';
import type { PlannedFreeze } from '../../src/access/freeze-windows.ts';
import { type Action, type Approval, isEnvironmentWide, type Policy, type Rule } from '../../src/access/policy.ts';
import { people, personOf, placeThatIs, policyOf } from './policy.fixture.ts';

const channels = ['C0ONE', 'C0TWO', 'C0THREE'] as const;
const ids = ['U0ONE', 'U0TWO', 'U0THREE', 'S0ONE', 'S0TWO'] as const;
const groups = ['S0ONE', 'S0TWO', 'S0THREE'] as const;
const environments = ['prod', 'stage'] as const;
const actions = ['start', 'stop', 'freeze', 'status', 'history'] as const satisfies readonly Action[];
const patterns = ['*', '*', 'WKF1', 'wkf*', 'W*2', 'load'] as const;

/** In the middle of the freezes that are made here. */
const now = 1_000_000;

const approvals: fc.Arbitrary<Approval | null> = fc.constantFrom(
  null,
  { from: people('U0ONE', 'S0ONE'), count: 2, requesterMayApprove: false, withinMs: 60_000 },
  { from: 'requester', count: 1, requesterMayApprove: true, withinMs: 1_000 },
);

/** A list that is seldom empty and often whole, so that rules are about something and about the same. */
function some<T>(all: readonly T[]): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
    { weight: 4, arbitrary: fc.constant<T[]>([...all]) },
    { weight: 8, arbitrary: fc.subarray([...all], { minLength: 1 }) },
  );
}

const nameless: fc.Arbitrary<Omit<Rule, 'name'>> = fc.record({
  channels: some(channels).map((all) => new Set<string>(all)),
  people: some(ids).map((all) => people(...all)),
  environments: some(environments).map((all) => new Set<string>(all)),
  workflows: fc.array(
    fc.record({ id: fc.constantFrom(...patterns), environment: fc.constantFrom(null, null, ...environments) }),
    { maxLength: 2 },
  ),
  actions: some(actions).map((all) => new Set<Action>(all)),
  reasonRequired: fc.boolean(),
  approval: approvals,
});

const anyFreeze: fc.Arbitrary<PlannedFreeze> = fc.record({
  environments: some(environments).map((all) => new Set<string>(all)),
  verbs: some(['start', 'stop'] as const).map((all) => new Set(all)),
  because: fc.constant('planned'),
  time: fc
    .record({ from: fc.integer({ min: now - 5, max: now + 2 }), lasts: fc.integer({ min: 1, max: 20 }) })
    .map(({ from, lasts }) => ({ kind: 'period', from, until: from + lasts }) as const),
});

/** Rules named by their places, `0`, `1` and so on; nothing is protected, no guests, no shared channels. */
export const anyRules: fc.Arbitrary<readonly Rule[]> = fc
  .array(nameless, { minLength: 1, maxLength: 5 })
  .map((rules) => rules.map((rule, index) => ({ ...rule, name: String(index) })));

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .tuple(anyRules, fc.array(anyFreeze, { maxLength: 2 }))
  .map(([rules, freezes]) => policyOf(rules, { freezes }));

const anybody = fc
  .record({
    id: fc.constantFrom('U0ONE', 'U0TWO', 'U0THREE', 'U0FOUR'),
    membership: fc.constantFrom('member' as const, 'member' as const, 'member' as const, 'guest' as const),
    groups: fc.subarray([...groups]),
  })
  .map(({ id, membership, groups }) => personOf(id, membership, ...groups));

/** The groups whose members are unknown. */
export const anyUnknown = fc.subarray([...groups]).map((all) => new Set<string>(all));

const anything = fc.oneof(
  fc
    .record({
      action: fc.constantFrom(...actions),
      environment: fc.constantFrom<string>(...environments),
      workflowId: fc.constantFrom('WKF1', 'WKF12', 'Load', 'other', '*'),
    })
    .map(({ action, environment, workflowId }) => ({
      action,
      environment,
      workflowId: isEnvironmentWide(action) ? '*' : workflowId,
    })),
  fc.record({
    action: fc.constantFrom('history' as const, 'status' as const),
    environment: fc.constantFrom<string | null>(null, ...environments),
    workflowId: fc.constantFrom(null, 'WKF1'),
  }),
);

export const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    what: anything,
    channel: fc.constantFrom(...channels),
    person: anybody,
    place: fc.constantFrom(placeThatIs(), placeThatIs(), placeThatIs(), placeThatIs({ archived: true })),
    hasReason: fc.boolean(),
    declared: fc.constantFrom(null, null, { because: 'declared', until: now + 10, request: 'ABCD2345' }),
  })
  .map(({ what, ...rest }) => ({ ...what, ...rest, at: now }));
