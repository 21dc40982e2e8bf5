import { lstatSync, readFileSync, statSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { localeFor, plain, type Words, wordsOf } from './locales/words.ts';
import { withProxies } from './proxies.ts';
import type { ConfigurationFile } from './settings/file/read-file.ts';
import { type Problem, problemLine } from './settings/problem.ts';

/** 0 after a clean stop, 1 for a crash or for a ledger that cannot be trusted, 2 for settings that cannot work. */
export const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

/** No configuration that people write is larger; a file that is was named by mistake. */
const largestFile = 1_000_000;

/** The process's variables, and what `.env` adds to them; an empty one is an absent one. */
export function environment(): Record<string, string | undefined> {
  const variables = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  loadDotenv({ quiet: true, processEnv: variables as Record<string, string> });
  return withProxies(variables);
}

/** Where the configuration file is. `isNamed`: a variable says so. */
export type ConfigurationPlace = { readonly path: string; readonly isNamed: boolean };

/**
 * Where the variables say, or else in this folder; null where there is none. One that lies in the folder counts as asked
 * for, also a link to nothing: rules that are passed over in silence would be a trap.
 */
export function configurationPlace(variables: Record<string, string | undefined>): ConfigurationPlace | null {
  const path = variables.CAMPAIGN_WF_CONFIG?.trim();
  if (path) return { path, isNamed: true };
  const isThere = lstatSync(usualConfigFile, { throwIfNoEntry: false }) !== undefined;
  return isThere ? { path: usualConfigFile, isNamed: false } : null;
}

/** The configuration file of that place, as it is now. */
export function configurationFile(place: ConfigurationPlace): ConfigurationFile {
  try {
    return textOf(place);
  } catch (error) {
    return { ...place, unreadable: codeOf(error) };
  }
}

function textOf(place: ConfigurationPlace): ConfigurationFile {
  const { path } = place;
  const found = statSync(path);
  if (!found.isFile()) return { ...place, unreadable: 'EISDIR' };
  if (found.size > largestFile) return { ...place, unreadable: 'EFBIG' };
  return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
}

/** What the operating system says; of text in another encoding it says nothing, so the code for that is given here. */
function codeOf(error: unknown): string {
  if (!Error.isError(error) || !('code' in error)) throw error;
  return error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'EILSEQ' : String(error.code);
}

/** What the terminal says is in the language of the channels, where that is one that we have. */
export function operatorsWords({ CAMPAIGN_WF_LOCALE: locale = 'en' }: Record<string, string | undefined>): Words {
  return wordsOf(localeFor(locale));
}

/** Every problem, one a line, and the exit code that says so. */
export function complain(problems: readonly Problem[], words: Words): void {
  const lines = problems.map((problem) => problemLine(problem, words));
  process.stderr.write(`${[plain(words.say('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}
