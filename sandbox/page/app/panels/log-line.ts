/** A line of the bot's log: JSON, or any other output of the process. */
export type LogLine = {
  readonly at: number | null;
  readonly level: string | null;
  readonly message: string;
  /** Its other fields, such as `port=3000`. */
  readonly rest: string;
};

export function readLogLine(line: string): LogLine {
  const { time, level, message, pid: _pid, hostname: _hostname, ...rest } = parsed(line) ?? {};
  if (typeof message !== 'string') return { at: null, level: null, message: line, rest: '' };
  return {
    at: momentOf(time),
    level: levelOf(level),
    message,
    rest: Object.entries(rest)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(' '),
  };
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function momentOf(time: unknown): number | null {
  const at = typeof time === 'string' ? Date.parse(time) : time;
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}

/** https://github.com/pinojs/pino/blob/main/docs/api.md#level-string */
const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function levelOf(level: unknown): string | null {
  if (typeof level === 'number') return levels[level] ?? String(level);
  return typeof level === 'string' ? level : null;
}
