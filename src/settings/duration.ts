import ms from 'ms';

const dayMs = 86_400_000;

/** `90s`, `5m`, `1.5 hours` in milliseconds; null for what is no duration, and for one below a second or over a day. */
export function durationMs(text: string): number | null {
  if (text === '') return null;
  const duration = Math.round(ms(text as ms.StringValue));
  return duration >= 1_000 && duration <= dayMs ? duration : null;
}
