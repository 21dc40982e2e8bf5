import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { ledgerOptions, neverAborted, newLedger, submission } from './ledger.fixture.ts';

/** Passes everything on to the server, and keeps the first message of each connection. */
async function startProxy(url: string) {
  const firstMessages: Buffer[] = [];
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(url);
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.once('data', (first) => firstMessages.push(first));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const own = Object.assign(new URL(url), { port: (proxy.address() as AddressInfo).port });
  const each = (act: 'pause' | 'resume') => () => {
    for (const socket of sockets) socket[act]();
  };
  return {
    ...{ url: own.href, firstMessages, hang: each('pause'), goOn: each('resume') },
    [Symbol.dispose]: () => void proxy.close(),
  };
}

/** The names of the settings in the message that begins a connection: its length and a version, then names and values. */
function settingsIn(message: Buffer): readonly string[] {
  const strings = message.subarray(8).toString().split('\0');
  return strings.filter((name, index) => index % 2 === 0 && name !== '');
}

/** Every client that is used from now on, and the values of all statements. */
function watchClients() {
  const clients = new Set<pg.Client>();
  const values: unknown[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
    clients.add(this);
    const [first] = args;
    if (typeof first === 'object') values.push(...((first as pg.QueryConfig).values ?? []));
    return Reflect.apply(query, this, args);
  } as typeof query;
  return {
    clients,
    values,
    [Symbol.dispose]() {
      pg.Client.prototype.query = query;
    },
  };
}

it('a connection begins only with settings that PgBouncer knows, and gets its limits afterwards', async () => {
  using proxy = await startProxy(await newDatabase());
  using watch = watchClients();
  const ledger = await openLedger(ledgerOptions({ kind: 'postgres', url: proxy.url }));
  await ledger.submit(submission('A'), neverAborted);
  const known = ['user', 'database', 'application_name', 'client_encoding'];
  expect(proxy.firstMessages.length).toBeGreaterThan(0);
  for (const message of proxy.firstMessages) expect(known).toEqual(expect.arrayContaining([...settingsIn(message)]));
  expect(watch.clients.size).toBeGreaterThan(0);
  for (const client of watch.clients) {
    const { rows } = await client.query(`select name, setting from pg_settings where name in
      ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'search_path') order by name`);
    expect(rows).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '2000' },
      { name: 'search_path', setting: 'campaign_wf' },
      { name: 'statement_timeout', setting: '5000' },
    ]);
  }
  await ledger.close();
});

it('a server that does not answer any more is a problem of the ledger, until it does', async () => {
  using proxy = await startProxy(await newDatabase());
  const problems: (string | null)[] = [];
  const onHealthChange = (problem: string | null) => void problems.push(problem);
  const ledger = await openLedger({ ...ledgerOptions({ kind: 'postgres', url: proxy.url }), onHealthChange });
  await ledger.submit(submission('A'), neverAborted);
  proxy.hang();
  await expect(ledger.events('A')).rejects.toThrow('could not be reached in time');
  expect(problems).toEqual(['unreachable']);
  proxy.goOn();
  while (problems.length < 2) await ledger.transaction(async () => {});
  expect(problems).toEqual(['unreachable', null]);
  await ledger.close();
});

/** All that a process opens. */
const connections = 10;

it('a command that was given up while it waited for a connection executes nothing later', async () => {
  await using opened = await newLedger('postgres');
  const { ledger } = opened;
  // Each command of one person waits for the one before.
  const lock = `pg_advisory_lock(x'776603'::int, hashtext('U0BUSY'))`;
  if (opened.database.kind !== 'postgres') throw new Error('it is PostgreSQL');
  const holder = new pg.Client({ connectionString: opened.database.url });
  await holder.connect();
  await holder.query(`select ${lock}`);
  using watch = watchClients();
  const busy = Array.from({ length: connections }, (_, index) => {
    const ofOne = submission(`BUSY${index}`, { workflowId: `BUSY${index}` }, { requester: 'U0BUSY' });
    return ledger.submitWithin(100, ofOne, neverAborted);
  });
  const waiting = `select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where datname = current_database() and locktype = 'advisory' and not granted`;
  while ((await opened.query(waiting)).length < connections);
  const caller = new AbortController();
  const late = ledger.submitWithin(100, submission('LATE'), caller.signal);
  caller.abort();
  await expect(late).rejects.toMatchObject({ name: 'LedgerUnavailableError', inDoubt: false });
  await holder.query(`select ${lock.replace('advisory_lock', 'advisory_unlock')}`);
  await Promise.all(busy);
  await ledger.submitWithin(100, submission('AFTER', { workflowId: 'AFTER' }), neverAborted);
  await holder.end();
  expect(watch.values).toContain('BUSY0');
  expect(watch.values).toContain('AFTER');
  expect(watch.values).not.toContain('LATE');
});
