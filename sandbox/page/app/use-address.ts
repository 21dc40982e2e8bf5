import { useCallback, useState } from 'react';

/** State in the page's address: it survives a reload, and two windows can show two people. */
export type Address = { readonly as: string | null; readonly channel: string | null };

export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(readAddress);
  const change = useCallback((changed: Partial<Address>) => {
    setAddress((before) => {
      const now = { ...before, ...changed };
      writeAddress(now);
      return now;
    });
  }, []);
  return [address, change];
}

function readAddress(): Address {
  const given = new URLSearchParams(location.search);
  return { as: given.get('as'), channel: given.get('channel') };
}

function writeAddress(address: Address): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(address)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, '', url);
}
