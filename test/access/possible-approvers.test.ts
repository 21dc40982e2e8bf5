import { describe, expect, it } from '@jest/globals';
import { mayOnlyConfirmOthers, possibleApproversOf, type Roster, tooFewPossible } from '../../src/access/approvals.ts';
import type { Membership } from '../../src/access/decision.ts';
import type { Approval, People } from '../../src/access/policy.ts';
import { people } from './policy.fixture.ts';

/** `leads` has Bob and Carol, `own` has Alice, the requester. Gina and Gustav are guests; Gustav is permitted. */
const members: Readonly<Record<string, readonly string[]>> = {
  S0LEADS: ['U0BOB', 'U0CAROL'],
  S0EMPTY: [],
  S0OWN: ['U0ALICE'],
  S0ALICEBOB: ['U0ALICE', 'U0BOB'],
  S0FORMER: ['U0GONE', 'U0ROBOT'],
  S0GUESTS: ['U0GINA'],
  S0GUSTAV: ['U0GUSTAV'],
  S0MIXED: ['U0ALICE', 'U0BOB', 'U0GINA', 'U0GONE'],
  S0OUTSIDE: ['U0STRANGER', 'U0WILMA'],
};

const memberships: Readonly<Record<string, Membership | 'absent'>> = {
  U0BOB: 'member',
  U0CAROL: 'member',
  U0GONE: 'deactivated',
  U0ROBOT: 'bot',
  U0GINA: 'guest',
  U0GUSTAV: 'guest',
  U0STRANGER: 'stranger',
  U0WILMA: 'other_workspace',
  U0TYPO: 'absent',
};

const roster: Roster = {
  members: new Map(Object.entries(members).map(([group, users]) => [group, new Set(users)])),
  gone: new Set(['S0GONE']),
  unreadable: new Set(['S0HIDDEN']),
  memberships: new Map(Object.entries(memberships)),
  inChannel: null,
};

type Asked = { readonly count?: number; readonly requesterMayApprove?: boolean; readonly known?: Roster };

function decided(from: People | 'requester', { count = 1, requesterMayApprove = false, known = roster }: Asked = {}) {
  const approval: Approval = { from, count, requesterMayApprove, withinMs: 60_000 };
  const possible = possibleApproversOf(approval, 'U0ALICE', known, new Set(['U0GUSTAV']));
  return { possible, refusal: tooFewPossible('Leads stop', approval, 'U0ALICE', possible) };
}

describe('a request that nobody can confirm is refused', () => {
  it.each([
    ['an empty group', ['S0EMPTY'], 'empty', []],
    ['two empty groups', ['S0EMPTY', 'S0GONE'], 'empty', ['S0GONE']],
    ['a group that Slack does not have', ['S0GONE'], 'empty', ['S0GONE']],
    ['a group of the requester alone', ['S0OWN'], 'requester', []],
    ['the requester in one group, nobody in another', ['S0OWN', 'S0EMPTY'], 'requester', []],
    ['the requester by name, and an empty group', ['U0ALICE', 'S0EMPTY'], 'empty', []],
    ['only deactivated members and bots', ['S0FORMER'], 'accounts', []],
    ['only guests', ['S0GUESTS'], 'accounts', []],
    ['only people of other workspaces', ['S0OUTSIDE'], 'accounts', []],
    ['a guest by name', ['U0GINA'], 'accounts', []],
    ['an unknown ID', ['U0TYPO'], 'accounts', ['U0TYPO']],
    ['the requester and a guest', ['S0OWN', 'U0GINA'], 'requester_and_accounts', []],
  ] as const)('%s', (_, ids, shortage, gone) => {
    const { refusal } = decided(people(...ids));
    const permitted = people(...ids.filter((id) => id !== 'U0ALICE'));
    const what = { rule: 'Leads stop', count: 1, permitted, able: [], shortage, gone };
    expect(refusal).toEqual({ reason: 'too_few_can_approve', ...what });
  });

  it.each([
    ['one group of two, and the requester in it', ['S0ALICEBOB'], ['U0BOB']],
    ['the same person by name and in the group', ['U0BOB', 'S0ALICEBOB'], ['U0BOB']],
    ['somebody, and a guest', ['U0BOB', 'U0GINA'], ['U0BOB']],
    ['somebody, and a group that Slack does not have', ['U0BOB', 'S0GONE'], ['U0BOB']],
  ] as const)('so is one that needs two confirmations where only one person can confirm: %s', (_, ids, able) => {
    expect(decided(people(...ids), { count: 2 }).refusal).toMatchObject({ able, count: 2 });
    expect(decided(people(...ids), { count: 1 }).refusal).toBeNull();
  });
});

it.each([
  ['one', ['S0HIDDEN'], 1],
  ['two, and one is known', ['U0BOB', 'S0HIDDEN'], 2],
])('a request is refused for a group whose members Slack will not return, where it needs %s', (_, ids, count) => {
  const refusal = { reason: 'lookup_failed', failed: 'group', groups: ['S0HIDDEN'], retryAfterMs: null };
  expect(decided(people(...ids), { count }).refusal).toEqual(refusal);
});

describe('a question is asked', () => {
  it.each([
    ['somebody else is in the group', ['S0ALICEBOB'], {}],
    ['a permitted guest can confirm', ['S0GUSTAV'], {}],
    ['two can, one by name and one by group', ['U0CAROL', 'S0ALICEBOB'], { count: 2 }],
    ['the requester may confirm it as well', ['S0OWN'], { requesterMayApprove: true }],
    ['the requester is one of two approvers', ['S0ALICEBOB'], { requesterMayApprove: true, count: 2 }],
    ['the members of one of the groups are unknown', ['S0EMPTY', 'S0UNHEARD'], {}],
    ['the members of the group are unknown, and two confirmations are needed', ['U0BOB', 'S0UNHEARD'], { count: 2 }],
    ['the membership of an account is unknown', ['U0UNSEEN'], {}],
  ] as const)('where %s', (_, ids, asked) => {
    expect(decided(people(...ids), asked).refusal).toBeNull();
  });

  it('where the requester confirms', () => {
    expect(decided('requester')).toMatchObject({
      refusal: null,
      possible: { asked: people('U0ALICE'), except: new Set() },
    });
  });

  it('where nothing is known', () => {
    const nothing = { gone: new Set<string>(), unreadable: new Set<string>(), memberships: new Map(), inChannel: null };
    const known: Roster = { members: new Map(), ...nothing };
    const { refusal, possible } = decided(people('S0EMPTY'), { known, count: 2 });
    expect(refusal).toBeNull();
    expect(possible.asked).toEqual(people('S0EMPTY'));
  });
});

describe('only people who can confirm are asked', () => {
  it.each([
    ['not the requester, as one of the group', ['S0ALICEBOB'], ['S0ALICEBOB'], ['U0ALICE']],
    ['not the guests in the group; deactivated members are not named', ['S0MIXED'], ['S0MIXED'], ['U0ALICE', 'U0GINA']],
    ['not a guest by name', ['U0BOB', 'U0GINA'], ['U0BOB'], []],
    ['not a deactivated account by name', ['U0BOB', 'U0GONE'], ['U0BOB'], []],
    ['no group of the requester alone', ['U0BOB', 'S0OWN'], ['U0BOB'], []],
    ['no empty group, and no deleted one', ['S0EMPTY', 'S0GONE', 'S0LEADS'], ['S0LEADS'], []],
    ['no group whose members Slack will not return', ['U0BOB', 'S0HIDDEN'], ['U0BOB'], []],
    ['no group of guests', ['S0GUESTS', 'S0LEADS'], ['S0LEADS'], []],
    ['people who are not known to be unable', ['U0UNSEEN', 'S0UNHEARD'], ['U0UNSEEN', 'S0UNHEARD'], []],
  ] as const)('%s', (_, ids, asked, except) => {
    const { possible } = decided(people(...ids));
    expect(possible.asked).toEqual(people(...asked));
    expect(possible.except).toEqual(new Set(except));
  });

  it('the requester as well, where the rule permits it', () => {
    const { possible } = decided(people('S0ALICEBOB'), { requesterMayApprove: true });
    expect(possible).toMatchObject({ asked: people('S0ALICEBOB'), except: new Set() });
  });
});

describe('in a private channel', () => {
  const within = (...ids: readonly string[]): Roster => ({ ...roster, inChannel: new Set(ids) });

  it.each([
    ['a group of whom none is in it', ['S0LEADS'], ['U0ALICE'], 1, []],
    ['people by name who are not in it', ['U0BOB', 'U0CAROL'], ['U0ALICE'], 1, []],
    ['two, of whom one is in it', ['S0LEADS'], ['U0ALICE', 'U0BOB'], 2, ['U0BOB']],
    ['a group with the requester, of whose others none is in it', ['S0ALICEBOB'], ['U0ALICE'], 1, []],
  ] as const)('a request is refused at once where it needs %s', (_, ids, present, count, able) => {
    const { refusal } = decided(people(...ids), { count, known: within(...present) });
    expect(refusal).toMatchObject({ reason: 'too_few_can_approve', shortage: 'not_in_channel', able });
  });

  it.each([
    ['of a guest', ['U0GINA'], 'accounts'],
    ['of nobody', ['S0EMPTY'], 'empty'],
    ['of the requester alone', ['S0OWN'], 'requester'],
  ] as const)(
    'inviting people does not help, and is not suggested, where it needs a confirmation %s',
    (_, ids, shortage) => {
      expect(decided(people(...ids), { known: within('U0ALICE') }).refusal).toMatchObject({ shortage });
    },
  );

  it.each([
    ['the one of a group who is in it, by name', ['S0LEADS'], ['U0BOB'], ['U0BOB'], [], []],
    ['nobody by name who is not in it', ['U0BOB', 'U0CAROL'], ['U0CAROL'], ['U0CAROL'], [], []],
    ['the group where all of it is', ['S0LEADS'], ['U0BOB', 'U0CAROL'], ['S0LEADS'], [], []],
    ['the group except those in it who cannot', ['S0ALICEBOB'], ['U0ALICE', 'U0BOB'], ['S0ALICEBOB'], ['U0ALICE'], []],
    ['neither a guest nor the requester in it', ['S0MIXED'], ['U0ALICE', 'U0BOB', 'U0GINA'], ['U0BOB'], [], []],
    ['the group whose members are unknown', ['S0UNHEARD'], ['U0BOB'], ['S0UNHEARD'], [], []],
  ] as const)('only those who see the question are asked: %s', (_, ids, present, asked, except, outside) => {
    const { refusal, possible } = decided(people(...ids), { known: within(...present) });
    expect(refusal).toBeNull();
    expect(possible.asked).toEqual(people(...asked));
    expect([possible.except, possible.outside]).toEqual([new Set(except), new Set(outside)]);
  });

  it('a group of which more than eight are in it is asked as a group, and those outside are only recorded', () => {
    const many = Array.from({ length: 12 }, (_, nth) => `U0M${nth}`);
    const known = { ...within(...many.slice(0, 9)), members: new Map([['S0MANY', new Set(many)]]) };
    const { possible } = decided(people('S0MANY'), { known });
    expect(possible).toMatchObject({ asked: people('S0MANY'), except: new Set(), outside: new Set(many.slice(9)) });
  });

  it('the requester, who asked there, confirms it, also where the list of its members is older', () => {
    expect(decided('requester', { known: within() })).toMatchObject({ refusal: null });
    expect(decided(people('S0OWN'), { requesterMayApprove: true, known: within() }).refusal).toBeNull();
  });
});

describe('somebody who asks', () => {
  const approval = (ids: readonly string[], requesterMayApprove: boolean): Approval => ({
    from: people(...ids),
    count: 1,
    requesterMayApprove,
    withinMs: 60_000,
  });
  const isInOwn = (group: string) => group === 'S0OWN';

  it.each([
    ['by name', ['U0ALICE', 'U0BOB'], false, true],
    ['as one of a group', ['S0LEADS', 'S0OWN'], false, true],
    ['where the rule lets them confirm', ['U0ALICE', 'S0OWN'], true, false],
    ['who is no approver', ['U0BOB', 'S0LEADS'], false, false],
  ] as const)('may confirm only what others ask for, %s: %j', (_, ids, requesterMayApprove, expected) => {
    expect(mayOnlyConfirmOthers(approval(ids, requesterMayApprove), 'U0ALICE', isInOwn)).toBe(expected);
  });

  it('confirms it, where nobody else does', () => {
    expect(mayOnlyConfirmOthers({ ...approval([], true), from: 'requester' }, 'U0ALICE', isInOwn)).toBe(false);
  });
});
