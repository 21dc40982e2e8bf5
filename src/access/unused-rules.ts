import { allWorkflows, covers, hasWorkflow, isIn, type WorkflowPattern } from './patterns.ts';
import {
  type Action,
  isEnvironmentWide,
  isNobody,
  isReadAction,
  type People,
  type Policy,
  type Rule,
} from './policy.ts';

/** Why a rule can never decide anything. A closed set: each has its words in `src/locales`. */
export type UnusedReason =
  /** Everything that it is about is decided by rules before it. */
  | 'covered'
  /** One of its lists is empty. */
  | 'empty'
  /** Its aliases are of environments that it has not. */
  | 'elsewhere'
  /** It is about freezes, which are about all workflows, and it is not. */
  | 'not_all'
  /** Its workflows are protected. */
  | 'protected';

type Closed = Pick<Policy, 'protectedWorkflows'>;

/**
 * The rules that can never decide, and why. Who is in a user group is not known here, so a group is covered by the
 * same group alone.
 */
export function unusedRules(policy: Policy): ReadonlyMap<Rule, UnusedReason> {
  const { rules } = policy;
  const idle = rules.flatMap((rule, index) => {
    const isCovered = cases(rule, policy).every((one) => rules.slice(0, index).some(has(one)));
    return isCovered ? [[rule, idleness(rule, policy)] as const] : [];
  });
  return new Map(idle);
}

/** A rule without the commands that it names in vain. */
export function withoutUnusable(rule: Rule, closed: Closed): Rule {
  const possible = [...rule.environments].flatMap((environment) => possibleIn(rule, environment, closed));
  return { ...rule, actions: new Set(possible.map(({ action }) => action)) };
}

function idleness(rule: Rule, closed: Closed): UnusedReason {
  const { channels, people, environments, workflows, actions } = rule;
  if (isNobody(people) || [channels, environments, actions].some(({ size }) => size === 0)) return 'empty';
  if (workflows.length === 0) return 'empty';
  if ([...environments].every((environment) => patternsIn(rule, environment).length === 0)) return 'elsewhere';
  if (withoutUnusable(rule, closed).actions.size > 0) return 'covered';
  return [...actions].every(isEnvironmentWide) ? 'not_all' : 'protected';
}

/** The smallest thing that a rule can be about. */
type Case = {
  readonly channel: string;
  readonly person: string;
  readonly environment: string;
  readonly pattern: string;
  readonly action: Action;
};

function* cases(rule: Rule, closed: Closed): Generator<Case, void, undefined> {
  const { channels, people, environments } = rule;
  for (const channel of channels)
    for (const person of named(people))
      for (const environment of environments)
        for (const possible of possibleIn(rule, environment, closed))
          yield { channel, person, environment, ...possible };
}

function possibleIn(rule: Rule, environment: string, closed: Closed): readonly Pick<Case, 'pattern' | 'action'>[] {
  return patternsIn(rule, environment).flatMap((pattern) =>
    [...rule.actions]
      .filter((action) => isPossible(action, pattern, closed))
      .map((action) => ({ pattern: pattern.id, action })),
  );
}

/** No rule opens a protected workflow to more than reading, and what is about all workflows is matched by `*` alone. */
function isPossible(action: Action, { id }: WorkflowPattern, { protectedWorkflows }: Closed): boolean {
  if (isEnvironmentWide(action)) return covers(id, allWorkflows);
  return isReadAction(action) || !protectedWorkflows.has(id.toLowerCase());
}

function patternsIn({ workflows }: Rule, environment: string): readonly WorkflowPattern[] {
  return workflows.filter((one) => isIn(one, environment));
}

function has({ channel, person, environment, pattern, action }: Case) {
  return (rule: Rule): boolean =>
    rule.channels.has(channel) &&
    named(rule.people).has(person) &&
    rule.environments.has(environment) &&
    rule.actions.has(action) &&
    rule.workflows.some((one) => hasWorkflow(one, pattern, environment));
}

function named({ users, groups }: People): ReadonlySet<string> {
  return users.union(groups);
}
