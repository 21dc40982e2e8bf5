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
import type { ResolvedWorkflow } from './resolve-workflow.ts';
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
  const elsewhere = target.value.environment === null ? inOtherEnvironments(all, typed.vocabulary) : null;
  if (elsewhere !== null) return refuse(elsewhere);
  // An ID beside an alias is not guessed to be in the environment of the alias.
  const read = readEnvironment(command, target.value, all.find(isUnbound) ?? workflow, typed);
  if (!read.ok) return refuse(withSuggestion(read.error, all));
  const [first = workflow.name, ...more] = namedOnce(all.map(({ name }) => name));
  if (1 + more.length > mostWorkflows) return refuse(tooMany);
  return parsed({ first, others: more, environment: read.value, rest });
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
