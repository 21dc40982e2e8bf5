import type { People, Policy, Rule } from './policy.ts';
import { hasWorkflow, isIn } from './workflow-pattern.ts';

/**
 * The rules that can never decide: everything that each is about is decided by rules before it, or it is about
 * nothing. Who is in a user group is not known here, so a group is covered by the same group alone.
 */
export function unreachableRules({ rules }: Policy): readonly Rule[] {
  return rules.filter((rule, index) => cases(rule).every((one) => rules.slice(0, index).some(has(one))));
}

/** The smallest thing that a rule can be about. */
type Case = {
  readonly channel: string;
  readonly person: string;
  readonly environment: string;
  readonly pattern: string;
  readonly action: string;
};

function* cases(rule: Rule): Generator<Case, void, undefined> {
  const { channels, people, environments, workflows, actions } = rule;
  for (const channel of channels)
    for (const person of named(people))
      for (const environment of environments)
        for (const pattern of workflows.filter((one) => isIn(one, environment)))
          for (const action of actions) yield { channel, person, environment, pattern: pattern.id, action };
}

function has({ channel, person, environment, pattern, action }: Case) {
  return (rule: Rule): boolean =>
    rule.channels.has(channel) &&
    named(rule.people).has(person) &&
    rule.environments.has(environment) &&
    (rule.actions as ReadonlySet<string>).has(action) &&
    rule.workflows.some((one) => hasWorkflow(one, pattern, environment));
}

function named({ users, groups }: People): ReadonlySet<string> {
  return users.union(groups);
}
