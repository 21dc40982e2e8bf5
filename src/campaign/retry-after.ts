// RFC 9110, 5.6.7: three forms of a date, all of which begin with the day of the week.
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * A `Retry-After` header (RFC 9110, 10.2.3: whole seconds, or a date) in milliseconds from `now`.
 * Zero for a date that has passed; null when the header is absent or means nothing.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : dateMs(text) - now;
  return Number.isSafeInteger(Math.trunc(ms)) ? Math.max(0, Math.trunc(ms)) : null;
}

function dateMs(text: string): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  // The oldest of the three forms names no zone and means GMT.
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
