import type { CommandWord } from './command.ts';
import { longestName, meaningOf } from './command-names.ts';
import { folded } from './folded.ts';
import { commandJoiners, joiners } from './joiners.ts';
import { normalizeRequestId } from './request-id.ts';
import { misspelledAlias } from './resolve-workflow.ts';
import { lineBreak, splitTokens, type Token } from './tokens.ts';
import { findAlias, findEnvironment, type Vocabulary } from './vocabulary.ts';
import { beginsLikeGivenId, isWorkflowId } from './workflow-id.ts';

/** The commands in prose, each as one could send it, and what stands before the first of them. */
export type CommandsInProse = { readonly before: string; readonly commands: readonly string[] };

/**
 * Finds commands in prose: a command word of any language, at the beginning of the text or of a line, or after
 * something that joins ("and", ";", a dash, a bullet, a full stop), with something that looks like a workflow, an
 * environment or a request behind it. "Because we stop the trial" and "so that we can start WKF2" hold none.
 *
 * @param onLine whether the text begins a line
 */
export function commandsIn(text: string, vocabulary: Vocabulary, onLine = false): CommandsInProse {
  const seen = collapsed(text).slice(0, mostRead);
  const prose = { tokens: splitTokens(seen), onLine, vocabulary };
  const found = prose.tokens.flatMap((_, index) => commandAt(index, prose) ?? []);
  const startOf = (command: Found | undefined) => prose.tokens[command?.from ?? prose.tokens.length]?.at ?? seen.length;
  return {
    before: seen.slice(0, startOf(found[0])),
    commands: found.map(({ name, object }, index) => {
      const end = startOf(found[index + 1]);
      return asLine(`${name} ${seen.slice(prose.tokens[object]?.at, end)}`);
    }),
  };
}

/** Far beyond the longest reason: what is longer is refused in any case. */
const mostRead = 4_000;

function collapsed(text: string): string {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replace(/\p{White_Space}+/gu, (space) => (lineBreak.test(space) ? '\n' : ' '));
}

/** On one line, without the punctuation at its end. */
export function asLine(text: string): string {
  return text
    .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
    .replace(/(?<![\s.,;:!?)\]"”»])[\s.,;:!?)\]"”»]+$/u, '')
    .trimStart();
}

type Prose = { readonly tokens: readonly Token[]; readonly onLine: boolean; readonly vocabulary: Vocabulary };

/** Tokens by their position: where what joins the command begins, and where its object does. */
type Found = { readonly from: number; readonly name: string; readonly object: number };

function commandAt(index: number, prose: Prose): Found | null {
  const named = nameAt(index, prose.tokens);
  const opening = named === null ? null : openingBefore(index, prose);
  if (named === null || opening === null || isHeading(named, prose.tokens)) return null;
  const object = skip(named.end, prose.tokens, isBetween);
  const target = afterOption(object, prose.tokens);
  if (!isTarget(target, named.name, opening.certainty, prose)) return null;
  return { from: opening.from, name: named.name, object };
}

function nameAt(index: number, tokens: readonly Token[]): { readonly name: string; readonly end: number } | null {
  for (let end = index + 1; end <= index + longestName; end++) {
    const words = tokens.slice(index, end);
    if (words.some(({ kind }) => kind !== 'word')) return null;
    const name = words.map(({ text }) => text).join(' ');
    if (meaningOf(name).length > 0) return { name, end };
  }
  return null;
}

/** "Status: WKF2 failed" tells something. */
function isHeading({ name, end }: { readonly name: string; readonly end: number }, tokens: readonly Token[]): boolean {
  return tokens[end]?.text === ':' && meaningOf(name).some((command) => command === 'status' || command === 'history');
}

/** How sure it is that a command begins: behind a joiner, on a line of its own, or behind the slash command. */
type Certainty = 'joined' | 'line' | 'slash';

function openingBefore(index: number, { tokens, onLine }: Prose): { from: number; certainty: Certainty } | null {
  let from = index;
  while (from > 0 && joins(from - 1, tokens)) from--;
  const opening = tokens.slice(from, index);
  if (from > 0 && opening.every(isQuote)) return null;
  if (opening.some(({ text }) => text === 'campaign-wf')) return { from, certainty: 'slash' };
  const beginsLine = opening.some(({ kind }) => kind === 'break') || (from === 0 && onLine);
  return { from, certainty: beginsLine ? 'line' : 'joined' };
}

function joins(index: number, tokens: readonly Token[]): boolean {
  const token = tokens[index];
  if (token === undefined) return false;
  // A colon introduces what somebody else said.
  if (token.kind !== 'word') return token.text !== ':' || isListNumber(index - 1, tokens);
  const word = folded(token.text).replaceAll('ß', 'ss');
  return joiners.has(word) || commandJoiners.has(word) || isListNumber(index, tokens);
}

/** "2." or "b)" at the beginning of a line. */
function isListNumber(index: number, tokens: readonly Token[]): boolean {
  const [before, number, mark] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  const isFirst = before === undefined || before.kind === 'break' || before.text === '(';
  return isFirst && /^(?:\d{1,2}|\p{L})$/u.test(number?.text ?? '') && /^[.):]$/.test(mark?.text ?? '');
}

function isQuote({ text }: Token): boolean {
  return /^["“”„‟«»'‘’‚‛‹›`]$/.test(text);
}

// What stands between a command and its workflow: "stop the workflow WKF2".
const fillers = new Set(
  [
    ['the', 'workflow', 'workflows', 'both', 'too'],
    ['le', 'la', 'les', 'l'],
    ['arbetsflode', 'arbetsflodet'],
    ['o', 'os', 'fluxo', 'de', 'trabalho'],
    ['il', 'lo', 'i', 'gli', 'flusso', 'di', 'lavoro'],
    ['el', 'los', 'flujo', 'trabajo'],
    ['den', 'der', 'die', 'das'],
  ].flat(),
);

function isBetween(token: Token, next: Token | undefined): boolean {
  if (token.kind === 'break') return true;
  if (token.kind === 'word') return fillers.has(folded(token.text)) || joiners.has(folded(token.text));
  return !/^[,;.!?]$/.test(token.text) && !(isDash(token) && (isDash(next) || isOptionName(next)));
}

const mostBetween = 8;

function skip(start: number, tokens: readonly Token[], skips: (token: Token, next?: Token) => boolean): number {
  const inspected = tokens.slice(start, start + mostBetween);
  const at = inspected.findIndex((token, index) => !skips(token, tokens[start + index + 1]));
  return at === -1 ? start + inspected.length : start + at;
}

/** The position behind `--env stage` where that begins there. */
function afterOption(start: number, tokens: readonly Token[]): number {
  const option = skip(start, tokens, isDash);
  if (!isOptionName(tokens[option])) return start;
  return (/^[=:]$/.test(tokens[option + 1]?.text ?? '') ? option + 2 : option + 1) + 1;
}

function isDash(token: Token | undefined): boolean {
  return token?.kind === 'mark' && /^\p{Dash}$/u.test(token.text);
}

function isOptionName(token: Token | undefined): boolean {
  return token?.kind === 'word' && folded(token.text) === 'env';
}

function isTarget(index: number, name: string, certainty: Certainty, { tokens, vocabulary }: Prose): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (token?.kind !== 'word') return false;
  const { text } = token;
  if (looksLikeId(text, certainty) || isAlias(text, vocabulary)) return true;
  if (next?.kind === 'word' && isAlias(`${text}-${next.text}`, vocabulary)) return true;
  if (/^WKF$/i.test(text) && /^\d+$/.test(next?.text ?? '')) return true;
  const meaning = meaningOf(name);
  if (meaning.some(isAboutAll)) return findEnvironment(vocabulary, text) !== null;
  return meaning.some((command) => command === 'approve' || command === 'cancel') && looksLikeRequest(text);
}

function isAboutAll(command: CommandWord): boolean {
  return command === 'freeze' || command === 'unfreeze';
}

function isAlias(text: string, vocabulary: Vocabulary): boolean {
  return findAlias(vocabulary, text) !== null || misspelledAlias(text, vocabulary) !== null;
}

/** A renamed ID may be any word. In the middle of a sentence it has to look like none. */
function looksLikeId(text: string, certainty: Certainty): boolean {
  if (beginsLikeGivenId(text)) return true;
  if (!isWorkflowId(text)) return false;
  if (certainty === 'slash' || /[A-Za-z0-9]_[A-Za-z0-9]|^[A-Z]{3,}-?\d+$/.test(text)) return true;
  return certainty === 'line' && /^[A-Za-z]{3}/.test(text) && /[-\d]/.test(text);
}

/** Many a word has eight letters: an id has a digit, or is written in capitals as the bot writes it. */
function looksLikeRequest(text: string): boolean {
  return normalizeRequestId(text) !== null && (/\d/.test(text) || text === text.toUpperCase());
}
