import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RecordedEvent } from './events.ts';

/** An event with its place in its request's chain. */
type Chained = {
  request: string;
  sequence: number;
  at: number;
  previousDigest: string;
  event: { type: string; data: unknown };
};

/** An event as its digest is computed from it. `time`: ISO 8601 in UTC, with milliseconds. `previous`: the digest before it, or empty. */
export type EventRecord = {
  readonly request: string;
  readonly sequence: number;
  readonly time: string;
  readonly type: string;
  readonly data: unknown;
  readonly previous: string;
};

/**
 * SHA-256 over the canonical JSON (RFC 8785: sorted keys) of request, sequence, time, type, data and the
 * previous digest. To change one event unnoticed, one has to change all later events, and the digests in the channel.
 */
export function digestOfRecord(record: EventRecord): string {
  return hash('sha256', canonicalize(record) ?? '', 'hex');
}

export function digestOf({ request, sequence, at, previousDigest, event: { type, data } }: Chained): string {
  return digestOfRecord({ request, sequence, time: new Date(at).toISOString(), type, data, previous: previousDigest });
}

export function withDigest<E extends Chained['event']>(chained: Chained & { event: E }) {
  const { event, ...rest } = chained;
  return { ...event, ...rest, digest: digestOf(chained) };
}

/** The digest that an event must have. */
export function digestOfRecorded({ type, data, request, sequence, at, previousDigest }: RecordedEvent): string {
  return digestOf({ request, sequence, at, previousDigest, event: { type, data } });
}

/**
 * The sequence of the first event that does not match the chain, or null if the chain is intact. `after`: the event before
 * the first of them. `ownDigest`: for a caller that has computed the digests.
 */
export function firstBroken(
  events: readonly RecordedEvent[],
  after: Pick<RecordedEvent, 'sequence' | 'digest'> = { sequence: 0, digest: '' },
  ownDigest: (event: RecordedEvent) => string = digestOfRecorded,
): number | null {
  let previousDigest = after.digest;
  for (const [index, recorded] of events.entries()) {
    const sequence = after.sequence + index + 1;
    const follows = recorded.sequence === sequence && recorded.previousDigest === previousDigest;
    if (!follows || recorded.digest !== ownDigest(recorded)) return sequence;
    previousDigest = recorded.digest;
  }
  return null;
}
