import { useEffect, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';
import { shareUnchanged } from './share-unchanged.ts';

export type Connection = 'connecting' | 'open' | 'lost';

/** For browsers that do not reconnect. */
const retryMs = 2_000;

/** The sandbox's current snapshot for this person (null: the default person). */
export function useSnapshot(as: string | null): { snapshot: Snapshot | null; connection: Connection } {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const address = as === null ? '/events' : `/events?as=${encodeURIComponent(as)}`;
    return listen(address, {
      onSnapshot: (now) => {
        setConnection('open');
        setSnapshot((before) => shareUnchanged(before, now));
      },
      onLost: () => setConnection('lost'),
    });
  }, [as]);
  return { snapshot, connection };
}

type Listener = { readonly onSnapshot: (snapshot: Snapshot) => void; readonly onLost: () => void };

/** Returns the unsubscribe function. */
function listen(address: string, { onSnapshot, onLost }: Listener): () => void {
  let source = connect();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): EventSource {
    const opened = new EventSource(address);
    opened.onmessage = ({ data }) => onSnapshot(JSON.parse(data) as Snapshot);
    opened.onerror = () => {
      onLost();
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
