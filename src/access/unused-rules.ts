import { allWorkflows, covers, hasWorkflow, isIn, type WorkflowPattern } from './patterns.ts';
import {
  type Action,
  isEnvironmentWide,
  isNobody,
  leavesWorkflow,
  type People,
  type Policy,
  type Rule,
} from './policy.ts';

/** Why a rule can never decide anything. A closed set: each has a text in `src/locales`. */
export type UnusedReason =
  /** Earlier rules decide everything that it covers. */
  | 'covered'
  /** One of its lists is empty. */
  | 'empty'
  /** Its aliases belong to environments that it does not name. */
  | 'elsewhere'
  /** It permits freezes, which concern all workflows, but does not cover all workflows. */
  | 'not_all'
  /** Its workflows are protected. */
  | 'protected';

type Protection = Pick<Policy, 'protectedWorkflows'>;

/**
 * The rules that can never decide, and why. The members of user groups are not known here, so only the same group covers
 * a group.
 */
export function unusedRules(policy: Policy): ReadonlyMap<Rule, UnusedReason> {
  const { rules } = policy;
  const unused = rules.flatMap((rule, index) => {
    const isCovered = cases(rule, policy).every((one) => rules.slice(0, index).some(has(one)));
    return isCovered ? [[rule, unusedReason(rule, policy)] as const] : [];
  });
  return new Map(unused);
}

/** A rule without the actions that it can never permit. */
export function withoutUnusable(rule: Rule, protection: Protection): Rule {
  const possible = [...rule.environments].flatMap((environment) => possibleIn(rule, environment, protection));
  return { ...rule, actions: new Set(possible.map(({ action }) => action)) };
}

function unusedReason(rule: Rule, protection: Protection): UnusedReason {
  const { channels, people, environments, workflows, actions } = rule;
  if (isNobody(people) || [channels, environments, actions].some(({ size }) => size === 0)) return 'empty';
  if (workflows.length === 0) return 'empty';
  if ([...environments].every((environment) => patternsIn(rule, environment).length === 0)) return 'elsewhere';
  if (withoutUnusable(rule, protection).actions.size > 0) return 'covered';
  return [...actions].every(isEnvironmentWide) ? 'not_all' : 'protected';
}

/** One combination of everything that a rule distinguishes. */
type Case = {
  readonly channel: string;
  readonly person: string;
  readonly environment: string;
  readonly pattern: string;
  readonly action: Action;
};

function* cases(rule: Rule, protection: Protection): Generator<Case, void, undefined> {
  const { channels, people, environments } = rule;
  for (const channel of channels)
    for (const person of named(people))
      for (const environment of environments)
        for (const possible of possibleIn(rule, environment, protection))
          yield { channel, person, environment, ...possible };
}

function possibleIn(
  rule: Rule,
  environment: string,
  protection: Protection,
): readonly Pick<Case, 'pattern' | 'action'>[] {
  return patternsIn(rule, environment).flatMap((pattern) =>
    [...rule.actions]
      .filter((action) => isPossible(action, pattern, protection))
      .map((action) => ({ pattern: pattern.id, action })),
  );
}

/** A protected workflow can only be read and watched, and only `*` covers an environment-wide action. */
function isPossible(action: Action, { id }: WorkflowPattern, { protectedWorkflows }: Protection): boolean {
  if (isEnvironmentWide(action)) return covers(id, allWorkflows);
  return leavesWorkflow(action) || !protectedWorkflows.has(id.toLowerCase());
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
