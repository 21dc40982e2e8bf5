import type { LevelFilter } from './log-line.ts';

/** What of the log is shown. `request`: null for all of them. */
export type Filter = { readonly level: LevelFilter; readonly request: string | null };

const levels: readonly { readonly level: LevelFilter; readonly name: string }[] = [
  { level: 'trace', name: 'All levels' },
  { level: 'info', name: 'Info and worse' },
  { level: 'warn', name: 'Warnings and errors' },
  { level: 'error', name: 'Errors' },
];

type Props = {
  readonly filter: Filter;
  /** The IDs to choose from. */
  readonly requests: readonly string[];
  readonly onFilter: (filter: Filter) => void;
};

export function LogFilter({ filter, requests, onFilter }: Props) {
  return (
    <div className="log-filter">
      <label>
        <span>Level</span>
        <select
          value={filter.level}
          onChange={({ target }) => onFilter({ ...filter, level: target.value as LevelFilter })}
        >
          {levels.map(({ level, name }) => (
            <option key={level} value={level}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Request</span>
        <select
          value={filter.request ?? ''}
          onChange={({ target }) => onFilter({ ...filter, request: target.value === '' ? null : target.value })}
        >
          <option value="">All requests</option>
          {requests.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
