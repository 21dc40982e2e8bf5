import { describe, expect, it } from '@jest/globals';
import type { Approval } from '../../src/access/policy.ts';
import type { Directory, GroupMembers } from '../../src/requests/ports.ts';
import { lookUpApprovers } from '../../src/requests/rules/approver-lookup.ts';
import { people, policyOf } from '../access/policy.fixture.ts';

type Known = Pick<Directory, 'members' | 'membership'> & Partial<Pick<Directory, 'audience'>>;

const known = (...users: readonly string[]): GroupMembers => ({ kind: 'known', users: new Set(users) });
const numbered = (count: number, letter: string) => Array.from({ length: count }, (_, index) => `U0${letter}${index}`);

function lookUp(directory: Known, ...from: readonly string[]) {
  const approval: Approval = { from: people(...from), count: 1, requesterMayApprove: false, withinMs: 60_000 };
  const ports = { policy: () => policyOf([]), now: () => 0, directory: { audience: async () => null, ...directory } };
  return lookUpApprovers({ requester: 'U0ALICE', channel: 'G0OPS' }, { rule: 'Leads stop', approval }, ports);
}

it('does not refuse by members older than ten seconds, because somebody may have been added since', async () => {
  const added: Known = {
    members: async (_, oldestMs) => (oldestMs === undefined ? known('U0ALICE', 'U0GINA') : known('U0BOB')),
    membership: async (id) => (id === 'U0GINA' ? 'guest' : 'member'),
  };
  expect(await lookUp(added, 'S0LEADS')).toMatchObject({ refusal: null, asked: { groups: ['S0LEADS'] } });
  const letIn: Known = {
    members: async () => known('U0GINA'),
    membership: async (_, oldestMs) => (oldestMs === 10_000 ? 'member' : 'guest'),
  };
  expect(await lookUp(letIn, 'S0LEADS')).toMatchObject({ refusal: null });
});

it('looks up ten of a longer list, where one of them can confirm', async () => {
  const asked: string[] = [];
  const directory: Known = {
    members: async () => known(...numbered(60, 'M')),
    membership: async (id) => {
      asked.push(id);
      return id === 'U0M3' ? 'member' : 'guest';
    },
  };
  expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal: null, asked: { groups: ['S0MANY'] } });
  expect(asked).toEqual(numbered(10, 'M'));
});

it.each([11, 25, 40])('refuses where none of a list of %i can confirm', async (count) => {
  const directory: Known = { members: async () => known(...numbered(count, 'M')), membership: async () => 'guest' };
  const refusal = { reason: 'too_few_can_approve', able: [], shortage: 'accounts' };
  expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal });
  expect(await lookUp(directory, ...numbered(count, 'N'))).toMatchObject({ refusal });
});

it('finds the last of a longer list, and asks no list in which nobody can confirm', async () => {
  const members: Readonly<Record<string, GroupMembers>> = {
    S0MANY: known(...numbered(25, 'M')),
    S0GUESTS: known(...numbered(12, 'G')),
  };
  const directory: Known = {
    members: async (group) => members[group] ?? { kind: 'unknown', retryAfterMs: 0 },
    membership: async (id) => (id === 'U0M24' ? 'member' : 'guest'),
  };
  const found = await lookUp(directory, 'S0MANY', 'S0GUESTS');
  expect(found).toMatchObject({ refusal: null, asked: { groups: ['S0MANY'] } });
});

it('counts people whose look-up failed as able, in a longer list as well', async () => {
  const directory: Known = { members: async () => known(...numbered(25, 'M')), membership: async () => 'unknown' };
  expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal: null, asked: { groups: ['S0MANY'] } });
});

it('looks up at most forty accounts, and counts the others as able', async () => {
  const asked: string[] = [];
  const directory: Known = {
    members: async (group) => known(...numbered(10, group.slice(2))),
    membership: async (id) => {
      asked.push(id);
      return 'deactivated';
    },
  };
  const found = await lookUp(directory, 'S0A', 'S0B', 'S0C', 'S0D', 'S0E');
  expect(found).toMatchObject({ refusal: null, asked: { groups: ['S0E'] } });
  expect(asked).toHaveLength(40);
});

describe('in a private channel', () => {
  const members = async () => known(...numbered(30, 'M'));
  const refusal = { reason: 'too_few_can_approve', shortage: 'not_in_channel', able: [] };

  it('looks up those who are in it first, and asks them by name', async () => {
    const asked: string[] = [];
    const directory: Known = {
      members,
      audience: async (channel) => new Set(channel === 'G0OPS' ? ['U0ALICE', 'U0M27'] : []),
      membership: async (id) => {
        asked.push(id);
        return 'member';
      },
    };
    expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal: null, asked: { users: ['U0M27'], groups: [] } });
    expect(asked[0]).toBe('U0M27');
    expect(asked).toHaveLength(10);
  });

  it('does not refuse by members older than ten seconds: somebody may have been invited since', async () => {
    const audience: Known['audience'] = async (_, oldestMs) => new Set(oldestMs === undefined ? [] : ['U0M3']);
    const found = await lookUp({ members, audience, membership: async () => 'member' }, 'S0MANY');
    expect(found).toMatchObject({ refusal: null, asked: { users: ['U0M3'] } });
  });

  it('refuses where nobody who could confirm it is in it', async () => {
    const directory: Known = { members, audience: async () => new Set(['U0ALICE']), membership: async () => 'member' };
    expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal });
    expect(await lookUp(directory, 'U0M1', 'U0M2')).toMatchObject({ refusal });
  });

  it('records who of a large group is not in it', async () => {
    const directory: Known = {
      members,
      audience: async () => new Set(numbered(29, 'M')),
      membership: async () => 'member',
    };
    const asked = { users: [], groups: ['S0MANY'], except: [], outside: ['U0M29'] };
    expect(await lookUp(directory, 'S0MANY')).toMatchObject({ refusal: null, asked });
  });
});
