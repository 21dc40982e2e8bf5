import type { CommandWord } from '../command.ts';
import { misspelledAlias, mostWordsOfAlias, spacedAlias } from '../grammar/resolve-workflow.ts';
import { fold, type Token } from '../grammar/text.ts';
import { isButtonWord, meaningOf } from '../vocabulary/command-names.ts';
import { beginsLikeGivenId, isWorkflowId, normalizeRequestId } from '../vocabulary/ids.ts';
import { fillers, joiners, joiningWords } from '../vocabulary/joiners.ts';
import { findAlias, findEnvironment, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { environmentNamed } from './bare-environment.ts';

/** How certain the beginning of a command is: after a joiner, on a new line, or after the slash command. */
export type Certainty = 'joined' | 'line' | 'slash';

/** A command, and the position after its name. */
type Name = { readonly name: string; readonly end: number; readonly certainty: Certainty };
type Prose = { readonly tokens: readonly Token[]; readonly vocabulary: Vocabulary };

/** The position of the command's object: an ID, an alias, an environment or a request. Null if nothing looks like one. */
export function objectBehind(named: Name, prose: Prose): number | null {
  const object = skip(named.end, prose.tokens, isBetween);
  const isObject = isButtonWord(named.name)
    ? isRequestAt(object, prose.tokens)
    : isTarget(afterOption(object, prose.tokens), named, prose);
  return isObject ? object : null;
}

/** "Keep 12345678 contacts" names none. */
function isRequestAt(index: number, tokens: readonly Token[]): boolean {
  const { text = '' } = tokens[index] ?? {};
  return /\p{L}/u.test(text) && looksLikeRequest(text);
}

function isBetween(token: Token, next: Token | undefined): boolean {
  if (token.kind === 'break') return true;
  if (token.kind === 'word') return fillers.has(fold(token.text)) || joiners.has(fold(token.text));
  return !/^[,;.!?]$/.test(token.text) && !(isDash(token) && (isDash(next) || isOptionName(next)));
}

const mostBetween = 8;

function skip(start: number, tokens: readonly Token[], skips: (token: Token, next?: Token) => boolean): number {
  const inspected = tokens.slice(start, start + mostBetween);
  const at = inspected.findIndex((token, index) => !skips(token, tokens[start + index + 1]));
  return at === -1 ? start + inspected.length : start + at;
}

/** The position after `--env stage`, if that begins here. */
function afterOption(start: number, tokens: readonly Token[]): number {
  const option = skip(start, tokens, isDash);
  if (!isOptionName(tokens[option])) return start;
  return (/^[=:]$/.test(tokens[option + 1]?.text ?? '') ? option + 2 : option + 1) + 1;
}

function isDash(token: Token | undefined): boolean {
  return token?.kind === 'mark' && /^\p{Dash}$/u.test(token.text);
}

function isOptionName(token: Token | undefined): boolean {
  return token?.kind === 'word' && fold(token.text) === 'env';
}

function isTarget(index: number, { name, certainty }: Name, { tokens, vocabulary }: Prose): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (token?.kind !== 'word') return false;
  const { text } = token;
  const meaning = meaningOf(name);
  // "Status WKF2 failed" is a statement.
  if (certainty === 'joined' && meaning.some(isLook) && !endsClause(index + 1, tokens)) return false;
  if (looksLikeId(text, certainty) || isAliasAt(index, tokens, vocabulary)) return true;
  if (/^WKF$/i.test(text) && /^\d+$/.test(next?.text ?? '')) return true;
  if (isBareNumber(text, certainty) && endsClause(index + 1, tokens)) return true;
  if (meaning.some(isAboutAll) && findEnvironment(vocabulary, text) !== null) return true;
  if (meaning.some(takesEnvironment)) return isEnvironmentAt(index, { tokens, vocabulary });
  return meaning.some((command) => command === 'approve' || command === 'cancel') && looksLikeRequest(text);
}

/** "Stop prod" or "pause in stage" at the end of the text: "start prod release" is a reason. */
function isEnvironmentAt(index: number, { tokens, vocabulary }: Prose): boolean {
  const length = [1, 2, 3, 4].find((count) => endsClause(index + count, tokens)) ?? 0;
  const words = tokens.slice(index, index + length);
  if (words.some(({ kind }) => kind !== 'word')) return false;
  const text = words.map((word) => word.text).join(' ');
  const named = environmentNamed(text, vocabulary);
  return named !== null && text.endsWith(named.typed);
}

/** Misspellings are searched in one word, or in two words that stand for one. */
function isAliasAt(index: number, tokens: readonly Token[], vocabulary: Vocabulary): boolean {
  const words = tokens.slice(index, index + mostWordsOfAlias);
  const spaces = words.findIndex(({ kind }) => kind !== 'word');
  const [first = '', ...more] = (spaces === -1 ? words : words.slice(0, spaces)).map(({ text }) => text);
  if (spacedAlias(first, more, vocabulary) !== null) return true;
  return isAlias(first, vocabulary) || (more[0] !== undefined && isAlias(`${first}-${more[0]}`, vocabulary));
}

/** `stop 110` for WKF110; "start 2027" means the year. */
function isBareNumber(text: string, certainty: Certainty): boolean {
  return /^\d{2,9}$/.test(text) && (certainty !== 'joined' || !/^(?:19|20)\d\d$/.test(text));
}

function endsClause(index: number, tokens: readonly Token[]): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (token === undefined || token.kind === 'break' || joiningWords(index + 1, tokens) > 0) return true;
  return /^[.,;!?)]$/.test(token.text) && !/^\d/.test(next?.text ?? '');
}

function isLook(command: CommandWord): boolean {
  return command === 'status' || command === 'history' || isOfWatch(command);
}

/** "And watch WKF2 tomorrow" is a statement, too. */
function isOfWatch(command: CommandWord): boolean {
  return command === 'watch' || command === 'unwatch';
}

function isAboutAll(command: CommandWord): boolean {
  return command === 'freeze' || command === 'unfreeze';
}

function isAlias(text: string, vocabulary: Vocabulary): boolean {
  return findAlias(vocabulary, text) !== null || misspelledAlias(text, vocabulary) !== null;
}

function takesEnvironment(command: CommandWord): boolean {
  const isPerson = command === 'access' || command === 'help';
  return command !== 'approve' && command !== 'cancel' && !isPerson && !isOfWatch(command);
}

/** A renamed ID may be any word. In the middle of a sentence it must not look like a common word. */
function looksLikeId(text: string, certainty: Certainty): boolean {
  if (beginsLikeGivenId(text)) return true;
  if (!isWorkflowId(text)) return false;
  if (certainty === 'slash' || /[A-Za-z0-9]_[A-Za-z0-9]/.test(text)) return true;
  if (/^[A-Z]{3,}\d+$/.test(text) && !isTicket(text)) return true;
  return certainty === 'line' && /^[A-Za-z]{3}/.test(text) && /[-\d]/.test(text);
}

/** Reasons name them: "approved, start CHG0012345". */
function isTicket(text: string): boolean {
  return /^(?:CHG|CHANGE|CRQ|INC|PRB|REQ|RITM|S?C?TASK|TICKET|TKT|COVID)\d/.test(text);
}

/** Ordinary words may have eight letters, so a request ID needs a digit, or capitals as the bot writes it. */
function looksLikeRequest(text: string): boolean {
  return normalizeRequestId(text) !== null && (/\d/.test(text) || text === text.toUpperCase());
}
