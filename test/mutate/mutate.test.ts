import { describe, expect, it } from '@jest/globals';
import { findMutants, mutated } from './find-mutants.ts';
import { importersOf, importGraph, inStages, nearestTests } from './import-graph.ts';
import { diff, type Judged, summary } from './report.ts';
import { shuffled } from './sample.ts';

const variants = (source: string) => findMutants('src/example.ts', source).map((mutant) => mutated(source, mutant));

describe('the mutants of a source text', () => {
  it.each([
    ['a < b;', 'a <= b;'],
    ['a === b;', 'a !== b;'],
    ['a && b;', 'a || b;'],
    ['a ?? b;', 'a;'],
    ['a ?? b;', 'b;'],
    ['f(!a);', 'f(a);'],
    ['n++;', 'n--;'],
    ['a?.b;', 'a.b;'],
    ['const n = 41;', 'const n = 42;'],
    ['const ms = 5_000;', 'const ms = 10000;'],
    ['const yes = true;', 'const yes = false;'],
    ["const kind = 'stop';", "const kind = '';"],
    ['const all = [a, b];', 'const all = [];'],
    ['const it = { a };', 'const it = {};'],
    ['const it = { ...a };', 'const it = { ...[] };'],
    ['if (a) b();', 'if (true) b();'],
    ['if (a) b();', 'if (false) b();'],
    ['if (a) b();', 'if (a) ;'],
    ['const few = all.filter(a);', 'const few = all;'],
    ['all.some(a);', 'all.every(a);'],
    ['Math.min(a, b);', 'Math.max(a, b);'],
    ['function f() { a(); b(); }', 'function f() {}'],
    ['function f() { throw a; }', 'function f() { ; }'],
  ])('has for %s: %s', (source, changed) => {
    expect(variants(source)).toContain(changed);
  });

  it.each([
    "import a from './a.ts';",
    "export * from './a.ts';",
    "type Kind = 'a' | 1 | true;",
    "let kind: 'a' | 1;",
    "const text = 'A text for people';",
    'this.log?.warn(1);',
    "class Failure extends Error { override name = 'Failure'; }",
    'const text = a.toString();',
  ])('has none for %s', (source) => {
    expect(variants(source)).toEqual([]);
  });

  it('names the line, and shows it before and after', () => {
    const source = 'a;\nif (\n  b > 1\n) c();\nd;';
    const [mutant] = findMutants('src/example.ts', source).filter(({ replacement }) => replacement === '>=');
    expect(mutant).toMatchObject({ path: 'src/example.ts', line: 3, kind: 'operator' });
    expect(mutant && diff(source, mutant)).toBe('    -   b > 1\n    +   b >= 1');
  });
});

describe('the tests of a file', () => {
  const sources = new Map([
    ['src/a/one.ts', ''],
    ['src/two.ts', "import { one } from './a/one.ts';"],
    ['src/types.ts', "import type { One } from './a/one.ts';"],
    ['src/main.ts', "export { two } from './two.ts';"],
    ['start/main.js', "await import('../src/main.ts');"],
    ['test/start.ts', "const main = new URL('../start/main.js', import.meta.url);"],
    ['test/process.test.ts', "import { start } from './start.ts';"],
    ['test/far.test.ts', "const { two } = await import('../src/two.ts');"],
    ['test/near.test.ts', "import { one } from '../src/a/one.ts';"],
    ['test/a/near.test.ts', "import { type One, one } from '../../src/a/one.ts';"],
    ['test/types.test.ts', "import '../src/types.ts';"],
  ]);
  const graph = importGraph(sources);
  const tests = [...graph.keys()].filter((path) => path.endsWith('.test.ts'));
  const related = nearestTests('src/a/one.ts', graph, tests);

  it('come nearest first, those that start a process last, and without those that only use its types', () => {
    expect(related.map(({ path }) => path)).toEqual([
      'test/a/near.test.ts',
      'test/near.test.ts',
      'test/far.test.ts',
      'test/process.test.ts',
    ]);
  });

  it('are not the files that import it, of which some use only its types', () => {
    const importers = ['src/two.ts', 'src/types.ts', 'test/near.test.ts', 'test/a/near.test.ts'];
    expect(importersOf('src/a/one.ts', sources)).toEqual(importers);
  });

  it('run a few at first, and processes by themselves', () => {
    expect(inStages(related, 20)).toEqual([
      ['test/a/near.test.ts', 'test/near.test.ts', 'test/far.test.ts'],
      ['test/process.test.ts'],
    ]);
  });

  it('are all in one stage each', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ path: `${at}`, distance: at < 40 ? 1 : 2_000 }));
    expect(inStages(many, 60).flat()).toEqual(many.map(({ path }) => path));
  });

  it('are not more than asked for', () => {
    expect(inStages(related, 2)).toEqual([['test/a/near.test.ts', 'test/near.test.ts']]);
  });
});

describe('a sample', () => {
  const items = Array.from({ length: 50 }, (_, at) => at);

  it('has every item once, in an order that its seed replays', () => {
    expect([...shuffled(items, 1)].sort((one, other) => one - other)).toEqual(items);
    expect(shuffled(items, 1)).toEqual(shuffled(items, 1));
    expect(shuffled(items, 1)).not.toEqual(shuffled(items, 2));
  });
});

describe('the last line', () => {
  const mutant = { path: 'src/a.ts', line: 1, kind: 'number', start: 0, end: 1, replacement: '2' };
  const noticed: Judged = { mutant, verdict: { kind: 'noticed', by: 'a test' } };
  const late: Judged = { mutant, verdict: { kind: 'time limit' } };
  const survived: Judged = { mutant, verdict: { kind: 'survived', files: 3 } };

  it('counts the time limit as noticed, and is good at the share that is asked for', () => {
    expect(summary([noticed, noticed, late, survived], 7, 75)).toEqual({
      isEnough: true,
      text: '✓ 4 mutants: 3 noticed (75.0 %; 1 of them by the time limit), 1 survived, 7 more do not compile; at least 75 % is asked for',
    });
    expect(summary([noticed, noticed, late, survived], 7, 76).isEnough).toBe(false);
  });
});
