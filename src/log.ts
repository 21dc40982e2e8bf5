import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './settings/settings.ts';

/** Slack's reply addresses work for half an hour and are secrets as long. */
const replyAddress = /https:\/\/hooks\.slack\.com\/[^\s"'\\]+/g;

/**
 * JSON lines. The last thing before a line is written is that every secret of the settings is taken out of
 * it, wherever a library may have put it: into a message, a cause or a stack trace.
 */
export function createLog(level: LogLevel, secrets: readonly string[], out: DestinationStream): Logger {
  const hidden = secrets.filter((secret) => secret.length > 0);
  const scrub = (line: string) =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line).replace(replyAddress, '[secret]');
  const destination = { write: (line: string) => out.write(scrub(line)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }, destination);
}
