/** An iCalendar text with these events. */
export function calendar(...events: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test', ...events, 'END:VCALENDAR', ''].join('\r\n');
}

/** An event with these lines, always of the same UID. */
export function event(...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:Freeze', ...lines, 'END:VEVENT'].join('\r\n');
}
