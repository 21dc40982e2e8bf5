import { type CommandWord, mostWorkflows, type WorkflowName } from '../command.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import {
  type CommandText,
  type ParseResult,
  type PlacedName,
  parsed,
  refuse,
  type UsageError,
} from './parse-result.ts';
import { readEnvironment } from './read-environment.ts';
import { readTargets } from './read-target.ts';
import { contradiction, type ResolvedWorkflow } from './resolve-workflow.ts';
import type { Word } from './text.ts';

/** Different workflows of one environment, each by its alias where one was typed, and the remaining words. */
export type NamedWorkflows = {
  readonly first: WorkflowName;
  readonly others: readonly WorkflowName[];
  readonly environment: string;
  readonly rest: readonly Word[];
};

/** Reads `WKF110 WKF111 nightly-load --env stage`. */
export function readWorkflows(command: CommandWord, typed: CommandText): ParseResult<NamedWorkflows> {
  const target = readTargets(typed);
  if (!target.ok) return target;
  const { workflow, others, rest } = target.value;
  if (workflow === null) return refuse({ problem: 'missing_workflow', command });
  const all = [workflow, ...others];
  const [first = workflow.name, ...more] = namedOnce(all.map(({ name }) => name));
  if (1 + more.length > mostWorkflows) return refuse(tooMany);
  const elsewhere = target.value.environment === null ? inOtherEnvironments(all, typed.vocabulary) : null;
  if (elsewhere !== null) return refuse(elsewhere);
  // An ID beside an alias is not guessed to be in the environment of the alias.
  const read = readEnvironment(command, target.value, all.find(isUnbound) ?? workflow, typed);
  if (read.ok) return parsed({ first, others: more, environment: read.value, rest });
  const error = more.length === 0 ? read.error : withNames(read.error, [first, ...more].map(typedName));
  return refuse(contradictionIn(error, all) ?? withSuggestion(error, all));
}

/** The example in the answer has all workflows. */
function withNames(error: UsageError, workflows: readonly string[]): UsageError {
  const takesNames = error.problem === 'missing_environment' || error.problem === 'bare_environment';
  return takesNames ? { ...error, workflows } : error;
}

function typedName({ id, alias }: WorkflowName): string {
  return alias ?? id;
}

/** The environment that was named without the option is no suggestion where an alias is bound to another. */
function contradictionIn(error: UsageError, all: readonly ResolvedWorkflow[]): UsageError | null {
  if (error.problem === 'bare_environment') {
    return contradiction(all, { name: error.environment, typed: error.typed });
  }
  const name = error.problem === 'missing_environment' ? error.suggestion : undefined;
  return name === undefined ? null : contradiction(all, { name, typed: name });
}

const tooMany: UsageError = { problem: 'too_many_workflows', most: mostWorkflows };

function isUnbound({ environment }: ResolvedWorkflow): boolean {
  return environment === null;
}

/** Suggests the environment of the alias beside an ID that lacks one. */
function withSuggestion(error: UsageError, all: readonly ResolvedWorkflow[]): UsageError {
  const bound = all.find((one) => !isUnbound(one))?.environment ?? null;
  return error.problem === 'missing_environment' && bound !== null ? { ...error, suggestion: bound } : error;
}

function inOtherEnvironments(all: readonly ResolvedWorkflow[], { defaultEnvironment }: Vocabulary): UsageError | null {
  const [first, ...others] = all.flatMap(({ name, environment }): readonly PlacedName[] => {
    const place = environment ?? defaultEnvironment;
    return place === null ? [] : [{ workflow: name.alias ?? name.id, environment: place }];
  });
  const second = others.find(({ environment }) => environment !== first?.environment);
  return first && second ? { problem: 'several_environments', first, second } : null;
}

/** A workflow that is named twice counts once. */
function namedOnce(names: readonly WorkflowName[]): readonly WorkflowName[] {
  const distinct = new Map<string, WorkflowName>();
  for (const name of names) {
    const key = name.id.toLowerCase();
    const before = distinct.get(key) ?? name;
    distinct.set(key, before.alias === null && name.alias !== null ? name : before);
  }
  return [...distinct.values()];
}
