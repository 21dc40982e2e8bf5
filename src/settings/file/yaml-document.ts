import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { plain, type Translator } from '../../locales/translator.ts';
import type { Path } from './issue.ts';

/** A problem of a line. */
export type LineProblem = { readonly line: number; readonly what: string };

/** A file parsed as YAML. */
export type YamlDocument = {
  readonly problems: readonly LineProblem[];
  /** Its content; null if it cannot be parsed. */
  readonly content: Readonly<Record<string, unknown>> | null;
  /** Where YAML read a text as a reference. */
  readonly misread: readonly Path[];
  /** The line of a value; for a missing value, the line of its parent. */
  lineOf(path: Path): number;
};

/** After one of these errors, the rest is parsed correctly. */
const harmless = new Set(['DUPLICATE_KEY', 'BAD_ALIAS', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'TAG_RESOLVE_FAILED']);

/** How many aliases a file may have (`*ops` for the node marked `&ops`). */
const mostReferences = 100;

/** Parses YAML 1.2, in which only `true` and `false` are booleans, and keys are strings. */
export function readYaml(text: string, translator: Translator): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    schema: 'core',
    resolveKnownTags: false,
    // Rejected below. Until then nothing counts as missing because of it.
    merge: true,
    stringKeys: true,
  });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const flaws = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
  const causes = withoutConsequences(flaws);
  const problems = causes.map((error) => ({ line: lineAt(error.pos[0]), what: describeError(error, translator) }));
  const references = misreadReferences(document, translator);
  problems.push(...references.map(({ at, what }) => ({ line: lineAt(at), what })));
  const misread = references.flatMap(({ path }) => (path === null ? [] : [path]));
  const lineOf = (path: Path) => lineAt(offsetOf(document, path));
  const isHopeless = flaws.some(({ code }) => !harmless.has(code));
  if (isHopeless) return { problems: oneALine(problems), content: null, misread, lineOf };
  const content = contentOf(document, translator);
  if (typeof content === 'string') problems.push({ line: lineOf([]), what: content });
  return { problems: oneALine(problems), content: typeof content === 'string' ? null : content, misread, lineOf };
}

/** Errors after the first one are mostly consequences of it, except tabs. */
function withoutConsequences(flaws: readonly YAMLError[]): readonly YAMLError[] {
  const first = flaws.find(({ code }) => !harmless.has(code));
  return flaws.filter((flaw) => harmless.has(flaw.code) || flaw.code === 'TAB_AS_INDENT' || flaw === first);
}

/** Several errors on one line usually have one cause. */
function oneALine(problems: readonly LineProblem[]): readonly LineProblem[] {
  return [...Map.groupBy(problems, ({ line }) => line).values()].flatMap(([first]) => first ?? []);
}

/** The content of the file, or its problem as a whole. */
function contentOf(document: Document, translator: Translator): Record<string, unknown> | string {
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return plain(translator.translate('settings.file.empty'));
  }
  if (!isMap(document.contents)) return plain(translator.translate('settings.file.no_keys'));
  try {
    return document.toJS({ maxAliasCount: mostReferences });
  } catch (error) {
    if (error instanceof ReferenceError) return plain(translator.translate('settings.file.references'));
    throw error;
  }
}

type Misread = {
  readonly at: number;
  readonly what: string;
  /** The position of the text that replaced it; null without one. */
  readonly path: Path | null;
};

/** Texts that YAML reads as an unresolved or unsupported reference. They are turned back into text. */
function misreadReferences(document: Document, translator: Translator): readonly Misread[] {
  const misread: Misread[] = [];
  visit(document, {
    // `[*]`, or `*load`: intended as text.
    Alias(key, alias, ancestors) {
      if (key === 'key' || (alias.source !== '' && alias.resolve(document) !== undefined)) return;
      const what = plain(translator.translate('settings.file.star', { star: '*' }));
      misread.push({ at: alias.range?.[0] ?? 0, what, path: pathTo(alias, ancestors) });
      const text = document.createNode(`*${alias.source}`);
      text.range = alias.range ?? null;
      return text;
    },
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.type !== 'PLAIN' || key.value !== '<<') return;
      const what = plain(translator.translate('settings.file.merge_key', { mark: '<<' }));
      misread.push({ at: key.range?.[0] ?? 0, what, path: null });
      return canBeMerged(value, document) ? undefined : visit.REMOVE;
    },
  });
  return misread;
}

function canBeMerged(value: unknown, document: Document): boolean {
  const source = isAlias(value) ? value.resolve(document) : value;
  return isMap(source) || (isSeq(source) && source.items.every((item) => !isSeq(item) && canBeMerged(item, document)));
}

function pathTo(node: unknown, ancestors: readonly unknown[]): Path {
  return ancestors.flatMap((ancestor, index): Path => {
    const inner = ancestors[index + 1] ?? node;
    if (isSeq(ancestor)) return [ancestor.items.indexOf(inner)];
    return isPair(ancestor) && isScalar(ancestor.key) ? [String(ancestor.key.value)] : [];
  });
}

function describeError({ code, message }: YAMLError, translator: Translator): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return plain(translator.translate('settings.file.key_twice'));
    case 'TAB_AS_INDENT':
      return plain(translator.translate('settings.file.tab'));
    case 'MULTIPLE_DOCS':
      return plain(translator.translate('settings.file.second_document'));
    case 'BAD_ALIAS':
      return plain(translator.translate('settings.file.star', { star: '*' }));
    case 'RESOURCE_EXHAUSTION':
      return plain(translator.translate('settings.file.too_deep'));
    case 'NON_STRING_KEY':
      return plain(translator.translate('settings.file.key_no_text'));
    case 'TAG_RESOLVE_FAILED':
      return plain(translator.translate('settings.file.tag', { mark: '!' }));
    default:
      // After a colon, such a message quotes the file.
      return plain(translator.translate('settings.file.syntax', { detail: message.replace(/(?::\s.*)?\.?$/s, '') }));
  }
}

/** The start of the last existing part of the path; for a value of a mapping, the start of its key. */
function offsetOf(document: Document, path: Path): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const segment of path) {
    const inner = childOf(isAlias(node) ? node.resolve(document) : node, segment);
    if (inner === null) break;
    offset = inner.offset;
    node = inner.node;
  }
  return offset;
}

function childOf(node: unknown, segment: string | number): { offset: number; node: unknown } | null {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return isNodeWithRange(item) ? { offset: item.range[0], node: item } : null;
  }
  if (!isMap(node)) return null;
  // Of a duplicate key, the last one counts.
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(segment));
  return isNodeWithRange(pair?.key) ? { offset: pair.key.range[0], node: pair.value } : null;
}

function isNodeWithRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
