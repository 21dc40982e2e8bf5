import type { Mutant } from './find-mutants.ts';
import type { Stage } from './import-graph.ts';
import type { Workspace } from './workspace.ts';

export type Verdict =
  | { readonly kind: 'invalid' }
  | { readonly kind: 'noticed'; readonly by: string }
  | { readonly kind: 'time limit' }
  | { readonly kind: 'survived'; readonly files: number };

/** How long each test file takes without a mutant, and which fail even then. */
export type Baseline = { readonly tookMs: Map<string, number>; readonly broken: Set<string> };

const startMs = 30_000;
const unknownFileMs = 180_000;

/** A run may take so many times as long as without a mutant: the machine may be busier now. */
const patience = 4;

/** Above this number, checking the whole project takes less time than one file after the other. */
const mostImporters = 12;

export type RelatedFiles = {
  /** The files that import the mutant's file, also if they use nothing but its types. */
  readonly importers: readonly string[];
  /** Tests, nearest first, in runs. */
  readonly stages: readonly Stage[];
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
  const few = importers.length <= mostImporters ? importers : [];
  for (const path of [mutant.path, ...few]) if ((await workspace.typeErrorsIn(path, mutant)) !== null) return true;
  if (few.length === importers.length) return false;
  workspace.apply(mutant);
  try {
    return (await workspace.typeErrors()) !== null;
  } finally {
    workspace.restore();
  }
}

/** A failure that may be due to a busy machine counts if the same test passes without the mutant now. */
async function tryStage(
  mutant: Mutant,
  stage: Stage,
  workspace: Workspace,
  baseline: Baseline,
): Promise<{ readonly verdict: Verdict | null; readonly passed: number }> {
  const sound = await soundFiles(stage.files, workspace, baseline);
  if (sound.length === 0) return { verdict: null, passed: 0 };
  workspace.apply(mutant);
  const { result, firstFailure, isLate } = await workspace.test(sound, limitFor(sound, baseline), { bail: true });
  workspace.restore();
  if (result === 'passed') return { verdict: null, passed: sound.length };
  if (isLate || stage.areProcesses) {
    const suspects = firstFailure === null ? sound : [firstFailure.file];
    for (const file of suspects) baseline.tookMs.delete(file);
    await soundFiles(suspects, workspace, baseline);
    if (suspects.some((file) => baseline.broken.has(file))) return tryStage(mutant, stage, workspace, baseline);
  }
  if (result === 'time limit') return { verdict: { kind: 'time limit' }, passed: 0 };
  const by = firstFailure === null ? 'the test run, which broke' : `${firstFailure.file}: ${firstFailure.test}`;
  return { verdict: { kind: 'noticed', by }, passed: 0 };
}

function limitFor(files: readonly string[], { tookMs }: Baseline): number {
  return startMs + patience * files.reduce((sum, file) => sum + (tookMs.get(file) ?? 0), 0);
}

/** Those that pass without a mutant; runs the ones of which it is not known yet. One that fails runs a second time, alone. */
async function soundFiles(
  stage: readonly string[],
  workspace: Workspace,
  { tookMs, broken }: Baseline,
): Promise<readonly string[]> {
  const runs = async (files: readonly string[]) => {
    if (files.length === 0) return [];
    const run = await workspace.test(files, files.length * unknownFileMs, { bail: false });
    const passed = files.filter((file) => run.tookMs.has(file) && !run.failedFiles.includes(file));
    for (const file of passed) tookMs.set(file, run.tookMs.get(file) ?? 0);
    return files.filter((file) => !passed.includes(file));
  };
  for (const file of await runs(stage.filter((it) => !tookMs.has(it) && !broken.has(it))))
    if ((await runs([file])).length > 0) broken.add(file);
  return stage.filter((file) => !broken.has(file));
}
