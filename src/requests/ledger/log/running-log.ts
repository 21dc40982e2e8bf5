import type { Engine } from '../engine.ts';
import type { Ledger } from '../ledger.ts';
import type { Writer } from '../load.ts';
import { type Checkpoint, newestCheckpoint } from './checkpoints.ts';
import type { OpenedLog } from './open-log.ts';
import { lackedOf, recordRestored } from './record-restored.ts';
import { seal } from './sealing.ts';

type Needs = {
  readonly engine: Engine;
  writing<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  reading<T>(read: () => Promise<T>): Promise<T>;
  /** Called with each checkpoint that this process records or learns of, also the one at the start. */
  onCheckpoint(checkpoint: Checkpoint): void;
};

/** The log of a ledger while the process runs. */
export function runLog(
  { identity, found, newest: atStart }: OpenedLog,
  { engine, writing, reading, onCheckpoint }: Needs,
): Pick<Ledger, 'seal' | 'recordRestored' | 'checkpoint'> {
  const { db, isShared } = engine;
  let newest = atStart;
  onCheckpoint(newest);

  function learnOf(checkpoint: Checkpoint): void {
    if (checkpoint.size <= newest.size) return;
    newest = checkpoint;
    onCheckpoint(checkpoint);
  }

  return {
    async seal() {
      const sealed = await writing((writer) => seal(writer, identity));
      if (sealed.kind === 'sealed') learnOf(sealed.checkpoint);
      // Another process may have sealed meanwhile.
      else if (isShared) learnOf((await reading(() => newestCheckpoint(db))) ?? newest);
      return sealed;
    },
    async recordRestored(seen) {
      if ((await reading(() => lackedOf(db, seen))).length === 0) return null;
      const recorded = await writing((writer) => recordRestored(writer, identity, found, seen));
      if (recorded === null) return null;
      learnOf(recorded.checkpoint);
      return recorded.restored;
    },
    checkpoint: () => newest,
  };
}
