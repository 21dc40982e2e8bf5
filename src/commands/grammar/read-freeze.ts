import type { Command, CommandWord, Until } from '../command.ts';
import { nearestName } from '../suggestions/nearest-name.ts';
import { findEnvironment } from '../vocabulary/vocabulary.ts';
import { durationIn } from './duration.ts';
import { readOptionWord } from './option-word.ts';
import { type CommandText, excerpt, noMoreWords, type ParseResult, parsed, refuse } from './parse-result.ts';
import { givesReason, readProse } from './read-reason.ts';
import { unquote, type Word } from './text.ts';

/** Reads `<environment> <until> <reason>`. The reason is required, since a freeze affects everybody. */
export function readFreeze(typed: CommandText): ParseResult<Command> {
  const named = readEnvironment('freeze', typed);
  if (!named.ok) return named;
  const { environment, rest } = named.value;
  const until = readUntil(rest, environment);
  if (!until.ok) return until;
  const reason = readProse(typed, rest.slice(1));
  if (!reason.ok) return reason;
  if (!givesReason(reason.value)) return refuse({ problem: 'missing_reason', environment });
  return parsed({ kind: 'freeze', environment, until: until.value, reason: reason.value });
}

/** Reads `<environment> [reason …]`. */
export function readUnfreeze(typed: CommandText): ParseResult<Command> {
  const named = readEnvironment('unfreeze', typed);
  if (!named.ok) return named;
  const reason = readProse(typed, named.value.rest);
  if (!reason.ok) return reason;
  return parsed({ kind: 'unfreeze', environment: named.value.environment, reason: reason.value });
}

type Named = { readonly environment: string; readonly rest: readonly Word[] };

/** Reads `[<environment>]`. */
export function readList(typed: CommandText): ParseResult<Command> {
  if (typed.words.length === 0) return parsed({ kind: 'list', environment: null });
  const named = readEnvironment('list', typed);
  if (!named.ok) return named;
  const { environment, rest } = named.value;
  return noMoreWords('list', rest) ?? parsed({ kind: 'list', environment });
}

/** The environment, as a bare word or as the option. A freeze requires it, since it affects all of it. */
function readEnvironment(command: CommandWord, { words, vocabulary }: CommandText): ParseResult<Named> {
  const [first, second] = words;
  const known = vocabulary.environments;
  if (first === undefined) return refuse({ problem: 'missing_environment', command, known });
  const option = readOptionWord(first.text);
  if (option?.name === 'unknown') {
    return refuse({ problem: 'unknown_option', typed: excerpt(first.text), suggestion: option.suggestion });
  }
  const takesNext = option !== null && option.value === null;
  const typed = unquote(option === null ? first.text : (option.value ?? second?.text ?? ''));
  if (typed === '') return refuse({ problem: 'missing_option_value', option: 'env' });
  const environment = findEnvironment(vocabulary, typed);
  if (environment !== null) return parsed({ environment, rest: words.slice(takesNext ? 2 : 1) });
  const suggestion = nearestName(typed, known);
  return refuse({ problem: 'unknown_environment', typed: excerpt(typed), suggestion, known });
}

/** With `Z` or an offset: a time without a zone is ambiguous. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)$/i;

function readUntil([word]: readonly Word[], environment: string): ParseResult<Until> {
  if (word === undefined) return refuse({ problem: 'missing_until', environment });
  const typed = unquote(word.text);
  const lasting = durationIn(typed);
  if (lasting !== null) return parsed({ kind: 'for', ms: lasting, typed });
  const at = moment.test(typed) ? Date.parse(typed.toUpperCase()) : Number.NaN;
  if (Number.isNaN(at)) return refuse({ problem: 'bad_until', environment, typed: excerpt(typed) });
  return parsed({ kind: 'at', at, typed });
}

/** Declared freezes are for emergencies. Planned ones belong in the configuration, where everybody can read them. */
const longestFreezeMs = 30 * 86_400_000;
const shortestFreezeMs = 60_000;

/** When a freeze that is requested now ends, in milliseconds since the epoch; null if that is past, too soon, or more than 30 days away. */
export function endOfFreeze(until: Until, now: number): number | null {
  const end = until.kind === 'at' ? until.at : now + until.ms;
  return end >= now + shortestFreezeMs && end <= now + longestFreezeMs ? end : null;
}
