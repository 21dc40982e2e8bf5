import type { Mutant } from './find-mutants.ts';
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

/** Tries the stages of tests one after the other, until one notices the mutant. */
export async function tryMutant(
  mutant: Mutant,
  stages: readonly (readonly string[])[],
  workspace: Workspace,
  baseline: Baseline,
): Promise<Verdict> {
  workspace.apply(mutant);
  try {
    if ((await workspace.typeErrors()) !== null) return { kind: 'invalid' };
    let files = 0;
    for (const stage of stages) {
      workspace.restore();
      const sound = await soundFiles(stage, workspace, baseline);
      if (sound.length === 0) continue;
      workspace.apply(mutant);
      const { result, firstFailure } = await workspace.test(sound, limitFor(sound, baseline), { bail: true });
      if (result === 'time limit') return { kind: 'time limit' };
      if (result === 'failed') return { kind: 'noticed', by: firstFailure ?? 'the test run, which broke' };
      files += sound.length;
    }
    return { kind: 'survived', files };
  } finally {
    workspace.restore();
  }
}

function limitFor(files: readonly string[], { tookMs }: Baseline): number {
  return startMs + patience * files.reduce((sum, file) => sum + (tookMs.get(file) ?? 0), 0);
}

/** Those that pass without a mutant; runs the ones of which it is not known yet. */
async function soundFiles(
  stage: readonly string[],
  workspace: Workspace,
  { tookMs, broken }: Baseline,
): Promise<readonly string[]> {
  const unknown = stage.filter((file) => !tookMs.has(file) && !broken.has(file));
  if (unknown.length > 0) {
    const run = await workspace.test(unknown, unknown.length * unknownFileMs, { bail: false });
    for (const [file, ms] of run.tookMs) tookMs.set(file, ms);
    for (const file of unknown) if (run.failedFiles.includes(file) || !run.tookMs.has(file)) broken.add(file);
  }
  return stage.filter((file) => !broken.has(file));
}
