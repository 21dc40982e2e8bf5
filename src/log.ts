import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './settings/settings.ts';

/**
 * Slack's reply addresses work for half an hour and are secrets as long. Where a payload is quoted, their slashes are
 * escaped (so Slack writes them in JSON) or encoded.
 */
const replyAddress = /https?(?::|%3A)(?:\\*\/|%2F){2}hooks\.slack(?:-gov)?\.com(?:\\+\/|[^\s"'\\])*/gi;

/**
 * JSON lines. The last thing before a line is written is that every secret of the settings is taken out of
 * it, wherever a library may have put it: into a message, a cause or a stack trace.
 */
export function createLog(level: LogLevel, secrets: readonly string[], out: DestinationStream): Logger {
  const hidden = secrets.filter((secret) => secret.length > 0).flatMap(spellings);
  // One may begin with another: what is left of it would still be half a secret.
  hidden.sort((a, b) => b.length - a.length);
  const scrub = (line: string) =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line).replace(replyAddress, '[secret]');
  const destination = { write: (line: string) => out.write(scrub(line)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }, destination);
}

/** As the line's JSON has it, and as it stands in a query or a form. */
function spellings(secret: string): readonly string[] {
  const form = new URLSearchParams({ secret }).toString().slice('secret='.length);
  return [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed()), form];
}
