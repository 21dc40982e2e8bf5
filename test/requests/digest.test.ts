import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestOf, firstBroken, withDigest } from '../../src/requests/digest.ts';
import type { Event, RecordedEvent } from '../../src/requests/events.ts';
import { noon, recorded, requestedBy, samples } from './events.fixture.ts';

const announcedOnce = {
  request: 'ABCD1234',
  sequence: 2,
  at: noon,
  previousDigest: 'ab'.repeat(32),
  event: { type: 'announced', data: { ts: '1700000000.000100' } } satisfies Event,
} as const;

describe('the digest of an event', () => {
  it('is the SHA-256 of its canonical JSON, spelled out here so that version 1 never changes', () => {
    const canonical = `{"data":{"ts":"1700000000.000100"},"previous":"${'ab'.repeat(32)}","request":"ABCD1234","sequence":2,"time":"2026-11-10T12:00:00.000Z","type":"announced"}`;
    expect(digestOf(announcedOnce)).toBe(createHash('sha256').update(canonical).digest('hex'));
    expect(digestOf(announcedOnce)).toBe('94ec2f9ba9a4b0df7d9d98b4f99fdb8cbb5214bd0b6fcdc6cf73150f46cf9854');
  });

  it('does not depend on the order of keys, at any depth', () => {
    const { order, ...rest } = requestedBy();
    const data = { order, ...rest };
    const reordered = {
      ...Object.fromEntries(Object.entries(rest).reverse()),
      order: Object.fromEntries(Object.entries(order).reverse()),
    };
    const digest = (event: object) => digestOf({ ...announcedOnce, event: event as Event });
    expect(digest({ data: reordered, type: 'requested' })).toBe(digest({ type: 'requested', data }));
  });

  it.each([
    ['request', { request: 'ABCD1235' }],
    ['sequence', { sequence: 3 }],
    ['time', { at: noon + 1 }],
    ['type', { event: { ...announcedOnce.event, type: 'announcing' } as unknown as Event }],
    ['data', { event: { type: 'announced', data: { ts: '1700000000.000101' } } as const }],
    ['digest before', { previousDigest: `${'ab'.repeat(31)}ac` }],
  ])('changes with the %s', (_, change) => {
    expect(digestOf({ ...announcedOnce, ...change })).not.toBe(digestOf(announcedOnce));
  });
});

describe('the record of a request', () => {
  const { requested, granted, announcing, announced, asked } = samples;
  const events = recorded([requested, granted, announcing, announced, asked]);

  function changed(index: number, change: object): readonly RecordedEvent[] {
    return events.map((event, at) => (at === index ? ({ ...event, ...change } as RecordedEvent) : event));
  }

  it('verifies when nothing was changed', () => {
    expect(events).toHaveLength(5);
    expect(firstBroken(events)).toBeNull();
  });

  it.each([
    ['data', { data: { ts: '9.9' } }],
    ['type', { type: 'announcing' }],
    ['time', { at: noon }],
    ['request', { request: 'REQUEST2' }],
    ['sequence', { sequence: 9 }],
    ['digest', { digest: '0'.repeat(64) }],
    ['digest before', { previousDigest: '0'.repeat(64) }],
  ])('detects that the %s of an event was changed', (_, change) => {
    expect(firstBroken(changed(3, change))).toBe(4);
  });

  it('detects a change even if the event’s digest was recomputed', () => {
    const again = {
      previousDigest: events[2]?.digest ?? '',
      event: { type: 'announced', data: { ts: '9.9' } } as const,
    };
    const digest = digestOf({ request: 'REQUEST1', sequence: 4, at: noon + 3_000, ...again });
    expect(firstBroken(changed(3, { ...again.event, digest }))).toBe(5);
  });

  it.each([
    ['the first', 0, 1],
    ['one in the middle', 2, 3],
  ])('detects that %s is missing', (_, index, broken) => {
    expect(firstBroken(events.toSpliced(index, 1))).toBe(broken);
  });

  it('detects an added event', () => {
    const foreign = recorded([requested, cancelled()], 'REQUEST1').slice(1);
    expect(firstBroken([...events.slice(0, 2), ...foreign, ...events.slice(2)])).toBe(3);
    expect(firstBroken([...events, ...foreign])).toBe(6);
  });

  it('detects a gap in the sequence, even if all later digests were recomputed', () => {
    const first = events.slice(0, 1);
    const previousDigest = first[0]?.digest ?? '';
    const late = withDigest({ request: 'REQUEST1', sequence: 3, at: noon + 1_000, previousDigest, event: announced });
    expect(firstBroken([...first, late])).toBe(2);
  });

  it('detects that two events were swapped', () => {
    const [a, b, c, d, e] = events;
    expect(firstBroken([a, b, d, c, e].filter((event) => event !== undefined))).toBe(3);
  });

  it('detects an event of another request', () => {
    const other = recorded([requested, granted, announcing], 'REQUEST2');
    expect(firstBroken([...events.slice(0, 2), ...other.slice(2)])).toBe(3);
  });

  function cancelled(): Event {
    return { type: 'pressed', data: { by: 'U0EVE', choice: 'cancel', interaction: 'forged' } };
  }
});
