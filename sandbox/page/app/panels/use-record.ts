import { useEffect, useRef, useState } from 'react';
import type { ShownRecord, Snapshot } from '../../snapshot.ts';

type ReadRecord = {
  /** Null before the first read. */
  readonly record: ShownRecord | null;
  readonly hasFailed: boolean;
};

/** Changes come in groups; the record is read after the last one. */
const settleMs = 250;

/** When what was just recorded has got its places in the log. */
const sealedWithinMs = 1_000;

/** The record, read again when something has changed, and until all of it is in the log. */
export function useRecord(snapshot: Snapshot): ReadRecord {
  const [read, setRead] = useState<ReadRecord>({ record: null, hasFailed: false });
  const wasRead = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every snapshot something may have been recorded
  useEffect(() => {
    const leaving = new AbortController();
    let timer = setTimeout(readNow, wasRead.current ? settleMs : 0);
    async function readNow() {
      const record = await readRecord(leaving.signal);
      if (leaving.signal.aborted) return;
      wasRead.current = true;
      setRead((before) => ({ record: record ?? before.record, hasFailed: record === null }));
      if (record?.requests.some(({ isSealed }) => !isSealed)) timer = setTimeout(readNow, sealedWithinMs);
    }
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [snapshot]);
  return read;
}

async function readRecord(signal: AbortSignal): Promise<ShownRecord | null> {
  try {
    const answer = await fetch('/record', { signal });
    return answer.ok ? ((await answer.json()) as ShownRecord) : null;
  } catch {
    return null;
  }
}
