import bolt, { type Logger, type LogLevel } from '@slack/bolt';
import type { Log } from '../requests/ports.ts';

/**
 * Bolt's log, brought into ours. Its debug lines hold whole payloads, `response_url` included, and its
 * info lines say what ours say: neither is passed on.
 */
export function boltLogger(log: Log): Logger {
  const words = (parts: unknown[]) => parts.map(String).join(' ');
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ from: 'bolt' }, words(parts)),
    error: (...parts) => log.error({ from: 'bolt' }, words(parts)),
    setLevel() {},
    setName() {},
    getLevel: (): LogLevel => bolt.LogLevel.WARN,
  };
}
