import { useState } from 'react';
import type { Snapshot } from '../../snapshot.ts';
import { exactTime } from '../time-format.ts';
import { type Filter, LogFilter } from './log-filter.tsx';
import { isAtLeast, type LogLine, readLogLine } from './log-line.ts';

export function LogPanel({ bot, mistakes }: Pick<Snapshot, 'bot' | 'mistakes'>) {
  const [filter, setFilter] = useState<Filter>({ level: 'trace', request: null });
  const lines = bot.log.map((line, at) => ({ ...readLogLine(line), key: at })).toReversed();
  const shown = lines.filter((line) => isShown(line, filter));
  return (
    <>
      <h2>Log</h2>
      <p className="lead">The last lines of the bot’s log, newest first.</p>
      {mistakes.length > 0 && (
        <section aria-labelledby="mistakes" className="group">
          <h3 id="mistakes">Mistakes of the bot that Slack tolerated</h3>
          <ul>
            {mistakes.map((mistake, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
              <li key={at}>{mistake}</li>
            ))}
          </ul>
        </section>
      )}
      <LogFilter filter={filter} requests={requestsIn(lines, filter.request)} onFilter={setFilter} />
      <p className="empty" role="status">
        {shown.length === lines.length ? `${lines.length} lines` : `${shown.length} of ${lines.length} lines`}
      </p>
      <ol className="log-lines" aria-label="Log">
        {shown.map((line) => (
          <li key={line.key}>
            <LogEntry line={line} />
          </li>
        ))}
      </ol>
    </>
  );
}

function isShown(line: LogLine, { level, request }: Filter): boolean {
  return isAtLeast(line, level) && (request === null || line.request === request);
}

/** Newest first, with the chosen one, whose lines may be too old by now. */
function requestsIn(lines: readonly LogLine[], chosen: string | null): readonly string[] {
  const ids = [...lines.map(({ request }) => request), chosen].filter((id) => id !== null);
  return [...new Set(ids)];
}

function LogEntry({ line: { at, level, message, rest } }: { line: LogLine }) {
  return (
    <>
      {at !== null && <time dateTime={new Date(at).toISOString()}>{exactTime(at)}</time>}
      {level !== null && <span className={`level level-${level}`}>{level}</span>}
      <span>{message}</span>
      {rest !== '' && <code>{rest}</code>}
    </>
  );
}
