import type { EventRow } from '../tables.ts';

export type UnsealedEvent = Pick<EventRow, 'request' | 'sequence' | 'at' | 'digest'>;

/**
 * The order in which events get their places: by time, and those of one request by their sequence even if the clock was
 * set back between them.
 */
export function byTime(events: readonly UnsealedEvent[]): readonly UnsealedEvent[] {
  const timed = [...Map.groupBy(events, ({ request }) => request).values()].flatMap((ofRequest) => {
    let latest = 0;
    return ofRequest
      .toSorted((a, b) => a.sequence - b.sequence)
      .map((event) => {
        latest = Math.max(latest, event.at);
        return { event, at: latest };
      });
  });
  return timed
    .toSorted((a, b) => a.at - b.at || compare(a.event.request, b.event.request) || a.event.sequence - b.event.sequence)
    .map(({ event }) => event);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
