import { existsSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { plain, type Words } from './locales/words.ts';
import { type Problem, problemLine } from './settings/read-settings.ts';

/** 0 after a clean stop, 1 for a crash or for a ledger that cannot be trusted, 2 for settings that cannot work. */
export const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

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

/** Every problem, one a line, and the exit code that says so. */
export function complain(problems: readonly Problem[], words: Words): void {
  const lines = problems.map((problem) => problemLine(problem, words));
  process.stderr.write(`${[plain(words.say('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}
