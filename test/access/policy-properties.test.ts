import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Question } from '../../src/access/decide.ts';
import type { Decision, LookUp, Person } from '../../src/access/decision.ts';
import { isReadAction, type People, type Policy, type Rule } from '../../src/access/policy.ts';
import { decidePress, type Press } from '../../src/access/press-decision.ts';
import { anyPolicy, anyQuestion, anyUnknown } from './any-policy.fixture.ts';
import { personOf, placeThatIs } from './policy.fixture.ts';

const runs = { seed: 20_261_012, numRuns: 1_500 };

/** Holds for any policy and question. All kinds of decisions that the test names must occur. */
function always(check: (policy: Policy, question: Question) => string | null, wanted: readonly string[]): void {
  const met = new Set<string>();
  fc.assert(
    fc.property(anyPolicy, anyQuestion, (policy, question) => {
      const kind = check(policy, question);
      if (kind !== null) met.add(kind);
    }),
    runs,
  );
  expect([...met]).toEqual(expect.arrayContaining([...wanted]));
}

const kindOf = (decision: Decision) => (decision.permitted ? 'permitted' : decision.refusal.reason);
const alone = (policy: Policy, rule: Rule): Policy => ({ ...policy, rules: [rule] });

/** The first rule that would permit it alone, without freezes and with a reason. */
function firstFor(policy: Policy, question: Question): Rule | undefined {
  const open = { ...question, hasReason: true, declared: null };
  return policy.rules.find((rule) => decide({ ...alone(policy, rule), freezes: [] }, open).permitted);
}

describe('the first rule that matches', () => {
  it('decides as it would alone, and without a match nothing is permitted', () => {
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        const first = firstFor(policy, question);
        if (first === undefined) expect(decision.permitted).toBe(false);
        else expect(decision).toEqual(decide(alone(policy, first), question));
        if (decision.permitted) expect(decision.rule).toBe(first?.name);
        return kindOf(decision);
      },
      ['permitted', 'reason_required', 'frozen', 'not_permitted', 'wrong_channel', 'archived_channel', 'guest'],
    );
  });

  it('is not bypassed by laxer rules after it', () => {
    always(
      (policy, question) => {
        const lax = policy.rules.map((rule) => ({ ...rule, name: 'lax', reasonRequired: false, approval: null }));
        const before = decide(policy, question);
        const after = decide({ ...policy, rules: [...policy.rules, ...lax] }, question);
        expect(after).toEqual(before);
        return before.permitted && before.approval !== null ? 'approval' : kindOf(before);
      },
      ['approval', 'reason_required', 'not_permitted'],
    );
  });
});

describe('a removed rule', () => {
  it('never leads to a permission that no remaining rule gives', () => {
    always(
      (policy, question) => {
        const permitted = policy.rules.flatMap((_, index) => {
          const rules = policy.rules.toSpliced(index, 1);
          const decision = decide({ ...policy, rules }, question);
          if (!decision.permitted) return [];
          const own = rules.find(({ name }) => name === decision.rule);
          expect(own && decide(alone(policy, own), question)).toEqual(decision);
          return [decision];
        });
        return permitted.length > 0 && !decide(policy, question).permitted ? 'permitted by a later one' : null;
      },
      ['permitted by a later one'],
    );
  });

  it('changes only the decisions it had made', () => {
    always(
      (policy, question) => {
        const before = decide(policy, question);
        const first = firstFor(policy, question);
        if (first === undefined) return null;
        for (const rule of policy.rules.filter((one) => one !== first)) {
          const rules = policy.rules.filter((one) => one !== rule);
          expect(decide({ ...policy, rules }, question)).toEqual(before);
        }
        return kindOf(before);
      },
      ['permitted', 'reason_required', 'frozen'],
    );
  });
});

describe('the order within a list', () => {
  it('changes no decision', () => {
    const backwards = <T>(set: ReadonlySet<T>) => new Set([...set].toReversed());
    const reordered = (rule: Rule): Rule => ({
      ...rule,
      channels: backwards(rule.channels),
      people: { users: backwards(rule.people.users), groups: backwards(rule.people.groups) },
      environments: backwards(rule.environments),
      workflows: rule.workflows.toReversed(),
      actions: backwards(rule.actions),
    });
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        const { freezes } = policy;
        const other = decide(
          { ...policy, rules: policy.rules.map(reordered), freezes: freezes.toReversed() },
          question,
        );
        expect(sorted(other)).toEqual(sorted(decision));
        return kindOf(decision);
      },
      ['permitted', 'not_permitted', 'wrong_channel', 'frozen'],
    );
  });
});

/** Jest compares sets without their order; the channels of a refusal are a list. */
function sorted(decision: Decision): Decision {
  if (decision.permitted || !('channels' in decision.refusal)) return decision;
  return { ...decision, refusal: { ...decision.refusal, channels: decision.refusal.channels.toSorted() } };
}

describe('an empty list', () => {
  const emptied = [
    ['channels', { channels: new Set<string>() }],
    ['people', { people: { users: new Set<string>(), groups: new Set<string>() } }],
    ['environments', { environments: new Set<string>() }],
    ['workflows', { workflows: [] }],
    ['commands', { actions: new Set<never>() }],
  ] as const;

  it.each(emptied)('of %s permits nothing, and hides no later rule', (_, none) => {
    always(
      (policy, question) => {
        const empty = policy.rules.map((rule) => ({ ...rule, ...none, name: 'empty' }));
        expect(decide({ ...policy, rules: empty }, question).permitted).toBe(false);
        const decision = decide(policy, question);
        expect(decide({ ...policy, rules: [...empty, ...policy.rules] }, question)).toEqual(decision);
        return kindOf(decision);
      },
      ['permitted', 'not_permitted', 'wrong_channel'],
    );
  });

  it('of rules permits nothing', () => {
    always(
      (policy, question) => {
        const decision = decide({ ...policy, rules: [] }, question);
        expect(decision.permitted).toBe(false);
        return kindOf(decision);
      },
      ['not_permitted', 'guest'],
    );
  });
});

describe('letter case', () => {
  it('of an ID does not bypass a stricter rule', () => {
    always(
      (policy, question) => {
        const { workflowId } = question;
        const decision = decide(policy, question);
        for (const typed of [workflowId?.toLowerCase(), workflowId?.toUpperCase()])
          expect(decide(policy, { ...question, workflowId: typed ?? null })).toEqual(decision);
        return decision.permitted && decision.approval !== null ? 'approval' : kindOf(decision);
      },
      ['approval', 'reason_required', 'permitted'],
    );
  });

  it('of an ID does not bypass the protection of a workflow', () => {
    always(
      (policy, question) => {
        const { workflowId } = question;
        const protectedWorkflows = new Set(['wkf1', 'load']);
        const decision = decide({ ...policy, protectedWorkflows }, question);
        const isOne = /^(wkf1|load)$/i.test(workflowId ?? '') && !isReadAction(question.action);
        if (isOne) expect(decision.permitted).toBe(false);
        else expect(decision).toEqual(decide(policy, question));
        return kindOf(decision);
      },
      ['protected_workflow', 'permitted'],
    );
  });
});

/** Each of these people, and for each group a person who is in no other one. */
function everyoneOf({ users, groups }: People) {
  return [...[...users].map((id) => personOf(id)), ...[...groups].map((id) => personOf('U0ANY', 'member', id))];
}

describe('the advice in a refusal', () => {
  /** With a reason, in that channel, without a freeze. */
  const wouldHelp = (policy: Policy, question: Question, change: Partial<Question>) =>
    decide(
      { ...policy, freezes: [] },
      { ...question, place: placeThatIs(), hasReason: true, declared: null, ...change },
    );

  it('is correct: each named person may do it in each named channel, and is not the requester', () => {
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        if (decision.permitted || decision.refusal.reason !== 'not_permitted') return null;
        const { permitted, channels } = decision.refusal;
        const helpers = everyoneOf(permitted);
        const may = channels.flatMap((channel) =>
          helpers.map((person) => wouldHelp(policy, question, { channel, person })),
        );
        expect(may.filter((one) => !one.permitted)).toEqual([]);
        for (const channel of channels) expect(wouldHelp(policy, question, { channel }).permitted).toBe(false);
        if (helpers.length === 0) return 'nobody';
        return channels.includes(question.channel) ? 'here' : 'elsewhere';
      },
      ['here', 'elsewhere', 'nobody'],
    );
  });

  it('names nobody only where nobody may do it anywhere, and then no channel', () => {
    const everybody = ['U0ONE', 'U0TWO', 'U0THREE'].map((id) => personOf(id, 'member', 'S0ONE', 'S0TWO'));
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        if (decision.permitted || decision.refusal.reason !== 'not_permitted') return null;
        const { permitted, channels } = decision.refusal;
        if (permitted.users.size + permitted.groups.size > 0) return 'somebody';
        expect(channels).toEqual([]);
        for (const channel of ['C0ONE', 'C0TWO', 'C0THREE'])
          for (const person of everybody)
            expect(wouldHelp(policy, question, { channel, person }).permitted).toBe(false);
        return 'nobody';
      },
      ['somebody', 'nobody'],
    );
  });

  it('names every other channel in which this person may do it, and no others', () => {
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        if (decision.permitted || decision.refusal.reason !== 'wrong_channel') return null;
        const may = ['C0ONE', 'C0TWO', 'C0THREE'].filter(
          (channel) => wouldHelp(policy, question, { channel }).permitted,
        );
        expect(decision.refusal.channels.toSorted()).toEqual(may.toSorted());
        expect(may).not.toContain(question.channel);
        return may.length > 1 ? 'several' : 'one';
      },
      ['one', 'several'],
    );
  });

  it('names the time from which no freeze is in force', () => {
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        if (decision.permitted || decision.refusal.reason !== 'frozen') return null;
        const { until, because } = decision.refusal;
        // Freezes that start later do not count here.
        const freezes = policy.freezes.filter(({ time }) => time.kind === 'period' && time.from <= question.at);
        const kindAt = (at: number) => kindOf(decide({ ...policy, freezes }, { ...question, at }));
        expect(kindAt(until)).not.toBe('frozen');
        expect(kindAt(until - 1)).toBe('frozen');
        return because;
      },
      ['planned', 'declared'],
    );
  });
});

describe('a freeze', () => {
  it('blocks no stop that it does not name, and nothing that only reads', () => {
    always(
      (policy, question) => {
        const freezes = policy.freezes.map((freeze) => ({ ...freeze, verbs: new Set(['start', 'resume'] as const) }));
        const decision = decide({ ...policy, freezes }, question);
        if (question.action === 'start') return kindOf(decision);
        expect(decision).toEqual(decide({ ...policy, freezes: [] }, { ...question, declared: null }));
        return question.action;
      },
      ['stop', 'freeze', 'status', 'history', 'frozen'],
    );
  });

  it('permits nothing: everything permitted with it is permitted without it', () => {
    always(
      (policy, question) => {
        const decision = decide(policy, question);
        const free = decide({ ...policy, freezes: [] }, { ...question, declared: null });
        if (kindOf(decision) !== 'frozen') expect(decision).toEqual(free);
        return kindOf(decision);
      },
      ['permitted', 'frozen'],
    );
  });
});

/** A person whose membership of these groups is unknown, and the possible persons: in some, all or none of them. */
function inDoubt(lookUp: LookUp<Person>, unknown: ReadonlySet<string>) {
  if (!lookUp.ok) throw new Error('somebody is needed');
  const groups = lookUp.value.groups.difference(unknown);
  let all: ReadonlySet<string>[] = [groups];
  for (const group of unknown) all = all.flatMap((one) => [one, one.union(new Set([group]))]);
  const person = (changes: Partial<Person>): LookUp<Person> => ({ ok: true, value: { ...lookUp.value, ...changes } });
  const unknownGroups = new Map([...unknown].map((group) => [group, 0]));
  return { doubtful: person({ groups, unknownGroups }), possible: all.map((one) => person({ groups: one })) };
}

describe('a user group whose members cannot be lookUp up', () => {
  it('permits nothing: a permission has the same rule and the same approval for any members of it', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(anyPolicy, anyQuestion, anyUnknown, (policy, question, unknown) => {
        const { doubtful, possible } = inDoubt(question.person, unknown);
        const decision = decide(policy, { ...question, person: doubtful });
        met.add(kindOf(decision));
        if (!decision.permitted) return;
        for (const person of possible) expect(decide(policy, { ...question, person })).toEqual(decision);
        if (unknown.size > 0) met.add('permitted all the same');
      }),
      runs,
    );
    expect([...met]).toEqual(expect.arrayContaining(['permitted all the same', 'lookup_failed', 'not_permitted']));
  });

  it('refuses only people for whom its members decide which rule applies', () => {
    always(
      (policy, { place: _, ...rest }) => {
        const question = { ...rest, place: placeThatIs() };
        const { doubtful, possible } = inDoubt(question.person, new Set(['S0ONE', 'S0TWO']));
        const decision = decide(policy, { ...question, person: doubtful });
        if (kindOf(decision) !== 'lookup_failed') return kindOf(decision);
        const deciding = possible.map((person) => firstFor(policy, { ...question, person })?.name);
        expect(new Set(deciding).size).toBeGreaterThan(1);
        return 'lookup_failed';
      },
      ['permitted', 'lookup_failed', 'not_permitted'],
    );
  });

  it('permits no confirmation that would not be permitted for any members of it', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(anyPolicy, anyQuestion, anyUnknown, fc.boolean(), (policy, question, unknown, approves) => {
        const { doubtful, possible } = inDoubt(question.person, unknown);
        const press: Press = {
          ...question,
          choice: approves ? 'approve' : 'cancel',
          requester: 'U0TWO',
          announcedTo: { users: new Set(['U0THREE']), groups: new Set(['S0TWO']) },
          asked: decide(policy, { ...question, person: personOf('U0TWO', 'member', 'S0ONE') }),
        };
        const decision = decidePress(policy, { ...press, person: doubtful });
        met.add(kindOf(decision));
        if (!decision.permitted) return;
        for (const person of possible) expect(decidePress(policy, { ...press, person }).permitted).toBe(true);
      }),
      runs,
    );
    expect([...met]).toEqual(expect.arrayContaining(['permitted', 'lookup_failed', 'not_an_approver']));
  });
});
