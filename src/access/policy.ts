import type { CommandWord, Verb } from '../commands/command.ts';

/** People by Slack IDs: users (`U…`, `W…`) and user groups (`S…`). An empty set names nobody. */
export type People = { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };

export const nobody: People = { users: new Set(), groups: new Set() };

/** What a rule can permit: the commands that change something and the two that read. */
export type Action = Verb | Extract<CommandWord, 'status' | 'history'>;

/** Whose confirmation a command needs before it is sent. */
export type ApprovalRule = {
  /** The people who may confirm; `'requester'`: whoever asked confirms. */
  readonly from: People | 'requester';
  readonly withinMs: number;
};

/** Permits its people, in its channels, its commands. */
export type Rule = {
  readonly name: string;
  readonly channels: ReadonlySet<string>;
  readonly people: People;
  readonly actions: ReadonlySet<Action>;
  readonly approval: ReadonlyMap<Action, ApprovalRule>;
};

/** The first rule that matches decides; nothing else is permitted. */
export type Policy = {
  readonly rules: readonly Rule[];
  /** Workflow IDs, lower case, that no rule opens. */
  readonly protectedWorkflows: ReadonlySet<string>;
};

export function includes(people: People, person: { id: string; groups: ReadonlySet<string> }): boolean {
  return people.users.has(person.id) || !people.groups.isDisjointFrom(person.groups);
}

/** The user groups whose members the policy has to know. */
export function groupsNamed(policy: Policy): ReadonlySet<string> {
  const names = new Set<string>();
  for (const rule of policy.rules) {
    for (const group of rule.people.groups) names.add(group);
    for (const { from } of rule.approval.values()) {
      if (from !== 'requester') for (const group of from.groups) names.add(group);
    }
  }
  return names;
}
