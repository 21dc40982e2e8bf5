// In the format of the times within messages.
const language = 'en-US';

const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const clockWithSeconds = new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' });
const dateWithSeconds = new Intl.DateTimeFormat(language, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const wholeDate = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' });
const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });

/** "2:02 PM" */
export function clockTime(at: number): string {
  return clock.format(at);
}

/** "14:02:31" */
export function exactTime(at: number): string {
  return clockWithSeconds.format(at);
}

/** "Nov 21, 2025, 14:02:31" */
export function dateAndTime(at: number): string {
  return dateWithSeconds.format(at);
}

/** "Friday, November 21, 2025 at 2:02:31 PM GMT+1" */
export function fullDate(at: number): string {
  return wholeDate.format(at);
}

/** One value for each day, in the local zone. */
export function dayOf(at: number): string {
  return new Date(at).toDateString();
}

/** "Today", "Yesterday", "Friday, November 14" */
export function dayName(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return 'Today';
  return dayOf(at) === dayOf(now - 86_400_000) ? 'Yesterday' : weekday.format(at);
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
];

/** The two largest units: "8 d 1 h", "3 min 20 s", "12 s" */
export function duration(ms: number): string {
  const at = Math.max(
    0,
    units.findIndex((unit) => ms >= unit.ms),
  );
  const shown = ms < 1_000 ? [] : units.slice(at, at + 2);
  let left = ms;
  const parts = shown.map((unit) => {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    return { count, text: `${count} ${unit.name}` };
  });
  return (
    parts
      .filter(({ count }) => count > 0)
      .map(({ text }) => text)
      .join(' ') || '0 s'
  );
}
