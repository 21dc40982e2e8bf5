import { z } from 'zod';
import { type Verb, verbs, type When } from '../../commands/command.ts';
import { excerpt, type UsageError } from '../../commands/grammar/parse-result.ts';
import { checkReason } from '../../commands/grammar/read-reason.ts';
import { readTime } from '../../commands/grammar/read-when.ts';
import type { Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { fields } from '../names.ts';
import { choiceOf, type Outdated, type WorkflowOption } from './workflow-options.ts';

const fieldState = z.object({
  selected_option: z.object({ value: z.string() }).nullish(),
  value: z.string().nullish(),
});

/** The values of the fields, by block and action. */
export const formState = z.object({ values: z.record(z.string(), z.record(z.string(), fieldState)) });

export type FormState = z.output<typeof formState>;

/** The filled-in form, as the order that could have been typed. */
export type Filled = {
  readonly verb: Verb;
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
  readonly reason: string;
  readonly due?: When;
  readonly resumes?: When;
};

export type Field = keyof typeof fields;
/** A usage error as in a typed command, or a choice that has changed since the form was opened. */
export type FormProblem = { readonly field: Field; readonly error: UsageError | OutdatedChoice };
export type OutdatedChoice = { readonly problem: 'outdated_choice' } & Outdated;

/** What was chosen: all but the reason and the time. */
export type Choice = Omit<Filled, 'reason' | 'due' | 'resumes'>;

type Wrong = { readonly ok: false; readonly problem: FormProblem };

/** Reads the form with the current configuration. */
export function readForm(
  state: FormState,
  vocabulary: Vocabulary,
): { readonly ok: true; readonly filled: Filled } | Wrong {
  const read = readChoice(state, vocabulary);
  if (!read.ok) return read;
  const when = readTime(read.choice.verb, timeTyped(state));
  if (!when.ok) return wrong('when', when.error);
  const reason = checkReason(fieldValue(state, 'reason'), vocabulary);
  if (!reason.ok) return wrong('reason', reason.error);
  return { ok: true, filled: { ...read.choice, reason: reason.value, ...when.value } };
}

/** The same without the reason and the time. Fields can contradict each other, as typed words can. */
export function readChoice(
  state: FormState,
  vocabulary: Vocabulary,
): { readonly ok: true; readonly choice: Choice } | Wrong {
  const chosen = (field: Field) => fieldValue(state, field);
  const verb = verbs.find((known) => known === chosen('command'));
  if (verb === undefined) return wrong('command', { problem: 'unknown_command', typed: excerpt(chosen('command')) });
  const workflow = choiceOf(chosen('workflow'), vocabulary);
  if (workflow === null) return wrong('workflow', { problem: 'missing_workflow', command: verb });
  if (workflow.kind === 'outdated') return wrong('workflow', { problem: 'outdated_choice', ...workflow });
  const typed = chosen('environment');
  const named = vocabulary.environments.find((name) => name === typed) ?? null;
  // The environment may have been removed since the form was opened. That must not mean the default environment.
  if (typed !== '' && named === null) {
    return wrong('environment', {
      problem: 'unknown_environment',
      typed: excerpt(typed),
      suggestion: null,
      known: vocabulary.environments,
    });
  }
  const bound = workflow.environment;
  if (named !== null && bound !== null && named !== bound) {
    const alias = workflow.kind === 'alias' ? workflow.name : workflow.workflowId;
    return wrong('environment', { problem: 'contradicts_alias', alias, aliasEnvironment: bound, typed: named });
  }
  const environment = bound ?? named ?? vocabulary.defaultEnvironment;
  if (environment === null) {
    return wrong('environment', { problem: 'missing_environment', command: verb, known: vocabulary.environments });
  }
  const alias = workflow.kind === 'alias' ? workflow.name : null;
  return { ok: true, choice: { verb, workflowId: workflow.workflowId, alias, environment } };
}

/** The command and the workflow that are chosen, for a new version of the form. */
export function chosenIn(
  state: FormState,
  vocabulary: Vocabulary,
): { readonly verb: Verb | null; readonly workflow: WorkflowOption | null } {
  const workflow = choiceOf(fieldValue(state, 'workflow'), vocabulary);
  return {
    verb: verbs.find((known) => known === fieldValue(state, 'command')) ?? null,
    workflow: workflow?.kind === 'outdated' ? null : workflow,
  };
}

/** Empty if none was. */
export function timeTyped(state: FormState): string {
  return fieldValue(state, 'when');
}

/** The state of a form with nothing but these values. */
export function stateWith(values: Partial<Record<Field, string>>): FormState {
  const entries = Object.entries(values).map(([field, value]) => [field, { [field]: { selected_option: { value } } }]);
  return { values: Object.fromEntries(entries) };
}

/** Empty if nothing was chosen or typed. */
function fieldValue({ values }: FormState, field: Field): string {
  const { selected_option, value } = values[fields[field]]?.[fields[field]] ?? {};
  return selected_option?.value ?? value ?? '';
}

function wrong(field: Field, error: FormProblem['error']) {
  return { ok: false, problem: { field, error } } as const;
}
