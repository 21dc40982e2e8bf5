import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  endOf,
  type FreezeTime,
  freezeInForce,
  frozenByDefault,
  minuteOfWeek,
  type PlannedFreeze,
  type Weekday,
  type WeekWindow,
  weekdays,
  windowsOf,
} from '../../src/access/freeze-windows.ts';
import { formatTime } from './format-decision.fixture.ts';

const minute = 60_000;
const day = 24 * 60;

/** Time zones, and moments at which their clocks change, or do not. */
const changes = [
  ['Europe/Paris', '2026-03-29T01:00Z'],
  ['Europe/Paris', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  // At midnight: a day that starts at 01:00, and a day whose start occurs twice.
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['Asia/Beirut', '2026-10-24T21:00Z'],
  // Never.
  ['Asia/Kolkata', '2026-03-29T01:00Z'],
  ['UTC', '2026-12-31T23:59Z'],
  ['Pacific/Apia', '2026-04-04T14:00Z'],
  // This zone skipped 30 December 2011.
  ['Pacific/Apia', '2011-12-30T10:00Z'],
] as const;

const windows = [
  ['05:45', '06:15'],
  ['22:30', '01:30'],
  ['23:45', '00:15'],
  ['00:00', '00:30'],
  ['23:30', '00:00'],
  ['01:00', '02:30'],
  ['01:30', '01:45'],
  ['02:15', '02:45'],
  ['02:00', '03:00'],
  ['02:30', '03:30'],
  ['00:15', '23:50'],
  // All day, except for the time that the clock change skips.
  ['03:00', '02:00'],
  ['12:00', '11:59'],
] as const;

/** The local time, minute by minute, from two days before a moment to four days after it. */
function readClock(timezone: string, around: string): { readonly start: number; readonly shown: readonly string[] } {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const start = Date.parse(around) - 2 * day * minute;
  return { start, shown: Array.from({ length: 6 * day }, (_, index) => clock.format(start + index * minute)) };
}

const clocks = changes.map(([timezone, around]) => ({ timezone, around, ...readClock(timezone, around) }));
type Clock = (typeof clocks)[number];

function shows(time: string | undefined, from: string, until: string): boolean {
  if (time === undefined) throw new Error('the clock was not read for long enough');
  return from < until ? from <= time && time < until : from <= time || time < until;
}

/** The first minute at which the local time is outside the window; null where it is outside now. */
function readEnd({ start, shown }: Clock, index: number, from: string, until: string): number | null {
  if (!shows(shown[index], from, until)) return null;
  const length = shown.slice(index).findIndex((time) => !shows(time, from, until));
  return length < 0 ? Number.NaN : start + (index + length) * minute;
}

function daily(from: string, until: string, timezone: string): FreezeTime {
  return { kind: 'weekly', windows: windowsOf(weekdays, from, until), timezone };
}

function formatEnd(end: number | null): string {
  return end === null ? 'not in force' : `until ${formatTime(end)}`;
}

/** Some minutes of two and a half days, and those beside a start or an end. */
function minutesToLookAt({ shown }: Clock, from: string, until: string): readonly number[] {
  const isEdge = (index: number) => shows(shown[index], from, until) !== shows(shown[index + 1], from, until);
  return Array.from({ length: 2.5 * day }, (_, offset) => day + offset).filter(
    (index) => index % 29 === 0 || isEdge(index) || isEdge(index - 1),
  );
}

describe('a daily freeze is in force between its local times, and ends with them', () => {
  it.each(clocks)('$timezone around $around', (clock) => {
    const { timezone, start } = clock;
    const wrong = windows.flatMap(([from, until]) =>
      minutesToLookAt(clock, from, until).flatMap((index) => {
        const at = start + index * minute;
        const read = formatEnd(readEnd(clock, index, from, until));
        const given = formatEnd(endOf(daily(from, until, timezone), at));
        return given === read ? [] : [`${from}-${until} at ${formatTime(at)}: ${given}, not ${read}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('for any window, to the millisecond', () => {
    const time = fc.integer({ min: 0, max: day - 1 }).map((at) => {
      return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    });
    const window = fc.tuple(time, time).filter(([from, until]) => from !== until);
    const index = fc.integer({ min: day, max: 3 * day });
    fc.assert(
      fc.property(
        fc.constantFrom(...clocks),
        window,
        index,
        fc.constantFrom(0, 1, 59_999),
        (clock, [from, until], at, ms) => {
          const moment = clock.start + at * minute + ms;
          expect(formatEnd(endOf(daily(from, until, clock.timezone), moment))).toBe(
            formatEnd(readEnd(clock, at, from, until)),
          );
        },
      ),
      { seed: 26, numRuns: 3_000 },
    );
  });
});

describe('a daily freeze on the days on which clocks are changed', () => {
  it.each([
    ['in the skipped hour is not in force', '02:15', '02:45', '2026-03-29T01:10Z', 'not in force'],
    [
      'that ends in the skipped hour ends where that hour starts',
      '01:30',
      '02:30',
      '2026-03-29T00:45Z',
      '2026-03-29 01:00',
    ],
    ['that starts in the skipped hour starts after it', '02:30', '03:30', '2026-03-29T01:00Z', '2026-03-29 01:30'],
    ['over the skipped hour is an hour shorter', '01:00', '04:00', '2026-03-29T00:00Z', '2026-03-29 02:00'],
    ['in the repeated hour is in force the first time', '02:15', '02:45', '2026-10-25T00:20Z', '2026-10-25 00:45'],
    ['in the repeated hour is not between the two', '02:15', '02:45', '2026-10-25T00:50Z', 'not in force'],
    ['in the repeated hour is in force the second time', '02:15', '02:45', '2026-10-25T01:20Z', '2026-10-25 01:45'],
    ['over the repeated hour is an hour longer', '01:00', '04:00', '2026-10-24T23:00Z', '2026-10-25 03:00'],
    ['that starts in it pauses when the hour repeats', '02:30', '03:30', '2026-10-25T00:40Z', '2026-10-25 01:00'],
  ])('%s', (_, from, until, at, end) => {
    expect(formatEnd(endOf(daily(from, until, 'Europe/Paris'), Date.parse(at))).replace('until ', '')).toBe(end);
  });
});

/** The minute of the week that clocks show, minute by minute, from two days before a moment to three weeks after it. */
function readCalendar(timezone: string, around: string) {
  const clock = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const start = Date.parse(around) - 2 * day * minute;
  const shown = Array.from({ length: 23 * day }, (_, index) => {
    const [weekday = '', time = ''] = clock.format(start + index * minute).split(/,? /);
    return minuteOfWeek(weekday.toLowerCase() as Weekday, time);
  });
  return { timezone, around, start, shown };
}

describe('a freeze of every week is in force between its local times, and ends with them', () => {
  const calendars = changes
    .filter(([timezone]) => /Paris|Lord_Howe|Havana|Kolkata|Apia/.test(timezone))
    .map(([timezone, around]) => readCalendar(timezone, around));
  const week = 7 * day;
  const isShown = (windows: readonly WeekWindow[], now: number) =>
    windows.some(({ from, until }) => (from < until ? from <= now && now < until : from <= now || now < until));

  it.each(calendars)('$timezone around $around, for any windows', ({ timezone, start, shown }) => {
    const place = fc.integer({ min: 0, max: week / 15 - 1 }).map((quarter) => quarter * 15);
    const window = fc.record({ from: place, until: place }).filter(({ from, until }) => from !== until);
    // Not the whole week: such a freeze would never end.
    const windows = fc
      .array(window, { minLength: 1, maxLength: 3 })
      .filter((some) => !Array.from({ length: week }, (_, now) => now).every((now) => isShown(some, now)));
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 4 * day }), (some, index) => {
        const length = shown.slice(index).findIndex((now) => !isShown(some, now));
        const read = length === 0 ? null : start + (index + length) * minute;
        const given = endOf({ kind: 'weekly', windows: some, timezone }, start + index * minute);
        expect(formatEnd(given)).toBe(formatEnd(read));
      }),
      { seed: 17, numRuns: 300 },
    );
  });

  it.each<[string, readonly Weekday[], string, string, string, string]>([
    ['begins on its day', ['fri'], '16:00', '20:00', '2026-11-27T15:00Z', '2026-11-27 19:00'],
    ['is over on the next day', ['fri'], '16:00', '20:00', '2026-11-28T15:30Z', 'not in force'],
    ['goes on after midnight of its day', ['fri'], '22:00', '02:00', '2026-11-28T00:30Z', '2026-11-28 01:00'],
    ['does not begin after midnight of another day', ['sat'], '22:00', '02:00', '2026-11-28T00:30Z', 'not in force'],
    ['from Sunday reaches into Monday', ['sun'], '22:00', '02:00', '2026-11-29T23:30Z', '2026-11-30 01:00'],
    [
      'of whole days ends with the last of them',
      ['fri', 'sat', 'sun'],
      '00:00',
      '00:00',
      '2026-11-27T12:00Z',
      '2026-11-29 23:00',
    ],
  ])('one of some days %s', (_, days, from, until, at, end) => {
    const time: FreezeTime = { kind: 'weekly', windows: windowsOf(days, from, until), timezone: 'Europe/Paris' };
    expect(formatEnd(endOf(time, Date.parse(at))).replace('until ', '')).toBe(end);
  });
});

describe('a freeze that happens once', () => {
  const time = { kind: 'period', from: 1_000, until: 2_000 } as const;
  it.each([
    [999, null],
    [1_000, 2_000],
    [1_999, 2_000],
    [2_000, null],
  ])('is at %i in force until %p', (at, end) => {
    expect(endOf(time, at)).toBe(end);
  });

  it('is never in force where it ends before it begins', () => {
    for (const at of [999, 1_000, 1_500, 2_000])
      expect(endOf({ kind: 'period', from: 2_000, until: 1_000 }, at)).toBeNull();
  });
});

describe('of the freezes', () => {
  const freeze = (because: string, until: number, change: Partial<PlannedFreeze> = {}): PlannedFreeze => ({
    environments: new Set(['prod']),
    verbs: frozenByDefault,
    because,
    time: { kind: 'period', from: 0, until },
    ...change,
  });
  const held = { environment: 'prod', verb: 'start', at: 10 } as const;
  const short = freeze('short', 20);
  const long = freeze('long', 30);

  it('the one that lasts longest is named, whatever their order', () => {
    const expected = { because: 'long', until: 30, request: null };
    expect(freezeInForce([short, long], held)).toEqual(expected);
    expect(freezeInForce([long, short], held)).toEqual(expected);
  });

  it('one in force counts, and one that is over does not', () => {
    expect(freezeInForce([short, freeze('over', 10)], held)).toMatchObject({ because: 'short' });
    expect(freezeInForce([short, long], { ...held, at: 30 })).toBeNull();
    expect(freezeInForce([], held)).toBeNull();
  });

  it('one counts for its environment and its commands', () => {
    const elsewhere = freeze('elsewhere', 99, { environments: new Set(['stage', 'dev']) });
    const stopFreeze = freeze('stop', 99, { verbs: new Set(['stop'] as const) });
    expect(freezeInForce([short, elsewhere, stopFreeze], held)).toMatchObject({ because: 'short' });
    expect(freezeInForce([short, elsewhere, stopFreeze], { ...held, verb: 'stop' })).toMatchObject({ because: 'stop' });
    expect(freezeInForce([short, elsewhere], { ...held, environment: 'dev' })).toMatchObject({ because: 'elsewhere' });
    expect(freezeInForce([short, elsewhere], { ...held, verb: 'pause' })).toBeNull();
  });

  it('none blocks a stop or a pause unless it names them', () => {
    expect(frozenByDefault).toEqual(new Set(['start', 'resume']));
  });
});
