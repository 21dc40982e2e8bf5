import { mostWorkflows } from '../command.ts';
import { bareEnvironmentOption } from '../suggestions/bare-environment.ts';
import { nearestName } from '../suggestions/nearest-name.ts';
import { findEnvironment, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { isBullet } from './between-names.ts';
import { furtherNames, type NamesAhead, namesAtStart } from './listed-names.ts';
import { type OptionWord, readOptionWord } from './option-word.ts';
import { type CommandText, excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { calledAs, contradiction, type ResolvedWorkflow, resolveWorkflow } from './resolve-workflow.ts';
import { unquote, type Word } from './text.ts';

/** What was read so far, and the remaining words. `others`: further workflows, where a command can have them. */
export type Target = {
  readonly workflow: ResolvedWorkflow | null;
  readonly others: readonly ResolvedWorkflow[];
  readonly environment: { readonly name: string; readonly typed: string } | null;
  readonly rest: readonly Word[];
};

/** Reads a workflow and options in any order, up to the first word that is neither. */
export function readTarget(words: readonly Word[], vocabulary: Vocabulary): ParseResult<Target> {
  const target = readAll(words, (read) => readNext(read, vocabulary));
  const [second] = target.ok ? target.value.others : [];
  if (!target.ok || second === undefined) return target;
  return refuse({
    problem: 'second_workflow',
    first: calledLast({ ...target.value, others: [] }),
    second: calledAs(second),
  });
}

/** The same with any number of workflows. */
export function readTargets(typed: CommandText): ParseResult<Target> {
  const readOne = (target: Target) =>
    skipBullet(target, typed.text) ?? readNext(target, typed.vocabulary) ?? readFurther(target, typed);
  return readAll(typed.words, readOne);
}

/** A pasted list may begin with a bullet. */
function skipBullet(target: Target, text: string): ParseResult<Target> | null {
  const [word, ...rest] = target.rest;
  if (word === undefined || rest.length === 0 || target.workflow !== null || !isBullet(word, text)) return null;
  return parsed({ ...target, rest });
}

function readAll(words: readonly Word[], readOne: (target: Target) => ParseResult<Target> | null): ParseResult<Target> {
  let target: Target = { workflow: null, others: [], environment: null, rest: words };
  for (;;) {
    const next = readOne(target);
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
  const listed = namesAtStart(target.rest, vocabulary);
  if (listed !== null) return listed.ok ? readListed(listed.value, target, vocabulary) : listed;
  const rest = target.rest.slice(1);
  const workflow = resolveWorkflow(word, rest, vocabulary);
  return workflow.ok ? inAgreement({ ...target, workflow: workflow.value, rest }) : workflow;
}

function readFurther(target: Target, typed: CommandText): ParseResult<Target> | null {
  const further = furtherNames(target.rest, typed, calledLast(target));
  return further?.ok ? readListed(further.value, target, typed.vocabulary) : further;
}

function calledLast({ workflow, others }: Target): string {
  const last = others.at(-1) ?? workflow;
  return last === null ? '' : calledAs(last);
}

/** Also those that are named twice. */
const mostNames = 100;

/** Each name has to be a workflow's, because it stands in a list. */
function readListed({ names, rest }: NamesAhead, target: Target, vocabulary: Vocabulary): ParseResult<Target> {
  let { workflow, others } = target;
  if (names.length + others.length > mostNames) return refuse({ problem: 'too_many_workflows', most: mostWorkflows });
  for (const text of names) {
    const next = resolveWorkflow({ text, at: 0 }, [], vocabulary);
    if (!next.ok) return next;
    if (workflow === null) workflow = next.value;
    else others = [...others, next.value];
  }
  return inAgreement({ ...target, workflow, others, rest });
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

function inAgreement(target: Target): ParseResult<Target> {
  const { workflow, others, environment } = target;
  if (workflow === null || environment === null) return parsed(target);
  const contradicted = contradiction([workflow, ...others], environment);
  return contradicted === null ? parsed(target) : refuse(contradicted);
}
