import type { RecordedEvent } from '../../requests/events.ts';
import type { TextRow } from '../../requests/ledger/tables.ts';

/** The rule that permitted a request; null if none did. */
export function ruleIn(events: readonly RecordedEvent[]): string | null {
  return events.find((event) => event.type === 'granted')?.data.rule ?? null;
}

/** The last known name of each person who acted. */
export function peopleIn(
  events: readonly RecordedEvent[],
  texts: readonly Pick<TextRow, 'sequence' | 'kind' | 'text'>[],
): Record<string, string> {
  const named = texts.filter(({ kind }) => kind === 'name').toSorted((a, b) => a.sequence - b.sequence);
  return Object.fromEntries(
    named.flatMap(({ sequence, text }) => {
      const actor = actorOf(events.find((event) => event.sequence === sequence));
      return actor === null ? [] : [[actor, text]];
    }),
  );
}

function actorOf(event: RecordedEvent | undefined): string | null {
  switch (event?.type) {
    case 'requested':
      return event.data.requester;
    case 'pressed':
      return event.data.by;
    default:
      return null;
  }
}
