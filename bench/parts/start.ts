import { setTimeout as wait } from 'node:timers/promises';
import { subjects } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';
import { inRounds } from './rounds.ts';

/** Start to ready, and memory at rest. The first start of all, which bundles the bot, is not measured. */
export async function start(rounds: number): Promise<readonly Measured[]> {
  await inRounds(1, ['campaign-wf'], [], async () => []);
  return inRounds(
    rounds,
    subjects,
    [
      { name: 'start to ready', unit: 'ms', baselines: ['bare Bolt'] },
      { name: 'memory at rest', unit: 'MB', baselines: ['bare Bolt'] },
    ],
    async ({ subject }) => {
      await wait(500);
      return [subject.readyMs, subject.memoryMb()];
    },
  );
}
