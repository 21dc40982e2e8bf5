import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/access/decide.ts';
import { type Action, actions, type Policy } from '../../src/access/policy.ts';
import { type SimpleLists, simplePolicy, technicalWorkflows } from '../../src/access/simple-policy.ts';
import { formatDecision } from './format-decision.fixture.ts';
import { people, personOf, placeThatIs } from './policy.fixture.ts';

/** Alice and the group of operators run workflows. Carol and the leads confirm a stop. */
const lists: SimpleLists = {
  channels: new Set(['C0OPS', 'C0NIGHT']),
  users: people('U0ALICE', 'S0OPS'),
  approvers: people('U0CAROL', 'S0LEADS'),
  confirmWithinMs: 120_000,
};

const everybody = {
  alice: personOf('U0ALICE'),
  operator: personOf('U0OSCAR', 'member', 'S0OPS'),
  carol: personOf('U0CAROL'),
  lead: personOf('U0LARS', 'member', 'S0LEADS'),
  eve: personOf('U0EVE', 'member', 'S0OTHER'),
};

type Asked = { readonly environment?: string; readonly channel?: string; readonly workflowId?: string };

function decisionFor(
  who: keyof typeof everybody,
  action: Action,
  change: Partial<SimpleLists> = {},
  asked: Asked = {},
): string {
  const policy = simplePolicy({ ...lists, ...change }, 'acme');
  const question = {
    action,
    environment: 'acme',
    workflowId: action.endsWith('freeze') ? '*' : 'WKF110',
    channel: 'C0OPS',
    person: everybody[who],
    place: placeThatIs(),
    hasReason: false,
    at: 0,
    declared: null,
    ...asked,
  };
  return formatDecision(decide(policy, question));
}

const users = '✓ CAMPAIGN_WF_USERS';
const approvers = '✓ CAMPAIGN_WF_APPROVERS';
const stop = '✓ CAMPAIGN_WF_USERS, stop';
const both = '✗ not_permitted: @leads @ops alice carol in #ops';
const onlyUsers = '✗ not_permitted: @ops alice in #ops';

describe('the simple policy', () => {
  it.each<[Action, string, string, string]>([
    ['start', users, onlyUsers, onlyUsers],
    ['pause', users, onlyUsers, onlyUsers],
    ['resume', users, onlyUsers, onlyUsers],
    ['stop', `${stop} [1 of @leads carol, 2 min]`, onlyUsers, onlyUsers],
    ['freeze', users, approvers, both],
    ['unfreeze', users, approvers, both],
    ['status', users, approvers, both],
    ['history', users, approvers, both],
    ['access', users, approvers, both],
  ])('lets users, approvers and others %s: %s, %s, %s', (action, byUsers, byApprovers, byOthers) => {
    expect(decisionFor('alice', action)).toBe(byUsers);
    expect(decisionFor('operator', action)).toBe(byUsers);
    expect(decisionFor('carol', action)).toBe(byApprovers);
    expect(decisionFor('lead', action)).toBe(byApprovers);
    expect(decisionFor('eve', action)).toBe(byOthers);
  });

  it('has a decision for every command', () => {
    for (const action of actions) expect(decisionFor('alice', action)).toMatch(/^✓/);
  });

  it('is the same in each of its channels, and nothing elsewhere', () => {
    expect(decisionFor('alice', 'start', {}, { channel: 'C0NIGHT' })).toBe(users);
    expect(decisionFor('alice', 'start', {}, { channel: 'C0DEV' })).toBe('✗ wrong_channel: #ops #night');
    expect(decisionFor('eve', 'start', {}, { channel: 'C0DEV' })).toBe('✗ not_permitted: @ops alice in #ops #night');
  });

  it('applies to its one environment and all its workflows', () => {
    expect(decisionFor('alice', 'start', {}, { workflowId: 'anything' })).toBe(users);
    expect(decisionFor('alice', 'start', {}, { environment: 'stage' })).toBe('✗ not_permitted: nobody in no channel');
  });

  it.each(technicalWorkflows)('protects %s in any letter case, and permits reading it', (workflowId) => {
    for (const typed of [workflowId, workflowId.toUpperCase()]) {
      expect(decisionFor('alice', 'stop', {}, { workflowId: typed })).toBe('✗ protected_workflow: technical');
      expect(decisionFor('alice', 'status', {}, { workflowId: typed })).toBe(users);
    }
  });

  it('protects Adobe’s technical workflows', () => {
    expect(technicalWorkflows).toEqual([
      ...['billing', 'cleanup', 'tracking', 'trackinglogrecovery'],
      ...['deliverabilityupdate', 'updateeventsstatus', 'mobileappmessages'],
    ]);
  });
});

describe('a stop by the simple policy', () => {
  it('is confirmed by its requester where no approvers are named', () => {
    expect(decisionFor('alice', 'stop', { approvers: people() })).toBe(`${stop} [1 of themselves, 2 min]`);
    expect(decisionFor('carol', 'stop', { approvers: people() })).toBe(onlyUsers);
    expect(decisionFor('carol', 'status', { approvers: people() })).toBe(onlyUsers);
  });

  it.each([
    ['users', people('U0CAROL'), 'carol'],
    ['groups', people('S0LEADS'), '@leads'],
  ])('is confirmed by approvers that are only %s', (_, named, expected) => {
    expect(decisionFor('alice', 'stop', { approvers: named })).toBe(`${stop} [1 of ${expected}, 2 min]`);
  });

  it('may be confirmed by a requester who is an approver', () => {
    expect(decisionFor('alice', 'stop', { approvers: people('U0ALICE') })).toBe(`${stop} [1 of alice, 2 min]`);
  });
});

describe('an empty list of the simple policy', () => {
  it.each(actions)('permits nobody to %s', (action) => {
    for (const who of ['alice', 'operator', 'carol', 'lead', 'eve'] as const) {
      expect(decisionFor(who, action, { channels: new Set() })).toBe('✗ not_permitted: nobody in no channel');
      const none = { users: people(), approvers: people() };
      expect(decisionFor(who, action, none)).toBe('✗ not_permitted: nobody in no channel');
    }
  });

  it('of users leaves approvers everything except running a workflow', () => {
    expect(decisionFor('carol', 'start', { users: people() })).toBe('✗ not_permitted: nobody in no channel');
    expect(decisionFor('carol', 'stop', { users: people() })).toBe('✗ not_permitted: nobody in no channel');
    expect(decisionFor('carol', 'freeze', { users: people() })).toBe(approvers);
  });

  it('permits no guests and no shared channels', () => {
    const { guests, sharedChannels, freezes } = simplePolicy(lists, 'acme') satisfies Policy;
    expect([guests.size, sharedChannels.size, freezes.length]).toEqual([0, 0, 0]);
  });
});
