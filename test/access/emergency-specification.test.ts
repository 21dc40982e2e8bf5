import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/access/decide.ts';
import { decideEmergency, decideReview } from '../../src/access/emergency-decision.ts';
import { includes, type Policy } from '../../src/access/policy.ts';
import { anyPolicy, anyQuestion } from './any-policy.fixture.ts';
import { cast, named, places } from './cast.fixture.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { people, policyOf, ruleOf } from './policy.fixture.ts';
import { policy } from './rich-policy.fixture.ts';
import { channelOf, questionOf, rowsOf } from './specification-table.fixture.ts';

const minutes = 60_000;

const emergency = {
  people: people('U0DORA', 'U0ALICE', 'U0GINA', 'U0GRETA', 'U0DEE', 'S0ONCALL'),
  actions: new Set(['stop'] as const),
  afterMs: 2 * minutes,
  reviewBy: people('U0ANNA', 'U0NINA', 'S0ADMINS'),
};

const reasonFormat = { pattern: 'INC\\d+', hint: 'an incident' };

/** The rich policy, with an emergency in two of its rules. */
const rules: Policy = {
  ...policy,
  rules: policy.rules.map((rule) => {
    if (rule.name === 'Billing takes two') return { ...rule, emergency };
    return rule.name === 'Leads stop' ? { ...rule, emergency, reasonFormat } : rule;
  }),
};

/** who declares it | how many seconds after the question | the reason | whose request | where | command | workflow | environment | reason | when | decision */
function specify(title: string, table: string): void {
  describe(title, () => {
    it.each(rowsOf(table))('$row: $decision', ({ cells, decision }) => {
      expect(cells).toHaveLength(11);
      const [who = '', after, because = '', requester = '', where = ''] = cells;
      const question = questionOf([requester, ...cells.slice(4, 10)]);
      const decided = decideEmergency(rules, {
        person: named(cast, who),
        requester: `U0${requester.toUpperCase()}`,
        asked: decide(rules, question),
        questionAt: question.at,
        declaredAt: question.at + Number(after) * 1_000,
        reason: because === '-' ? '' : because,
        channel: channelOf(where),
        place: named(places, where),
      });
      expect(formatDecision(decided)).toBe(decision);
    });
  });
}

const billing = '✓ Billing takes two [2 of @leads carol, others only, 15 min]';

specify(
  'Whoever the rule names may declare it, once the approvers have had their time',
  `
  dora    120   fire     alice  ops  stop   BILL1   prod   why  -  ${billing}
  dora    119   fire     alice  ops  stop   BILL1   prod   why  -  ✗ too_early_for_emergency: from 2026-03-10 12:02
  dora    0     fire     alice  ops  stop   BILL1   prod   why  -  ✗ too_early_for_emergency: from 2026-03-10 12:02
  nina    86400  fire    alice  ops  stop   BILL1   prod   why  -  ${billing}
  alice   120   fire     alice  ops  stop   BILL1   prod   why  -  ${billing}
  gina    120   fire     alice  ops  stop   BILL1   prod   why  -  ${billing}
  nina    120   INC1     lars   ops  stop   WKF777  stage  why  -  ✓ Leads stop [1 of @leads, others only, 10 min]
`,
);

specify(
  'Nobody else may: no approver, no requester, no reviewer, no other lead',
  `
  carol   120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ not_in_emergency: @oncall alice dee dora gina greta
  lars    120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ not_in_emergency: @oncall alice dee dora gina greta
  lars    120   INC1     lars   ops  stop   WKF777  stage  why  -  ✗ not_in_emergency: @oncall alice dee dora gina greta
  adam    120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ not_in_emergency: @oncall alice dee dora gina greta
  eve     0     -        alice  ops  stop   BILL1   prod   why  -  ✗ not_in_emergency: @oncall alice dee dora gina greta
  greta   120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ guest
  dee     120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ deactivated
  robot   120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ bot
  wilma   120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ other_workspace
  unseen  120   fire     alice  ops  stop   BILL1   prod   why  -  ✗ lookup_failed: person
  dora    120   fire     alice  lost  stop  BILL1   prod   why  -  ✗ lookup_failed: channel
`,
);

specify(
  'A command that the rule does not list has no emergency, nor has one that another rule decides',
  `
  dora    120   fire     alice  ops    start  BILL1         prod  why  -  ✗ no_emergency: Billing takes two
  nina    120   fire     oscar  ops    stop   nightly-load  prod  -    -  ✗ no_emergency: Operators stop
  dora    120   fire     adam   admin  stop   WKF1          prod  -    -  ✗ no_emergency: Admins
`,
);

specify(
  'It needs a reason, in the format of the rule',
  `
  dora    120   -        alice  ops  stop   BILL1   prod   why  -  ✗ emergency_needs_reason
  nina    120   fire     lars   ops  stop   WKF777  stage  why  -  ✗ reason_mismatch: Leads stop
  nina    0     -        lars   ops  stop   WKF777  stage  why  -  ✗ too_early_for_emergency: from 2026-03-10 12:02
`,
);

specify(
  'It permits nothing that the requester may not ask for now: without rights, in a freeze, of a protected workflow',
  `
  dora    120   fire     eve     ops    stop   BILL1    prod  why  -                 ✗ requester_refused
  dora    120   fire     alice   ops    stop   BILL1    prod  -    -                 ✗ reason_required: Billing takes two
  dora    120   fire     alice   ops    stop   BILL1    prod  why  2026-11-27 12:00  ✗ frozen until 2026-11-28 00:00: Black Friday
  dora    120   fire     alice   ops    stop   BILL1    prod  why  2026-12-25 12:00  ${billing}
  dora    120   fire     lars    ops    stop   billing  prod  why  -                 ✗ protected_workflow: technical
  dora    120   fire     dee     ops    stop   BILL1    prod  why  -                 ✗ requester_refused
`,
);

const later = policyOf([ruleOf('Billing takes two')]);

/** who reviews it | who declared it | by which rules | the comment | decision */
describe('A review', () => {
  it.each(
    rowsOf(`
  anna    dora   rules  fine  ✓ Billing takes two
  adam    dora   rules  fine  ✓ Billing takes two
  nina    dora   rules  fine  ✓ Billing takes two
  nina    nina   rules  fine  ✗ own_emergency: @admins anna
  anna    dora   rules  -     ✗ review_needs_comment
  dora    dora   rules  fine  ✗ own_emergency: @admins anna nina
  carol   dora   rules  fine  ✗ not_a_reviewer: @admins anna nina
  alice   dora   rules  -     ✗ not_a_reviewer: @admins anna nina
  greta   dora   rules  fine  ✗ guest
  unseen  dora   rules  fine  ✗ lookup_failed: person
  carol   dora   later  fine  ✓ Billing takes two
  anna    dora   later  fine  ✗ not_a_reviewer: carol
  carol   carol  later  fine  ✗ own_emergency: nobody
`),
  )('$row: $decision', ({ cells, decision }) => {
    const [who = '', by = '', rulesOf, comment = ''] = cells;
    const decided = decideReview(rulesOf === 'rules' ? rules : later, {
      person: named(cast, who),
      place: named(places, 'ops'),
      channel: channelOf('ops'),
      declaredBy: `U0${by.toUpperCase()}`,
      rule: 'Billing takes two',
      namedThen: people('U0CAROL'),
      comment: comment === '-' ? '' : comment,
    });
    expect(formatDecision(decided)).toBe(decision);
  });
});

const anyPeople = fc.subarray(['U0ONE', 'U0TWO', 'U0THREE', 'U0FOUR', 'S0ONE', 'S0TWO']).map((ids) => people(...ids));

const anyEmergency = fc.record({
  people: anyPeople,
  actions: fc.subarray(['start', 'pause', 'stop', 'freeze'] as const).map((all) => new Set(all)),
  afterMs: fc.integer({ min: 1_000, max: 10 * minutes }),
  reviewBy: anyPeople,
});

/** Each rule has an emergency, whether it has a use or not. */
const anyDeclarable: fc.Arbitrary<Policy> = fc
  .tuple(anyPolicy, fc.array(anyEmergency, { minLength: 6, maxLength: 6 }))
  .map(([{ rules, ...rest }, emergencies]) => ({
    ...rest,
    rules: rules.map((rule, index) => ({ ...rule, ...(emergencies[index] && { emergency: emergencies[index] }) })),
  }));

describe('an emergency', () => {
  it('permits only what the requester may ask for, whom its rule names, with a reason, never before its time', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(
        anyDeclarable,
        anyQuestion,
        anyQuestion,
        fc.integer({ min: 0, max: 20 * minutes }),
        fc.constantFrom('', 'fire'),
        (all, question, { person }, waitedMs, reason) => {
          const asked = decide(all, { ...question, hasReason: true });
          const requester = question.person.ok ? question.person.value.id : '';
          const times = { questionAt: question.at, declaredAt: question.at + waitedMs };
          const decision = decideEmergency(all, { ...question, person, requester, asked, ...times, reason });
          met.add(decision.permitted ? 'permitted' : decision.refusal.reason);
          if (!decision.permitted) return;
          const rule = all.rules.find(({ name }) => asked.permitted && name === asked.rule);
          expect(rule?.approval?.from).not.toBe('requester');
          expect(rule?.emergency?.actions.has(question.action)).toBe(true);
          expect(rule?.channels.has(question.channel)).toBe(true);
          expect(person.ok && rule?.emergency && includes(rule.emergency.people, person.value)).toBe(true);
          expect(waitedMs).toBeGreaterThanOrEqual(rule?.emergency?.afterMs ?? Number.POSITIVE_INFINITY);
          expect(reason).not.toBe('');
        },
      ),
      { seed: 20_261_130, numRuns: 3_000 },
    );
    const kinds = [
      'permitted',
      'no_emergency',
      'not_in_emergency',
      'too_early_for_emergency',
      'emergency_needs_reason',
    ];
    expect([...met]).toEqual(expect.arrayContaining([...kinds, 'guest', 'frozen']));
  });

  it('changes no decision on what may be asked, and no confirmation', () => {
    fc.assert(
      fc.property(anyDeclarable, anyQuestion, (all, question) => {
        const without = { ...all, rules: all.rules.map(({ emergency: _, ...rule }) => rule) };
        const [now, before] = [decide(all, question), decide(without, question)];
        // Only where too few others may confirm it, it is asked all the same.
        if (!before.permitted && before.refusal.reason === 'too_few_approvers') return;
        expect(formatDecision(now)).toBe(formatDecision(before));
      }),
      { seed: 20_261_130, numRuns: 1_000 },
    );
  });
});
