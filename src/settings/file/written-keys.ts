import { z } from 'zod';
import { nearestName } from '../../commands/suggestions/nearest-name.ts';
import { foreign } from '../../locales/phrase.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import type { FileIssue, Path } from './issue.ts';

/** The part of a JSON schema that lists the keys. */
type Shape = {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | false;
  readonly anyOf?: readonly Shape[];
};

/** A value with its position in the file; children by their intended keys. */
type Node = { readonly value: unknown; readonly path: Path; readonly children: ReadonlyMap<string | number, Node> };

/** The content under known keys. */
export type KnownKeys = {
  readonly content: object;
  /** Unknown or misspelled keys. */
  readonly flaws: readonly FileIssue[];
  /** The position in the file of a part of the content. */
  written(path: Path): Path;
};

/**
 * Reads each misspelled key as the intended one, so that its content is checked as well. If both exist, their entries are
 * merged.
 */
export function readKeys(content: object, schema: z.ZodType, translator: Translator): KnownKeys {
  const flaws: FileIssue[] = [];
  const shape = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  const root = nodeOf(content, shape, [], (path, known) => {
    const { flaw, name } = unknownKey(path, known, translator);
    flaws.push(flaw);
    return name;
  });
  return { content: root.value as object, flaws, written: (path) => writtenPath(root, path) };
}

function unknownKey(
  path: Path,
  known: readonly string[],
  translator: Translator,
): { flaw: FileIssue; name: string | null } {
  const name = nearestName(String(path.at(-1)), known);
  const what =
    name === null
      ? translator.translate('settings.file.key_unknown', { known: translator.all(known.map((one) => foreign(one))) })
      : translator.translate('settings.file.key_misspelled', { suggestion: name });
  return { flaw: { path, what: plain(what) }, name };
}

/** Reports an unknown key and returns the one that was probably intended. */
type Misspelled = (path: Path, known: readonly string[]) => string | null;

function nodeOf(value: unknown, shape: Shape, path: Path, misspelled: Misspelled): Node {
  const { properties, items, additionalProperties } = withKeys(shape, value);
  if (Array.isArray(value)) {
    return listOf(
      path,
      value.map((item, index) => nodeOf(item, items ?? {}, [...path, index], misspelled)),
    );
  }
  if (!isMapping(value)) return leaf(value, path);
  if (properties !== undefined) return mappingOf(path, meantKeys(value, properties, path, misspelled));
  if (!additionalProperties) return leaf(value, path);
  const inner = Object.entries(value).map(
    ([key, one]) => [key, nodeOf(one, additionalProperties, [...path, key], misspelled)] as const,
  );
  return mappingOf(path, new Map(inner));
}

function meantKeys(
  value: object,
  properties: Readonly<Record<string, Shape>>,
  path: Path,
  misspelled: Misspelled,
): ReadonlyMap<string, Node> {
  const known = Object.keys(properties);
  const found = Object.entries(value).flatMap(([key, inner]) => {
    const name = known.includes(key) ? key : misspelled([...path, key], known);
    if (name === null) return [];
    return [{ name, isRight: name === key, node: nodeOf(inner, properties[name] ?? {}, [...path, key], misspelled) }];
  });
  const rightFirst = found.toSorted((a, b) => Number(b.isRight) - Number(a.isRight));
  const byName = Map.groupBy(rightFirst, ({ name }) => name);
  return new Map([...byName].map(([name, all]) => [name, together(all.map(({ node }) => node))]));
}

/** Concatenates lists, merges mappings; of anything else, returns the first that is not empty. */
function together(nodes: readonly Node[]): Node {
  const [first = leaf(undefined, []), ...more] = nodes.filter(({ value }) => value !== null);
  if (more.length === 0) return nodes.find(({ value }) => value !== null) ?? nodes[0] ?? first;
  const all = [first, ...more];
  if (all.every(({ value }) => Array.isArray(value))) {
    return listOf(
      first.path,
      all.flatMap(({ children }) => [...children.values()]),
    );
  }
  if (!all.every(({ value }) => isMapping(value))) return first;
  const byKey = Map.groupBy(
    all.flatMap(({ children }) => [...children]),
    ([key]) => String(key),
  );
  return mappingOf(first.path, new Map([...byKey].map(([key, same]) => [key, together(same.map(([, node]) => node))])));
}

function leaf(value: unknown, path: Path): Node {
  return { value, path, children: new Map() };
}

function listOf(path: Path, items: readonly Node[]): Node {
  return { value: items.map(({ value }) => value), path, children: new Map(items.entries()) };
}

function mappingOf(path: Path, children: ReadonlyMap<string, Node>): Node {
  const entries = [...children].map(([key, { value }]) => [key, value] as const);
  return { value: Object.fromEntries(entries), path, children };
}

function writtenPath(root: Node, path: Path): Path {
  const [segment, ...rest] = path;
  const child = segment === undefined ? undefined : root.children.get(segment);
  return child === undefined ? [...root.path, ...path] : writtenPath(child, rest);
}

/** The alternative of a choice that the value resembles. */
function withKeys(shape: Shape, value: unknown): Shape {
  if (!isMapping(value)) return shape.anyOf?.find(({ items }) => items !== undefined) ?? shape;
  return shape.anyOf?.find(({ properties }) => properties !== undefined) ?? shape;
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
