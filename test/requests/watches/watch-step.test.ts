import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Condition,
  conditionSince,
  conditions,
  firstRuns,
  runsAfter,
} from '../../../src/requests/watches/condition.ts';
import {
  type Circumstances,
  nothingSeen,
  type Telling,
  type WatchMemory,
  watchStep,
} from '../../../src/requests/watches/watch-step.ts';
import { noon } from '../events.fixture.ts';
import { lookThatShows, minutes, watchOf } from './watching.fixture.ts';

type Look = { readonly condition: Condition; readonly isSilent: boolean; readonly afterMs: number };
type Told = {
  readonly telling: Telling;
  readonly condition: Condition;
  readonly at: number;
  readonly memory: WatchMemory;
};

/** What is told while looks show this. */
function watched(looks: readonly Look[], known: Partial<Circumstances> = {}) {
  let memory = nothingSeen;
  let now = noon;
  const told: Told[] = [];
  for (const { condition, isSilent, afterMs } of looks) {
    now += afterMs;
    const step = watchStep(memory, condition, {
      now,
      isSilent,
      everyMs: minutes,
      pausesEndAfterMs: null,
      command: null,
      missedAt: null,
      ...known,
    });
    memory = step.memory;
    if (step.telling !== null) told.push({ telling: step.telling, condition, at: now, memory });
  }
  return { memory, now, told };
}

const look = fc.record({
  condition: fc.constantFrom(...conditions),
  isSilent: fc.boolean(),
  afterMs: fc.integer({ min: minutes, max: 40 * minutes }),
});
const looks = fc.array(look, { maxLength: 40 });
const each = (...shown: readonly Condition[]) =>
  shown.map((condition): Look => ({ condition, isSilent: false, afterMs: minutes }));
const tellings = (shown: readonly Look[]) => watched(shown).told.map(({ telling }) => telling);

describe('a watch', () => {
  it('reminds of a pause in time, also where the clock was ahead when it was seen', () => {
    const days = 24 * 60 * minutes;
    const seen = [10 * days, minutes - 10 * days, 4 * days, 1 * days].map(
      (afterMs): Look => ({ condition: 'warning', isSilent: false, afterMs }),
    );
    const { told } = watched(seen, { pausesEndAfterMs: 7 * days });
    expect(told.map(({ telling, at }) => [telling, at - noon])).toEqual([
      ['alert', 10 * days],
      ['reminder', 5 * days + minutes],
    ]);
  });

  it('tells nothing of a look that shows the same again', () => {
    fc.assert(
      fc.property(looks, look, (before, last) => {
        const twice = [...before, last, { ...last, afterMs: minutes }];
        expect(watched(twice).told).toEqual(watched([...before, last]).told);
      }),
    );
  });

  it('notifies nobody while it is silent', () => {
    fc.assert(
      fc.property(looks, (shown) => {
        const silent = shown.map((one) => ({ ...one, isSilent: true }));
        expect(watched(silent).told.filter(({ telling }) => telling !== 'edit')).toEqual([]);
      }),
    );
  });

  it('has told what is wrong, once nothing keeps it from that', () => {
    fc.assert(
      fc.property(looks, look, (before, last) => {
        const { memory } = watched([...before, { ...last, isSilent: false }]);
        // What changes often is told once it is calm.
        if (!memory.isFlapping) expect(memory.told).toBe(last.condition);
        const isProblem = last.condition !== 'normal' && last.condition !== 'finished';
        if (isProblem) expect(memory.shown).toBe(last.condition);
      }),
    );
  });

  it('never shows an alert that is not what was seen last', () => {
    fc.assert(
      fc.property(looks, (shown) => {
        for (const { condition, memory } of watched(shown).told) expect(memory.shown).toBe(condition);
        const { memory } = watched(shown);
        if (memory.isOpen) expect(memory.shown).toBe(memory.seen);
      }),
    );
  });

  it('notifies at most three times within a quarter of an hour', () => {
    fc.assert(
      fc.property(looks, (shown) => {
        const notified = watched(shown).told.filter(({ telling }) => telling !== 'edit');
        for (const { at } of notified) {
          const near = notified.filter((other) => other.at >= at && other.at - at < 15 * minutes);
          expect(near.length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('folds what changes often, until it has been calm', () => {
    const often = each('normal', 'erroneous', 'normal', 'erroneous', 'normal', 'erroneous', 'normal');
    expect(tellings(often)).toEqual(['alert', 'normal', 'flapping', 'edit', 'edit', 'edit']);
    const calm = each(...Array.from({ length: 17 }, (): Condition => 'normal'), 'warning');
    expect(tellings([...often, ...calm]).slice(6)).toEqual(['alert']);
  });

  it('tells a problem that is left once it is calm, unless the channel knows that', () => {
    const calm = (condition: Condition) => each(...Array.from({ length: 17 }, () => condition));
    const endsWell = each('normal', 'erroneous', 'warning', 'normal');
    expect(tellings([...endsWell, ...calm('erroneous')])).toEqual(['alert', 'change', 'flapping', 'edit', 'change']);
    const endsBadly = each('normal', 'erroneous', 'normal', 'erroneous');
    expect(tellings([...endsBadly, ...calm('erroneous')])).toEqual(['alert', 'normal', 'flapping']);
  });

  it('reminds of no pause that the bot has sent: that has a reminder of its own', () => {
    const command = { request: 'A', verb: 'pause', at: noon } as const;
    const paused = each('erroneous', 'warning').concat(
      Array.from({ length: 9 }, () => ({ condition: 'warning', isSilent: false, afterMs: 24 * 60 * minutes })),
    );
    const pausesEndAfterMs = 7 * 24 * 60 * minutes;
    const remindedOf = (known: Partial<Circumstances>) =>
      watched(paused, { pausesEndAfterMs, ...known }).told.filter(({ telling }) => telling === 'reminder');
    expect(remindedOf({})).toHaveLength(1);
    expect(remindedOf({ command })).toEqual([]);
    expect(remindedOf({ pausesEndAfterMs: null })).toEqual([]);
  });

  it('takes one change for the effect of a command, and only the one that it asked for', () => {
    const command = { request: 'A', verb: 'pause', at: noon } as const;
    expect(watched(each('normal', 'warning'), { command }).told).toEqual([]);
    expect(watched(each('normal', 'erroneous'), { command }).told).toHaveLength(1);
    const again = watched(each('normal', 'warning', 'normal', 'warning'), { command });
    expect(again.told.map(({ condition }) => condition)).toEqual(['warning']);
    const late = each('normal').concat({ condition: 'warning', isSilent: false, afterMs: 31 * minutes });
    expect(watched(late, { command }).told).toHaveLength(1);
  });
});

describe('a run', () => {
  const daily = watchOf('WKF110', { timezone: 'Europe/Paris', expectedBy: '06:30', longerThanMs: 180 * minutes });
  const day = 24 * 60 * minutes;
  const at = (time: string) => Date.parse(`2026-11-10T${time}:00+01:00`);

  /** What is made of looks that show a workflow in progress with this next processing date, each at its time. */
  function conditionsOf(seen: readonly (readonly [now: number, next: number | null])[], terms = daily) {
    let runs = firstRuns(seen[0]?.[0] ?? 0);
    return seen.map(([now, next]) => {
      const [before, shown] = [runs, lookThatShows('in_progress', next)];
      runs = runsAfter(before, shown, now);
      return conditionSince(before, shown, runs, terms).condition;
    });
  }

  it('that takes too long is told from the moment on that Campaign planned it for', () => {
    const next = at('06:00');
    const times = ['05:55', '06:05', '08:55', '09:05'].map((time) => [at(time), next] as const);
    expect(conditionsOf(times)).toEqual(['normal', 'normal', 'normal', 'long']);
  });

  it('counts from the first look where nothing shows when it began', () => {
    expect(
      conditionsOf([
        [at('08:00'), at('01:00')],
        [at('10:59'), at('01:00')],
        [at('11:01'), at('01:00')],
      ]),
    ).toEqual(['normal', 'normal', 'long']);
  });

  it('that has not begun in time is told, until it has', () => {
    const [before, next] = [at('00:00') - 60 * minutes, at('07:00')];
    const times = [before, at('06:25'), at('06:31')].map((now) => [now, next] as const);
    expect(conditionsOf([...times, [at('07:01'), next], [at('07:30'), next + day]])).toEqual([
      ...['normal', 'normal', 'late', 'normal', 'normal'],
    ]);
  });

  it.each([
    ['that clocks skip, at the first moment after it', '2026-03-29', '2026-03-29T00:59Z', '2026-03-29T01:01Z'],
    ['that occurs twice, at the first of both', '2026-10-25', '2026-10-25T00:29Z', '2026-10-25T00:31Z'],
  ])('is expected by a time %s', (_, date, inTime, late) => {
    const next = Date.parse(`${date}T07:00Z`);
    const times = [next - day, ...[inTime, late].map((time) => Date.parse(time))].map((now) => [now, next] as const);
    expect(conditionsOf(times, { ...daily, expectedBy: '02:30' })).toEqual(['normal', 'normal', 'late']);
  });

  it('is known from a date that has moved on, also where no look has seen it', () => {
    const before = [at('00:00') - 60 * minutes, at('06:00')] as const;
    expect(conditionsOf([before, [at('06:31'), at('06:00') + day]])).toEqual(['normal', 'normal']);
  });

  it('is neither late nor long where Campaign shows no date, or was not watched from the morning on', () => {
    const before = at('00:00') - 60 * minutes;
    expect(
      conditionsOf([
        [before, null],
        [at('06:31'), null],
        [at('23:00'), null],
      ]),
    ).toEqual(['normal', 'normal', 'normal']);
    expect(
      conditionsOf([
        [at('06:00'), at('07:00')],
        [at('06:31'), at('07:00')],
      ]),
    ).toEqual(['normal', 'normal']);
  });

  it('is another one once Campaign shows another date', () => {
    const times = Array.from({ length: 12 }, (_, index) => at('06:05') + index * 20 * minutes);
    const each = times.map((now) => [now, now - 5 * minutes] as const);
    expect(new Set(conditionsOf(each))).toEqual(new Set(['normal']));
  });

  it('is expected on no day for which Campaign has planned none, and on the one for which it was put off', () => {
    const [friday, monday] = [at('02:00') + 3 * day, at('02:00') + 6 * day];
    const ran = [friday + 5 * minutes, monday] as const;
    const weekend = [1, 2].map((days) => [friday + 5 * 60 * minutes + days * day, monday] as const);
    const first = [friday - 5 * 60 * minutes, friday] as const;
    expect(conditionsOf([first, ran, ...weekend, [monday - minutes, monday]])).toEqual(Array(5).fill('normal'));
    const [tuesday, next] = [monday + day, monday + 5 * 60 * minutes];
    const putOff = [[monday - minutes, tuesday] as const, [next, tuesday] as const];
    expect(conditionsOf([first, ran, ...weekend, ...putOff]).slice(-2)).toEqual(['normal', 'late']);
    const moved = [[friday + day, tuesday] as const, [friday + day + 5 * 60 * minutes, tuesday] as const];
    expect(conditionsOf([first, ran, ...moved]).slice(-2)).toEqual(['normal', 'normal']);
  });

  it('that nobody could miss in time is told late, also where the next one has begun since', () => {
    const [first, putOff] = [at('06:00'), at('00:15') + day];
    const before = [at('00:00') - 60 * minutes, first] as const;
    const moved = [at('05:00'), putOff] as const;
    const later = [at('00:30') + day, at('00:15') + 2 * day] as const;
    expect(conditionsOf([before, moved, later, [later[0] + minutes, later[1]]])).toEqual([
      ...['normal', 'normal', 'late', 'normal'],
    ]);
    // It has been told before nobody looked any more.
    const told = [at('06:31'), putOff] as const;
    expect(conditionsOf([before, moved, told, later])).toEqual(['normal', 'normal', 'late', 'normal']);
  });

  it('counts for the day for which it was planned, also where nobody has looked until the next one', () => {
    const [first, putOff] = [at('06:00'), at('06:00') + 2 * day];
    const looks = [
      [at('00:00') - 60 * minutes, first],
      [at('00:30') + day, first + day],
      [at('05:00') + day, putOff],
      [at('06:31') + day, putOff],
    ] as const;
    expect(conditionsOf(looks)).toEqual(['normal', 'normal', 'normal', 'late']);
  });

  it('is never missed where it begins in time each day, whenever somebody looks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 * 60 }), { maxLength: 30 }), (gaps) => {
        let now = at('12:00');
        const looks = gaps.map((gap) => {
          now += gap * minutes;
          const ofToday = at('06:00') + Math.floor((now - at('00:00')) / day) * day;
          return [now, now < ofToday ? ofToday : ofToday + day] as const;
        });
        expect(new Set(conditionsOf(looks)).isSubsetOf(new Set(['normal']))).toBe(true);
      }),
    );
  });
});
