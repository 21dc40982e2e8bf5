import { existsSync, lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'dotenv';
import { localeFor, plain, type Translator, translatorFor } from './locales/translator.ts';
import { withProxies } from './proxies.ts';
import type { IntegrityProblem } from './requests/ledger/integrity.ts';
import { readSecretFiles, type UnreadSecret } from './secret-files.ts';
import type { ConfigurationFile } from './settings/file/read-file.ts';
import { type Problem, problemLine, type Warning } from './settings/problem.ts';

/** 0 after a clean shutdown, 1 after a crash or for a ledger that fails verification, 2 for invalid settings. */
export const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The default path of the configuration file. */
const usualConfigFile = 'campaign-wf.yml';

/** No real configuration is larger. A larger file was named by mistake. */
const largestFile = 1_000_000;

type Variables = Record<string, string | undefined>;

/** The variables, and problems of the way they were given. */
export type Given = {
  readonly variables: Variables;
  /** Secrets that are given as files, and could not be read. The variables lack them. */
  readonly unread: readonly UnreadSecret[];
  /** Why `.env` cannot be read; null if it can, or does not exist. */
  readonly unreadable: string | null;
  readonly comments: readonly Comment[];
  /** Variables whose quotes were removed. */
  readonly quoted: readonly string[];
  /** A `.env` in another folder that is not read; null if this folder has one. */
  readonly elsewhere: string | null;
};

const inQuotes = /^(?<quote>["'])(?<inner>.*)\k<quote>$/s;
const ours = /^(?:(?:CAMPAIGN|SLACK)_.+|IMS_URL|DATABASE_URL|(?:HTTPS?|NO)_PROXY|(?:https?|no)_proxy)$/;

/** The process's variables, and those that `.env` adds, with the secrets of files. An empty variable counts as absent. */
export function environment(): Given {
  const variables: Variables = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  // `docker --env-file` does not remove quotes.
  const quoted = Object.keys(variables).filter((name) => ours.test(name) && inQuotes.test(variables[name] ?? ''));
  for (const name of quoted) variables[name] = inQuotes.exec(variables[name] ?? '')?.groups?.inner ?? '';
  const { text, unreadable } = dotenv();
  // In whatever case a proxy is named, the process's variables come before those of `.env`.
  const merged = withProxies(variables);
  for (const [name, value] of Object.entries(withProxies(parse(text ?? '')))) merged[name] ??= value;
  const elsewhere = text === null && unreadable === null ? dotenvElsewhere(merged) : null;
  return { ...readSecretFiles(merged), unreadable, comments: commentsIn(text ?? ''), quoted, elsewhere };
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

/** Why the content of `.env` is unknown. */
export function dotenvProblem({ unreadable }: Given, translator: Translator): Problem | null {
  if (unreadable === null) return null;
  return {
    file: '.env',
    line: null,
    what: plain(translator.translate('settings.dotenv_unusable', { code: unreadable })),
  };
}

/** Warnings about variables that were probably given in an unintended way. */
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

/** The path of the configuration file. `isNamed`: a variable names it. */
export type ConfigurationPlace = { readonly path: string; readonly isNamed: boolean };

/**
 * The path that the variables name, or else the file in this folder; null without one. A file in the folder always counts,
 * even a broken link: ignoring rules silently would be dangerous.
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
    const { path } = place;
    return unsuitable(place, statSync(path)) ?? textOf(place, readFileSync(path));
  } catch (error) {
    return { ...place, unreadable: codeOf(error) };
  }
}

/** The same without blocking the process: a file system of the network can take long. */
export async function configurationFileLater(place: ConfigurationPlace): Promise<ConfigurationFile> {
  try {
    const { path } = place;
    return unsuitable(place, await stat(path)) ?? textOf(place, await readFile(path));
  } catch (error) {
    return { ...place, unreadable: codeOf(error) };
  }
}

function unsuitable(place: ConfigurationPlace, found: Stats): ConfigurationFile | null {
  if (!found.isFile()) return { ...place, unreadable: 'EISDIR' };
  return found.size > largestFile ? { ...place, unreadable: 'EFBIG' } : null;
}

function textOf({ path }: ConfigurationPlace, bytes: Uint8Array): ConfigurationFile {
  return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
}

/** The operating system's error code, or our own code for text in another encoding. */
function codeOf(error: unknown): string {
  if (!Error.isError(error) || !('code' in error)) throw error;
  return error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'EILSEQ' : String(error.code);
}

/** The terminal uses the language of the channels, if it is supported. */
export function operatorsWords({ CAMPAIGN_WF_LOCALE: locale = 'en' }: Record<string, string | undefined>): Translator {
  return translatorFor(localeFor(locale));
}

/** Prints each problem on a line and sets the exit code. */
export function complain(problems: readonly Problem[], translator: Translator): void {
  process.stderr.write(`${problemText(problems, translator)}\n`);
  process.exitCode = exitCodes.settings;
}

/** A title, and each problem on a line. */
export function problemText(problems: readonly Problem[], translator: Translator): string {
  const lines = problems.map((problem) => problemLine(problem, translator));
  return [plain(translator.translate('settings.title')), ...lines].join('\n');
}

/** A value with a part that became a comment: `cut` in the middle, `empty` as a whole. */
export type Comment = { readonly name: string; readonly line: number; readonly kind: 'cut' | 'empty' };

const assignment = /^\s*(?:export\s+)?(?<name>[\w.-]+)\s*[=:](?<given>.*)$/;

/** The values in a `.env` with an unquoted `#` that was probably not meant as a comment: `abc#def`, `#ops`. */
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

/** A `#` between white space, or after white space at the end of a value, begins a comment. */
function isCut(given: string): boolean {
  const at = given.indexOf('#');
  if (at === -1 || /^\s*["'`]/.test(given)) return false;
  const isGlued = at > 0 && !/\s/.test(given.charAt(at - 1));
  return isGlued || (given.slice(0, at).trim() === '' && /^#[^\s#]/.test(given.slice(at)));
}

/** The integrity problem of a request's record, for a terminal. */
export function describeIntegrityProblem(translator: Translator, request: string, problem: IntegrityProblem): string {
  if ('sequence' in problem) {
    const { kind, sequence } = problem;
    return plain(translator.translate(`verify.flaw.${kind}`, { request, sequence: String(sequence) }));
  }
  if (problem.kind === 'removed') {
    return plain(translator.translate('verify.flaw.removed', { request, events: problem.events }));
  }
  return plain(translator.translate(`verify.flaw.${problem.kind}`, { request }));
}
