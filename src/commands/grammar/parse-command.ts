import type { Command, CommandWord, PressChoice, Verb } from '../command.ts';
import { asLine } from '../suggestions/several-commands.ts';
import { longestName, type Meaning, meaningOf } from '../vocabulary/command-names.ts';
import { normalizeRequestId } from '../vocabulary/ids.ts';
import { isRestart } from '../vocabulary/restart-words.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import { personMentioned } from './mention.ts';
import {
  type CommandText,
  excerpt,
  noMoreWords,
  type ParseResult,
  parsed,
  refuse,
  type UsageError,
} from './parse-result.ts';
import { readEnvironment } from './read-environment.ts';
import { readFreeze, readList, readUnfreeze } from './read-freeze.ts';
import { readHistory } from './read-history.ts';
import { givesReason, readProse, readReason, severalCommands } from './read-reason.ts';
import { readTarget, readTargets } from './read-target.ts';
import { readWatch } from './read-watch.ts';
import { readWhen } from './read-when.ts';
import { readWorkflows } from './read-workflows.ts';
import { isPunctuation, lineBreak, splitWords, type Word, withoutPunctuation } from './text.ts';

/** A command, or its first error. */
export type Parsed =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly error: UsageError };

/**
 * Parses `<command> <workflow> [--env <environment>] [reason …]`. Returns a command or a usage error for any text, in
 * linear time. Never throws.
 *
 *     parseCommand('stop nightly-load --env stage wrong audience', vocabulary)
 *
 * `text` is the text after the slash command, with Slack's `&amp;`, `&lt;` and `&gt;` decoded. The command can be typed in
 * any supported language.
 */
export function parseCommand(text: string, vocabulary: Vocabulary): Parsed {
  const all = withoutSlashCommand(splitWords(text));
  if (all.length === 0) return { ok: true, command: { kind: 'help' } };
  const { typed, meaning, words } = firstOf(all);
  const [command, ...others] = meaning;
  if (command === undefined) {
    const unknown = isRestart(typed)
      ? refuse(noRestart({ text, words, vocabulary }))
      : refuse({ problem: 'unknown_command', typed: excerpt(typed) });
    // A pasted list may begin with a bullet.
    return severalCommands({ text, words: all, vocabulary }, all) ?? unknown;
  }
  const behind = { text, words, vocabulary };
  const doubtful = refuse({ problem: 'doubtful_command', typed, meanings: [command, ...others] });
  const reading = others.length > 0 ? doubtful : readCommand(command, behind);
  if (reading.ok) return { ok: true, command: reading.value };
  // This error goes first, so that nobody believes that the other commands were accepted.
  return severalCommands(behind, words) ?? reading;
}

/** A pasted line may begin with its slash command, also behind a code or quotation mark. */
function withoutSlashCommand(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(({ text }) => !isPunctuation(text));
  const isSlash = withoutPunctuation(words[first]?.text ?? '').toLowerCase() === 'campaign-wf';
  return isSlash ? words.slice(first + 1) : words;
}

/** What the text may mean, by the command name at its beginning. */
export function meaningAtStart(text: string): Meaning {
  return firstOf(withoutSlashCommand(splitWords(text))).meaning;
}

/** The longest command name at the beginning of the words. It may have several words: "mettre en pause". */
function firstOf(words: readonly Word[]) {
  const lengths = Array.from({ length: Math.min(longestName, words.length) }, (_, before) => before + 1);
  const names = lengths.map((length) => {
    const typed = words
      .slice(0, length)
      .map(({ text }) => text)
      .join(' ');
    return { typed, meaning: meaningOf(typed), words: words.slice(length) };
  });
  const known = names.findLast(({ typed, meaning }) => meaning.length > 0 || isRestart(typed));
  return known ?? { typed: words[0]?.text ?? '', meaning: [], words: [] };
}

function noRestart(typed: CommandText): UsageError {
  const read = readTargets(typed);
  if (!read.ok || read.value.workflow === null) return { problem: 'no_restart' };
  const end = read.value.rest[0]?.at ?? typed.text.length;
  const target = asLine(typed.text.slice(typed.words[0]?.at ?? end, end));
  // Half of a list would be another command.
  if (excerpt(target) !== target) return { problem: 'no_restart' };
  return { problem: 'no_restart', target, ...(read.value.others.length > 0 && { isOfSeveral: true }) };
}

function readCommand(command: CommandWord, typed: CommandText): ParseResult<Command> {
  switch (command) {
    case 'start':
    case 'pause':
    case 'resume':
    case 'stop':
      return readChange(command, typed);
    case 'status':
      return readStatus(typed);
    case 'history':
      return readHistory(typed);
    case 'list':
      return readList(typed);
    case 'access':
      return readPerson(typed.text, typed.words);
    case 'waiting':
      return noMoreWords('waiting', typed.words) ?? parsed({ kind: 'waiting' });
    case 'help':
      return severalCommands(typed, laterLines(typed)) ?? parsed({ kind: 'help' });
    case 'freeze':
      return readFreeze(typed);
    case 'unfreeze':
      return readUnfreeze(typed);
    case 'watch':
    case 'unwatch':
      return readWatch(command, typed);
    case 'approve':
    case 'cancel':
    case 'emergency':
    case 'review':
      return readDecision(command, typed);
    default:
      return command satisfies never;
  }
}

/** The words after the first line. The rest of the line of `help` is the topic of the question. */
function laterLines({ text, words }: CommandText): readonly Word[] {
  const typed = text.trimStart();
  const end = typed.search(lineBreak);
  return end === -1 ? [] : words.filter(({ at }) => at > end + text.length - typed.length);
}

function readChange(verb: Verb, typed: CommandText): ParseResult<Command> {
  const named = readWorkflows(verb, typed);
  if (!named.ok) return named;
  const { first, others, environment, rest } = named.value;
  const when = readWhen(verb, rest);
  if (!when.ok) return severalCommands(typed, rest) ?? when;
  const { time } = when.value;
  const reason = readReason(typed, when.value.rest, [first, ...others]);
  if (!reason.ok) return reason;
  const where = { verb, environment, reason: reason.value };
  if (others.length === 0) return parsed({ kind: 'change', workflow: first, ...where, ...time });
  if (time !== null && 'resumes' in time)
    return refuse({ problem: 'until_of_several', typed: excerpt(time.resumes.typed) });
  return parsed({ kind: 'change_several', workflows: [first, ...others], ...where, ...time });
}

function readStatus(typed: CommandText): ParseResult<Command> {
  const target = readTarget(typed.words, typed.vocabulary);
  if (!target.ok) return target;
  if (target.value.workflow === null) {
    return parsed({ kind: 'choose_status', environment: target.value.environment?.name ?? null });
  }
  const { workflow, rest } = target.value;
  const environment = readEnvironment('status', target.value, workflow, typed);
  if (!environment.ok) return environment;
  return (
    noMoreWords('status', rest) ?? parsed({ kind: 'status', workflow: workflow.name, environment: environment.value })
  );
}

function readDecision(choice: PressChoice, typed: CommandText): ParseResult<Command> {
  const [word, ...rest] = typed.words;
  if (word === undefined) return refuse({ problem: 'missing_request', choice });
  const request = normalizeRequestId(withoutPunctuation(word.text));
  if (request === null) return refuse({ problem: 'bad_request', typed: excerpt(word.text) });
  const isStatement = choice === 'emergency' || choice === 'review';
  if (isStatement && rest.length === 0) return refuse({ problem: 'missing_statement', choice, request });
  if (choice === 'approve' || isMoreRequests(rest))
    return noMoreWords(choice, rest) ?? parsed({ kind: 'decide', choice, request, reason: '' });
  const reason = readProse(typed, rest);
  if (reason.ok && isStatement && !givesReason(reason.value))
    return refuse({ problem: 'missing_statement', choice, request });
  return reason.ok ? parsed({ kind: 'decide', choice, request, reason: reason.value }) : reason;
}

/** Whether several requests were named. A word of eight letters is none: it can begin a reason. */
function isMoreRequests(words: readonly Word[]): boolean {
  return words.every(({ text }) => /\d/.test(text) && normalizeRequestId(withoutPunctuation(text)) !== null);
}

/** Reads the person of `access`; without one, the caller. */
export function readPerson(text: string, [first]: readonly Word[]): ParseResult<Command> {
  if (first === undefined) return parsed({ kind: 'access', person: null });
  const typed = text.slice(first.at).trim();
  const person = personMentioned(typed);
  if (person === null) return refuse({ problem: 'bad_person', typed: excerpt(typed) });
  return parsed({ kind: 'access', person });
}
