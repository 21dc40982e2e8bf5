import leven, { closestMatch } from 'leven';
import { fold, withoutPunctuation } from '../grammar/text.ts';
import { doubtfulNames, type Language, languages, meaningOf, namesIn } from '../vocabulary/command-names.ts';

/** Two slips at most: a letter too many, missing or wrong each count one, two that changed places count two. */
export const mostSlips = 2;

/**
 * The name that was probably meant, in its own spelling: at most `slips` edits away, and fewer than there are letters
 * typed (else every short word would resemble some name). Null when there is none.
 */
export function nearestName<Name extends string>(
  typed: string,
  names: readonly Name[],
  slips = mostSlips,
): Name | null {
  const maxDistance = Math.min(slips, typed.length - 1);
  if (maxDistance < 1) return null;
  const folded = names.map((name) => name.toLowerCase());
  const match = closestMatch(typed.toLowerCase(), folded, { maxDistance });
  return match === undefined ? null : (names[folded.indexOf(match)] ?? null);
}

/**
 * What was probably meant: the nearest word of that language or of English, which everybody may type, else, for a single
 * slip, of any other. Where the words for two commands are equally near, both are named, for one may be the opposite
 * of the other. Empty where nothing is near.
 */
export function nearestCommands(typed: string, language: Language): readonly string[] {
  const word = fold(withoutPunctuation(typed));
  const own = nearestOf(namesOf(language, 'en'), word, allowedSlips(word));
  return own.length > 0 ? own : nearestOf([...namesOf(...languages), ...doubtfulNames], word, 1);
}

function namesOf(...some: readonly Language[]): readonly string[] {
  return some.flatMap((language) => Object.values(namesIn[language]).flat());
}

/** One for every four letters: with two slips, "mettre" would be "retire", and Swedish "stanna" (halt) "starta". */
function allowedSlips({ length }: string): number {
  return length < 8 ? 1 : 2;
}

/** Those with the fewest slips, one for each command. */
function nearestOf(names: readonly string[], word: string, most: number): readonly string[] {
  const near = names
    .map((name) => ({ name, slips: slipsBetween(word, fold(name), most) }))
    .filter(({ slips }) => slips <= most);
  const fewest = Math.min(...near.map(({ slips }) => slips));
  const nearest = near.filter(({ slips }) => slips === fewest).map(({ name }) => name);
  return [...Map.groupBy(nearest, (name) => String(meaningOf(name))).values()].flatMap(([name]) => name ?? []);
}

/** A letter too many, missing or wrong is one slip, and so are two that changed places. */
function slipsBetween(word: string, name: string, most: number): number {
  if (Math.abs(word.length - name.length) > most || isAnotherWord(word, name)) return Number.POSITIVE_INFINITY;
  return Math.min(leven(word, name), ...swapped(word).map((one) => 1 + leven(one, name)));
}

/** "restart" is no start, and "unapprove" the opposite of approve: it would be the worst of suggestions. */
function isAnotherWord(word: string, name: string): boolean {
  return word.length > name.length + 1 && word.endsWith(name);
}

/** The word with each two neighbours in each other's place. */
function swapped(word: string): readonly string[] {
  return Array.from({ length: word.length - 1 }, (_, at) =>
    [word.slice(0, at), word.charAt(at + 1), word.charAt(at), word.slice(at + 2)].join(''),
  );
}
