import { bareEnvironmentOption } from '../suggestions/bare-environment.ts';
import { nearestName } from '../suggestions/nearest-name.ts';
import { findEnvironment, sameName, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { type OptionWord, readOptionWord } from './option-word.ts';
import { excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { type ResolvedWorkflow, resolveWorkflow } from './resolve-workflow.ts';
import { unquote, type Word } from './text.ts';

/** What was read so far, and the remaining words. */
export type Target = {
  readonly workflow: ResolvedWorkflow | null;
  readonly environment: { readonly name: string; readonly typed: string } | null;
  readonly rest: readonly Word[];
};

/** Reads a workflow and options in any order, up to the first word that is neither. */
export function readTarget(words: readonly Word[], vocabulary: Vocabulary): ParseResult<Target> {
  let target: Target = { workflow: null, environment: null, rest: words };
  for (;;) {
    const next = readNext(target, vocabulary);
    if (next === null) return parsed(target);
    if (!next.ok) return next;
    target = next.value;
  }
}

function readNext(target: Target, vocabulary: Vocabulary): ParseResult<Target> | null {
  const [word] = target.rest;
  if (word === undefined) return null;
  const option = readOptionWord(word.text);
  if (option !== null) return readOption(option, word, target, vocabulary);
  const bare = bareEnvironmentOption(target.rest);
  if (bare !== null) return refuse({ problem: 'unknown_option', typed: bare.text, suggestion: 'env' });
  return target.workflow === null ? readWorkflow(word, target, vocabulary) : null;
}

function readWorkflow(word: Word, target: Target, vocabulary: Vocabulary): ParseResult<Target> {
  const rest = target.rest.slice(1);
  const workflow = resolveWorkflow(word, rest, vocabulary);
  return workflow.ok ? inAgreement({ ...target, workflow: workflow.value, rest }) : workflow;
}

function readOption(option: OptionWord, word: Word, target: Target, vocabulary: Vocabulary): ParseResult<Target> {
  if (option.name === 'unknown') {
    return refuse({ problem: 'unknown_option', typed: excerpt(word.text), suggestion: option.suggestion });
  }
  if (target.environment !== null) return refuse({ problem: 'repeated_option', option: 'env' });
  const value = unquote(option.value ?? target.rest[1]?.text ?? '');
  if (value === '' || readOptionWord(value) !== null) return refuse({ problem: 'missing_option_value', option: 'env' });
  const name = findEnvironment(vocabulary, value);
  if (name === null) return refuse(unknownEnvironment(value, vocabulary.environments));
  const rest = target.rest.slice(option.value === null ? 2 : 1);
  return inAgreement({ ...target, environment: { name, typed: value }, rest });
}

function unknownEnvironment(typed: string, known: readonly string[]) {
  const suggestion = nearestName(typed, known);
  return { problem: 'unknown_environment', typed: excerpt(typed), suggestion, known } as const;
}

/** An alias that is bound to an environment cannot be used with another one. */
function inAgreement(target: Target): ParseResult<Target> {
  const { workflow, environment } = target;
  const alias = workflow?.name.alias ?? null;
  const aliasEnvironment = workflow?.environment ?? null;
  if (alias === null || aliasEnvironment === null || environment === null) return parsed(target);
  if (sameName(environment.name, aliasEnvironment)) return parsed(target);
  return refuse({ problem: 'contradicts_alias', alias, aliasEnvironment, typed: environment.typed });
}
