import { canBeApproved } from './approvals.ts';
import {
  type Decision,
  type Person,
  type Place,
  type Protection,
  type Refusal,
  refuse,
  refuseUnknown,
} from './decision.ts';
import { type ActiveFreeze, freezeInForce, frozenByDefault } from './freeze-windows.ts';
import { type Caller, checkMembership } from './membership.ts';
import { hasWorkflow, holdsPattern, isIn } from './patterns.ts';
import {
  type Action,
  approvalFor,
  doubtsAbout,
  emergencyFor,
  includes,
  isNobody,
  isReadAction,
  isVerb,
  leavesWorkflow,
  type People,
  type Policy,
  type Rule,
  united,
} from './policy.ts';
import { technicalWorkflows } from './simple-policy.ts';

/** The input of a decision: who requests what, where and when. */
export type Question = Caller & {
  readonly action: Action;
  /** By its name in the configuration; null if the question is not about a single one. */
  readonly environment: string | null;
  /** `*` for all of an environment; null if the question is not about a single one. */
  readonly workflowId: string | null;
  readonly hasReason: boolean;
  /** Absent if none was entered yet; a valid one is then assumed. */
  readonly reason?: string;
  /** Whether it is asked for together with others. */
  readonly isOneOfSeveral?: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The freeze of the environment that people declared, from the ledger. */
  readonly declared: ActiveFreeze | null;
};

/** Whether a person may do this here and now. The first matching rule decides; nothing else permits. */
export function decide(policy: Policy, question: Question): Decision {
  const known = checkMembership(policy, question);
  if ('refusal' in known) return refuse(known.refusal);
  const applicable = policy.rules.filter((rule) => isAbout(rule, question));
  const protection = protectionOf(policy, question);
  if (protection !== null) return refuse({ reason: 'protected_workflow', protection });
  const here = applicable.filter(({ channels }) => channels.has(question.channel));
  const rule = here.find(({ people }) => mayInclude(people, known.person));
  if (rule === undefined) return refuse(whoMay(applicable, question.channel, known.person));
  // Not the next rule: it may require less than the one that possibly applies to this person.
  const doubts = doubtsAbout(rule.people, known.person);
  if (doubts.size > 0) return refuseUnknown(doubts, known.person);
  const obstacle =
    placeProblem(known.place) ??
    freeze(policy, question) ??
    severalProblem(rule, question) ??
    tooFewApprovers(rule, question.action, known.person) ??
    reasonProblem(rule, question);
  if (obstacle !== null) return refuse(obstacle);
  const emergency = emergencyFor(rule, question.action);
  const approval = approvalFor(rule, question.action);
  return { permitted: true, rule: rule.name, approval, ...(emergency && { emergency }) };
}

function mayInclude(people: People, person: Person): boolean {
  return includes(people, person) || doubtsAbout(people, person).size > 0;
}

/** Whether the rule covers this action, environment and workflow. Ignores the person and the channel. */
export function isAbout(
  rule: Rule,
  { action, environment, workflowId }: Pick<Question, 'action' | 'environment' | 'workflowId'>,
): boolean {
  if (!rule.actions.has(action)) return false;
  const environments = [...rule.environments].filter((one) => environment === null || one === environment);
  return environments.some((one) =>
    rule.workflows.some((pattern) =>
      workflowId === null ? isIn(pattern, one) : hasWorkflow(pattern, workflowId, one),
    ),
  );
}

function protectionOf({ protectedWorkflows }: Policy, { action, workflowId }: Question): Protection | null {
  const id = workflowId?.toLowerCase() ?? '';
  if (leavesWorkflow(action) || !protectedWorkflows.has(id)) return null;
  return technicalWorkflows.includes(id) ? 'technical' : 'configured';
}

/** Who may do what this person may not do here: the person in other channels, or others here, or others elsewhere. */
export function whoMay(applicable: readonly Rule[], channel: string, person: Person): Refusal {
  const effective = applicable.filter(({ channels, people }) => channels.size > 0 && !isNobody(people));
  const own = effective.filter(({ people }) => includes(people, person));
  if (own.length > 0) return { reason: 'wrong_channel', channels: channelsOf(own) };
  const here = effective.some(({ channels }) => channels.has(channel)) ? [channel] : null;
  // Not the channels of all rules: that would claim that everybody may act in each of them.
  const named = here ?? channelsOf(effective.slice(0, 1));
  const theirs = effective.filter(({ channels }) => named.every((one) => channels.has(one)));
  return { reason: 'not_permitted', permitted: peopleOf(theirs), channels: named };
}

export function placeProblem({ archived, botIsMember }: Place): Refusal | null {
  if (archived) return { reason: 'archived_channel' };
  return botIsMember ? null : { reason: 'bot_not_in_channel' };
}

/** The freeze that applies, the longest of several. A declared freeze applies to `frozenByDefault`, a planned one to its own verbs. */
export function freezeOf(
  { freezes }: Pick<Policy, 'freezes'>,
  { action, environment, at, declared }: Pick<Question, 'action' | 'environment' | 'at' | 'declared'>,
): ActiveFreeze | null {
  if (!isVerb(action) || environment === null) return null;
  const planned = freezeInForce(freezes, { environment, verb: action, at });
  const isDeclared = declared !== null && frozenByDefault.has(action) && at < declared.until;
  return isDeclared && declared.until > (planned?.until ?? 0) ? declared : planned;
}

function freeze(policy: Policy, question: Question): Refusal | null {
  const frozen = freezeOf(policy, question);
  return frozen === null ? null : { reason: 'frozen', ...frozen };
}

function severalProblem({ name, startsSeveral = false }: Rule, { action, isOneOfSeveral }: Question): Refusal | null {
  const isStart = action === 'start' || action === 'resume';
  return isOneOfSeveral && isStart && !startsSeveral ? { reason: 'one_at_a_time', rule: name } : null;
}

/** With an emergency, the look-up of the people decides. */
function tooFewApprovers(rule: Rule, action: Action, { id }: Person): Refusal | null {
  const approval = approvalFor(rule, action);
  if (approval === null || emergencyFor(rule, action) !== null || canBeApproved(approval, id)) return null;
  return { reason: 'too_few_approvers', rule: rule.name, count: approval.count };
}

function reasonProblem(rule: Rule, { action, hasReason, reason }: Question): Refusal | null {
  const { name, reasonRequired, reasonFormat } = rule;
  if (isReadAction(action)) return null;
  if (!hasReason) return reasonRequired ? { reason: 'reason_required', rule: name } : null;
  if (reason === undefined || reasonFormat === undefined || holdsPattern(reason, reasonFormat.pattern)) return null;
  return { reason: 'reason_mismatch', rule: name, hint: reasonFormat.hint };
}

function channelsOf(rules: readonly Rule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ channels }) => [...channels]))];
}

function peopleOf(rules: readonly Rule[]): People {
  return united(rules.map(({ people }) => people));
}
