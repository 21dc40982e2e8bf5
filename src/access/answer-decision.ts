import { type Verb, verbs } from '../commands/command.ts';
import { decide, type Question } from './decide.ts';
import { type Decision, type Refusal, refuse } from './decision.ts';
import { allWorkflows } from './patterns.ts';
import { type AlertAnswer, isAlertAnswer, type Policy, type RequestedAction } from './policy.ts';

/** A question about anything that people can request, apart from the form. */
export type RequestQuestion = Omit<Question, 'action'> & { readonly action: Exclude<RequestedAction, 'form'> };

/** Like `decide`, also for what is no action of a rule. */
export function decideRequest(policy: Policy, { action, ...question }: RequestQuestion): Decision {
  return isAlertAnswer(action) ? decideAnswer(policy, question, action) : decide(policy, { ...question, action });
}

/** Whoever may ask for one of these commands to the workflow may answer so. */
const commands: Readonly<Record<AlertAnswer, readonly Verb[]>> = { mute: verbs, leave_paused: ['resume', 'pause'] };

/**
 * An answer changes nothing at Campaign: whoever may ask for one of its commands may give it, whatever else the command would
 * need (a reason, a confirmation, the end of a freeze).
 */
function decideAnswer(
  policy: Policy,
  { reason: _, workflowId, ...question }: Omit<Question, 'action'>,
  answer: AlertAnswer,
): Decision {
  const about = { ...question, workflowId: workflowId === allWorkflows ? null : workflowId };
  const decisions = commands[answer].map((action) =>
    decide({ ...policy, freezes: [] }, { ...about, action, hasReason: true, declared: null }),
  );
  const rules = decisions.map(ruleOf).filter((rule) => rule !== null);
  const refusals = decisions.flatMap((one) => (one.permitted ? [] : [one.refusal]));
  const [rule] = rules;
  if (rule !== undefined) return { permitted: true, rule, approval: null };
  // Once Slack has answered, it may be permitted.
  const [first] = [...refusals.filter(({ reason }) => reason === 'lookup_failed'), ...refusals];
  return refuse(first ?? { reason: 'environment_gone' });
}

/** The rule by which the command may be asked for, also where too few people can confirm it; null: none. */
function ruleOf(decision: Decision): string | null {
  if (decision.permitted) return decision.rule;
  const { refusal }: { refusal: Refusal } = decision;
  return refusal.reason === 'too_few_approvers' ? refusal.rule : null;
}
