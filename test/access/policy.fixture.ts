import type { LookUp, Membership, Person, Place } from '../../src/access/decision.ts';
import { actions, type People, type Policy, type Rule } from '../../src/access/policy.ts';

/** By Slack IDs, as a list of the configuration has them: users and, with an `S`, groups. */
export function people(...ids: readonly string[]): People {
  return {
    users: new Set(ids.filter((id) => !id.startsWith('S'))),
    groups: new Set(ids.filter((id) => id.startsWith('S'))),
  };
}

/** Permits Alice everything in prod and #ops, unless overridden. */
export function ruleOf(name: string, change: Partial<Rule> = {}): Rule {
  return {
    name,
    channels: new Set(['C0OPS']),
    people: people('U0ALICE'),
    environments: new Set(['prod']),
    workflows: [{ id: '*', environment: null }],
    actions: new Set(actions),
    reasonRequired: false,
    approval: null,
    ...change,
  };
}

export function policyOf(rules: readonly Rule[], change: Partial<Policy> = {}): Policy {
  return {
    rules,
    protectedWorkflows: new Set(),
    freezes: [],
    guests: new Set(),
    sharedChannels: new Set(),
    ...change,
  };
}

export function personOf(id: string, membership: Membership = 'member', ...groups: readonly string[]): LookUp<Person> {
  return { ok: true, value: { id, membership, groups: new Set(groups), unknownGroups: new Map() } };
}

/** A person whose membership of these groups is unknown. */
export function personPerhapsIn(id: string, ...groups: readonly string[]): LookUp<Person> {
  const unknownGroups = new Map(groups.map((group) => [group, 0]));
  return { ok: true, value: { id, membership: 'member', groups: new Set(), unknownGroups } };
}

export function placeThatIs(change: Partial<Place> = {}): LookUp<Place> {
  return { ok: true, value: { shared: false, archived: false, botIsMember: true, ...change } };
}
