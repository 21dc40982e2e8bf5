import { nearestName } from '../../commands/suggestions/nearest-name.ts';
import { plain, type Translator } from '../../locales/translator.ts';
import { dailyTimes, isTimezone, momentMs } from '../formats.ts';
import type { FileIssue } from './issue.ts';
import type { LooseContent, LooseFreeze } from './loose-content.ts';

/** The keys for the time of a freeze. */
const times = ['daily', 'timezone', 'from', 'until'] as const;
type Time = (typeof times)[number];
const belonging: Readonly<Record<Time, Time>> = { daily: 'timezone', timezone: 'daily', from: 'until', until: 'from' };

/** Freezes with no time, with two times, or that end before they begin. */
export function freezeFlaws({ freezes }: LooseContent, translator: Translator): readonly FileIssue[] {
  return freezes.flatMap((freeze, index) => {
    const path = ['freezes', index];
    const given = times.filter((time) => freeze[time] !== undefined);
    if (given.length === 0) {
      const what = plain(translator.translate('settings.file.no_time'));
      return [{ path, what, touches: times.map((time) => [...path, time]) }];
    }
    const isBoth = given.some(isDaily) && !given.every(isDaily);
    if (isBoth) return [{ path, what: plain(translator.translate('settings.file.two_times')), touches: [] }];
    return [...halves(given, translator), ...zoneFlaws(freeze, translator), ...emptyTimes(freeze, translator)].map(
      (flaw) => ({
        ...flaw,
        path: [...path, ...flaw.path],
      }),
    );
  });
}

function isDaily(time: Time): boolean {
  return time === 'daily' || time === 'timezone';
}

function halves(given: readonly Time[], translator: Translator): readonly FileIssue[] {
  return given
    .filter((time) => !given.includes(belonging[time]))
    .map((time) => ({
      path: [belonging[time]],
      what: plain(translator.translate('settings.file.other_half', { half: time })),
    }));
}

function zoneFlaws({ timezone }: LooseFreeze, translator: Translator): readonly FileIssue[] {
  if (typeof timezone !== 'string' || isTimezone(timezone)) return [];
  const suggestion = nearestName(timezone, Intl.supportedValuesOf('timeZone'));
  const what =
    suggestion === null
      ? translator.translate('settings.file.not_a_timezone')
      : translator.translate('settings.file.did_you_mean', { typed: timezone, suggestion });
  return [{ path: ['timezone'], what: plain(what) }];
}

function emptyTimes({ daily, from, until }: LooseFreeze, translator: Translator): readonly FileIssue[] {
  const day = typeof daily === 'string' ? dailyTimes(daily) : null;
  if (day !== null && day.from === day.until) {
    return [{ path: ['daily'], what: plain(translator.translate('settings.file.no_duration')) }];
  }
  const [begin, end] = [from, until].map((moment) => (typeof moment === 'string' ? momentMs(moment) : null));
  if (begin == null || end == null || begin < end) return [];
  return [{ path: ['until'], what: plain(translator.translate('settings.file.ends_first')) }];
}
