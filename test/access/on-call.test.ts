import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type OnCall, onCallAt, rotations } from '../../src/access/on-call.ts';

const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

const weekly: OnCall = {
  users: ['U0ANN', 'U0BEN', 'U0CAT'],
  rotation: 'weekly',
  from: '2026-01-05T08:00',
  timezone: 'Europe/Paris',
};

describe('who is on call', () => {
  it.each([
    ['before the first turn, the first', '2025-06-01T00:00:00Z', 'U0ANN'],
    ['until the change', '2026-01-12T06:59:59.999Z', 'U0ANN'],
    ['from the change on', '2026-01-12T07:00:00Z', 'U0BEN'],
    ['the third', '2026-01-20T12:00:00Z', 'U0CAT'],
    ['the first again', '2026-01-26T07:00:00Z', 'U0ANN'],
    ['in summer the change is at the same local time', '2026-03-30T05:59:59Z', 'U0CAT'],
    ['and not at the same distance', '2026-03-30T06:00:00Z', 'U0ANN'],
  ])('%s', (_, at, person) => {
    expect(onCallAt(weekly, ms(at))).toBe(person);
  });

  const nightly = { ...weekly, rotation: 'daily', from: '2026-03-28T02:30' } as const;

  it('changes at the end of the gap where clocks skip the time', () => {
    expect(onCallAt(nightly, ms('2026-03-29T00:59:59Z'))).toBe('U0ANN');
    expect(onCallAt(nightly, ms('2026-03-29T01:00:00Z'))).toBe('U0BEN');
  });

  it('changes once where the time occurs twice, the first time', () => {
    const autumn = { ...nightly, from: '2026-10-24T02:30' };
    expect(onCallAt(autumn, ms('2026-10-25T00:29:59Z'))).toBe('U0ANN');
    expect(onCallAt(autumn, ms('2026-10-25T00:30:00Z'))).toBe('U0BEN');
    // 02:10 once more.
    expect(onCallAt(autumn, ms('2026-10-25T01:10:00Z'))).toBe('U0BEN');
  });
});

const anyOnCall: fc.Arbitrary<OnCall> = fc.record({
  users: fc.uniqueArray(fc.constantFrom('U0ANN', 'U0BEN', 'U0CAT', 'U0DAN', 'U0EVE'), { minLength: 1 }),
  rotation: fc.constantFrom(...rotations),
  from: fc
    .date({ min: new Date('2024-01-01T00:00Z'), max: new Date('2028-01-01T00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 16)),
  timezone: fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'),
});
const anyMoment = fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2029, 0) });
const runs = { seed: 20_261_130, numRuns: 400 };

/** The local time at which turns change, and the next ones after it, in any case. */
function changesAround({ from, timezone }: OnCall, at: number): readonly number[] {
  const time = Temporal.PlainDateTime.from(from).toPlainTime();
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate();
  return [-1, 0, 1].map((days) => {
    const local = day.add({ days }).toPlainDateTime(time);
    return local.toZonedDateTime(timezone, { disambiguation: 'compatible' }).epochMilliseconds;
  });
}

describe('at any moment', () => {
  it('exactly one of them is on call, and nobody else', () => {
    fc.assert(
      fc.property(anyOnCall, anyMoment, (onCall, at) => {
        expect(onCall.users).toContain(onCallAt(onCall, at));
      }),
      runs,
    );
  });

  it('a turn changes only at its time of the day in its zone, or where clocks change', () => {
    fc.assert(
      fc.property(anyOnCall, anyMoment, (onCall, at) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(onCall.timezone);
        const clockChange = zoned.subtract({ days: 2 }).getTimeZoneTransition('next')?.epochMilliseconds ?? 0;
        const isNearClockChange = Math.abs(clockChange - at) < 2 * 86_400_000;
        const bounds = changesAround(onCall, at).filter((one) => one > at - 3_600_000 && one <= at);
        const isChanged = onCallAt(onCall, at - 3_600_000) !== onCallAt(onCall, at);
        if (isChanged && !isNearClockChange) expect(bounds).toHaveLength(1);
      }),
      runs,
    );
  });

  it('the turns follow each other in the order of the list, each as long as the rotation says', () => {
    fc.assert(
      fc.property(anyOnCall, fc.integer({ min: 0, max: 120 }), (onCall, turn) => {
        const days = turn * (onCall.rotation === 'daily' ? 1 : 7);
        const noon = Temporal.PlainDateTime.from(onCall.from).add({ days, hours: 12 });
        const at = noon.toZonedDateTime(onCall.timezone).epochMilliseconds;
        expect(onCallAt(onCall, at)).toBe(onCall.users[turn % onCall.users.length]);
      }),
      runs,
    );
  });
});
