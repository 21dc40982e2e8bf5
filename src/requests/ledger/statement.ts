import { type CompiledQuery, type Expression, type Kysely, type QueryResult, sql } from 'kysely';
import type { Schema } from './tables.ts';

/** A parameter of a statement, by its name. */
export type Parameter = (name: string) => Expression<never>;

/** The texts of all statements, in the order of their compilation. Shapes are closed, so they are few. */
const texts = new Map<string, number>();

/** The number of a statement by its text; undefined for any other text. */
export function numberOf(text: string): number | undefined {
  return texts.get(text);
}

type Values = Readonly<Record<string, unknown>>;

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const parameter: Parameter = (name) => sql<never>`${new Placeholder(name)}`;

/**
 * A statement that is compiled once for each database and shape: to build and compile it takes Kysely several times as long
 * as SQLite needs to execute it. The shape, a JSON value, is what the text of the statement depends on. Everything else is a
 * parameter. Throws if a value is missing.
 */
export function statement<Row, Shape = null>(
  compile: (db: Kysely<Schema>, parameter: Parameter, shape: Shape) => CompiledQuery<Row>,
) {
  const compiled = new Map<unknown, Map<string, CompiledQuery<Row>>>();

  function compiledFor(db: Kysely<Schema>, shape: Shape): CompiledQuery<Row> {
    const dialect = db.getExecutor().adapter.constructor;
    const ofDialect = compiled.get(dialect) ?? new Map<string, CompiledQuery<Row>>();
    compiled.set(dialect, ofDialect);
    const key = JSON.stringify(shape);
    const known = ofDialect.get(key);
    if (known !== undefined) return known;
    const query = compile(db, parameter, shape);
    ofDialect.set(key, query);
    if (!texts.has(query.sql)) texts.set(query.sql, texts.size);
    return query;
  }

  return async (db: Kysely<Schema>, shape: Shape, values: Values): Promise<QueryResult<Row>> => {
    const query = compiledFor(db, shape);
    return db.executeQuery({ ...query, parameters: query.parameters.map((one) => valueFor(one, values)) });
  };
}

function valueFor(one: unknown, values: Values): unknown {
  if (!(one instanceof Placeholder)) return one;
  const value = values[one.name];
  if (value === undefined) throw new Error(`the parameter "${one.name}" of a statement has no value`);
  return value;
}

/** The parameters of some rows to insert, numbered from `first`. {@link valuesOf} names their values. */
export function parametersOf<Column extends string>(columns: readonly Column[], count: number, first = 0) {
  return Array.from({ length: count }, (_, index) => {
    const entries = columns.map((column) => [column, parameter(nameOf(column, first + index))] as const);
    return Object.fromEntries(entries) as Record<Column, Expression<never>>;
  });
}

export function valuesOf(rows: readonly Values[], first = 0): Values {
  const named = rows.flatMap((row, index) =>
    Object.entries(row).map(([column, value]) => [nameOf(column, first + index), value] as const),
  );
  return Object.fromEntries(named);
}

function nameOf(column: string, index: number): string {
  return `${column} ${index}`;
}
