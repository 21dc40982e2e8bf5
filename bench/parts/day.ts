import { writeFileSync } from 'node:fs';
import { backlogChart } from '../day/backlog-chart.ts';
import type { DaySize } from '../day/plan.ts';
import { resultsOf } from '../day/results.ts';
import { simulateDay } from '../day/simulate.ts';
import type { Measured } from '../harness/table.ts';

/** @param chart where the backlog is drawn, as an SVG; null: nowhere */
export type DayOptions = DaySize & { readonly chart: string | null };

/** A day of commands through three replicas, in virtual time, with Slack's rate limits. One round: what it says is no time of this machine. */
export async function day({ chart, ...size }: DayOptions): Promise<readonly Measured[]> {
  const simulated = await simulateDay(size);
  for (const [warning, count] of simulated.warnings) console.error(`${count} × ${warning}`);
  if (chart !== null) writeFileSync(chart, backlogChart(`Backlog: ${titleOf(size)}`, simulated.backlog));
  return resultsOf(simulated).map(([name, unit, value]) => ({
    name,
    unit,
    values: new Map([[titleOf(size), [value]]]),
    baselines: [],
  }));
}

function titleOf({ commands, channels, from, to, seed }: DaySize): string {
  const part = from === 0 && to === 24 ? '' : `, from ${hour(from)} to ${hour(to)}`;
  const day = `${commands.toLocaleString('en-US')} commands a day over ${channels} channels, three replicas`;
  return `${day}${part} (seed ${seed})`;
}

function hour(hours: number): string {
  const minutes = Math.round(hours * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
