import { existsSync, readFileSync, statSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { plain, type Words } from './locales/words.ts';
import type { ConfigurationFile } from './settings/file/read-file.ts';
import { type Problem, problemLine } from './settings/problem.ts';

/** 0 after a clean stop, 1 for a crash or for a ledger that cannot be trusted, 2 for settings that cannot work. */
export const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

/** No configuration that people write is larger; a file that is was named by mistake. */
const largestFile = 1_000_000;

/**
 * The process's variables, and what `.env` adds to them; an empty one is an absent one. A configuration file
 * that lies in the folder counts as asked for: rules that are passed over in silence would be a trap.
 */
export function environment(): Record<string, string | undefined> {
  const variables = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  loadDotenv({ quiet: true, processEnv: variables as Record<string, string> });
  const config = variables.CAMPAIGN_WF_CONFIG?.trim() || (existsSync(usualConfigFile) ? usualConfigFile : undefined);
  return { ...variables, CAMPAIGN_WF_CONFIG: config };
}

/** The configuration file that the variables name, as it is now; null where they name none. */
export function configurationFile(variables: Record<string, string | undefined>): ConfigurationFile | null {
  const path = variables.CAMPAIGN_WF_CONFIG?.trim();
  if (!path) return null;
  try {
    return textOf(path);
  } catch (error) {
    return { path, unreadable: codeOf(error) };
  }
}

function textOf(path: string): ConfigurationFile {
  const found = statSync(path);
  if (!found.isFile()) return { path, unreadable: 'EISDIR' };
  if (found.size > largestFile) return { path, unreadable: 'EFBIG' };
  return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
}

/** What the operating system says; of text in another encoding it says nothing, so the code for that is given here. */
function codeOf(error: unknown): string {
  if (!Error.isError(error) || !('code' in error)) throw error;
  return error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'EILSEQ' : String(error.code);
}

/** Every problem, one a line, and the exit code that says so. */
export function complain(problems: readonly Problem[], words: Words): void {
  const lines = problems.map((problem) => problemLine(problem, words));
  process.stderr.write(`${[plain(words.say('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}
