import { useEffect, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';
import { shareUnchanged } from './share-unchanged.ts';

export type Connection = 'connecting' | 'open' | 'lost';

/** For browsers that give up where nobody listens any more. */
const retryMs = 2_000;

/** What the sandbox shows to this person (null: whomever it takes first), kept up to date by itself. */
export function useSnapshot(as: string | null): { snapshot: Snapshot | null; connection: Connection } {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const address = as === null ? '/events' : `/events?as=${encodeURIComponent(as)}`;
    return listen(address, {
      heard: (now) => {
        setConnection('open');
        setSnapshot((before) => shareUnchanged(before, now));
      },
      lost: () => setConnection('lost'),
    });
  }, [as]);
  return { snapshot, connection };
}

type Listener = { readonly heard: (snapshot: Snapshot) => void; readonly lost: () => void };

/** Gives how to stop. */
function listen(address: string, { heard, lost }: Listener): () => void {
  let source = connect();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): EventSource {
    const opened = new EventSource(address);
    opened.onmessage = ({ data }) => heard(JSON.parse(data) as Snapshot);
    opened.onerror = () => {
      lost();
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(() => {
        source = connect();
      }, retryMs);
    };
    return opened;
  }

  return () => {
    clearTimeout(timer);
    source.close();
  };
}
