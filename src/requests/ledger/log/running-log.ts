import type { Engine } from '../engine.ts';
import type { Ledger } from '../ledger.ts';
import type { Writer } from '../load.ts';
import type { Checkpoint } from './checkpoints.ts';
import { claimLogPost, settleLogPost } from './log-posts.ts';
import type { OpenedLog } from './open-log.ts';
import { isOwnCheckpoint, newestOwnCheckpoint } from './own-checkpoint.ts';
import { largestLacked, recordRestored } from './record-restored.ts';
import { restorations } from './restorations.ts';
import { logState, type Sealed, seal } from './sealing.ts';

type Needs = {
  readonly engine: Engine;
  writing<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  reading<T>(read: () => Promise<T>): Promise<T>;
  /** Called with each checkpoint that this process records or learns of, also the one at the start. */
  onCheckpoint(checkpoint: Checkpoint): void;
  /** Called once if the newest checkpoint in the database is of somebody else. It is ignored. */
  onForgedCheckpoint(checkpoint: Checkpoint): void;
};

/** How long it is told that an older copy was restored. */
const lastingMs = 86_400_000;

/** The log of a ledger while the process runs. */
export function runLog(
  { identity, found, newest: atStart }: OpenedLog,
  { engine, writing, reading, onCheckpoint, onForgedCheckpoint }: Needs,
): Pick<Ledger, 'seal' | 'recordRestored' | 'lastRestored' | 'claimLogPost' | 'settleLogPost' | 'checkpoint'> {
  const { db, isShared } = engine;
  let newest = atStart;
  let isForgeryKnown = false;
  onCheckpoint(newest);

  function learnOf(checkpoint: Checkpoint): void {
    if (checkpoint.size <= newest.size) return;
    newest = checkpoint;
    onCheckpoint(checkpoint);
  }

  /** Another process may have sealed meanwhile. */
  async function looksWaiting(): Promise<boolean> {
    const state = await reading(() => logState(db));
    if (state.newest !== undefined && state.newest.size > newest.size) await learnOfStored(state.newest);
    return state.isWaiting;
  }

  /** What stands in the database is posted in channels: it has to be the bot's. */
  async function learnOfStored(stored: Checkpoint): Promise<void> {
    if (isOwnCheckpoint(stored, identity)) return learnOf(stored);
    if (!isForgeryKnown) onForgedCheckpoint(stored);
    isForgeryKnown = true;
    const own = await reading(() => newestOwnCheckpoint(db, identity));
    if (own !== null) learnOf(own);
  }

  return {
    async seal(): Promise<Sealed> {
      // Each process looks twice a second, because the one that recorded an event may have died. Mostly nothing waits.
      if (isShared && !(await looksWaiting())) return { kind: 'nothing' };
      const sealed = await writing((writer) => seal(writer, identity));
      if (sealed.kind === 'sealed') learnOf(sealed.checkpoint);
      return sealed;
    },
    async recordRestored(seen) {
      if ((await reading(() => largestLacked(db, identity, seen))) === null) return null;
      const recorded = await writing((writer) => recordRestored(writer, identity, found, seen));
      if (recorded === null) return null;
      learnOf(recorded.checkpoint);
      return recorded.restored;
    },
    async lastRestored() {
      const last = (await reading(() => restorations(db, identity.key))).at(-1);
      return last !== undefined && last.at > engine.estimatedNow() - lastingMs ? last : null;
    },
    claimLogPost: (channel, leaseMs) =>
      writing((writer) => claimLogPost(writer, { identity, newest }, channel, leaseMs)),
    settleLogPost: (claimed, result) => writing((writer) => settleLogPost(writer, claimed, result)),
    checkpoint: () => newest,
  };
}
