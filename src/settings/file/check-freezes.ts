import { weekdays } from '../../access/freeze-windows.ts';
import { nearestName } from '../../commands/suggestions/nearest-name.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { dailyTimes, isTimezone, momentMs, weeklyTimes } from '../formats.ts';
import type { FileIssue } from './issue.ts';
import type { LooseContent, LooseFreeze } from './loose-content.ts';

/** The keys for the time of a freeze. All but a single one need a zone. */
const times = ['daily', 'days', 'weekly', 'calendar', 'timezone', 'from', 'until'] as const;
type Time = (typeof times)[number];
const recurring: ReadonlySet<Time> = new Set(['daily', 'days', 'weekly', 'calendar']);
const once: ReadonlySet<Time> = new Set(['from', 'until']);

/** Freezes with no time, with two times, or that end before they begin. */
export function freezeFlaws({ freezes }: LooseContent, translator: Translator): readonly FileIssue[] {
  return freezes.flatMap((freeze, index) => {
    const path = ['freezes', index];
    const given = times.filter((time) => freeze[time] !== undefined);
    if (given.length === 0) {
      const what = plain(translator.translate('settings.file.no_time'));
      return [{ path, what, touches: times.map((time) => [...path, time]) }];
    }
    if (hasTwoTimes(given)) {
      return [{ path, what: plain(translator.translate('settings.file.two_times')), touches: [] }];
    }
    return [...halves(given, translator), ...zoneFlaws(freeze, translator), ...emptyTimes(freeze, translator)].map(
      (flaw) => ({
        ...flaw,
        path: [...path, ...flaw.path],
      }),
    );
  });
}

function hasTwoTimes(given: readonly Time[]): boolean {
  const isOnce = given.some((time) => once.has(time));
  if (isOnce) return given.some((time) => !once.has(time));
  const isOfDays = given.some((time) => time === 'daily' || time === 'days');
  return [isOfDays, given.includes('weekly'), given.includes('calendar')].filter(Boolean).length > 1;
}

function halves(given: readonly Time[], translator: Translator): readonly FileIssue[] {
  const missing = (key: Time, half: Time) => [
    { path: [key], what: plain(translator.translate('settings.file.other_half', { half })) },
  ];
  const [first] = given;
  if (given.includes('from') !== given.includes('until')) {
    return given.includes('from') ? missing('until', 'from') : missing('from', 'until');
  }
  if (first !== undefined && recurring.has(first) && !given.includes('timezone')) return missing('timezone', first);
  return given.length === 1 && first === 'timezone' ? missing('daily', first) : [];
}

/** A time zone that does not exist. */
export function zoneFlaws({ timezone }: { readonly timezone?: unknown }, translator: Translator): readonly FileIssue[] {
  if (typeof timezone !== 'string' || isTimezone(timezone)) return [];
  const suggestion = nearestName(timezone, Intl.supportedValuesOf('timeZone'));
  const what =
    suggestion === null
      ? translator.translate('settings.file.not_a_timezone')
      : translator.translate('settings.file.did_you_mean', { typed: timezone, suggestion });
  return [{ path: ['timezone'], what: plain(what) }];
}

/** Times of no duration, or that never end. */
export function emptyTimes(
  { daily, days, weekly, from, until }: Partial<LooseFreeze>,
  translator: Translator,
): readonly FileIssue[] {
  const recurring = {
    daily: typeof daily === 'string' ? dailyTimes(daily) : null,
    weekly: typeof weekly === 'string' ? weeklyTimes(weekly) : null,
  };
  for (const key of ['daily', 'weekly'] as const) {
    const window = recurring[key];
    if (window === null || window.from !== window.until) continue;
    return [{ path: [key], what: plain(translator.translate('settings.file.no_duration')) }];
  }
  if (daily === undefined && Array.isArray(days) && new Set(days).size === weekdays.length) {
    return [{ path: ['days'], what: plain(translator.translate('settings.file.every_day')) }];
  }
  const [begin, end] = [from, until].map((moment) => (typeof moment === 'string' ? momentMs(moment) : null));
  if (begin == null || end == null || begin < end) return [];
  return [{ path: ['until'], what: plain(translator.translate('settings.file.ends_first')) }];
}
