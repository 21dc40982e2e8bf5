import { useEffect, useRef, useState } from 'react';
import type { RecordedRequest, Snapshot } from '../../snapshot.ts';

export type ShownRecord = {
  /** Null before the first read. */
  readonly requests: readonly RecordedRequest[] | null;
  readonly hasFailed: boolean;
};

/** Changes come in groups; the record is read after the last one. */
const settleMs = 250;

/** The ledger's requests, read again when something has changed. */
export function useRecord(snapshot: Snapshot): ShownRecord {
  const [record, setRecord] = useState<ShownRecord>({ requests: null, hasFailed: false });
  const wasRead = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every snapshot something may have been recorded
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(
      async () => {
        const requests = await readRecord(leaving.signal);
        if (leaving.signal.aborted) return;
        wasRead.current = true;
        setRecord((before) => ({ requests: requests ?? before.requests, hasFailed: requests === null }));
      },
      wasRead.current ? settleMs : 0,
    );
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [snapshot]);
  return record;
}

async function readRecord(signal: AbortSignal): Promise<readonly RecordedRequest[] | null> {
  try {
    const answer = await fetch('/record', { signal });
    const { requests } = (await answer.json()) as { requests?: readonly RecordedRequest[] };
    return requests ?? null;
  } catch {
    return null;
  }
}
