import type { Snapshot } from '../../snapshot.ts';
import { exactTime } from '../time-format.ts';
import { readLogLine } from './log-line.ts';

export function LogPanel({ bot, mistakes }: Pick<Snapshot, 'bot' | 'mistakes'>) {
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
      {bot.log.length === 0 && <p className="empty">Nothing yet.</p>}
      <ol className="log-lines" aria-label="Log">
        {bot.log
          .map((line, at) => ({ line, at }))
          .toReversed()
          .map(({ line, at }) => (
            <li key={at}>
              <LogEntry line={line} />
            </li>
          ))}
      </ol>
    </>
  );
}

function LogEntry({ line }: { line: string }) {
  const { at, level, message, rest } = readLogLine(line);
  return (
    <>
      {at !== null && <time dateTime={new Date(at).toISOString()}>{exactTime(at)}</time>}
      {level !== null && <span className={`level level-${level}`}>{level}</span>}
      <span>{message}</span>
      {rest !== '' && <code>{rest}</code>}
    </>
  );
}
