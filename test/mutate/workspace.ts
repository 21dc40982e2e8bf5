import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { run } from './children.ts';
import { type Mutant, mutated } from './find-mutants.ts';

export type TestRun = {
  readonly result: 'passed' | 'failed' | 'time limit';
  /** The first test that failed, with its file. */
  readonly firstFailure: string | null;
  readonly failedFiles: readonly string[];
  readonly tookMs: ReadonlyMap<string, number>;
};

/** A copy of the project in a temporary folder, in which files may be changed. */
export type Workspace = {
  apply(mutant: Mutant): void;
  /** Undoes what was applied. */
  restore(): void;
  /** What the compiler says; null when it says nothing. */
  typeErrors(): Promise<string | null>;
  listTests(): Promise<readonly string[]>;
  test(files: readonly string[], limitMs: number, options: { readonly bail: boolean }): Promise<TestRun>;
};

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
    }),
  ),
});

/** Unused names and unreachable code are a matter of style: such a mutant runs. */
const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false', '--allowUnreachableCode', 'true'];
const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const compilerLimitMs = 300_000;

/** What git knows of the project, and what it would know, as it is now. */
export function projectFiles(project: string): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: project });
  return list
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(project, path)));
}

export function createWorkspace(project: string, variables: Record<string, string>): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'copy-'));
  // A database server that a test starts does not run as root, and has to get there.
  chmodSync(root, 0o755);
  const [folder, temporary] = [join(root, 'project'), join(root, 'tmp')];
  for (const path of projectFiles(project)) cpSync(join(project, path), join(folder, path));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(temporary);
  const env = { ...process.env, ...variables, TMPDIR: temporary, NODE_COMPILE_CACHE: join(root, 'compiled') };
  const results = join(root, 'results.json');
  const originals = new Map<string, string>();

  return {
    apply(mutant) {
      const file = join(folder, mutant.path);
      const source = originals.get(file) ?? readFileSync(file, 'utf8');
      originals.set(file, source);
      writeFileSync(file, mutated(source, mutant));
    },
    restore() {
      for (const [file, source] of originals) writeFileSync(file, source);
      originals.clear();
    },
    async typeErrors() {
      const known = ['--incremental', '--tsBuildInfoFile', join(root, 'types.json')];
      const options = { cwd: folder, env, limitMs: compilerLimitMs };
      const compiled = await run(['node_modules/.bin/tsc', ...known, ...lenient], options);
      return compiled?.code === 0 ? null : (compiled?.output ?? 'the compiler did not end');
    },
    async listTests() {
      const listed = await run([process.execPath, ...jest, '--listTests', '--json'], {
        cwd: folder,
        env,
        limitMs: compilerLimitMs,
      });
      const paths = z.array(z.string()).parse(JSON.parse(listed?.output.match(/^\[.*\]$/m)?.[0] ?? '[]'));
      return paths.map((path) => relative(folder, path));
    },
    async test(files, limitMs, { bail }) {
      rmSync(results, { force: true });
      const options = ['--runInBand', '--silent', '--json', '--outputFile', results, ...(bail ? ['--bail'] : [])];
      const command = [...jest, ...options, '--runTestsByPath', ...files];
      const ended = await run([process.execPath, ...command], { cwd: folder, env, limitMs });
      if (ended === null) return { result: 'time limit', firstFailure: null, ...noResults };
      const result = ended.code === 0 ? 'passed' : 'failed';
      return { result, firstFailure: firstFailure(ended.output), ...readResults(results, folder) };
    },
  };
}

const noResults = { failedFiles: [], tookMs: new Map() };

/** Jest writes no results when it ends at the first failure, but says which it was. */
function firstFailure(output: string): string | null {
  const file = output.match(/^FAIL (\S+)/m)?.[1];
  return file === undefined ? null : `${file}: ${output.match(/^\s*● (.+)$/m)?.[1] ?? 'it does not load'}`;
}

function readResults(path: string, folder: string): Pick<TestRun, 'failedFiles' | 'tookMs'> {
  if (!existsSync(path)) return noResults;
  const files = report.parse(JSON.parse(readFileSync(path, 'utf8'))).testResults.map((file) => ({
    ...file,
    name: relative(folder, file.name),
  }));
  return {
    failedFiles: files.filter(({ status }) => status === 'failed').map(({ name }) => name),
    tookMs: new Map(files.map(({ name, startTime, endTime }) => [name, endTime - startTime])),
  };
}
