import { atOnce, everyMs, quantile } from '../harness/commands.ts';
import { subjects } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';
import { inRounds, type Quantity } from './rounds.ts';

const widths = [20, 100] as const;
const counts = { 20: 200, 100: 200 };

const quantities: readonly Quantity[] = [
  { name: 'acknowledge, one every 15 ms, p50', unit: 'ms', baselines: ['bare Bolt'] },
  ...widths.flatMap((width): readonly Quantity[] => [
    { name: `acknowledge, ${width} at once, p50`, unit: 'ms', baselines: ['bare Bolt'] },
    { name: `acknowledge, ${width} at once, p99`, unit: 'ms', baselines: ['bare Bolt'] },
  ]),
];

/** From a command to its acknowledgement, while the commands before it are carried out. */
export function acknowledge(rounds: number): Promise<readonly Measured[]> {
  return inRounds(rounds, subjects, quantities, async ({ commands }) => {
    await atOnce(20, 60, commands.acknowledge);
    const values = [quantile(await everyMs(15, 100, commands.acknowledge), 0.5)];
    for (const width of widths) {
      const times = await atOnce(width, counts[width], commands.acknowledge);
      values.push(quantile(times, 0.5), quantile(times, 0.99));
    }
    return values;
  });
}
