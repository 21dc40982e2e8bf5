import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../ports.ts';
import { backoffMs, limits } from '../../retry-policy.ts';
import { settledWithin } from '../../settled-within.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { KeptCheckpoint } from './log-event.ts';
import { appendToFile, codeOf, openWitnessFile, type WitnessEnd } from './witness-file.ts';
import { witnessLine } from './witness-lines.ts';

/** Keeps a copy of each checkpoint in a file that others may guard. */
export type Witness = {
  /** The checkpoints at the end of the file, as it was at the start. */
  readonly seen: readonly KeptCheckpoint[];
  /** Appends it in the background, unless it was the last one. */
  add(checkpoint: Checkpoint): void;
  /** Why checkpoints wait to be appended, as a code of the operating system; null if they do not. */
  problem(): string | null;
  /** Waits a moment until everything is appended, and appends nothing more. */
  close(): Promise<void>;
};

/** Beyond this, the oldest of those that wait are dropped: the newest one vouches for them. */
const mostWaiting = 10_000;

type Needs = { readonly log: Pick<Log, 'info' | 'error'>; readonly random: () => number };

/** Rejects with a WitnessFileError. A file system that does not answer in time does not hold the start. */
export async function startWitness(path: string, needs: Needs): Promise<Witness> {
  let end: WitnessEnd | null = null;
  const opened = openWitnessFile(path).then((found) => {
    end = found;
  });
  await settledWithin(limits.witness.openMs, opened);
  return createWitness(end, (text) => appendToFile(path, text), needs);
}

/**
 * @param end the end of the file; null: the file system did not answer
 * @param append appends a text to the file in one write
 */
export function createWitness(
  end: WitnessEnd | null,
  append: (text: string) => Promise<void>,
  { log, random }: Needs,
): Witness {
  const { newest, isCut } = end ?? { newest: [], isCut: true };
  let last = keyOf(newest.at(-1));
  let waiting: readonly string[] = [];
  let writing: Promise<void> | null = null;
  let problem: string | null = null;
  // What is cut off must not swallow the line after it.
  let mustEndLine = isCut;
  const ended = new AbortController();

  function failed(code: string): void {
    if (problem === null) {
      log.error({ code }, 'checkpoints cannot be appended to CAMPAIGN_WF_WITNESS_FILE; they wait, and it is retried');
    }
    problem = code;
  }

  /** At most one write at a time: one that hangs occupies one thread of the process. */
  async function write(lines: readonly string[]): Promise<void> {
    const late = setTimeout(failed, limits.witness.slowMs, 'ETIMEDOUT');
    try {
      await append(`${mustEndLine ? '\n' : ''}${lines.join('')}`);
    } catch (error) {
      mustEndLine = true;
      throw error;
    } finally {
      clearTimeout(late);
    }
    mustEndLine = false;
    if (problem !== null) log.info({}, 'checkpoints are appended to CAMPAIGN_WF_WITNESS_FILE again');
    problem = null;
  }

  async function writeWaiting(): Promise<void> {
    for (let failures = 0; waiting.length > 0 && !ended.signal.aborted; ) {
      const lines = waiting;
      waiting = [];
      try {
        await write(lines);
        failures = 0;
      } catch (error) {
        waiting = [...lines, ...waiting].slice(-mostWaiting);
        failed(codeOf(error));
        await wait(backoffMs(failures++, random()), undefined, { signal: ended.signal }).catch(() => {});
      }
    }
    writing = null;
  }

  if (end === null) failed('ETIMEDOUT');
  return {
    seen: newest,
    add(checkpoint) {
      const key = keyOf(checkpoint);
      if (key === last) return;
      last = key;
      waiting = [...waiting, witnessLine(checkpoint)].slice(-mostWaiting);
      writing ??= writeWaiting();
    },
    problem: () => problem,
    async close() {
      await settledWithin(limits.witness.closeMs, writing ?? Promise.resolve());
      ended.abort();
    },
  };
}

function keyOf(checkpoint: Pick<Checkpoint, 'size' | 'root'> | undefined): string | null {
  return checkpoint === undefined ? null : `${checkpoint.size}·${checkpoint.root}`;
}
