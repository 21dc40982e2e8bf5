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
import { startTypeChecker } from './type-checker.ts';

export type TestRun = {
  readonly result: 'passed' | 'failed' | 'time limit';
  /** The first test that failed. */
  readonly firstFailure: { readonly file: string; readonly test: string } | null;
  /** Whether a test failed at its time limit, which can also be due to a busy machine. */
  readonly isLate: boolean;
  /** Of each file, if all passed. */
  readonly tookMs: ReadonlyMap<string, number>;
};

/** A copy of the project in a temporary folder, in which files may be changed. */
export type Workspace = {
  apply(mutant: Mutant): void;
  /** Undoes what was applied. */
  restore(): void;
  /** What the compiler says of the whole project; null when it says nothing. */
  typeErrors(): Promise<string | null>;
  /** The same for one file alone, as it would be with the mutant; a tenth of the time. */
  typeErrorsIn(path: string, mutant: Mutant): Promise<string | null>;
  listTests(): Promise<readonly string[]>;
  /** Ends at the first failure. */
  test(files: readonly string[], limitMs: number): Promise<TestRun>;
};

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
    }),
  ),
});

/** Unused names and unreachable code are a matter of style: such a mutant runs. */
const lenient = { noUnusedLocals: false, noUnusedParameters: false, allowUnreachableCode: true };
const compilerConfiguration = z.looseObject({ compilerOptions: z.looseObject({}) });
const jest = ['--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const compilerLimitMs = 300_000;

/** What git knows of the project, and what it would know, as it is now. */
export function projectFiles(project: string): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: project });
  return list
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(project, path)));
}

export async function createWorkspace(project: string, variables: Record<string, string>): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 'copy-'));
  // A database server that a test starts does not run as root, and has to get there.
  chmodSync(root, 0o755);
  const [folder, temporary] = [join(root, 'project'), join(root, 'tmp')];
  for (const path of projectFiles(project)) cpSync(join(project, path), join(folder, path));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(temporary);
  relaxCompiler(join(folder, 'tsconfig.json'));
  const env = { ...process.env, ...variables, TMPDIR: temporary, NODE_COMPILE_CACHE: join(root, 'compiled') };
  const results = join(root, 'results.json');
  const originals = new Map<string, string>();
  const original = (path: string) => originals.get(join(folder, path)) ?? readFileSync(join(folder, path), 'utf8');
  const typeChecker = await startTypeChecker(folder, env, original);

  return {
    apply(mutant) {
      const file = join(folder, mutant.path);
      const source = original(mutant.path);
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
      const compiled = await run(['node_modules/.bin/tsc', ...known], options);
      return compiled?.code === 0 ? null : (compiled?.output ?? 'the compiler did not end');
    },
    async typeErrorsIn(path, mutant) {
      const errors = await typeChecker.errorsIn(path, mutant.path, mutated(original(mutant.path), mutant));
      return errors.length === 0 ? null : errors.join('\n');
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
    async test(files, limitMs) {
      rmSync(results, { force: true });
      const options = ['--runInBand', '--silent', '--bail', '--json', '--outputFile', results];
      const command = [...jest, ...options, '--runTestsByPath', ...files];
      const ended = await run([process.execPath, ...command], { cwd: folder, env, limitMs });
      if (ended === null) return { result: 'time limit', firstFailure: null, isLate: true, tookMs: new Map() };
      if (ended.code === 0)
        return { result: 'passed', firstFailure: null, isLate: false, tookMs: readTimes(results, folder) };
      const isLate = lateFailure.test(ended.output);
      return { result: 'failed', firstFailure: firstFailure(ended.output), isLate, tookMs: new Map() };
    },
  };
}

/** What Jest says, and the tests' own ways to wait. */
const lateFailure = /[Ee]xceeded timeout of|Not true within|not seen; last/;

function relaxCompiler(path: string): void {
  const { compilerOptions, ...rest } = compilerConfiguration.parse(JSON.parse(readFileSync(path, 'utf8')));
  writeFileSync(path, JSON.stringify({ ...rest, compilerOptions: { ...compilerOptions, ...lenient } }));
}

/** Jest writes no results when it ends at the first failure, but says which it was. */
function firstFailure(output: string): TestRun['firstFailure'] {
  const file = output.match(/^FAIL (\S+)/m)?.[1];
  return file === undefined ? null : { file, test: output.match(/^\s*● (.+)$/m)?.[1] ?? 'it does not load' };
}

function readTimes(path: string, folder: string): ReadonlyMap<string, number> {
  const { testResults } = report.parse(JSON.parse(readFileSync(path, 'utf8')));
  return new Map(testResults.map(({ name, startTime, endTime }) => [relative(folder, name), endTime - startTime]));
}
