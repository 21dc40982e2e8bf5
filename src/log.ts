import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './settings/settings.ts';
import { traceFields } from './tracing/tracing.ts';

/**
 * Slack's response URLs are valid, and therefore secret, for half an hour. In a quoted payload their slashes are escaped
 * (as in Slack's JSON) or URL-encoded.
 */
const replyAddress = /https?(?::|%3A)(?:\\*\/|%2F){2}hooks\.slack(?:-gov)?\.com(?:\\+\/|[^\s"'\\])*/gi;

/**
 * JSON lines. Every secret of the settings is removed from a line just before it is written, wherever a library may have
 * put it: in a message, a cause or a stack trace.
 */
export function createLog(level: LogLevel, secrets: readonly string[], out: DestinationStream): Logger {
  const scrub = scrubber(secrets);
  const destination = { write: (line: string) => out.write(scrub(line)) };
  const timestamp = pino.stdTimeFunctions.isoTime;
  return pino({ level, base: null, timestamp, messageKey: 'message', mixin: traceFields }, destination);
}

/** Replaces every secret in a text, however it is written in JSON or in a URL. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const hidden = [...new Set(secrets.filter((secret) => secret.length > 0).flatMap(spellings))];
  // Longest first: one secret may be the beginning of another. All at once: a short one may be part of `[secret]`.
  hidden.sort((a, b) => b.length - a.length);
  const anySecret = new RegExp(hidden.map((secret) => RegExp.escape(secret)).join('|') || '(?!)', 'g');
  return (line) => line.replaceAll(anySecret, '[secret]').replace(replyAddress, '[secret]');
}

/** As it is, JSON-escaped, and URL-encoded as in a query or a form. */
function spellings(secret: string): readonly string[] {
  const form = new URLSearchParams({ secret }).toString().slice('secret='.length);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed()), form];
}
