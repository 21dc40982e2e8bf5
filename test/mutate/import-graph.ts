import { basename, dirname, join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** What each file loads: other files, each with its distance. All paths are relative to the project. */
export type ImportGraph = ReadonlyMap<string, ReadonlyMap<string, number>>;

export type RelatedTest = { readonly path: string; readonly distance: number };

/** A file that is only named is started as a process, which is slow: such tests come after all that import. */
const processDistance = 1_000;

export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...sources].map(([path, source]) => [path, loadedBy(path, source, sources)]));
}

function loadedBy(path: string, source: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const loaded = new Map<string, number>();
  const add = (name: string, distance: number) => {
    const other = join(dirname(path), name);
    if (name.startsWith('.') && known.has(other)) loaded.set(other, Math.min(distance, loaded.get(other) ?? distance));
  };
  const { program, module } = parseSync(path, source);
  for (const { moduleRequest, entries } of module.staticImports)
    if (entries.length === 0 || entries.some(({ isType }) => !isType)) add(moduleRequest.value, 1);
  for (const { moduleRequest, isType } of module.staticExports.flatMap(({ entries }) => entries))
    if (moduleRequest !== null && !isType) add(moduleRequest.value, 1);
  const importTypes = new Set(module.staticImports.map(({ moduleRequest }) => moduleRequest.start));
  new Visitor({
    ImportExpression: ({ source: from }) => {
      if (from.type === 'Literal' && typeof from.value === 'string') add(from.value, 1);
    },
    Literal: ({ value, start }) => {
      if (typeof value === 'string' && /\.[jt]s$/.test(value) && !importTypes.has(start)) add(value, processDistance);
    },
  }).visit(program);
  return loaded;
}

/** The files that import a file, also if they use nothing but its types. */
export function importersOf(path: string, sources: ReadonlyMap<string, string>): readonly string[] {
  return [...sources].flatMap(([importer, source]) => {
    // A file without its name in it is not parsed.
    if (!source.includes(`/${basename(path)}'`)) return [];
    const { staticImports, staticExports } = parseSync(importer, source).module;
    const requests = [
      ...staticImports.map(({ moduleRequest }) => moduleRequest),
      ...staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest)),
    ];
    return requests.some((request) => request !== null && join(dirname(importer), request.value) === path)
      ? [importer]
      : [];
  });
}

/** The tests that load a file, directly or not, nearest first; at the same distance, those of a folder of the same name first. */
export function nearestTests(path: string, graph: ImportGraph, tests: readonly string[]): readonly RelatedTest[] {
  const distances = distancesTo(path, graph);
  const folders = new Set(dirname(path).split('/').slice(1));
  const shared = (test: string) =>
    dirname(test)
      .split('/')
      .filter((folder) => folders.has(folder)).length;
  return tests
    .flatMap((test) => {
      const distance = distances.get(test);
      return distance === undefined ? [] : [{ path: test, distance }];
    })
    .sort((one, other) => one.distance - other.distance || shared(other.path) - shared(one.path));
}

/** How far each file is from loading the given one. */
function distancesTo(path: string, graph: ImportGraph): ReadonlyMap<string, number> {
  const loadedFrom = new Map<string, { from: string; distance: number }[]>();
  for (const [from, loaded] of graph)
    for (const [to, distance] of loaded) loadedFrom.set(to, [...(loadedFrom.get(to) ?? []), { from, distance }]);

  const distances = new Map([[path, 0]]);
  const open = [path];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const { from, distance } of loadedFrom.get(at) ?? []) {
      const total = (distances.get(at) ?? 0) + distance;
      if (total >= (distances.get(from) ?? Number.POSITIVE_INFINITY)) continue;
      distances.set(from, total);
      open.push(from);
    }
  }
  return distances;
}

/**
 * Splits the nearest tests, `most` of them, into runs: the few nearest ones, which notice most, then the others;
 * processes by themselves.
 */
export function inStages(related: readonly RelatedTest[], most: number): readonly (readonly string[])[] {
  const tests = related.slice(0, most);
  const own = tests.filter(({ distance }) => distance < processDistance).map(({ path }) => path);
  const processes = tests.filter(({ distance }) => distance >= processDistance).map(({ path }) => path);
  const stages = [own.slice(0, 3), own.slice(3), processes.slice(0, 3), processes.slice(3)];
  return stages.filter((stage) => stage.length > 0);
}
