import { backup, DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Between two batches the process can print its progress. */
const pagesPerBatch = 1_000;

/** How long a copy waits for a moment in which every event has its place in the log. They get it every half second. */
const sealedWithinMs = 3_000;

/** Opening the ledger waits this long for a lock, in milliseconds. */
const busyTimeoutMs = 1_000;

/** The state of the ledger that was copied. */
export type CopiedState = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many requests had events without a place in the log. */
  readonly unsealed: number;
};

/**
 * Copies a SQLite ledger while another process writes it, which it does not hold up: one state of it, complete in one file
 * without a log beside it, and on the disk. `target` is an empty file, or does not exist.
 */
export async function copySqlite(path: string, target: string): Promise<CopiedState> {
  const source = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  try {
    const state = await beginSealedState(source);
    // Within the transaction, because SQLite would begin again with each commit of the other process.
    await backup(source, target, { rate: pagesPerBatch });
    completeInOneFile(target);
    return state;
  } finally {
    source.close();
  }
}

/**
 * Begins to read a state in which no event waits for its place: such an event is not verifiable in a copy, because nobody
 * gives it a place there. If a busy bot leaves no such moment, any state.
 */
async function beginSealedState(source: DatabaseSync): Promise<CopiedState> {
  const countUnsealed = source.prepare(
    'select count(*) as unsealed from requests where head_sequence > sealed_sequence',
  );
  const until = performance.now() + sealedWithinMs;
  for (;;) {
    source.exec('begin');
    const unsealed = Number(countUnsealed.get()?.unsealed);
    if (unsealed === 0 || performance.now() > until) return { at: Date.now(), unsealed };
    source.exec('rollback');
    await nextTurn();
  }
}

/** With the journal mode of the ledger, SQLite would create a log beside the copy as soon as somebody reads it. Throws if a page is damaged. */
function completeInOneFile(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('pragma journal_mode = delete');
    const { integrity_check: found } = copy.prepare('pragma integrity_check(1)').get() ?? {};
    if (found !== 'ok') throw new Error(String(found));
  } finally {
    copy.close();
  }
}
