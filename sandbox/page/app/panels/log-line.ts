/** A line of the bot's log: JSON, or any other output of the process. */
export type LogLine = {
  readonly at: number | null;
  readonly level: string | null;
  readonly message: string;
  /** The ID of the request that it is about. */
  readonly request: string | null;
  /** Its other fields, such as `port=3000`, without those that are null. */
  readonly rest: string;
};

export function readLogLine(line: string): LogLine {
  const { time, level, message, pid: _pid, hostname: _hostname, ...rest } = parsed(line) ?? {};
  if (typeof message !== 'string') return { at: null, level: null, message: line, request: null, rest: '' };
  return {
    at: momentOf(time),
    level: levelOf(level),
    message,
    request: typeof rest.request === 'string' ? rest.request : null,
    rest: Object.entries(rest)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => `${key}=${JSON.stringify(value, withoutNull)}`)
      .join(' '),
  };
}

function withoutNull(_: string, value: unknown): unknown {
  return value === null ? undefined : value;
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

/** Of a filter: this level and all that are worse. */
export type LevelFilter = 'trace' | 'info' | 'warn' | 'error';

/** Output that is not a line of the log, such as a crash, is shown with every level. */
export function isAtLeast({ level }: LogLine, least: LevelFilter): boolean {
  const ranks = Object.values(levels);
  return level === null || ranks.indexOf(level) >= ranks.indexOf(least);
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
