import { useCallback, useEffect, useRef, useState } from 'react';

/** State in the page's address: it survives a reload, and two windows can show two people. */
export type Address = {
  readonly as: string | null;
  readonly channel: string | null;
  /** The `ts` of the message whose thread is open. */
  readonly thread: string | null;
};

export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(readAddress);
  const current = useRef(address);
  const become = useCallback((now: Address) => {
    current.current = now;
    setAddress(now);
  }, []);
  const change = useCallback(
    (changed: Partial<Address>) => {
      const before = current.current;
      const now = { ...before, ...changed };
      become(now);
      if (before.thread === null && now.thread !== null) history.pushState(openThread, '', addressOf(now));
      else if (now.thread === null && history.state === openThread) history.back();
      else history.replaceState(history.state, '', addressOf(now));
    },
    [become],
  );
  useEffect(() => {
    const follow = () => {
      const now = { ...current.current, thread: readAddress().thread };
      history.replaceState(history.state, '', addressOf(now));
      become(now);
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, [become]);
  return [address, change];
}

/** The state of a history entry: an open thread has one of its own, so that the browser's way back closes it. */
const openThread = 'open thread';

function readAddress(): Address {
  const given = new URLSearchParams(location.search);
  return { as: given.get('as'), channel: given.get('channel'), thread: given.get('thread') };
}

function addressOf(address: Address): URL {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(address)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}
