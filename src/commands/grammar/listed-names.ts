import { meaningOf } from '../vocabulary/command-names.ts';
import { beginsLikeGivenId } from '../vocabulary/ids.ts';
import { timeOpenings } from '../vocabulary/time-words.ts';
import { findAlias, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { type Between, wordsBetween } from './between-names.ts';
import { type CommandText, excerpt, type ParseResult, parsed, refuse, type UsageError } from './parse-result.ts';
import { bareNumber, isId, markedId, misspelledAlias, slippedPair, spacedAlias, splitId } from './resolve-workflow.ts';
import { beginsLine, fold, listSeparator, unquote, type Word, withoutPunctuation } from './text.ts';

/** Names at the beginning of the words, and the words behind them. */
export type NamesAhead = { readonly names: readonly string[]; readonly rest: readonly Word[] };

type Text = Pick<CommandText, 'text' | 'vocabulary'>;

/** The names in a first word such as `WKF110,WKF111`, or `WKF110,` before another workflow. Null: it is not a list. */
export function namesAtStart([word, ...rest]: readonly Word[], vocabulary: Vocabulary): ParseResult<NamesAhead> | null {
  if (word === undefined || findAlias(vocabulary, unquote(word.text)) !== null) return null;
  const names = word.text
    .split(listSeparator)
    .map(unquote)
    .filter((part) => part !== '');
  // "WKF1,stop WKF2"
  if (names.some((name) => meaningOf(name).length > 0)) return null;
  const isList = names.length > 1 || (listSeparator.test(word.text) && secondWorkflow(rest, vocabulary) !== null);
  if (!isList || !names.every((name) => isId(name) || findAlias(vocabulary, name) !== null)) return null;
  return inList(names, rest, vocabulary);
}

/**
 * The names in the next word behind the workflow `last`, also after joiners such as "and". An error for what is probably
 * meant as a name and is none. Null: any other word may begin the reason.
 */
export function furtherNames(
  words: readonly Word[],
  { text, vocabulary }: Text,
  last: string,
): ParseResult<NamesAhead> | null {
  const between = wordsBetween(words, { text, vocabulary });
  const [word, ...rest] = words.slice(between.length);
  if (word === undefined) return null;
  const workflow = workflowBehind(between, word, vocabulary);
  if (workflow === null) {
    if (rest.length === 0 && isTime(word.text, words[0], between, last)) return null;
    const slip = slipIn(word, rest.slice(0, mostWordsBehind), between, { text, vocabulary });
    return slip === null ? null : refuse(slip);
  }
  if (isDoubtful(between) || isOddlyMarked(word.text, vocabulary)) {
    return refuse({ problem: 'second_workflow', first: last, second: excerpt(workflow) });
  }
  return inList(namesIn(word.text, vocabulary), rest, vocabulary);
}

const mostWordsBehind = 100;

/** "WKF110 until 1500" or "until 18", but not "WKF1110 to 1115" or "WKF10 to 18". */
function isTime(text: string, first: Word | undefined, { isLoose }: Between, last: string): boolean {
  const digits = /^(?:[01]\d|2[0-3])(?:[0-5]\d)?(?=[.!]?$)/.exec(text)?.[0] ?? '';
  if (!isLoose || digits === '') return false;
  const isOpened = digits.length > 2 || timeOpenings.has(fold(first?.text ?? ''));
  return isOpened && (/\d+/.exec(last)?.[0] ?? '').length !== digits.length;
}

/** "or WKF111", "- WKF115"; "the WKF111" may begin a sentence. */
function isDoubtful({ isDoubted, hasFillers, joined }: Between): boolean {
  return isDoubted || (hasFillers && joined === 'no');
}

/** `(WKF111`, `!WKF111` and `"WKF111` are not named like the workflows before them. */
function isOddlyMarked(text: string, vocabulary: Vocabulary): boolean {
  if (findAlias(vocabulary, unquote(text)) !== null) return false;
  const inner = text.replace(/^[,;+&|/]+|[,;+&|/.:!…]+$/gu, '');
  // An underscore is italic here: an ID that begins with one is not listed.
  return inner.split(listSeparator).some((part) => /^[^\p{L}\p{N}]|[^\p{L}\p{N}]$/u.test(unmarked(part)));
}

/** Without quotation marks around it, and Slack's marks of bold text and code. */
function unmarked(part: string): string {
  return unquote(part.replace(/^\*(.*)\*$/u, '$1'));
}

/** A list contains aliases and IDs. A plain word would be valid as an ID, but is more often "or" or "thanks". */
function inList(names: readonly string[], rest: readonly Word[], vocabulary: Vocabulary): ParseResult<NamesAhead> {
  const plain = names.find(
    (name) => isId(name) && !(/[\d_-]/.test(name) && /[a-z\d]/i.test(name)) && findAlias(vocabulary, name) === null,
  );
  if (plain === undefined) return parsed({ names, rest });
  return refuse({ problem: 'bad_workflow', typed: plain, suggestion: misspelledAlias(plain, vocabulary) });
}

/** `WKF111,nightly-load` has two names, an alias may contain a comma. */
function namesIn(text: string, vocabulary: Vocabulary): readonly string[] {
  const bare = withoutPunctuation(text);
  const alias = [unquote(text), bare].find((name) => findAlias(vocabulary, name) !== null);
  if (alias !== undefined) return [alias];
  return bare
    .split(listSeparator)
    .map(withoutPunctuation)
    .filter((name) => name !== '');
}

/** The workflow at the beginning of the words, however it is joined to those before. Null without one. */
export function secondWorkflow(words: readonly Word[], vocabulary: Vocabulary): string | null {
  const between = wordsBetween(words, { text: '', vocabulary });
  const word = words[between.length];
  return word === undefined ? null : workflowBehind(between, word, vocabulary);
}

/** "The sync failed" and "to sync again" are no workflows, even if an alias is called "sync". */
function workflowBehind({ isLoose }: Between, word: Word, vocabulary: Vocabulary): string | null {
  const workflow = workflowIn(word.text, vocabulary);
  return workflow !== null && isLoose && !/[\d_-]/.test(workflow) ? null : workflow;
}

function workflowIn(text: string, vocabulary: Vocabulary): string | null {
  const bare = withoutPunctuation(text);
  const [head = ''] = bare.split(listSeparator, 1).map(withoutPunctuation);
  const plain = head.replace(/^_+|_+$/g, '');
  if (beginsLikeGivenId(plain)) return plain;
  return [unquote(text), bare, head, plain].find((name) => findAlias(vocabulary, name) !== null) ?? null;
}

/** A name with a slip in it, which would get lost in the reason: a misspelled alias, `WKF 111`, `WKF#111` or `111`. */
function slipIn(word: Word, behind: readonly Word[], between: Between, text: Text): UsageError | null {
  const name = withoutPunctuation(word.text);
  const split = splitId(name, behind) ?? markedId(name);
  if (split !== null) return split;
  const isListed = (between.joined === 'list' && !between.isDoubted) || endsList(behind, text);
  const [number] = numbersIn(word.text);
  if (number !== undefined) return isListed ? bareNumber(number) : null;
  // "The nightly load is late" is a sentence.
  if (between.hasFillers && !isListed) return null;
  const after = behind.slice(0, mostWordsOfName).map((one) => withoutPunctuation(one.text));
  return aliasWithSlip(name, after, isListed, text.vocabulary);
}

function aliasWithSlip(name: string, after: readonly string[], isListed: boolean, vocabulary: Vocabulary) {
  const several = spacedAlias(name, after, vocabulary) ?? (isListed ? slippedPair(name, after, vocabulary) : null);
  if (several !== null) return { problem: 'bad_workflow', ...several } as const;
  // An alias behind an article, as in "the sync", is part of the reason.
  const isSlip = findAlias(vocabulary, name) === null && (isListed || isLikeName(name));
  const suggestion = isSlip ? misspelledAlias(name, vocabulary) : null;
  return suggestion === null ? null : ({ problem: 'bad_workflow', typed: excerpt(name), suggestion } as const);
}

const mostWordsOfName = 8;

/** Short words of a reason are similar to short aliases by chance: "lead" and `load`. */
function isLikeName(text: string): boolean {
  return text.length > 5 || /[\d_-]/.test(text);
}

/** `111`, `111,` or `111,112`; not `50%`, `24/12` or `1`. */
function numbersIn(text: string): readonly string[] {
  return /^[,;+&]*\d{2,}(?:[,;+&]+\d{2,})*[,;.]*$/.test(text) ? (text.match(/\d+/g) ?? []) : [];
}

/** Whether the words end a list of names: nothing but numbers up to the end of the line, or to another workflow. */
function endsList(words: readonly Word[], text: Text): boolean {
  const first = words.findIndex((word) => !isNumber(word));
  const behind = first === -1 ? [] : words.slice(first);
  const [next] = behind;
  if (next === undefined || beginsLine(text.text, next.at)) return true;
  const joined = behind[wordsBetween(behind, text).length];
  return joined !== undefined && (isNumber(joined) || workflowIn(joined.text, text.vocabulary) !== null);
}

function isNumber(word: Word): boolean {
  return numbersIn(word.text).length > 0;
}
