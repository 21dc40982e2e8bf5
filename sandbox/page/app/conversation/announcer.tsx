import { useEffect, useRef, useState } from 'react';
import type { Entry, Snapshot } from '../../snapshot.ts';
import { clockTime } from '../time-format.ts';
import { keyOf } from './items.ts';
import { spokenText } from './spoken-text.ts';

type Props = { readonly entries: readonly Entry[]; readonly author: string; readonly known: Snapshot['known'] };

/**
 * Tells a screen reader of each message that arrives, in the channel or in a thread of it: by whom, when, and its text.
 * Not of the reader's own ones, nor of edits: an outcome has a message of its own.
 */
export function Announcer({ entries, author, known }: Props) {
  const seen = useRef(new Set(entries.map(signatureOf)));
  const [told, setTold] = useState<readonly Entry[]>([]);
  useEffect(() => {
    const fresh = entries.filter((entry) => !seen.current.has(signatureOf(entry)));
    if (fresh.length === 0) return;
    for (const entry of fresh) seen.current.add(signatureOf(entry));
    setTold(fresh.filter((entry) => entry.isApp || entry.author !== author));
  }, [entries, author]);
  return (
    <div className="visually-hidden" aria-live="polite" data-announcer>
      {told.map((entry) => (
        <p key={signatureOf(entry)}>
          {entry.author}, {clockTime(entry.at)}
          {placeOf(entry)}: {spokenText(entry, known)}
        </p>
      ))}
    </div>
  );
}

function placeOf({ isPrivate, threadTs }: Entry): string {
  return `${threadTs === null ? '' : ', in a thread'}${isPrivate ? ', only visible to you' : ''}`;
}

/** A private reply can be replaced by another one. */
function signatureOf(entry: Entry): string {
  return entry.isPrivate ? `${keyOf(entry)} ${entry.text}` : keyOf(entry);
}
