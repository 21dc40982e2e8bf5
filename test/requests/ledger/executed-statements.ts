import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';

/** A statement that a ledger has executed, with its parameters. */
export type Executed = { readonly sql: string; readonly values: readonly unknown[] };

const onRows = /^\s*(select|insert|update|delete|with)\b/;

export type StatementWatch = {
  /** What was executed since the last call, each text once. */
  take(): readonly Executed[];
  [Symbol.dispose](): void;
};

/** Watches every ledger of this process that is opened from now on: SQLite's statements are prepared once. */
export function watchStatements(): StatementWatch {
  const executed = new Map<string, Executed>();
  const remember = (sql: string, values: readonly unknown[]) => {
    if (onRows.test(sql)) executed.set(sql, { sql, values });
  };
  const stop = [watchSqlite(remember), watchPostgres(remember)];
  return {
    take() {
      const taken = [...executed.values()];
      executed.clear();
      return taken;
    },
    [Symbol.dispose]() {
      for (const restore of stop) restore();
    },
  };
}

type Remember = (sql: string, values: readonly unknown[], result?: unknown) => void;

/** Calls `remember` after every execution of a statement that is prepared from now on. Returns how to end that. */
export function watchSqlite(remember: Remember): () => void {
  const { prepare } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function watched(sql) {
    const statement = prepare.call(this, sql);
    for (const method of ['all', 'run'] as const) {
      const execute: (...values: SQLInputValue[]) => unknown = statement[method].bind(statement);
      Object.assign(statement, {
        [method](...values: SQLInputValue[]) {
          const result = execute(...values);
          remember(sql, values, result);
          return result;
        },
      });
    }
    return statement;
  };
  return () => {
    DatabaseSync.prototype.prepare = prepare;
  };
}

function watchPostgres(remember: Remember): () => void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
    const [first, second] = args;
    const config = typeof first === 'string' ? { text: first, values: second } : (first as pg.QueryConfig);
    remember(config.text, Array.isArray(config.values) ? config.values : []);
    return Reflect.apply(query, this, args);
  } as typeof query;
  return () => {
    pg.Client.prototype.query = query;
  };
}
