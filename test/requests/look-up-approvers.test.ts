import { expect, it } from '@jest/globals';
import type { Approval } from '../../src/access/policy.ts';
import type { Directory, GroupMembers } from '../../src/requests/ports.ts';
import { lookUpApprovers } from '../../src/requests/rules/approver-lookup.ts';
import { people, policyOf } from '../access/policy.fixture.ts';

type Known = Pick<Directory, 'members' | 'membership'>;

const known = (...users: readonly string[]): GroupMembers => ({ kind: 'known', users: new Set(users) });
const numbered = (count: number, letter: string) => Array.from({ length: count }, (_, index) => `U0${letter}${index}`);

function lookUp(directory: Known, ...from: readonly string[]) {
  const approval: Approval = { from: people(...from), count: 1, requesterMayApprove: false, withinMs: 60_000 };
  const ports = { policy: () => policyOf([]), directory };
  return lookUpApprovers({ requester: 'U0ALICE' }, { rule: 'Leads stop', approval }, ports);
}

it('refuses by nothing that is older than ten seconds: somebody may have been added since', async () => {
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

it('asks about no account of a list of more than ten, in which somebody can confirm', async () => {
  const asked: string[] = [];
  const members: Readonly<Record<string, GroupMembers>> = {
    S0MANY: known(...numbered(11, 'M')),
    S0FEW: known('U0GINA'),
  };
  const directory: Known = {
    members: async (group) => members[group] ?? { kind: 'unknown' },
    membership: async (id) => {
      asked.push(id);
      return 'guest';
    },
  };
  const found = await lookUp(directory, 'S0MANY', 'S0FEW');
  expect(found).toMatchObject({ refusal: null, asked: { groups: ['S0MANY'] } });
  expect(asked).toEqual(['U0GINA']);
});

it('asks about thirty accounts at the most, and takes the others for able', async () => {
  const asked: string[] = [];
  const directory: Known = {
    members: async (group) => known(...numbered(10, group.slice(2))),
    membership: async (id) => {
      asked.push(id);
      return 'deactivated';
    },
  };
  const found = await lookUp(directory, 'S0A', 'S0B', 'S0C', 'S0D');
  expect(found).toMatchObject({ refusal: null, asked: { groups: ['S0D'] } });
  expect(asked).toHaveLength(30);
});
