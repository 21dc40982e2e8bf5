import { nearestName } from '../commands/nearest-name.ts';
import { plain, type Translator } from '../locales/words.ts';
import { credentialSuffixes, ownPrefixIn, prefixOf } from './credential-names.ts';
import type { OtherVariable } from './problem.ts';
import type { Values } from './variable-problems.ts';

/** Shorter names without our prefixes are near to too many that belong to other programs. */
const shortestForeign = 7;

/** Variables that nothing reads, and that are one of ours but for a slip. */
export function misspelledVariables(
  values: Values,
  settings: readonly string[],
  environments: readonly (string | null)[],
  words: Translator,
): readonly OtherVariable[] {
  const own = environments.flatMap((name) =>
    name === null ? [] : credentialSuffixes.map((suffix) => `${prefixOf(name)}${suffix}`),
  );
  const known = [...settings, ...own];
  return Object.keys(values).flatMap((name) => {
    // Those of an environment that there is not are told as such.
    if (known.includes(name) || ownPrefixIn(name) !== null) return [];
    const suggestion = nearestName(name, known) ?? shortened(name, known);
    if (suggestion === null || !isOurs(name, suggestion, values)) return [];
    return [{ name, what: plain(words.translate('settings.variable_misspelled', { suggestion })), complete: true }];
  });
}

/** The setting of which this has only some of the words, or their beginnings: `CAMPAIGN_ORG`, `SLACK_TOKEN`. */
function shortened(name: string, known: readonly string[]): string | null {
  const words = name.toUpperCase().split('_');
  if (words.length < 2) return null;
  return known.find((one) => isShortened(words, one.split('_'))) ?? null;
}

function isShortened([first = '', ...others]: readonly string[], [whole, ...words]: readonly string[]): boolean {
  if (first !== whole) return false;
  let from = 0;
  return others.every((other) => {
    const at = words.findIndex((word, index) => index >= from && other.length > 1 && word.startsWith(other));
    from = at + 1;
    return at !== -1;
  });
}

function isOurs(name: string, suggestion: string, values: Values): boolean {
  if (/^(?:CAMPAIGN|SLACK)_/i.test(name)) return true;
  // `FTP_PROXY` and the like are other programs'.
  return name.length >= shortestForeign && !/_proxy$/i.test(name) && values[suggestion] === undefined;
}
