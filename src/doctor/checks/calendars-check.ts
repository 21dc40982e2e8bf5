import { nameOf, readCalendar } from '../../calendars/read-calendar.ts';
import { found } from '../finding.ts';
import type { Check } from './check.ts';

const dayMs = 86_400_000;

/** The calendars of freezes, as far as the bot keeps them. */
export const checkCalendars: Check = async ({ known }, report) => {
  const freezes = known.adobe?.configuration.policy.freezes ?? [];
  const calendars = freezes.flatMap(({ time }) => (time.kind === 'calendar' ? [time] : []));
  const look = async ({ source, timezone }: (typeof calendars)[number]) => {
    const from = Date.now();
    const read = await readCalendar(source, { timezone, from, until: from + 400 * dayMs });
    const calendar = nameOf(source);
    if (read.kind === 'read') return report(found('ok', 'calendar_read', { calendar, events: read.periods.length }));
    const problem = read.status === null ? read.reason : String(read.status);
    report(found('failure', 'calendar_unread', { calendar, problem }));
  };
  await Promise.all(calendars.map(look));
};
