import { atOnce, quantile } from '../harness/commands.ts';
import type { Measured } from '../harness/table.ts';
import { inRounds } from './rounds.ts';

const warmUp = 200;
const measured = 1_000;

/** From a command to its outcome in the thread: alone, and twenty at once, with the processor's time for each. */
export function wholeWay(rounds: number): Promise<readonly Measured[]> {
  return inRounds(
    rounds,
    ['handler', 'campaign-wf'],
    [
      { name: 'command to outcome, alone, p50', unit: 'ms', baselines: ['handler'] },
      { name: 'command to outcome, 20 at once', unit: 'per s', baselines: ['handler'] },
      { name: 'processor time of a command', unit: 'ms', baselines: ['handler'] },
      { name: 'memory after 1,200 commands', unit: 'MB', baselines: ['handler'] },
    ],
    async ({ subject, commands }) => {
      await atOnce(20, warmUp, commands.outcome);
      const alone = quantile(await atOnce(1, 50, commands.outcome), 0.5);
      const [cpuBefore, begun] = [subject.cpuMs(), performance.now()];
      await atOnce(20, measured, commands.outcome);
      const seconds = (performance.now() - begun) / 1_000;
      const cpu = (subject.cpuMs() - cpuBefore) / measured;
      return [alone, measured / seconds, cpu, subject.memoryMb()];
    },
  );
}
