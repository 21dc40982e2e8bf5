import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/access/decide.ts';
import { type Action, actions, type Policy } from '../../src/access/policy.ts';
import { type SimpleLists, simplePolicy, technicalWorkflows } from '../../src/access/simple-policy.ts';
import { people, personOf, placeThatIs } from './policy.fixture.ts';
import { told } from './told.fixture.ts';

/** Alice, and whoever is in the group of operators, run workflows; Carol and the leads confirm a stop. */
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

function say(
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
  return told(decide(policy, question));
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
    expect(say('alice', action)).toBe(byUsers);
    expect(say('operator', action)).toBe(byUsers);
    expect(say('carol', action)).toBe(byApprovers);
    expect(say('lead', action)).toBe(byApprovers);
    expect(say('eve', action)).toBe(byOthers);
  });

  it('says something of every command', () => {
    for (const action of actions) expect(say('alice', action)).toMatch(/^✓/);
  });

  it('is the same in each of its channels, and nothing elsewhere', () => {
    expect(say('alice', 'start', {}, { channel: 'C0NIGHT' })).toBe(users);
    expect(say('alice', 'start', {}, { channel: 'C0DEV' })).toBe('✗ wrong_channel: #ops #night');
    expect(say('eve', 'start', {}, { channel: 'C0DEV' })).toBe('✗ not_permitted: @ops alice in #ops #night');
  });

  it('is about its one environment and all its workflows', () => {
    expect(say('alice', 'start', {}, { workflowId: 'anything' })).toBe(users);
    expect(say('alice', 'start', {}, { environment: 'stage' })).toBe('✗ not_permitted: nobody in no channel');
  });

  it.each(technicalWorkflows)('protects %s, in any case, and lets it be looked at', (workflowId) => {
    for (const typed of [workflowId, workflowId.toUpperCase()]) {
      expect(say('alice', 'stop', {}, { workflowId: typed })).toBe('✗ protected_workflow');
      expect(say('alice', 'status', {}, { workflowId: typed })).toBe(users);
    }
  });

  it('protects what Adobe calls technical', () => {
    expect(technicalWorkflows).toEqual(expect.arrayContaining(['billing', 'cleanup', 'tracking']));
  });
});

describe('a stop by the simple policy', () => {
  it('is confirmed by whoever asked where no approvers are named', () => {
    expect(say('alice', 'stop', { approvers: people() })).toBe(`${stop} [1 of themselves, 2 min]`);
    expect(say('carol', 'stop', { approvers: people() })).toBe(onlyUsers);
    expect(say('carol', 'status', { approvers: people() })).toBe(onlyUsers);
  });

  it.each([
    ['users', people('U0CAROL'), 'carol'],
    ['groups', people('S0LEADS'), '@leads'],
  ])('is confirmed by approvers that are only %s', (_, named, expected) => {
    expect(say('alice', 'stop', { approvers: named })).toBe(`${stop} [1 of ${expected}, 2 min]`);
  });

  it('may be confirmed by a requester who is an approver', () => {
    expect(say('alice', 'stop', { approvers: people('U0ALICE') })).toBe(`${stop} [1 of alice, 2 min]`);
  });
});

describe('an empty list of the simple policy', () => {
  it.each(actions)('permits nobody to %s', (action) => {
    for (const who of ['alice', 'operator', 'carol', 'lead', 'eve'] as const) {
      expect(say(who, action, { channels: new Set() })).toBe('✗ not_permitted: nobody in no channel');
      const none = { users: people(), approvers: people() };
      expect(say(who, action, none)).toBe('✗ not_permitted: nobody in no channel');
    }
  });

  it('of users leaves approvers what does not run a workflow', () => {
    expect(say('carol', 'start', { users: people() })).toBe('✗ not_permitted: nobody in no channel');
    expect(say('carol', 'stop', { users: people() })).toBe('✗ not_permitted: nobody in no channel');
    expect(say('carol', 'freeze', { users: people() })).toBe(approvers);
  });

  it('lets in no guests and no shared channels', () => {
    const { guests, sharedChannels, freezes } = simplePolicy(lists, 'acme') satisfies Policy;
    expect([guests.size, sharedChannels.size, freezes.length]).toEqual([0, 0, 0]);
  });
});
