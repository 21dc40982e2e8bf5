import { readFileSync, statSync } from 'node:fs';
import { plain, type Translator } from './locales/translator.ts';
import type { OtherVariable, Problem } from './settings/problem.ts';
import { fileNameOf, givenByFile, isSecretName } from './settings/secret-names.ts';

type Variables = Record<string, string | undefined>;

/** The operating system's code, or one of our own: no ordinary file is EISDIR, too large EFBIG, not UTF-8 EILSEQ. */
type Cause = { readonly kind: 'both' } | { readonly kind: 'file'; readonly code: string };

/** A secret that is given as a file, and is unknown. */
export type UnreadSecret = { readonly name: string; readonly cause: Cause };

/** Larger than every token; no file that was named by mistake is read into memory. */
const largestBytes = 16_384;

/**
 * Puts the contents of the files that variables such as `SLACK_BOT_TOKEN_FILE` name in the place of these variables. A
 * path is relative to the working directory. The files are read once.
 */
export function readSecretFiles(given: Variables): { variables: Variables; unread: readonly UnreadSecret[] } {
  const variables = { ...given };
  const unread: UnreadSecret[] = [];
  for (const [file, path] of Object.entries(given)) {
    const name = givenByFile(file);
    if (name === null || !isSecretName(name) || !path?.trim()) continue;
    delete variables[file];
    const found = variables[name]?.trim() ? ({ kind: 'both' } as const) : contentOf(path.trim());
    if (typeof found === 'string') variables[name] = found;
    else {
      delete variables[name];
      unread.push({ name, cause: found });
    }
  }
  return { variables, unread };
}

/** The text without one line break at its end; or why it cannot be a secret. */
function contentOf(path: string): string | Cause {
  try {
    const { size } = statFile(path);
    if (size > largestBytes) return { kind: 'file', code: 'EFBIG' };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).replace(/\r?\n$/, '');
    if (text.trim() === '') return { kind: 'file', code: 'empty' };
    // Several lines are another file, such as a whole `.env`.
    return /[\r\n\0]/.test(text.trim()) ? { kind: 'file', code: 'lines' } : text;
  } catch (error) {
    return { kind: 'file', code: codeOf(error) };
  }
}

/** Reading a pipe could wait forever. */
function statFile(path: string): { readonly size: number } {
  const found = statSync(path);
  if (!found.isFile()) throw Object.assign(new Error('not an ordinary file'), { code: 'EISDIR' });
  return found;
}

function codeOf(error: unknown): string {
  if (!Error.isError(error) || !('code' in error)) throw error;
  return error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'EILSEQ' : String(error.code);
}

/** The problem of each unread secret, under the name of the variable that names its file. */
export function secretFileProblems(unread: readonly UnreadSecret[], translator: Translator): readonly OtherVariable[] {
  return unread.map(({ name, cause }) => {
    const what =
      cause.kind === 'both'
        ? translator.translate('settings.secret_both', { variable: name })
        : translator.translate('settings.secret_file', { code: cause.code });
    return { name: fileNameOf(name), what: plain(what), complete: true };
  });
}

/** All problems but those that only follow from an unread secret: that it is missing. */
export function withUnreadSecrets(
  problems: readonly Problem[],
  unread: readonly UnreadSecret[],
  translator: Translator,
): readonly Problem[] {
  const names = unread.map(({ name }) => name);
  // Of the two, the one is missing under the name of the other.
  const unknown = new Set(names.includes('SLACK_SIGNING_SECRET') ? [...names, 'SLACK_APP_TOKEN'] : names);
  const others = problems.filter((problem) => !('name' in problem && unknown.has(problem.name)));
  return [...secretFileProblems(unread, translator), ...others];
}
