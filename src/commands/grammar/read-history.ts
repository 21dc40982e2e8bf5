import type { Command } from '../command.ts';
import { spanOpenings } from '../vocabulary/time-words.ts';
import { environmentCalled, findAlias, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { durationIn, durationMeant } from './duration.ts';
import { personMentioned } from './mention.ts';
import { readOptionWord } from './option-word.ts';
import { type CommandText, excerpt, noMoreWords, type ParseResult, parsed, refuse } from './parse-result.ts';
import { readEnvironment } from './read-environment.ts';
import { readTarget } from './read-target.ts';
import { fold, unquote, type Word, withoutPunctuation } from './text.ts';

/** Reads `[workflow] [@person] [7d] [--env environment]`, in any order. */
export function readHistory(typed: CommandText): ParseResult<Command> {
  const filters = readFilters(typed);
  if (!filters.ok) return filters;
  const { others, person, lastMs } = filters.value;
  const target = readTarget(others, typed.vocabulary);
  if (!target.ok) return target;
  const { workflow, environment: option, rest } = target.value;
  const environment =
    workflow === null ? parsed(option?.name ?? null) : readEnvironment('history', target.value, workflow, typed);
  if (!environment.ok) return environment;
  return (
    noMoreWords('history', rest) ??
    parsed({
      kind: 'history',
      workflow: workflow?.name ?? null,
      environment: environment.value,
      person,
      lastMs,
    })
  );
}

/** The person and the period, and all other words. */
type Filters = { readonly person: string | null; readonly lastMs: number | null; readonly others: readonly Word[] };

function readFilters({ words, vocabulary }: CommandText): ParseResult<Filters> {
  let filters: Filters = { person: null, lastMs: null, others: [] };
  let left = words.slice(0, mostWords);
  while (left.length > 0) {
    const { length, read } = readFilter(left, filters, vocabulary);
    if (!read.ok) return read;
    filters = read.value;
    left = left.slice(length);
  }
  return parsed({ ...filters, others: [...filters.others, ...words.slice(mostWords)] });
}

/** More than any history has. */
const mostWords = 30;

/** How many words were read, and the filters with them. */
type ReadFilter = { readonly length: number; readonly read: ParseResult<Filters> };

function readFilter(words: readonly Word[], filters: Filters, vocabulary: Vocabulary): ReadFilter {
  const [word, next] = words;
  const typed = unquote(word?.text ?? '');
  const otherwise = (length: number): ReadFilter => {
    return { length, read: parsed({ ...filters, others: [...filters.others, ...words.slice(0, length)] }) };
  };
  if (takesNext(typed)) return otherwise(2);
  const mention = mentionAt(words);
  if (mention !== null) return readPerson(mention, filters);
  if (typed.startsWith('@') && environmentCalled(vocabulary, withoutPunctuation(typed)) === null) {
    return { length: 1, read: refuse({ problem: 'unknown_person', typed: excerpt(typed) }) };
  }
  if (findAlias(vocabulary, typed) !== null) return otherwise(1);
  return readPeriod(typed, next, filters) ?? otherwise(1);
}

/** `--env`, whose value is the next word. */
function takesNext(typed: string): boolean {
  const option = readOptionWord(typed);
  return option?.name === 'env' && option.value === null;
}

type Mention = { readonly typed: string; readonly length: number };

/** A mention, in several words where the person's name has spaces: `<@U012|bob the builder>`. */
function mentionAt(words: readonly Word[]): Mention | null {
  if (!/^<[@!]/.test(words[0]?.text ?? '')) return null;
  const last = words.slice(0, mostWordsOfName).findIndex(({ text }) => text.endsWith('>'));
  const length = Math.max(last, 0) + 1;
  const typed = words.slice(0, length).map(({ text }) => text);
  return { typed: typed.join(' '), length };
}

const mostWordsOfName = 12;

function readPerson({ typed, length }: Mention, filters: Filters): ReadFilter {
  const person = personMentioned(typed);
  if (person === null) return { length, read: refuse({ problem: 'unknown_person', typed: excerpt(typed) }) };
  return { length, read: filters.person === null ? parsed({ ...filters, person }) : tooMany(typed) };
}

const shortestMs = 60_000;

/** Null if there is no span of time. A bare "7w" or "today" would be a valid workflow ID, but must not be used as one. */
function readPeriod(typed: string, next: Word | undefined, filters: Filters): ReadFilter | null {
  const lastMs = durationIn(typed);
  if (lastMs !== null && lastMs >= shortestMs) {
    return { length: 1, read: filters.lastMs === null ? parsed({ ...filters, lastMs }) : tooMany(typed) };
  }
  const meant = lastMs === null ? periodMeant(typed, unquote(next?.text ?? '')) : { typed, suggestion: null };
  if (meant === null) return null;
  const { suggestion } = meant;
  return { length: 1, read: refuse({ problem: 'bad_period', typed: excerpt(meant.typed), suggestion }) };
}

/** The duration that is probably meant by "2w", "7 days" or "last 7d". */
function periodMeant(typed: string, next: string) {
  const alone = durationMeant(typed);
  if (alone !== null) return { typed, suggestion: alone };
  const inNext = durationIn(next) === null ? durationMeant(next) : next;
  const suggestion = spanOpenings.has(fold(typed)) ? inNext : durationMeant(`${typed} ${next}`);
  return suggestion === null ? null : { typed: `${typed} ${next}`, suggestion };
}

function tooMany(typed: string) {
  return refuse({ problem: 'too_many_words', command: 'history', extra: excerpt(typed) });
}
