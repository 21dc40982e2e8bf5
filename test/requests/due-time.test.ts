import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { When } from '../../src/commands/command.ts';
import { dueTime, dueTimeOf } from '../../src/requests/rules/due-time.ts';

const clock = (time: string, day = 'next'): When => ({ kind: 'at', day, time, typed: time });
const moment = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds;

/** What somebody in that zone who types the time at that local time reads. */
function resolved(when: When, typedAt: string): string {
  const zone = Temporal.ZonedDateTime.from(typedAt).timeZoneId;
  const askedAt = moment(typedAt);
  const due = dueTime(when, { zone, askedAt, now: askedAt });
  if (due.kind !== 'due') return due.kind;
  return Temporal.Instant.fromEpochMilliseconds(due.at).toZonedDateTimeISO(zone).toString().replace(/:00\+/, '+');
}

describe('the time of a command in the zone of its requester', () => {
  it.each([
    ['18:00', '2026-11-30T12:00[Europe/Paris]', '2026-11-30T18:00+01:00[Europe/Paris]'],
    ['06:15', '2026-11-30T12:00[Europe/Paris]', '2026-12-01T06:15+01:00[Europe/Paris]'],
    ['12:00', '2026-11-30T12:00[Europe/Paris]', '2026-12-01T12:00+01:00[Europe/Paris]'],
    ['12:00', '2026-11-30T11:59:30[Europe/Paris]', 'too_soon'],
    ['00:00', '2026-12-31T23:58[Asia/Kolkata]', '2027-01-01T00:00+05:30[Asia/Kolkata]'],
  ])('%s, typed at %s: %s', (time, typedAt, expected) => {
    expect(resolved(clock(time), typedAt)).toBe(expected);
  });

  it.each([
    ['today', '06:15', 'past'],
    ['tomorrow', '06:15', '2026-12-01T06:15+01:00[Europe/Paris]'],
    ['2026-11-29', '06:15', 'past'],
    ['2026-12-30', '11:59', '2026-12-30T11:59+01:00[Europe/Paris]'],
    ['2026-12-30', '12:01', 'too_far'],
  ])('%s %s', (day, time, expected) => {
    expect(resolved(clock(time, day), '2026-11-30T12:00[Europe/Paris]')).toBe(expected);
  });

  it.each([
    ['mon', '06:15', '2026-12-07T06:15+01:00[Europe/Paris]'],
    ['mon', '18:00', '2026-11-30T18:00+01:00[Europe/Paris]'],
    ['tue', '06:15', '2026-12-01T06:15+01:00[Europe/Paris]'],
    ['sun', '23:59', '2026-12-06T23:59+01:00[Europe/Paris]'],
  ])('%s %s, typed on a Monday at noon: %s', (day, time, expected) => {
    expect(resolved(clock(time, day), '2026-11-30T12:00[Europe/Paris]')).toBe(expected);
  });

  it('takes the first moment after a local time that clocks skip', () => {
    expect(resolved(clock('02:30'), '2026-03-28T20:00[Europe/Paris]')).toBe('2026-03-29T03:00+02:00[Europe/Paris]');
  });

  it.each([
    ['02:15', '2026-10-03T20:00[Australia/Lord_Howe]', '2026-10-04T02:30+11:00[Australia/Lord_Howe]'],
    ['02:30', '2026-10-03T20:00[Australia/Sydney]', '2026-10-04T03:00+11:00[Australia/Sydney]'],
    ['01:45', '2027-04-03T20:00[Australia/Lord_Howe]', '2027-04-04T01:45+11:00[Australia/Lord_Howe]'],
    ['02:30', '2027-04-03T20:00[Australia/Sydney]', '2027-04-04T02:30+11:00[Australia/Sydney]'],
    ['02:30', '2027-04-04T02:40+11:00[Australia/Sydney]', '2027-04-05T02:30+10:00[Australia/Sydney]'],
    ['00:30', '2026-09-05T20:00[America/Santiago]', '2026-09-06T01:00:00-03:00[America/Santiago]'],
  ])('%s, typed at %s: %s, where clocks change', (time, typedAt, expected) => {
    expect(resolved(clock(time), typedAt)).toBe(expected);
  });

  it.each([
    ['tomorrow', '2026-11-30T23:59:59[Asia/Kathmandu]', '2026-12-01T06:15+05:45[Asia/Kathmandu]'],
    ['tomorrow', '2026-12-01T00:00:00[Asia/Kathmandu]', '2026-12-02T06:15+05:45[Asia/Kathmandu]'],
    ['2028-02-29', '2028-02-28T12:00[Europe/Paris]', '2028-02-29T06:15+01:00[Europe/Paris]'],
    ['tomorrow', '2028-02-28T12:00[Europe/Paris]', '2028-02-29T06:15+01:00[Europe/Paris]'],
    ['tomorrow', '2027-02-28T12:00[Europe/Paris]', '2027-03-01T06:15+01:00[Europe/Paris]'],
  ])('06:15 %s, typed at %s: %s', (day, typedAt, expected) => {
    expect(resolved(clock('06:15', day), typedAt)).toBe(expected);
  });

  it.each([
    [60_000, 'due'],
    [59_999, 'too_soon'],
    [30 * 86_400_000, 'due'],
    [30 * 86_400_000 + 1, 'too_far'],
  ])('in %d ms is %s', (ms, kind) => {
    expect(dueTime({ kind: 'in', ms, typed: 'x' }, { zone: 'UTC', askedAt: 1, now: 1 }).kind).toBe(kind);
  });

  it.each([null, 'Nowhere/Land'])(
    'without a zone (%j), a time of day is none, and a duration is shown in UTC',
    (timezone) => {
      const times = { timezone, askedAt: 0, now: 0 };
      expect(dueTimeOf(clock('18:00'), times)).toEqual({ zone: 'UTC', time: null });
      const inAnHour: When = { kind: 'in', ms: 3_600_000, typed: 'in 1h' };
      expect(dueTimeOf(inAnHour, times)).toEqual({ zone: 'UTC', time: { kind: 'due', at: 3_600_000 } });
    },
  );

  it('takes the first of two equal local times', () => {
    expect(resolved(clock('02:30'), '2026-10-24T20:00[Europe/Paris]')).toBe('2026-10-25T02:30+02:00[Europe/Paris]');
  });

  it('counts a duration across a change of the clocks', () => {
    const when: When = { kind: 'in', ms: 8 * 3_600_000, typed: 'in 8h' };
    expect(resolved(when, '2026-03-28T20:00[Europe/Paris]')).toBe('2026-03-29T05:00+02:00[Europe/Paris]');
  });

  it('lies ahead by a minute to 30 days, and shows the typed time wherever clocks show it', () => {
    const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const times = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
    const years = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
    fc.assert(
      fc.property(zones, times, years, fc.constantFrom('next', 'today', 'tomorrow'), (zone, time, askedAt, day) => {
        const due = dueTime(clock(time, day), { zone, askedAt, now: askedAt });
        if (due.kind !== 'due') return;
        expect(due.at - askedAt).toBeGreaterThanOrEqual(60_000);
        expect(due.at - askedAt).toBeLessThanOrEqual(50 * 3_600_000);
        const local = Temporal.Instant.fromEpochMilliseconds(due.at).toZonedDateTimeISO(zone);
        const shown = local.toPlainTime().toString({ smallestUnit: 'minute' });
        const isAfterGap = local.subtract({ seconds: 1 }).offset !== local.offset;
        expect(shown === time || isAfterGap).toBe(true);
      }),
    );
  });
});
