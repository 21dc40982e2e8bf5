import type { WorkflowName } from '../command.ts';
import { environmentNamed } from '../suggestions/bare-environment.ts';
import { mostSlips, nearestName } from '../suggestions/nearest-name.ts';
import { isGivenWorkflowId, isWorkflowId } from '../vocabulary/ids.ts';
import { joiners, nameFillers } from '../vocabulary/joiners.ts';
import { type Alias, environmentCalled, findAlias, sameName, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { isOptionLike } from './option-word.ts';
import { excerpt, type ParseResult, parsed, refuse, type UsageError } from './parse-result.ts';
import { fold, isPunctuation, unquote, type Word, withoutPunctuation } from './text.ts';

/** A workflow, and the environment to which its alias is bound. */
export type ResolvedWorkflow = { readonly name: WorkflowName; readonly environment: string | null };

/** As it was named. */
export function calledAs({ name }: ResolvedWorkflow): string {
  return name.alias ?? name.id;
}

/** An alias that is bound to an environment cannot be used with another one. */
export function contradiction(
  all: readonly ResolvedWorkflow[],
  environment: { readonly name: string; readonly typed: string },
): UsageError | null {
  for (const { name, environment: bound } of all) {
    if (name.alias === null || bound === null || sameName(environment.name, bound)) continue;
    return { problem: 'contradicts_alias', alias: name.alias, aliasEnvironment: bound, typed: environment.typed };
  }
  return null;
}

/** Resolves the word at the workflow's position; `after` are the words that follow. An alias has precedence over an ID. */
export function resolveWorkflow(
  word: Word,
  after: readonly Word[],
  vocabulary: Vocabulary,
): ParseResult<ResolvedWorkflow> {
  const typed = unquote(word.text);
  const behind = after.slice(0, mostWordsBehind).map(({ text }) => withoutPunctuation(text));
  const spaced = spacedAlias(withoutPunctuation(typed), behind, vocabulary) ?? slippedPair(typed, behind, vocabulary);
  if (spaced !== null) return refuse({ problem: 'bad_workflow', ...spaced });
  const alias = findAlias(vocabulary, typed);
  if (alias !== null) return parsed(named(alias));
  const environment = environmentInstead(typed, behind, vocabulary);
  if (environment !== null) return refuse({ problem: 'environment_as_workflow', ...environment });
  const filled = behindFillers(typed, behind, vocabulary);
  if (filled !== null) return refuse({ problem: 'bad_workflow', typed: excerpt(typed), suggestion: filled });
  const bulleted = /^-+(WKF\d{1,61})$/i.exec(typed)?.[1];
  if (bulleted !== undefined) return refuse({ problem: 'bad_workflow', typed: excerpt(typed), suggestion: bulleted });
  const range = rangeIn(typed);
  if (range !== null) return refuse(range);
  const split = splitId(typed, after);
  if (split !== null) return refuse(split);
  if (/^\d+$/.test(typed)) return refuse(bareNumber(typed));
  if (!isId(typed)) return refuse(noName(typed, after, vocabulary));
  const suggestion = misspelledAlias(typed, vocabulary);
  if (suggestion !== null) return refuse({ problem: 'bad_workflow', typed, suggestion });
  return parsed({ name: { id: typed, alias: null }, environment: null });
}

function named({ name, workflowId, environment }: Alias): ResolvedWorkflow {
  return { name: { id: workflowId, alias: name }, environment };
}

/** "prod" or "on prod" instead of a workflow. */
function environmentInstead(typed: string, behind: readonly string[], vocabulary: Vocabulary) {
  const name = environmentCalled(vocabulary, withoutPunctuation(typed));
  if (name !== null) return { typed: excerpt(typed), environment: name };
  const named = isWorkflowId(typed) ? environmentNamed([typed, ...behind].join(' '), vocabulary) : null;
  return named === null ? null : { typed: excerpt(named.typed), environment: named.name };
}

/** The workflow after "the", "workflow", "and" or "-", which are valid IDs but must not be used as such. */
function behindFillers(typed: string, behind: readonly string[], vocabulary: Vocabulary): string | null {
  if (!namesNothing(typed)) return null;
  const [name = '', ...after] = behind.slice(behind.findIndex((word) => !namesNothing(word)));
  const alias = spacedAlias(name, after, vocabulary)?.suggestion ?? findAlias(vocabulary, name)?.name;
  return alias ?? (isGivenWorkflowId(name) ? name : null);
}

function namesNothing(text: string): boolean {
  const word = fold(text);
  return /^[_-]*$/.test(word) || nameFillers.has(word) || joiners.has(word);
}

/** "nightly load" for `nightly-load`: must not address another workflow called "nightly". */
export function spacedAlias(typed: string, after: readonly string[], vocabulary: Vocabulary) {
  if (typed === '') return null;
  const words = [typed, ...after.filter((word) => word !== '').slice(0, mostWordsOfAlias - 1)];
  for (let length = 2; length <= words.length; length++) {
    const some = words.slice(0, length);
    const alias = ['-', '_', ''].map((mark) => findAlias(vocabulary, some.join(mark))).find((found) => found !== null);
    if (alias) return { typed: excerpt(some.join(' ')), suggestion: alias.name };
  }
  return null;
}

/** "nigthly load": no workflow called "nigthly" was meant. */
export function slippedPair(typed: string, [second]: readonly string[], vocabulary: Vocabulary) {
  if (second === undefined || isGivenWorkflowId(typed) || findAlias(vocabulary, typed) !== null) return null;
  const suggestion = misspelledAlias(`${typed}-${second}`, vocabulary);
  return suggestion === null ? null : { typed: excerpt(`${typed} ${second}`), suggestion };
}

export const mostWordsOfAlias = 4;
const mostWordsBehind = 8;

/** `WKF110-WKF115`, `WKF110..WKF115` */
function rangeIn(typed: string): UsageError | null {
  const [, first, second] = /^(WKF\d{1,61})[^\p{L}\p{N}_]{1,3}(WKF\d{1,61})$/iu.exec(typed) ?? [];
  return first === undefined || second === undefined ? null : { problem: 'second_workflow', first, second };
}

/** Campaign's own IDs begin with letters. */
export function bareNumber(typed: string): UsageError {
  const whole = `WKF${typed}`;
  return { problem: 'bad_workflow', typed: excerpt(typed), suggestion: isWorkflowId(whole) ? whole : null };
}

/** Whether it has the shape of an ID. */
export function isId(text: string): boolean {
  return isWorkflowId(text) && !isOptionLike(text);
}

/** A misspelled alias is usually a valid ID, but must not be used as one. */
export function misspelledAlias(typed: string, vocabulary: Vocabulary): string | null {
  if (isGivenWorkflowId(typed)) return null;
  const fewerThanAThird = Math.ceil(typed.length / 3) - 1;
  const names = vocabulary.aliases.map(({ name }) => name);
  return nearestName(typed, names, Math.min(mostSlips, fewerThanAThird));
}

/** `WKF 110`: an ID with a space in it. `WKF` alone is a valid ID, but must not be used. */
export function splitId(typed: string, after: readonly Word[]): UsageError | null {
  const next = after.find((word) => !isPunctuation(word.text));
  if (next === undefined || !/^WKF$/i.test(withoutPunctuation(typed))) return null;
  const digits = withoutPunctuation(next.text);
  if (!/^\d+$/.test(digits)) return null;
  const whole = `WKF${digits}`;
  const suggestion = isWorkflowId(whole) ? whole : null;
  return { problem: 'bad_workflow', typed: excerpt(`${typed} ${next.text}`), suggestion };
}

/** `WKF#110` */
export function markedId(typed: string): UsageError | null {
  const suggestion = /^\d+$/.test(typed) ? null : suggestedId(typed);
  if (suggestion === null || suggestion === typed || !/^WKF\d/i.test(suggestion)) return null;
  return { problem: 'bad_workflow', typed: excerpt(typed), suggestion };
}

function noName(typed: string, after: readonly Word[], vocabulary: Vocabulary): UsageError {
  const words = [typed, ...after.slice(0, mostWordsBehind).map(({ text }) => text)].map(withoutDecoration);
  const [name = '', ...more] = words.slice(words.findIndex((word) => word !== ''));
  const spaced = spacedAlias(name, more.map(withoutPunctuation), vocabulary);
  const suggestion = spaced?.suggestion ?? suggestedName(name, vocabulary);
  return { problem: 'bad_workflow', typed: excerpt(typed), suggestion };
}

/** Without surrounding emoji (Slack's names or characters), mentions and other marks. */
function withoutDecoration(text: string): string {
  return withoutPunctuation(text.replace(/:[a-z][\w+-]{0,100}:|<[@#!][^<>]{1,200}>/g, ' '));
}

function suggestedName(typed: string, vocabulary: Vocabulary): string | null {
  const alias = findAlias(vocabulary, typed);
  return alias?.name ?? misspelledAlias(typed, vocabulary) ?? suggestedId(typed);
}

/** `WKF#110`, `#110` or `ＷＫＦ１１０`. */
function suggestedId(typed: string): string | null {
  const plain = typed.normalize('NFKC').replace(/^(WKF)[^\p{L}\p{N}]{1,3}(?=\d+$)/iu, '$1');
  const id = /^\d+$/.test(plain) ? `WKF${plain}` : plain;
  return isId(id) ? id : null;
}
