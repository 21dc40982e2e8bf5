import { atOnce } from '../harness/commands.ts';
import type { Measured } from '../harness/table.ts';
import { inRounds, type Quantity } from './rounds.ts';

/** Together with what follows their outcomes, which comes two seconds later. */
const width = 100;
const marks = 10;

/**
 * Whether memory grows with the number of commands: `commands` of them, the whole way, and the memory after each tenth.
 * Resident memory is what the system counts; it is read before the garbage is collected, once at each mark, so that the
 * heap shows what is really in use. The growth is since the first mark: until then, caches are filled and code is compiled.
 */
export function memory(commands: number): Promise<readonly Measured[]> {
  const counts = Array.from({ length: marks }, (_, mark) => Math.round((commands * (mark + 1)) / marks));
  return inRounds(
    1,
    ['handler', 'campaign-wf'],
    [...quantitiesOf('resident memory', counts), ...quantitiesOf('heap in use', counts)],
    async ({ subject, commands: people }) => {
      const [resident, heap]: [number[], number[]] = [[], []];
      let sent = 0;
      for (const count of counts) {
        await atOnce(width, count - sent, people.wholeWay);
        sent = count;
        const [memory, inUse] = [subject.memoryMb(), await subject.heapMb()];
        resident.push(memory);
        heap.push(inUse);
        // A run that is cut off has said what it has measured.
        console.error(`memory: ${told(count)} commands, ${memory.toFixed(0)} MB, heap ${inUse.toFixed(0)} MB`);
      }
      return [...resident, growthOf(resident), ...heap, growthOf(heap)];
    },
    { reportsHeap: true },
  );
}

function quantitiesOf(what: string, counts: readonly number[]): readonly Quantity[] {
  return [
    ...counts.map((count): Quantity => ({ name: `${what} after ${told(count)}`, unit: 'MB', baselines: ['handler'] })),
    { name: `${what}, growth since ${told(counts[0] ?? 0)}`, unit: 'MB', baselines: [] },
  ];
}

function growthOf(measured: readonly number[]): number {
  return (measured.at(-1) ?? Number.NaN) - (measured[0] ?? Number.NaN);
}

function told(count: number): string {
  return count.toLocaleString('en-US');
}
