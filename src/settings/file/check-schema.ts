import type { z } from 'zod';
import { nearestName } from '../../commands/suggestions/nearest-name.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { reasonWords } from './file-schema.ts';
import { type FileIssue, firstOfEach, type Path } from './issue.ts';

type Issue = z.core.$ZodIssue;
type Looking = { readonly content: unknown; readonly translator: Translator };

/** Every value that violates the schema, as text. Zod's English messages are replaced by our own. */
export function schemaFlaws(error: z.ZodError, looking: Looking): readonly FileIssue[] {
  const issues = error.issues.flatMap((issue) => innermost(issue, looking.content));
  return firstOfEach(issues.map((issue) => flawOf(issue, looking)));
}

/** For a choice between a word and a mapping: the problems of the mapping, if it is one. */
function innermost(issue: Issue, content: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union' || found(valueAt(content, issue.path)) !== 'mapping') return [issue];
  const about = issue.errors.find((issues) => issues.every(({ path }) => path.length > 0));
  return about?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function flawOf(issue: Issue, { content, translator }: Looking): FileIssue {
  const path = pathOf(issue);
  const value = valueAt(content, path);
  return {
    path,
    what:
      value === undefined
        ? plain(translator.translate('settings.file.missing'))
        : describeIssue(issue, value, translator),
  };
}

/** A number has no unit: quotes alone would not make it a duration. */
const durations: ReadonlySet<PropertyKey> = new Set(['after', 'expires_after', 'every', 'longer_than']);

function describeIssue(issue: Issue, value: unknown, translator: Translator): string {
  switch (issue.code) {
    case 'invalid_union':
      if (issue.path.at(-1) === 'reason') return describeNone(value, reasonWords, translator);
      if (issue.path.includes('remind_after')) return plain(translator.translate('settings.not_a_duration'));
      return plain(translator.translate('settings.file.not_approvers'));
    case 'invalid_value':
      return describeNone(value, issue.values.map(String), translator);
    case 'invalid_type':
      // A number that is not whole: the schema has words for it.
      if (found(value) === 'number' && durations.has(issue.path.at(-1) ?? ''))
        return plain(translator.translate('settings.not_a_duration'));
      if (found(value) === 'number' && issue.path.at(-1) === 'pauses_end_after')
        return plain(translator.translate('settings.file.not_an_end_of_pauses'));
      return issue.expected === 'int' ? issue.message : describeType(needed(issue.expected), found(value), translator);
    default:
      return issue.message;
  }
}

/** A value is quoted only if it is nearly valid, since it may be anything. */
function describeNone(value: unknown, known: readonly string[], translator: Translator): string {
  const suggestion = typeof value === 'string' ? nearestName(value, known) : null;
  if (suggestion === null)
    return plain(
      translator.translate('settings.file.none_of', { known: translator.either(known.map((name) => foreign(name))) }),
    );
  return plain(translator.translate('settings.file.did_you_mean', { typed: String(value), suggestion }));
}

type Needed = 'text' | 'list' | 'mapping' | 'boolean' | 'number' | 'other';
type Found = 'nothing' | 'text' | 'number' | 'boolean' | 'list' | 'mapping';

function describeType(need: Needed, has: Found, translator: Translator): string {
  const what = plain(translator.translate('settings.file.wrong_type', { needed: need, found: has }));
  const isScalar = has === 'text' || has === 'number' || has === 'boolean';
  if (need === 'text' && isScalar) return `${what} ${plain(translator.translate('settings.file.put_quotes'))}`;
  if (need === 'list' && isScalar) return `${what} ${plain(translator.translate('settings.file.put_brackets'))}`;
  return what;
}

function needed(expected: string): Needed {
  const names: Readonly<Record<string, Needed>> = {
    string: 'text',
    array: 'list',
    object: 'mapping',
    record: 'mapping',
    boolean: 'boolean',
    number: 'number',
  };
  return names[expected] ?? 'other';
}

function found(value: unknown): Found {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'text';
  return Array.isArray(value) ? 'list' : 'mapping';
}

function pathOf({ path }: { path: readonly PropertyKey[] }): Path {
  return path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, segment) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, segment);
    return isThere ? (value as Record<PropertyKey, unknown>)[segment] : undefined;
  }, content);
}
