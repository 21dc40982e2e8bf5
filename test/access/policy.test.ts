import { describe, expect, it } from '@jest/globals';
import { approversOf } from '../../src/access/approvals.ts';
import {
  type Action,
  type Approval,
  actions,
  approvalFor,
  groupsNamed,
  isNamedIn,
  isOverriding,
  isReadAction,
  isVerb,
  mayBeNamed,
  ownConfirmation,
} from '../../src/access/policy.ts';
import { people, policyOf, ruleOf } from './policy.fixture.ts';
import { policy } from './rich-policy.fixture.ts';

const carols: Approval = { from: people('U0CAROL', 'S0LEADS'), count: 2, requesterMayApprove: false, withinMs: 1 };

describe('the confirmation that an action needs', () => {
  const without = ruleOf('without');
  const withCarol = ruleOf('with', { approval: carols });

  it.each<[Action, Approval | null, Approval | null]>([
    ['start', null, carols],
    ['pause', null, carols],
    ['resume', null, carols],
    ['stop', ownConfirmation, carols],
    ['freeze', null, carols],
    ['unfreeze', null, carols],
    ['status', null, null],
    ['history', null, null],
    ['access', null, null],
  ])('%s', (action, byDefault, asked) => {
    expect([approvalFor(without, action), approvalFor(withCarol, action)]).toEqual([byDefault, asked]);
  });

  it('is by default the requester’s own, within five minutes', () => {
    expect(ownConfirmation).toEqual({ from: 'requester', count: 1, requesterMayApprove: true, withinMs: 300_000 });
    expect(approversOf(ownConfirmation, 'U0ALICE')).toEqual(people('U0ALICE'));
    expect(approversOf(carols, 'U0ALICE')).toEqual(people('U0CAROL', 'S0LEADS'));
    expect(approversOf(carols, 'U0CAROL')).toEqual(people('S0LEADS'));
    expect(approversOf({ ...carols, requesterMayApprove: true }, 'U0CAROL')).toEqual(people('U0CAROL', 'S0LEADS'));
  });
});

describe('the kinds of actions', () => {
  it('are distinguished', () => {
    expect(actions.filter(isReadAction)).toEqual(['status', 'history', 'access']);
    expect(actions.filter(isVerb)).toEqual(['start', 'pause', 'resume', 'stop']);
    expect(actions.filter(isOverriding)).toEqual(['stop', 'freeze']);
  });
});

describe('the groups that have to be looked up', () => {
  it('are those of the people and of the approvers of every rule', () => {
    const names = ['S0OPERATORS', 'S0LEADS', 'S0DEVS', 'S0ONCALL', 'S0AUDIT', 'S0ADMINS'];
    expect(groupsNamed(policy)).toEqual(new Set(names));
    expect(groupsNamed(policyOf([ruleOf('approved', { approval: carols })]))).toEqual(new Set(['S0LEADS']));
    expect(groupsNamed(policyOf([ruleOf('own', { approval: ownConfirmation })]))).toEqual(new Set());
  });
});

// Whom a rule may name is not kept waiting behind a crowd of strangers.
describe('somebody of whom Slack has not been asked yet', () => {
  const rules = policyOf([ruleOf('Operators', { people: people('U0ALICE', 'S0OPS') })]);
  const members = new Map([['S0OPS', new Set(['U0BOB'])]]);

  it.each([
    ['U0ALICE', 'C0OPS', members, true],
    ['U0BOB', 'C0OPS', members, true],
    ['U0CAROL', 'C0OPS', members, false],
    ['U0CAROL', 'C0OPS', new Map(), true],
    ['U0ALICE', 'C0OTHER', members, false],
    ['U0BOB', 'C0OTHER', members, false],
    ['U0CAROL', 'C0OTHER', new Map(), false],
  ])('may be one whom a rule names, as far as it is known: %s in %s', (person, channel, known, expected) => {
    expect(mayBeNamed(rules, { person, channel }, (group) => known.get(group) ?? null)).toBe(expected);
  });

  it.each([
    ['U0ALICE', 'C0OPS', true],
    ['U0DAVE', 'C0OPS', true],
    ['U0CAROL', 'C0OPS', false],
    ['U0ALICE', 'C0OTHER', false],
    ['U0DAVE', 'C0OTHER', false],
  ])('and somebody whom a rule names asks or confirms: %s in %s', (id, channel, expected) => {
    const approval = { from: people('U0DAVE'), count: 1, requesterMayApprove: false, withinMs: 60_000 };
    const named = policyOf([ruleOf('Operators', { approval })]);
    expect(isNamedIn(named, channel, { id, groups: new Set() })).toBe(expected);
  });
});
