import type { Temporal } from 'temporal-polyfill';

/**
 * A local time in a zone (IANA name), in milliseconds since the epoch. One that clocks skip is the first moment after it,
 * and one that occurs twice is the first of both.
 */
export function momentOf(local: Temporal.PlainDateTime, zone: string): number {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // Skipped: `earlier` lies before the gap, and the clock change ends it.
  return (earlier.getTimeZoneTransition('next') ?? earlier).epochMilliseconds;
}
