import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { samples } from '../events.fixture.ts';
import { neverAborted, newLedger, type OpenedLedger, submission } from './ledger.fixture.ts';

// Whatever the server has prepared is prepared again when the tables or the connection are no longer the same.

/** The texts that were sent to the server to be parsed. */
let parsed: string[] = [];
/** What statements were refused with. */
let failures: unknown[] = [];
const clients = new Set<pg.Client>();
let endWatch: () => void;

beforeEach(() => {
  const { parse } = pg.Connection.prototype;
  const { query } = pg.Client.prototype;
  pg.Connection.prototype.parse = function watched(statement, more) {
    parsed.push(statement.text);
    parse.call(this, statement, more);
  };
  pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
    clients.add(this);
    const result: unknown = Reflect.apply(query, this, args);
    Promise.resolve(result).catch((error: unknown) => failures.push(error));
    return result;
  } as typeof query;
  endWatch = () => {
    pg.Connection.prototype.parse = parse;
    pg.Client.prototype.query = query;
  };
});

afterEach(() => {
  endWatch();
  [parsed, failures] = [[], []];
  clients.clear();
});

/** A command is recorded, its step ends, and it is looked up. */
async function carryOut({ ledger }: OpenedLedger, id: string): Promise<void> {
  await ledger.submitWithin(20, submission(id, { workflowId: id }), neverAborted);
  const [claim] = await ledger.claim(1);
  if (claim === undefined) throw new Error('nothing is due');
  const slots = { stops: 1, new_stops: 1, rest: 1, replies: 1, updates: 1 };
  const { recorded } = await ledger.complete(claim, { record: () => [samples.granted], slots });
  expect(recorded).toMatchObject({ id, sequence: 2 });
  await ledger.competingRequests({ organization: 'acme', workflowId: id });
  expect((await ledger.events(id)).map(({ type }) => type)).toEqual(['requested', 'granted']);
  expect(await ledger.load(id)).toEqual(recorded);
  await ledger.nextDueAt();
}

it('the server parses nothing for a command like the one before', async () => {
  await using opened = await newLedger('postgres');
  parsed = [];
  await carryOut(opened, 'A');
  expect(parsed.length).toBeGreaterThan(10);
  parsed = [];
  await carryOut(opened, 'B');
  expect(parsed).toEqual([]);
});

it('a migration of another replica fails no command: each statement is prepared again', async () => {
  await using opened = await newLedger('postgres');
  for (const id of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) await carryOut(opened, id);
  await opened.query('alter table events add column note text');
  await opened.query('alter table requests add column note text');
  await carryOut(opened, 'H');
  // The server notices by itself what changes no result.
  expect(failures).toEqual([]);
  await opened.query('alter table tasks alter column attempts type bigint');
  await carryOut(opened, 'I');
  expect(failures).toMatchObject([{ code: '0A000', message: 'cached plan must not change result type' }]);
  await carryOut(opened, 'J');
  expect(failures).toHaveLength(1);
});

it('a connection that has forgotten its statements gets them again', async () => {
  await using opened = await newLedger('postgres');
  await carryOut(opened, 'A');
  for (const client of clients) await client.query('deallocate all').catch(() => {});
  failures = [];
  await carryOut(opened, 'B');
  expect(failures).toMatchObject([{ code: '26000' }]);
});

it('a new connection in place of a lost one prepares them anew', async () => {
  await using opened = await newLedger('postgres');
  await carryOut(opened, 'A');
  const before = parsed;
  parsed = [];
  await opened.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'campaign-wf'`);
  await carryOut(opened, 'B');
  expect(parsed.filter((text) => before.includes(text)).length).toBeGreaterThan(10);
});
