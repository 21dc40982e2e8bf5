import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'dotenv';
import { localeFor, plain, type Translator, translatorFor } from './locales/translator.ts';
import { withProxies } from './proxies.ts';
import type { ConfigurationFile } from './settings/file/read-file.ts';
import { type Problem, problemLine, type Warning } from './settings/problem.ts';

/** 0 after a clean stop, 1 for a crash or for a ledger that cannot be trusted, 2 for settings that cannot work. */
export const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

/** No configuration that people write is larger; a file that is was named by mistake. */
const largestFile = 1_000_000;

type Variables = Record<string, string | undefined>;

/** The variables, and what is to be told of how they were given. */
export type Given = {
  readonly variables: Variables;
  /** Why `.env` cannot be read; null where it can, or is not there. */
  readonly unreadable: string | null;
  readonly comments: readonly Comment[];
  /** Whose quotes were taken off. */
  readonly quoted: readonly string[];
  /** A `.env` that is not read, for it lies in another folder; null where this folder has one. */
  readonly elsewhere: string | null;
};

const inQuotes = /^(?<quote>["'])(?<inner>.*)\k<quote>$/s;
const ours = /^(?:(?:CAMPAIGN|SLACK)_.+|IMS_URL|DATABASE_URL)$/;

/** The process's variables, and what `.env` adds to them; an empty one is an absent one. */
export function environment(): Given {
  const variables: Variables = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  // `docker --env-file` leaves quotes where they stand.
  const quoted = Object.keys(variables).filter((name) => ours.test(name) && inQuotes.test(variables[name] ?? ''));
  for (const name of quoted) variables[name] = inQuotes.exec(variables[name] ?? '')?.groups?.inner ?? '';
  const { text, unreadable } = dotenv();
  for (const [name, value] of Object.entries(parse(text ?? ''))) variables[name] ??= value;
  const elsewhere = text === null && unreadable === null ? dotenvElsewhere(variables) : null;
  return { variables: withProxies(variables), unreadable, comments: commentsIn(text ?? ''), quoted, elsewhere };
}

function dotenv(): { text: string | null; unreadable: string | null } {
  if (lstatSync('.env', { throwIfNoEntry: false }) === undefined) return { text: null, unreadable: null };
  const file = configurationFile({ path: '.env', isNamed: false });
  if ('unreadable' in file) return { text: null, unreadable: file.unreadable };
  // UTF-16 without a mark at its beginning is UTF-8, but for these.
  return file.text.includes('\0') ? { text: null, unreadable: 'EILSEQ' } : { text: file.text, unreadable: null };
}

function dotenvElsewhere({ CAMPAIGN_WF_CONFIG: config }: Variables): string | null {
  const program = fileURLToPath(new URL('../.env', import.meta.url));
  const beside = config?.trim() ? [resolve(dirname(config.trim()), '.env')] : [];
  return [...beside, program].find((path) => existsSync(path)) ?? null;
}

/** Why nothing that stands in `.env` is known. */
export function dotenvProblem({ unreadable }: Given, translator: Translator): Problem | null {
  if (unreadable === null) return null;
  return {
    file: '.env',
    line: null,
    what: plain(translator.translate('settings.dotenv_unusable', { code: unreadable })),
  };
}

/** How variables were given, where somebody probably meant something else. */
export function givenWarnings({ comments, quoted, elsewhere }: Given, translator: Translator): readonly Warning[] {
  const ofComments = comments.map(
    ({ name, line, kind }): Warning => ({
      file: '.env',
      line,
      key: name,
      what: plain(translator.translate(kind === 'cut' ? 'settings.comment.cut' : 'settings.comment.empty')),
    }),
  );
  const ofQuotes = quoted.map(
    (name): Warning => ({ name, what: plain(translator.translate('settings.quotes_removed')), complete: true }),
  );
  const ofPlace: Warning[] =
    elsewhere === null
      ? []
      : [{ file: elsewhere, line: null, what: plain(translator.translate('settings.dotenv_elsewhere')) }];
  return [...ofComments, ...ofQuotes, ...ofPlace];
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
export function operatorsWords({ CAMPAIGN_WF_LOCALE: locale = 'en' }: Record<string, string | undefined>): Translator {
  return translatorFor(localeFor(locale));
}

/** Every problem, one a line, and the exit code that says so. */
export function complain(problems: readonly Problem[], translator: Translator): void {
  const lines = problems.map((problem) => problemLine(problem, translator));
  process.stderr.write(`${[plain(translator.translate('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}

/** A value of which a part became a comment: `cut` in the middle, `empty` as a whole. */
export type Comment = { readonly name: string; readonly line: number; readonly kind: 'cut' | 'empty' };

const assignment = /^\s*(?:export\s+)?(?<name>[\w.-]+)\s*[=:](?<given>.*)$/;

/** The values of a `.env` that hold a `#` without quotes, where it hardly begins a comment: `abc#def`, `#ops`. */
export function commentsIn(text: string): readonly Comment[] {
  const values = parse(text);
  return text.split(/\r?\n/).flatMap((written, index) => {
    const { name, given } = assignment.exec(written)?.groups ?? {};
    if (name === undefined || given === undefined || !isCut(given)) return [];
    const kept = given.slice(0, given.indexOf('#')).trim();
    if (values[name] !== kept) return [];
    return [{ name, line: index + 1, kind: kept === '' ? 'empty' : 'cut' }];
  });
}

/** Between white spaces, or behind some at the end of a value, it is a comment. */
function isCut(given: string): boolean {
  const at = given.indexOf('#');
  if (at === -1 || /^\s*["'`]/.test(given)) return false;
  const isGlued = at > 0 && !/\s/.test(given.charAt(at - 1));
  return isGlued || (given.slice(0, at).trim() === '' && /^#[^\s#]/.test(given.slice(at)));
}
