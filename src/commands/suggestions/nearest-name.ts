import leven, { closestMatch } from 'leven';
import { fold, withoutPunctuation } from '../grammar/text.ts';
import { doubtfulNames, type Language, languages, meaningOf, namesIn } from '../vocabulary/command-names.ts';

/** At most two edits: an extra, missing or wrong letter counts one, a transposition two. */
export const mostSlips = 2;

/**
 * The nearest name, in its own spelling: at most `slips` edits away, and fewer edits than typed letters (otherwise every
 * short word would match). Null if there is none.
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
 * The nearest commands: by the words of that language and of English, or else, with a single edit, of any other language.
 * If two commands are equally near, both are returned, since one may be the opposite of the other. Empty if none is near.
 */
export function nearestCommands(typed: string, language: Language): readonly string[] {
  const word = fold(withoutPunctuation(typed));
  const own = nearestOf(namesOf(language, 'en'), word, allowedSlips(word));
  return own.length > 0 ? own : nearestOf([...namesOf(...languages), ...doubtfulNames], word, 1);
}

function namesOf(...some: readonly Language[]): readonly string[] {
  return some.flatMap((language) => Object.values(namesIn[language]).flat());
}

/** One edit for every four letters: with two, "mettre" would match "retire", and Swedish "stanna" (halt) "starta". */
function allowedSlips({ length }: string): number {
  return length < 8 ? 1 : 2;
}

/** Those with the fewest edits, one for each command. */
function nearestOf(names: readonly string[], word: string, most: number): readonly string[] {
  const near = names
    .map((name) => ({ name, slips: slipsBetween(word, fold(name), most) }))
    .filter(({ slips }) => slips <= most);
  const fewest = Math.min(...near.map(({ slips }) => slips));
  const nearest = near.filter(({ slips }) => slips === fewest).map(({ name }) => name);
  return [...Map.groupBy(nearest, (name) => String(meaningOf(name))).values()].flatMap(([name]) => name ?? []);
}

/** An extra, missing or wrong letter is one edit, and so is a transposition. */
function slipsBetween(word: string, name: string, most: number): number {
  if (Math.abs(word.length - name.length) > most || isAnotherWord(word, name)) return Number.POSITIVE_INFINITY;
  return Math.min(leven(word, name), ...swapped(word).map((one) => 1 + leven(one, name)));
}

/** "restart" is not a start, and "unapprove" is the opposite of approve: such a suggestion would be dangerous. */
function isAnotherWord(word: string, name: string): boolean {
  return word.length > name.length + 1 && word.endsWith(name);
}

/** The word with each pair of neighbouring letters transposed. */
function swapped(word: string): readonly string[] {
  return Array.from({ length: word.length - 1 }, (_, at) =>
    [word.slice(0, at), word.charAt(at + 1), word.charAt(at), word.slice(at + 2)].join(''),
  );
}
