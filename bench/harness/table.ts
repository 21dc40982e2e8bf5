/** One line of the table: what was measured, and the values of each program, one for each round. */
export type Measured = {
  readonly name: string;
  readonly unit: 'µs' | 'ms' | 's' | 'MB' | 'per s' | '%' | 'number';
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** The program that is compared with the baselines: campaign-wf, where none is named. */
  readonly program?: string;
  readonly baselines: readonly string[];
};

export type Row = {
  readonly name: string;
  readonly unit: Measured['unit'];
  readonly rounds: number;
  readonly programs: Readonly<Record<string, { readonly median: number; readonly from: number; readonly to: number }>>;
  /** The program's median in relation to each baseline's. */
  readonly ratios: Readonly<Record<string, number>>;
};

/** Of an even number of values, the mean of the two in the middle: neither the better nor the worse one. */
function median(values: readonly number[] = []): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

export function rowOf({ name, unit, values, program = 'campaign-wf', baselines }: Measured): Row {
  const programs = Object.fromEntries(
    [...values].map(([program, of]) => [program, { median: median(of), from: Math.min(...of), to: Math.max(...of) }]),
  );
  const ratios = Object.fromEntries(
    baselines.map((baseline) => [baseline, median(values.get(program)) / median(values.get(baseline))]),
  );
  const rounds = Math.max(...[...values.values()].map((of) => of.length));
  return { name, unit, rounds, programs, ratios };
}

/** A table in Markdown, with a column for each program of these rows. */
export function tableOf(rows: readonly Row[]): string {
  const programs = [...new Set(rows.flatMap((row) => Object.keys(row.programs)))];
  const head = ['', ...programs, 'ratio'];
  const lines = rows.map(({ name, unit, programs: of, ratios }) => [
    `${name}, ${unit}`,
    ...programs.map((program) => cell(of[program])),
    Object.entries(ratios)
      .map(([baseline, ratio]) => `${ratio.toFixed(2)} of ${baseline}`)
      .join(', '),
  ]);
  const all = [head, head.map(() => '---'), ...lines];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(measured: Row['programs'][string] | undefined): string {
  if (measured === undefined) return '–';
  const { median: middle, from, to } = measured;
  return from === to ? short(middle) : `${short(middle)} (${short(from)}–${short(to)})`;
}

function short(value: number): string {
  return value >= 99.5 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2);
}
