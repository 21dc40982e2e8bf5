import type { Mutant } from './find-mutants.ts';
import type { Workspace } from './workspace.ts';

export type Verdict =
  | { readonly kind: 'invalid' }
  | { readonly kind: 'noticed'; readonly by: string }
  | { readonly kind: 'time limit' }
  | { readonly kind: 'survived'; readonly files: number };

/** How long each test file takes when it passes, and which fail without a mutant. */
export type Baseline = { readonly tookMs: Map<string, number>; readonly broken: Set<string> };

const startMs = 30_000;
const unknownFileMs = 180_000;

/** A run may take so many times as long as without a mutant: the machine may be busier now. */
const patience = 4;

/** More of them hardly ever tell more. */
const mostImporters = 12;

export type RelatedFiles = {
  /** The files that import the mutant's file, also if they use nothing but its types. */
  readonly importers: readonly string[];
  /** Tests, nearest first, in runs. */
  readonly stages: readonly (readonly string[])[];
};

/** Tries the stages of tests one after the other, until one notices the mutant. */
export async function tryMutant(
  mutant: Mutant,
  { importers, stages }: RelatedFiles,
  workspace: Workspace,
  baseline: Baseline,
): Promise<Verdict> {
  if (await isInvalid(mutant, importers, workspace)) return { kind: 'invalid' };
  try {
    let files = 0;
    for (const stage of stages) {
      const { verdict, passed } = await tryStage(mutant, stage, workspace, baseline);
      if (verdict !== null) return verdict;
      files += passed;
    }
    workspace.apply(mutant);
    return (await workspace.typeErrors()) === null ? { kind: 'survived', files } : { kind: 'invalid' };
  } finally {
    workspace.restore();
  }
}

/** The file itself first, then those that a changed type reaches at once. The whole project is checked for a survivor. */
async function isInvalid(mutant: Mutant, importers: readonly string[], workspace: Workspace): Promise<boolean> {
  for (const path of [mutant.path, ...importers.slice(0, mostImporters)])
    if ((await workspace.typeErrorsIn(path, mutant)) !== null) return true;
  return false;
}

/** A failure counts only if the same test passes without the mutant. One that may be due to a busy machine is compared each time. */
async function tryStage(
  mutant: Mutant,
  stage: readonly string[],
  workspace: Workspace,
  baseline: Baseline,
): Promise<{ readonly verdict: Verdict | null; readonly passed: number }> {
  const { tookMs, broken } = baseline;
  const files = stage.filter((file) => !broken.has(file));
  if (files.length === 0) return { verdict: null, passed: 0 };
  workspace.apply(mutant);
  const { result, firstFailure, isLate, ...run } = await workspace.test(files, limitFor(files, baseline));
  workspace.restore();
  if (result === 'passed') {
    for (const [file, ms] of run.tookMs) tookMs.set(file, ms);
    return { verdict: null, passed: files.length };
  }
  const failed = firstFailure === null ? files : [firstFailure.file];
  const doubtful = failed.filter((file) => isLate || !tookMs.has(file));
  for (const file of doubtful) if (!(await passesAlone(file, workspace, baseline))) broken.add(file);
  if (doubtful.some((file) => broken.has(file))) return tryStage(mutant, stage, workspace, baseline);
  if (result === 'time limit') return { verdict: { kind: 'time limit' }, passed: 0 };
  const by = firstFailure === null ? 'the test run, which broke' : `${firstFailure.file}: ${firstFailure.test}`;
  return { verdict: { kind: 'noticed', by }, passed: 0 };
}

function limitFor(files: readonly string[], { tookMs }: Baseline): number {
  const unhurried = files.map((file) => (tookMs.has(file) ? patience * (tookMs.get(file) ?? 0) : unknownFileMs));
  return startMs + unhurried.reduce((sum, ms) => sum + ms, 0);
}

/** Whether a test file passes without a mutant, at the second try at the latest. */
async function passesAlone(file: string, workspace: Workspace, { tookMs }: Baseline): Promise<boolean> {
  for (const _try of [1, 2]) {
    const run = await workspace.test([file], startMs + unknownFileMs);
    if (run.result !== 'passed') continue;
    tookMs.set(file, run.tookMs.get(file) ?? 0);
    return true;
  }
  return false;
}
