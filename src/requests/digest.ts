import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Event, RecordedEvent } from './events.ts';

type Unsealed = { request: string; sequence: number; at: number; previousDigest: string; event: Event };

/**
 * SHA-256 over the canonical JSON (RFC 8785: sorted keys) of request, sequence, time, type, data and the
 * previous digest. To change one event unnoticed, one has to change all later events, and the digests in the channel.
 */
export function digestOf({ request, sequence, at, previousDigest, event }: Unsealed): string {
  const time = new Date(at).toISOString();
  const record = { request, sequence, time, type: event.type, data: event.data, previous: previousDigest };
  return createHash('sha256')
    .update(canonicalize(record) ?? '')
    .digest('hex');
}

export function seal(unsealed: Unsealed): RecordedEvent {
  const { event, ...rest } = unsealed;
  return { ...event, ...rest, digest: digestOf(unsealed) };
}

/** The sequence of the first event that does not match the chain, or null if the chain is intact. */
export function firstBroken(events: readonly RecordedEvent[]): number | null {
  let previousDigest = '';
  for (const [index, recorded] of events.entries()) {
    const { type, data, request, sequence, at } = recorded;
    const expected = digestOf({ request, sequence, at, previousDigest, event: { type, data } as Event });
    if (sequence !== index + 1 || recorded.previousDigest !== previousDigest || recorded.digest !== expected) {
      return index + 1;
    }
    previousDigest = recorded.digest;
  }
  return null;
}
