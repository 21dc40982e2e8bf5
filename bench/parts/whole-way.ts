import { atOnce, quantile } from '../harness/commands.ts';
import type { Measured } from '../harness/table.ts';
import { inRounds } from './rounds.ts';

const [width, warmUp, alone, together] = [20, 100, 30, 180];
const all = warmUp + alone + together;

/**
 * From a command to its outcome in the thread: alone, and twenty at once. What follows the outcome waits meanwhile: the bot
 * does it last. The processor time is that of everything, until the announcement is edited and Campaign's state is posted.
 */
export function wholeWay(rounds: number): Promise<readonly Measured[]> {
  return inRounds(
    rounds,
    ['handler', 'campaign-wf'],
    [
      { name: 'command to outcome, alone, p50', unit: 'ms', baselines: ['handler'] },
      { name: `command to outcome, ${width} at once`, unit: 'per s', baselines: ['handler'] },
      { name: 'processor time of a command', unit: 'ms', baselines: ['handler'] },
      { name: `memory after ${all} commands`, unit: 'MB', baselines: ['handler'] },
    ],
    async ({ subject, commands }) => {
      await atOnce(width, warmUp, commands.outcome);
      await commands.settled();
      const cpuBefore = subject.cpuMs();
      // All within the two seconds before the first follow-up.
      const times = await atOnce(1, alone, commands.outcome);
      const begun = performance.now();
      await atOnce(width, together, commands.outcome);
      const seconds = (performance.now() - begun) / 1_000;
      await commands.settled();
      const cpu = (subject.cpuMs() - cpuBefore) / (alone + together);
      return [quantile(times, 0.5), together / seconds, cpu, subject.memoryMb()];
    },
  );
}
