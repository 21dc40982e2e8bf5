import pg from 'pg';

// Instead of `pg_dump`, which has to be as new as the server.

/** SQL that creates this schema again in an empty database: what the server's catalog says of it, and its rows. */
export async function dumpSchema(url: string, schema: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select set_config('search_path', quote_ident($1), false)", [schema]);
    const list = async (sql: string) => (await client.query<{ sql: string }>(sql, [schema])).rows.map((row) => row.sql);
    const names = await list(tableNames);
    const rows: string[] = [];
    for (const name of names) rows.push(...(await rowsOf(client, name)));
    const [tables, functions] = [await list(definitionsOf.tables), await list(definitionsOf.functions)];
    const after = [...(await list(definitionsOf.constraints)), ...(await list(definitionsOf.indexes))];
    const triggers = await list(definitionsOf.triggers);
    const start = [`create schema ${schema}`, `set search_path = ${schema}`];
    return [...start, ...tables, ...rows, ...after, ...functions, ...triggers].map((sql) => `${sql};\n`).join('');
  } finally {
    await client.end();
  }
}

const tableNames = `select quote_ident(relname) as sql from pg_class
  where relnamespace = $1::regnamespace and relkind = 'r' order by relname`;

const definitionsOf = {
  tables: `select format('create table %I (%s)', c.relname, string_agg(
      format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end, ' default ' || pg_get_expr(d.adbin, d.adrelid)),
      ', ' order by a.attnum)) as sql
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = $1::regnamespace and c.relkind = 'r' group by c.relname order by c.relname`,
  // Keys before the references to them. Of each column, the table's definition says whether it is "not null".
  constraints: `select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      as sql
    from pg_constraint where connamespace = $1::regnamespace and contype not in ('n', 't')
    order by contype = 'f', conname`,
  indexes: `select indexdef as sql from pg_indexes where schemaname = $1
    and indexname not in (select conname from pg_constraint where connamespace = $1::regnamespace) order by indexname`,
  functions: `select pg_get_functiondef(oid) as sql from pg_proc where pronamespace = $1::regnamespace order by proname`,
  triggers: `select pg_get_triggerdef(t.oid) as sql from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = $1::regnamespace and not t.tgisinternal order by tgname`,
};

async function rowsOf(client: pg.Client, table: string): Promise<readonly string[]> {
  const { fields } = await client.query(`select * from ${table} limit 0`);
  const values = fields.map(({ name }) => `quote_nullable(${pg.escapeIdentifier(name)}::text)`).join(` || ', ' || `);
  const { rows } = await client.query<{ row: string }>(`select ${values} as row from ${table} order by 1`);
  return rows.map(({ row }) => `insert into ${table} values (${row})`);
}
