import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canBeApproved } from '../../src/access/approvals.ts';
import { decide } from '../../src/access/decide.ts';
import { usualExpiry } from '../../src/access/escalation.ts';
import { type Approval, groupsNamed, includes, isNamedIn, type People, type Stage } from '../../src/access/policy.ts';
import { decidePress } from '../../src/access/press-decision.ts';
import { rightsHere } from '../../src/access/rights-here.ts';
import { people, personOf, placeThatIs, policyOf, ruleOf } from './policy.fixture.ts';

const ids = ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAN', 'S0LEADS', 'S0DUTY', 'S0OTHER'] as const;
const anyPeople = fc.subarray([...ids]).map((some) => people(...some));
const anyStage: fc.Arbitrary<Stage> = fc.record({
  afterMs: fc.integer({ min: 1_000, max: 600_000 }),
  to: anyPeople,
  onCall: fc.option(
    fc.record({
      users: fc.subarray(['U0BOB', 'U0CAROL', 'U0DAN'], { minLength: 1 }),
      rotation: fc.constantFrom('daily' as const, 'weekly' as const),
      from: fc.constant('2026-01-05T08:00'),
      timezone: fc.constant('Europe/Paris'),
    }),
  ),
});
const anyApproval: fc.Arbitrary<Approval> = fc.record({
  from: anyPeople,
  count: fc.integer({ min: 1, max: 2 }),
  requesterMayApprove: fc.boolean(),
  withinMs: fc.constant(900_000),
  escalation: fc.array(anyStage, { maxLength: 3 }),
});
const anyPerson = fc
  .record({
    id: fc.constantFrom('U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAN', 'U0EVE'),
    groups: fc.subarray(['S0LEADS', 'S0DUTY', 'S0OTHER']),
  })
  .map(({ id, groups }) => ({ id, groups: new Set(groups) }));
const runs = { seed: 20_261_130, numRuns: 3_000 };
const at = Date.UTC(2026, 10, 30);

function pressed(approval: Approval, { id, groups }: { id: string; groups: Set<string> }, asked: readonly People[]) {
  const policy = policyOf([ruleOf('Guarded', { approval })]);
  const about = { channel: 'C0OPS', place: placeThatIs() };
  const alice = personOf('U0ALICE');
  const question = {
    action: 'stop',
    environment: 'prod',
    workflowId: 'WKF1',
    hasReason: true,
    at,
    declared: null,
  } as const;
  return decidePress(policy, {
    ...about,
    person: personOf(id, 'member', ...groups),
    choice: 'approve',
    requester: 'U0ALICE',
    announcedTo: people(),
    escalation: { since: at, asked },
    asked: decide(policy, { ...about, person: alice, ...question }),
  });
}

const everybody = ({ to, onCall }: Stage) => ({
  users: new Set([...to.users, ...(onCall?.users ?? [])]),
  groups: to.groups,
});

describe('escalation', () => {
  it('never permits whom no rule names, and nobody who was not asked', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(anyApproval, anyPerson, fc.array(anyPeople, { maxLength: 3 }), (approval, person, asked) => {
        const decision = pressed(approval, person, asked);
        if (!decision.permitted) return void met.add(decision.refusal.reason);
        const isFirst = approval.from !== 'requester' && includes(approval.from, person);
        const isInStage = (approval.escalation ?? []).some((stage) => includes(everybody(stage), person));
        const wasAsked = asked.some((one) => includes(one, person));
        expect(isFirst || (isInStage && wasAsked)).toBe(true);
        if (person.id === 'U0ALICE') expect(approval.requesterMayApprove).toBe(true);
        met.add(isFirst ? 'first' : 'escalated');
      }),
      runs,
    );
    expect([...met]).toEqual(
      expect.arrayContaining(['escalated', 'first', 'not_an_approver', 'not_asked_yet', 'own_request']),
    );
  });

  it('takes no right from the first approvers, and nobody loses one because more people are asked', () => {
    fc.assert(
      fc.property(anyApproval, anyPerson, fc.array(anyPeople, { maxLength: 3 }), (approval, person, asked) => {
        const { escalation: _, ...plain } = approval;
        if (pressed(plain, person, []).permitted) expect(pressed(approval, person, asked).permitted).toBe(true);
        if (pressed(approval, person, asked.slice(0, -1)).permitted)
          expect(pressed(approval, person, asked).permitted).toBe(true);
      }),
      runs,
    );
  });

  it('says that somebody is asked later only if a stage that has not asked yet will ask them', () => {
    fc.assert(
      fc.property(anyApproval, anyPerson, fc.array(anyPeople, { maxLength: 2 }), (approval, person, asked) => {
        const decision = pressed(approval, person, asked);
        if (decision.permitted || decision.refusal.reason !== 'not_asked_yet') return;
        const { at: then } = decision.refusal;
        const index = (approval.escalation ?? []).findIndex(
          ({ afterMs }, place) => place >= asked.length && at + afterMs === then,
        );
        expect(index).toBeGreaterThanOrEqual(asked.length);
        expect(
          includes(everybody(approval.escalation?.[index] ?? { to: people(), afterMs: 0, onCall: null }), person),
        ).toBe(true);
      }),
      runs,
    );
  });
});

const stage = (afterMs: number, ...to: readonly string[]): Stage => ({ afterMs, to: people(...to), onCall: null });
const approval: Approval = {
  from: people('U0CAROL'),
  count: 2,
  requesterMayApprove: false,
  withinMs: 1,
  escalation: [
    stage(60_000, 'S0DUTY'),
    {
      ...stage(120_000, 'U0DAN'),
      onCall: { users: ['U0EVE'], rotation: 'daily', from: '2026-01-05T00:00', timezone: 'UTC' },
    },
  ],
};

describe('a rule with escalation', () => {
  it('can be approved where its stages name enough people', () => {
    expect(canBeApproved(approval, 'U0ALICE')).toBe(true);
    const one = { ...approval, escalation: [stage(60_000, 'U0DAN')] };
    expect(canBeApproved(one, 'U0ALICE')).toBe(true);
    expect(canBeApproved(one, 'U0DAN')).toBe(false);
    expect(canBeApproved({ ...one, requesterMayApprove: true }, 'U0DAN')).toBe(true);
  });

  it('names the people and groups of its stages', () => {
    const policy = policyOf([ruleOf('Guarded', { approval })]);
    const named = (id: string, ...groups: string[]) => isNamedIn(policy, 'C0OPS', { id, groups: new Set(groups) });
    expect(groupsNamed(policy)).toContain('S0DUTY');
    expect([named('U0DAN'), named('U0EVE'), named('U0ANY', 'S0DUTY'), named('U0ANY')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('gives them the right to confirm later, and no other', () => {
    const policy = policyOf([ruleOf('Guarded', { approval })]);
    const caller = (id: string, ...groups: string[]) => ({
      channel: 'C0OPS',
      person: personOf(id, 'member', ...groups),
      place: placeThatIs(),
    });
    const rights = rightsHere(policy, caller('U0EVE'));
    expect(rights).toMatchObject({ kind: 'some', asks: [], confirms: [], confirmsLater: [{ name: 'Guarded' }] });
    expect(rightsHere(policy, caller('U0CAROL', 'S0DUTY'))).toMatchObject({
      confirms: [{ name: 'Guarded' }],
      confirmsLater: [],
    });
  });

  it('waits five minutes longer than its last stage unless it says how long', () => {
    expect(usualExpiry([])).toBe(300_000);
    expect(usualExpiry([60_000, 600_000])).toBe(900_000);
  });
});
