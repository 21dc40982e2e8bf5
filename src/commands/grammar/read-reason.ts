import type { WorkflowName } from '../command.ts';
import { asLine, commandsIn } from '../suggestions/several-commands.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import { secondWorkflow } from './listed-names.ts';
import { holdsOption } from './option-word.ts';
import { type CommandText, excerpt, type ParseResult, parsed, refuse } from './parse-result.ts';
import { fold, lineBreak, unquote, type Word } from './text.ts';

/** In code points. */
export const longestReason = 500;

/**
 * Reads the words after the workflows `before` as a reason, '' without any. Refuses what looks like a command, an option or
 * another workflow: it was probably meant as one.
 */
export function readReason(
  typed: CommandText,
  words: readonly Word[],
  before: readonly WorkflowName[],
): ParseResult<string> {
  const several = severalCommands(typed, words);
  if (several !== null) return several;
  const second = linesOf(words, typed.text)
    .map((line) => secondWorkflow(line, typed.vocabulary))
    .find((name) => name !== null);
  if (second == null) return readProse(typed, words);
  const first = excerpt(before.map(({ id, alias }) => alias ?? id).join(' '));
  return refuse({ problem: 'workflow_behind_reason', first, second: excerpt(second) });
}

/** For each line, the words from its beginning: a pasted list has a workflow there. */
function linesOf(words: readonly Word[], text: string): readonly (readonly Word[])[] {
  const starts = words.flatMap(({ at }, index) => {
    const before = words[index - 1];
    return before === undefined || lineBreak.test(text.slice(before.at, at)) ? [index] : [];
  });
  return starts.slice(0, mostLines).map((start) => words.slice(start, start + mostWordsToName));
}

const mostLines = 100;
const mostWordsToName = 8;

/** The same without a workflow before it. */
export function readProse(typed: CommandText, words: readonly Word[]): ParseResult<string> {
  const several = severalCommands(typed, words);
  if (several !== null) return several;
  const option = words.find((word) => holdsOption(word.text));
  if (option !== undefined) return refuse({ problem: 'option_in_reason', typed: excerpt(option.text) });
  return tidied(typed.text.slice(startOf(words, typed.text)));
}

/** Refuses a text with more than one command: those in `words`, and the one before them, if any. */
export function severalCommands({ text, vocabulary }: CommandText, words: readonly Word[]) {
  const start = startOf(words, text);
  const head = text.slice(0, start);
  const { before, commands } = commandsIn(text.slice(start), vocabulary, endsLine(head));
  const [first = '', ...others] = [asLine((head + before).replace(address, '')), ...commands].filter(
    (line) => line !== '',
  );
  return others.length === 0 ? null : refuse({ problem: 'several_commands', first, others });
}

/** A pasted slash command or mention of the bot. */
const address = /^\s*(?:<@\w{1,40}(?:\|[^<>]{0,200})?>\s*)?(?:[^\p{L}\p{N}]{0,10}campaign-wf(?!\S))?/iu;

function endsLine(text: string): boolean {
  return lineBreak.test(text.slice(text.trimEnd().length));
}

const placeholders = new Set(['reason', 'motif', 'anledning', 'motivo', 'grund']);

/** Whether it is a reason: it has letters or digits beside emoji, and is not the `[reason]` placeholder in any language. */
export function givesReason(reason: string): boolean {
  const words = reason.replace(emoji, ' ').replace(/\p{Default_Ignorable_Code_Point}|\p{M}/gu, '');
  const said = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return said.some((word) => !placeholders.has(fold(word)));
}

/** By its name in Slack, or a digit in a box. */
const emoji = /(?<!\w):[\w+-]{1,100}:(?!\w)|[0-9#*]\ufe0f?\u20e3/g;

function startOf([word]: readonly Word[], text: string): number {
  return word?.at ?? text.length;
}

/** Validates a reason from a form. Returns it as the ledger stores it. */
export function checkReason(typed: string, vocabulary: Vocabulary): ParseResult<string> {
  const { commands } = commandsIn(typed, vocabulary, true);
  if (commands.length > 0) return refuse({ problem: 'several_commands', first: null, others: commands });
  return tidied(typed);
}

function tidied(typed: string): ParseResult<string> {
  const reason = tidy(typed);
  const length = [...reason].length;
  return length > longestReason ? refuse({ problem: 'reason_too_long', length, most: longestReason }) : parsed(reason);
}

/** As Slack shows it, on one line. The ledger cannot store a NUL or half of a surrogate pair. */
export function tidy(typed: string): string {
  return unquote(
    withReferencesNamed(typed)
      .toWellFormed()
      .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
      .trim(),
  );
}

/** `<@U012|bob>`, `<#C012|ops>`, `<!subteam^S012|@leads>`, `<!here>`, `<https://acme.example|label>`, as Slack delivers them. */
const reference = /<(?<kind>[@#!]?)(?<target>[^<>|\s]{1,2000})(?:\|(?<label>[^<>]{0,200}))?>/g;

/** The text as Slack shows it: names and addresses, without notifications and links. */
export function withReferencesNamed(text: string): string {
  return text.replace(
    reference,
    (whole, kind: string, target: string, label = '') => shown(kind, target, label) ?? whole,
  );
}

function shown(kind: string, target: string, label: string): string | null {
  if (kind === '@') return `@${label || target}`;
  if (kind === '#') return `#${label || target}`;
  if (kind === '!' && target.startsWith('date^')) return label;
  if (kind === '!') return `@${(label || target.replace(/^subteam\^/, '')).replace(/^@/, '')}`;
  return /^[a-z][a-z0-9+.-]{0,20}:./i.test(target) ? target.replace(/^(?:mailto|tel):/i, '') : null;
}

// Each takes linear time. Text in a lookbehind is kept.
const value = `(?:"[^"]{1,200}"|'[^']{1,200}'|“[^”]{1,200}”|«[^»]{1,200}»|["']?[^\\s"',;&]{3,})`;
const is = `["'”»]?\\s{0,2}[=:＝：]{1,2}[>\\s]{0,2}`;
const passwords =
  'passw(?:or)?d|passwort|passphrase|passcode|pwd|kennwort|mot de passe|mdp|contrase[nñ]a|senha|l[oö]senord|parola d.ordine';
const keys = 'secret|api[_ -]?key|access[_ -]?key|private[_ -]?key|signing[_ -]?key';

/** Patterns of secrets. */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/gs,
  // Slack, GitHub, GitLab, AWS, Google, Stripe, npm, SendGrid, Adobe.
  /(?<![A-Za-z0-9])(?:xoxe\.)?(?:xox[abcdeprs]-|xapp-|xwfp-|gh[pousr]_|github_pat_|glpat-|AIza|ya29\.|[sr]k_live_|npm_|SG\.|[ps]8e-)[A-Za-z0-9_.-]{8,}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /(?<![A-Za-z0-9-])sk-[A-Za-z0-9_-]{12,}/g,
  /(?<=hooks\.slack\.com\/)[\w/]{10,}/g,
  // A JSON web token.
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  // Not "Bearer of bad news".
  /(?<=(?<!\p{L})bearer[\s:]{1,2})(?:(?=\S{0,100}[\d.])[A-Za-z0-9._~+/=-]{8,}|[A-Za-z0-9._~+/=-]{20,})/giu,
  // A user and a password in Base64, which mixes capitals and small letters.
  /(?<=(?<!\p{L})[Bb](?:asic|ASIC)[\s:]{1,2})(?=\S{0,100}[a-z]\S{0,3}[A-Z])[A-Za-z0-9+/]{8,}={0,2}/gu,
  new RegExp(`(?<=(?:${passwords}|${keys})${is})${value}`, 'gi'),
  new RegExp(`(?<=authorization${is})["']?(?:(?:bearer|basic|token|digest)\\s)?[^\\s"',;&]{3,}`, 'gi'),
  // Not "Token: expired" or "pass: failed".
  new RegExp(`(?<=(?:token["']?\\s?=|token["']\\s?:|(?<!\\p{L})(?:pass|pw)\\s?=)\\s?)${value}`, 'giu'),
  /(?<=token:?\s)(?=\S{0,100}\d)[A-Za-z0-9._~+/=-]{10,}/gi,
  /(?<=[?&](?:sig|signature|key|code|auth|x-amz-signature)=)[^\s&#]{6,}/gi,
  // https://user:password@host
  /(?<=:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/g,
];

const mask = '•••';

/** Whether {@link maskSecrets} changes the text. */
export function masksSecrets(text: string): boolean {
  return maskSecrets(text) !== text;
}

/** Masks everything in the text that looks like a secret. */
export function maskSecrets(text: string): string {
  return secrets.reduce((masked, secret) => masked.replace(secret, mask), text);
}
