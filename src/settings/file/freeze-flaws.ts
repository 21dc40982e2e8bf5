import { nearestName } from '../../commands/nearest-name.ts';
import { plain, type Translator } from '../../locales/words.ts';
import type { FileIssue } from './flaw.ts';
import type { LooseContent, LooseFreeze } from './loose-content.ts';
import { dailyTimes, isTimezone, momentMs } from './moment.ts';

/** The keys that say when. */
const times = ['daily', 'timezone', 'from', 'until'] as const;
type Time = (typeof times)[number];
const belonging: Readonly<Record<Time, Time>> = { daily: 'timezone', timezone: 'daily', from: 'until', until: 'from' };

/** Freezes whose time is not one, or two, or ends before it begins. */
export function freezeFlaws({ freezes }: LooseContent, words: Translator): readonly FileIssue[] {
  return freezes.flatMap((freeze, index) => {
    const path = ['freezes', index];
    const given = times.filter((time) => freeze[time] !== undefined);
    if (given.length === 0) {
      const what = plain(words.translate('settings.file.no_time'));
      return [{ path, what, touches: times.map((time) => [...path, time]) }];
    }
    const isBoth = given.some(isDaily) && !given.every(isDaily);
    if (isBoth) return [{ path, what: plain(words.translate('settings.file.two_times')), touches: [] }];
    return [...halves(given, words), ...zoneFlaws(freeze, words), ...emptyTimes(freeze, words)].map((flaw) => ({
      ...flaw,
      path: [...path, ...flaw.path],
    }));
  });
}

function isDaily(time: Time): boolean {
  return time === 'daily' || time === 'timezone';
}

function halves(given: readonly Time[], words: Translator): readonly FileIssue[] {
  return given
    .filter((time) => !given.includes(belonging[time]))
    .map((time) => ({ path: [belonging[time]], what: plain(words.translate('settings.file.other_half', { half: time })) }));
}

function zoneFlaws({ timezone }: LooseFreeze, words: Translator): readonly FileIssue[] {
  if (typeof timezone !== 'string' || isTimezone(timezone)) return [];
  const suggestion = nearestName(timezone, Intl.supportedValuesOf('timeZone'));
  const what =
    suggestion === null
      ? words.translate('settings.file.not_a_timezone')
      : words.translate('settings.file.did_you_mean', { typed: timezone, suggestion });
  return [{ path: ['timezone'], what: plain(what) }];
}

function emptyTimes({ daily, from, until }: LooseFreeze, words: Translator): readonly FileIssue[] {
  const day = typeof daily === 'string' ? dailyTimes(daily) : null;
  if (day !== null && day.from === day.until) {
    return [{ path: ['daily'], what: plain(words.translate('settings.file.no_duration')) }];
  }
  const [begin, end] = [from, until].map((moment) => (typeof moment === 'string' ? momentMs(moment) : null));
  if (begin == null || end == null || begin < end) return [];
  return [{ path: ['until'], what: plain(words.translate('settings.file.ends_first')) }];
}
