import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { openLedger } from '../../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../../postgres/new-database.ts';
import { ledgerOptions, neverAborted, submission } from './ledger.fixture.ts';

/** Passes everything on to the server, and keeps the first message of each connection. */
async function startProxy(url: string) {
  const firstMessages: Buffer[] = [];
  const { hostname, port } = new URL(url);
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.once('data', (first) => firstMessages.push(first));
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const own = Object.assign(new URL(url), { port: (proxy.address() as AddressInfo).port });
  return { url: own.href, firstMessages, [Symbol.dispose]: () => void proxy.close() };
}

/** The names of the settings in the message that begins a connection: its length and a version, then names and values. */
function settingsIn(message: Buffer): readonly string[] {
  const strings = message.subarray(8).toString().split('\0');
  return strings.filter((name, index) => index % 2 === 0 && name !== '');
}

it('a connection begins only with settings that PgBouncer knows, and gets its limits afterwards', async () => {
  using proxy = await startProxy(await newDatabase());
  const clients = new Set<pg.Client>();
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
    clients.add(this);
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    const ledger = await openLedger(ledgerOptions({ kind: 'postgres', url: proxy.url }));
    await ledger.submit(submission('A'), neverAborted);
    const known = ['user', 'database', 'application_name', 'client_encoding'];
    expect(proxy.firstMessages.length).toBeGreaterThan(0);
    for (const message of proxy.firstMessages) expect(known).toEqual(expect.arrayContaining([...settingsIn(message)]));
    for (const client of clients) {
      const { rows } = await client.query(`select name, setting from pg_settings where name in
        ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'search_path') order by name`);
      expect(rows).toEqual([
        { name: 'idle_in_transaction_session_timeout', setting: '10000' },
        { name: 'lock_timeout', setting: '2000' },
        { name: 'search_path', setting: 'campaign_wf' },
        { name: 'statement_timeout', setting: '5000' },
      ]);
    }
    expect(clients.size).toBeGreaterThan(0);
    await ledger.close();
  } finally {
    pg.Client.prototype.query = query;
  }
});
