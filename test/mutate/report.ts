import { type Mutant, mutated } from './find-mutants.ts';
import type { Verdict } from './try-mutant.ts';

export type Judged = { readonly mutant: Mutant; readonly verdict: Exclude<Verdict, { kind: 'invalid' }> };

/** The lines that a mutant changes, before and after. */
export function diff(source: string, mutant: Mutant): string {
  const [before, after] = [source.split('\n'), mutated(source, mutant).split('\n')];
  const first = mutant.line - 1;
  const tail = source.slice(mutant.end).split('\n').length - 1;
  const marked = (sign: string, lines: readonly string[]) =>
    lines.slice(first, lines.length - tail).map((line) => `    ${sign} ${line}`);
  return [...marked('-', before), ...marked('+', after)].join('\n');
}

/** One mutant and what became of it. */
export function resultText({ mutant, verdict }: Judged, source: string): string {
  const at = `${mutant.path}:${mutant.line} ${mutant.kind}`;
  switch (verdict.kind) {
    case 'noticed':
      return `  ✓ ${at}: ${verdict.by}`;
    case 'time limit':
      return `  ✓ ${at}: the tests took too long`;
    case 'survived':
      return `  ✗ ${at}: survived ${verdict.files} test files\n${diff(source, mutant)}`;
    default:
      return verdict satisfies never;
  }
}

export type Summary = { readonly text: string; readonly isEnough: boolean };

export function summary(judged: readonly Judged[], invalid: number, atLeast: number): Summary {
  const count = (kind: Verdict['kind']) => judged.filter(({ verdict }) => verdict.kind === kind).length;
  const noticed = judged.length - count('survived');
  const percent = judged.length === 0 ? 0 : (100 * noticed) / judged.length;
  const isEnough = percent >= atLeast;
  return {
    isEnough,
    text:
      `${isEnough ? '✓' : '✗'} ${judged.length} mutants: ${noticed} noticed (${percent.toFixed(1)} %; ` +
      `${count('time limit')} of them by the time limit), ${count('survived')} survived, ` +
      `${invalid} more do not compile; at least ${atLeast} % is asked for`,
  };
}
