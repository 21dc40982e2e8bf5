import { lineBreak, splitTokens, type Token } from '../grammar/text.ts';
import { longestName, meaningOf } from '../vocabulary/command-names.ts';
import { joiningWords } from '../vocabulary/joiners.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import { type Certainty, objectBehind } from './command-object.ts';

/** The commands in prose, each in a form that could be sent, and the text before the first of them. */
export type CommandsInProse = { readonly before: string; readonly commands: readonly string[] };

/**
 * Finds commands in prose: a command word of any language, at the beginning of the text or of a line, or after
 * something that joins ("and", ";", a dash, a bullet, a full stop), with something that looks like a workflow, an
 * environment or a request after it. "Because we stop the trial" and "so that we can start WKF2" contain none.
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

/** Far more than the longest reason. A longer text is refused anyway. */
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
    .replace(/(?<![\s.,;:!?)\]"”»`*~])[\s.,;:!?)\]"”»`*~]+$/u, '')
    .trimStart();
}

type Prose = { readonly tokens: readonly Token[]; readonly onLine: boolean; readonly vocabulary: Vocabulary };

/** Token positions: of the joiner before the command, and of the command's object. */
type Found = { readonly from: number; readonly name: string; readonly object: number };

function commandAt(index: number, prose: Prose): Found | null {
  const named = nameAt(index, prose.tokens);
  const opening = named === null ? null : openingBefore(index, prose);
  if (named === null || opening === null || isHeading(named, prose.tokens)) return null;
  const { name, end } = named;
  const object = objectBehind({ name, end, certainty: opening.certainty }, prose);
  return object === null ? null : { from: opening.from, name, object };
}

function nameAt(index: number, tokens: readonly Token[]): { readonly name: string; readonly end: number } | null {
  for (let end = index + longestName; end > index; end--) {
    const words = tokens.slice(index, end);
    const name = words.map(({ text }) => text).join(' ');
    if (words.every(({ kind }) => kind === 'word') && isCommand(name)) return { name, end };
  }
  return null;
}

/** A list is more often something that a reason is about, and asking for one changes nothing. */
function isCommand(name: string): boolean {
  return meaningOf(name).some((command) => command !== 'list');
}

/** "Status: WKF2 failed" is a statement. */
function isHeading({ name, end }: { readonly name: string; readonly end: number }, tokens: readonly Token[]): boolean {
  return tokens[end]?.text === ':' && meaningOf(name).some((command) => command === 'status' || command === 'history');
}

function openingBefore(index: number, { tokens, onLine }: Prose): { from: number; certainty: Certainty } | null {
  const from = startOfJoiners(index, tokens);
  const opening = tokens.slice(from, index);
  if (opening.some(({ text }) => text === 'campaign-wf')) return { from, certainty: 'slash' };
  if (opening.some(({ kind }) => kind === 'break') || (from === 0 && onLine)) return { from, certainty: 'line' };
  const [before] = tokens.slice(0, from).slice(-1);
  if (before === undefined || isMention(before)) return { from, certainty: 'joined' };
  // A colon introduces a quotation.
  return before.text === ':' || opening.every(isQuote) ? null : { from, certainty: 'joined' };
}

function startOfJoiners(index: number, tokens: readonly Token[]): number {
  let from = index;
  for (let length = joinedBy(from, tokens); length > 0; length = joinedBy(from, tokens)) from -= length;
  return from;
}

/** How many tokens before that position join a command to the preceding text. */
function joinedBy(end: number, tokens: readonly Token[]): number {
  const token = tokens[end - 1];
  if (token === undefined) return 0;
  const phrase = joiningWords(end, tokens);
  if (phrase > 0 || isListNumber(end - 1, tokens) || /^\p{No}+$/u.test(token.text)) return Math.max(phrase, 1);
  if (token.kind === 'word') return 0;
  return token.text !== ':' || isListNumber(end - 2, tokens) || joiningWords(end - 1, tokens) > 0 ? 1 : 0;
}

function isMention({ kind, text }: Token): boolean {
  return kind === 'word' && text.startsWith('<');
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
