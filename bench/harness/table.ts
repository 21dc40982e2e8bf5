import { quantile } from './commands.ts';

/** One line of the table: what was measured, and the values of each program, one for each round. */
export type Measured = {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'per s';
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** The program that the others are compared with. */
  readonly baseline: string;
};

export type Row = {
  readonly name: string;
  readonly unit: Measured['unit'];
  readonly programs: Readonly<Record<string, { readonly median: number; readonly from: number; readonly to: number }>>;
  /** campaign-wf's median in relation to the baseline's. */
  readonly ratio: number;
  readonly baseline: string;
};

export function rowOf({ name, unit, values, baseline }: Measured): Row {
  const median = (of: readonly number[] = []) => quantile(of, 0.5);
  const programs = Object.fromEntries(
    [...values].map(([program, of]) => [program, { median: median(of), from: Math.min(...of), to: Math.max(...of) }]),
  );
  const ratio = median(values.get('campaign-wf')) / median(values.get(baseline));
  return { name, unit, programs, ratio, baseline };
}

/** A table in Markdown. */
export function tableOf(rows: readonly Row[], programs: readonly string[]): string {
  const head = ['', ...programs, 'ratio'];
  const lines = rows.map(({ name, unit, programs: of, ratio, baseline }) => [
    `${name}, ${unit}`,
    ...programs.map((program) => cell(of[program])),
    `${ratio.toFixed(2)} of ${baseline}`,
  ]);
  const all = [head, head.map(() => '---'), ...lines];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(measured: Row['programs'][string] | undefined): string {
  if (measured === undefined) return '–';
  const { median: middle, from, to } = measured;
  return `${short(middle)} (${short(from)}–${short(to)})`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
