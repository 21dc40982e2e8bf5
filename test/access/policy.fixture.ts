import type { Looked, Person, Place, Standing } from '../../src/access/decision.ts';
import type { People, Policy } from '../../src/access/policy.ts';
import { type SimpleLists, simplePolicy } from '../../src/access/simple-policy.ts';

export function people(...ids: readonly string[]): People {
  return {
    users: new Set(ids.filter((id) => !id.startsWith('S'))),
    groups: new Set(ids.filter((id) => id.startsWith('S'))),
  };
}

/** Alice, and whoever is in the group of operators, run workflows; Carol and the leads confirm a stop. */
export const lists: SimpleLists = {
  channels: new Set(['C0OPS', 'C0NIGHT']),
  users: people('U0ALICE', 'S0OPS'),
  approvers: people('U0CAROL', 'S0LEADS'),
  confirmWithinMs: 300_000,
};
export const policy: Policy = simplePolicy(lists);

export function personOf(id: string, standing: Standing = 'member', ...groups: readonly string[]): Looked<Person> {
  return { ok: true, value: { id, standing, groups: new Set(groups) } };
}

export const inChannel: Looked<Place> = { ok: true, value: { shared: false, archived: false, botIsMember: true } };

export function placeThatIs(change: Partial<Place>): Looked<Place> {
  return { ok: true, value: { shared: false, archived: false, botIsMember: true, ...change } };
}

export const alice = personOf('U0ALICE');
export const operator = personOf('U0OSCAR', 'member', 'S0OPS');
export const carol = personOf('U0CAROL');
export const lead = personOf('U0LARS', 'member', 'S0LEADS');
export const eve = personOf('U0EVE', 'member', 'S0OTHER');
