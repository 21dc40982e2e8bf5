import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../src/requests/digest.ts';
import { verify } from '../../../src/requests/ledger/integrity.ts';
import {
  type LogProblem,
  type RestoredNote,
  type Trusted,
  verifyLog,
} from '../../../src/requests/ledger/log/verify-log.ts';
import { openLedger, openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { logTables } from '../../../src/requests/ledger/tables.ts';
import { slotsOf } from '../../../src/requests/priority.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/transparency-log/checkpoint.ts';
import { formatVerifierKey, generateKey, type SigningKey, verifierKeyOf } from '../../../src/transparency-log/keys.ts';
import { readNote, signersOf, signNote } from '../../../src/transparency-log/signed-note.ts';
import { noon, samples } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { watchStatements } from './executed-statements.ts';
import {
  append,
  type EngineName,
  engines,
  ledgerOptions,
  newLedger,
  type OpenedLedger,
  storeRequest,
  submission,
} from './ledger.fixture.ts';

async function problems(
  { database }: OpenedLedger,
  { given = [], key = null }: Partial<Trusted> = {},
): Promise<readonly (LogProblem | RestoredNote)[]> {
  const engine = openToRead(database);
  try {
    return await Array.fromAsync(verifyLog(engine.db, { given, key }));
  } finally {
    await engine.close();
  }
}

async function flawedRequests({ database }: OpenedLedger, key: SigningKey | null = null): Promise<readonly string[]> {
  const engine = openToRead(database);
  try {
    const verified = await Array.fromAsync(verify(engine, null, key));
    return verified.filter((one) => one.problems.length > 0).map(({ request }) => request);
  } finally {
    await engine.close();
  }
}

/** Removes the triggers, as an administrator of the database can. */
async function unguard({ database, query }: OpenedLedger): Promise<void> {
  for (const table of ['events', ...logTables]) {
    if (database.kind === 'postgres') await query(`drop trigger ${table}_no_change on ${table}`);
    else for (const change of ['update', 'delete', 'replace']) await query(`drop trigger ${table}_no_${change}`);
  }
}

function insertOf(table: string, row: Record<string, unknown>): string {
  const values = Object.values(row).map((value) => (value === null ? 'null' : `'${value}'`));
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')})`;
}

type Recorded = { sequence: number; at: number; type: string; data: string; digest: string; previous_digest: string };

async function events({ query }: OpenedLedger): Promise<readonly Recorded[]> {
  const rows = await query("select * from events where request = 'A' order by sequence");
  return rows.map((row) => ({ ...row, at: Number(row.at) })) as Recorded[];
}

/** Another time for the second event, and all digests from there on as they must be. */
function rewritten(recorded: readonly Recorded[]): readonly string[] {
  let previousDigest = '';
  return recorded.map(({ sequence, at: before, type, data, digest }) => {
    const at = sequence === 2 ? before + 1 : before;
    const event = { type, data: JSON.parse(data) };
    const own = digestOf({ request: 'A', sequence, at, previousDigest, event });
    const change = `at = ${at}, previous_digest = '${previousDigest}', digest = '${sequence === 1 ? digest : own}'`;
    previousDigest = own;
    return `update events set ${change} where request = 'A' and sequence = ${sequence}`;
  });
}

/** One more event, with the code of another one. */
function added(recorded: readonly Recorded[]): readonly string[] {
  const last = recorded.at(-1);
  if (last === undefined) throw new Error('there are no events');
  const { sequence, at, digest: previousDigest } = last;
  const event = { type: 'dispatching', data: { attempt: 1 } };
  const digest = digestOf({ request: 'A', sequence: sequence + 1, at, previousDigest, event });
  const row = { request: 'A', sequence: sequence + 1, at, type: event.type, data: JSON.stringify(event.data) };
  return [
    `insert into events (request, sequence, at, type, data, previous_digest, digest, mac)
      select '${row.request}', ${row.sequence}, ${at}, '${row.type}', '${row.data}', '${previousDigest}', '${digest}', mac
      from events where request = 'A' and sequence = ${sequence}`,
    `update requests set head_sequence = ${sequence + 1}, head_digest = '${digest}' where id = 'A'`,
  ];
}

describe.each(engines)('the log (%s)', (engine: EngineName) => {
  async function places(opened: OpenedLedger): Promise<readonly string[]> {
    const rows = await opened.query('select request, sequence from log_leaves order by place');
    return rows.map(({ request, sequence }) => `${request} ${sequence}`);
  }

  it('gives every event one place, by time, and records a checkpoint with each batch', async () => {
    await using opened = await newLedger(engine);
    const a = await storeRequest(opened.ledger, submission('A'), ...underWay.slice(0, 1));
    opened.clock.now += 1_000;
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }));
    opened.clock.now += 1_000;
    await append(opened.ledger, a, ...underWay.slice(1, 2));
    expect(await opened.ledger.seal()).toMatchObject({ kind: 'sealed', events: 4, isMore: false });
    expect(await opened.ledger.seal()).toEqual({ kind: 'nothing' });
    await storeRequest(opened.ledger, submission('C', { workflowId: 'C' }));
    await opened.ledger.seal();
    expect(await places(opened)).toEqual(['LOG 1', 'A 1', 'A 2', 'B 1', 'A 3', 'C 1']);
    const sizes = await opened.query('select size from log_checkpoints order by size');
    expect(sizes.map(({ size }) => Number(size))).toEqual([1, 5, 6]);
    expect(opened.ledger.checkpoint().size).toBe(6);
    expect(await problems(opened)).toEqual([]);
  });

  it('asks for little where nothing waits', async () => {
    using watch = watchStatements();
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await opened.ledger.seal();
    watch.take();
    expect(await opened.ledger.seal()).toEqual({ kind: 'nothing' });
    expect(watch.take()).toHaveLength(1);
  });

  it('keeps the order of a request when the clock is set back', async () => {
    await using opened = await newLedger(engine);
    const a = await storeRequest(opened.ledger, submission('A'), ...underWay.slice(0, 1));
    opened.clock.now -= 60_000;
    await append(opened.ledger, a, ...underWay.slice(1, 2));
    await opened.ledger.seal();
    expect(await places(opened)).toEqual(['LOG 1', 'A 1', 'A 2', 'A 3']);
    expect(await flawedRequests(opened)).toEqual([]);
  });

  it('goes on after a restart with what was not sealed', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    const ledger = await opened.reopen();
    expect(await ledger.seal()).toMatchObject({ kind: 'sealed', events: 1 + underWay.length });
    expect(ledger.checkpoint().size).toBe(2 + underWay.length);
    expect(await problems(opened)).toEqual([]);
  });

  it('leaves an event in its place that was recorded again after the ledger was restored without its log', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await opened.ledger.seal();
    await opened.query("update requests set sealed_sequence = 1 where id = 'A' returning id");
    expect(await opened.ledger.seal()).toEqual({ kind: 'nothing' });
    expect(await opened.query('select sealed_sequence from requests')).toEqual([{ sealed_sequence: 4 }]);
    expect(await problems(opened)).toEqual([]);
  });

  it('has one name in all its checkpoints', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    await opened.reopen();
    const notes = await opened.query('select note from log_checkpoints');
    const origins = notes.map(({ note }) => parseCheckpoint(readNote(String(note))?.text ?? '')?.origin);
    expect(new Set(origins).size).toBe(1);
    expect(origins[0]).toMatch(/^campaign-wf\/[0-9a-f]{16}$/);
  });

  it('is signed, and says where the key begins', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'));
    await opened.ledger.close();
    const [first, second] = [generateKey('log.example'), generateKey('log.example')];
    for (const logKey of [first, first, second]) {
      const ledger = await openLedger({ ...ledgerOptions(opened.database, () => noon), logKey });
      const note = readNote(ledger.checkpoint().note);
      const verifier = verifierKeyOf(logKey);
      expect(note && signersOf(note, [verifier])).toEqual({ kind: 'signed', keys: [verifier] });
      await ledger.close();
    }
    const began = await opened.query("select data from log_events where type = 'key_began' order by sequence");
    expect(began.map(({ data }) => JSON.parse(String(data)).key)).toEqual(
      [first, second].map((key) => formatVerifierKey(verifierKeyOf(key))),
    );
    expect(await problems(opened)).toEqual([]);
  });

  describe('with a key', () => {
    const logKey = generateKey('log.example');

    async function keyed(key: SigningKey | null = logKey): Promise<OpenedLedger> {
      return newLedger(engine, { logKey: key });
    }

    it('takes the name of the key that it begins with', async () => {
      await using opened = await keyed();
      expect(opened.ledger.checkpoint().note).toMatch(/^log\.example\n/);
    });

    it('vouches for every event', async () => {
      await using opened = await keyed();
      await storeRequest(opened.ledger, submission('A'), ...underWay);
      await opened.ledger.seal();
      expect(await flawedRequests(opened, logKey)).toEqual([]);
      expect(await problems(opened, { key: logKey })).toEqual([]);
    });

    it('does not know a request that somebody else has inserted', async () => {
      await using other = await newLedger(engine);
      await using opened = await keyed();
      await storeRequest(other.ledger, submission('A'), ...underWay);
      for (const table of ['requests', 'events', 'tasks']) {
        for (const row of await other.query(`select * from ${table}`)) await opened.query(insertOf(table, row));
      }
      expect(await opened.ledger.load('A')).toBeNull();
      const claims = await opened.ledger.claim(9);
      expect(claims).toHaveLength(1);
      for (const claim of claims) {
        const completed = await opened.ledger.complete(claim, { record: () => [], slots: slotsOf(() => 9) });
        expect(completed).toEqual({ recorded: null, next: [], left: [] });
      }
      expect(await opened.query('select * from tasks')).toEqual([]);
      expect(opened.forged).toEqual([{ request: 'A', sequence: 1 }]);
      await opened.ledger.seal();
      expect(await flawedRequests(opened, logKey)).toEqual(['A']);
    });

    it.each([
      ['that was changed with its digest', 2, rewritten],
      ['that another process has added', 5, added],
    ])('does not know a request with an event %s', async (_what, sequence, tamper) => {
      await using opened = await keyed();
      await storeRequest(opened.ledger, submission('A'), ...underWay);
      await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }), ...underWay);
      await opened.ledger.close();
      await unguard(opened);
      for (const statement of tamper(await events(opened))) await opened.query(statement);
      const ledger = await opened.reopen();
      expect(await ledger.load('A')).toBeNull();
      expect(await ledger.load('B')).toMatchObject({ id: 'B' });
      expect(opened.forged).toEqual([{ request: 'A', sequence }]);
    });

    it('does not send again what somebody has made unsent by removing its newest events', async () => {
      await using opened = await keyed();
      await storeRequest(opened.ledger, submission('A'), ...underWay, samples.dispatching);
      await opened.ledger.seal();
      await opened.ledger.close();
      await unguard(opened);
      const [kept, removed] = (await events(opened)).slice(-2);
      await opened.query(`delete from events where request = 'A' and sequence = ${removed?.sequence}`);
      const head = `head_sequence = ${kept?.sequence}, head_digest = '${kept?.digest}', state = 'approved'`;
      await opened.query(`update requests set ${head} where id = 'A'`);
      const ledger = await opened.reopen();
      expect(removed?.type).toBe('dispatching');
      expect(await ledger.transaction((tx) => tx.load('A'))).toBeNull();
      expect(opened.forged).toEqual([{ request: 'A', sequence: removed?.sequence }]);
    });

    it('takes what was recorded before it began, and what an earlier key has vouched for', async () => {
      await using opened = await keyed(null);
      await storeRequest(opened.ledger, submission('A'), ...underWay.slice(0, 1));
      for (const [index, key] of [logKey, generateKey('log.example')].entries()) {
        const ledger = await opened.reopen({ logKey: key });
        const request = await ledger.load('A');
        expect(request?.sequence).toBe(2 + index);
        if (request !== null) await append(ledger, request, ...underWay.slice(1 + index, 2 + index));
        while ((await ledger.seal()).kind === 'sealed');
        expect(await flawedRequests(opened, key)).toEqual([]);
        expect(await problems(opened, { key: key })).toEqual([]);
      }
      expect(opened.forged).toEqual([]);
    });

    it('seals what was recorded under an earlier key, and not sealed', async () => {
      await using opened = await keyed();
      await storeRequest(opened.ledger, submission('A'), ...underWay);
      const next = generateKey('log.example');
      const ledger = await opened.reopen({ logKey: next });
      expect(await ledger.seal()).toEqual({ kind: 'nothing' });
      expect(await ledger.load('A')).toMatchObject({ id: 'A' });
      expect(await problems(opened, { key: next })).toEqual([]);
      expect(await flawedRequests(opened, next)).toEqual([]);
    });

    it('does not know a request whose places somebody has put before it', async () => {
      await using opened = await keyed(null);
      await storeRequest(opened.ledger, submission('OLD'), ...underWay);
      await opened.reopen({ logKey });
      expect(await opened.ledger.load('OLD')).toMatchObject({ id: 'OLD' });
      await using other = await newLedger(engine);
      await storeRequest(other.ledger, submission('A', { workflowId: 'A' }), ...underWay);
      for (const table of ['requests', 'events', 'tasks']) {
        for (const row of await other.query(`select * from ${table}`)) await opened.query(insertOf(table, row));
      }
      await unguard(opened);
      for (const { sequence, digest } of await events(opened)) {
        const leaf = `request = 'A', digest = '${digest}'`;
        await opened.query(`update log_leaves set ${leaf} where request = 'OLD' and sequence = ${sequence}`);
      }
      expect(await opened.ledger.load('A')).toBeNull();
      expect(opened.forged).toEqual([{ request: 'A', sequence: 1 }]);
    });

    it.each([
      ['has no code', 'mac = null'],
      ['names more that needs none', `data = replace(data, '"size":1,', '"size":9,')`],
    ])('begins again, and says so, where its beginning %s', async (_what, change) => {
      const begun: { readonly size: number }[] = [];
      const onKeyBegun = (before: { readonly size: number }) => begun.push(before);
      await using opened = await newLedger(engine, { logKey, onKeyBegun });
      await storeRequest(opened.ledger, submission('A'));
      await opened.reopen();
      expect(begun).toEqual([]);
      await unguard(opened);
      await opened.query(`update log_events set ${change} where type = 'key_began'`);
      await opened.reopen();
      expect(begun).toEqual([{ size: 3 }]);
    });

    it('is missed where it was taken away; what was recorded meanwhile counts under a new key, and not under the old one', async () => {
      let missed = 0;
      const onKeyMissing = () => void missed++;
      await using opened = await newLedger(engine, { logKey, onKeyMissing });
      expect(missed).toBe(0);
      const without = await opened.reopen({ logKey: null });
      expect(missed).toBe(1);
      await storeRequest(without, submission('A'));
      await without.seal();
      expect(await (await opened.reopen()).load('A')).toBeNull();
      expect(opened.forged).toEqual([{ request: 'A', sequence: 1 }]);
      expect(await (await opened.reopen({ logKey: generateKey('log.example') })).load('A')).toMatchObject({ id: 'A' });
      expect(missed).toBe(1);
    });

    it('hands out no checkpoint that somebody else has written, at the start, from another process, or for the channel', async () => {
      const forgedSizes: number[] = [];
      const onForgedCheckpoint = ({ size }: { size: number }) => void forgedSizes.push(size);
      await using opened = await newLedger(engine, { logKey, onForgedCheckpoint });
      await storeRequest(opened.ledger, submission('A'));
      await opened.ledger.seal();
      const own = opened.ledger.checkpoint();
      const root = Buffer.alloc(32, 7);
      const text = formatCheckpoint({ origin: 'log.example', size: 99, root });
      const forged = { size: 99, root: root.toString('hex'), note: signNote(text, generateKey('log.example')) };
      await opened.query(insertOf('log_checkpoints', { ...forged, at: noon }));
      await opened.ledger.seal();
      await opened.ledger.seal();
      const ofProcess = engine === 'postgres' ? [99] : [];
      expect(forgedSizes).toEqual(ofProcess);
      await opened.reopen();
      expect(opened.ledger.checkpoint()).toEqual(own);
      const [day] = new Date(noon).toISOString().split('T');
      const lease = { channel: 'C0OPS', lease_until: noon, may_be_posted: 0 };
      await opened.query(insertOf('log_posts', { ...forged, ...lease, day, at: noon, problem: null, ts: null }));
      const { size, note } = own;
      expect(await opened.ledger.claimLogPost('C0OPS', 1)).toMatchObject({ size, root: own.root, note });
    });

    it('is missed in a log that was written anew without it, and in checkpoints', async () => {
      await using without = await keyed(null);
      expect(await problems(without, { key: logKey })).toEqual([{ kind: 'no_key' }]);
      await using opened = await keyed();
      await storeRequest(opened.ledger, submission('A'));
      await opened.ledger.seal();
      const other = generateKey('log.example');
      expect(await problems(opened, { key: other })).toEqual([{ kind: 'other_key' }]);
      const { size, note } = opened.ledger.checkpoint();
      const [text = ''] = note.split('\n\n');
      await unguard(opened);
      const forged = signNote(`${text}\n`, other);
      for (const replacement of [`${text}\n`, forged]) {
        await opened.query(`update log_checkpoints set note = '${replacement}' where size = ${size}`);
        expect(await problems(opened, { key: logKey })).toEqual([{ kind: 'unsigned', size }]);
      }
    });
  });

  it('is refused changes by the database', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await opened.ledger.seal();
    for (const table of logTables) {
      const [row] = await opened.query(`select * from ${table}`);
      const [column = ''] = Object.keys(row ?? {});
      await expect(opened.query(`update ${table} set ${column} = ${column}`)).rejects.toThrow('append-only');
      await expect(opened.query(`delete from ${table}`)).rejects.toThrow('append-only');
    }
  });

  it('is compared with an earlier checkpoint', async () => {
    await using opened = await newLedger(engine);
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await opened.ledger.seal();
    const { size, root } = opened.ledger.checkpoint();
    await storeRequest(opened.ledger, submission('B', { workflowId: 'B' }));
    await opened.ledger.seal();
    const whole = { size, root };
    const short = { size, root: root.slice(0, 16) };
    const [other, later] = [
      { size: size - 1, root },
      { size: 7, root },
    ];
    expect(await problems(opened, { given: [whole, short] })).toEqual([]);
    expect(await problems(opened, { given: [whole, other, later] })).toEqual([
      { kind: 'behind', size: 6, given: later, others: [] },
      { kind: 'other_log', given: other, others: [] },
    ]);
  });

  describe('shows', () => {
    async function twoBatches(): Promise<OpenedLedger> {
      const opened = await newLedger(engine);
      for (const id of ['A', 'B']) {
        await storeRequest(opened.ledger, submission(id, { workflowId: id }), ...underWay);
        await opened.ledger.seal();
      }
      await unguard(opened);
      return opened;
    }
    const digest = 'ab'.repeat(32);

    it.each<[string, readonly string[], readonly LogProblem[]]>([
      [
        'a changed leaf',
        [`update log_leaves set digest = '${digest}' where place = 3`],
        [
          { kind: 'checkpoint', size: 5 },
          { kind: 'checkpoint', size: 9 },
          { kind: 'node', from: 2, to: 4 },
        ],
      ],
      [
        'two leaves that were swapped',
        [
          'update log_leaves set place = 99 where place = 5',
          'update log_leaves set place = 5 where place = 6',
          'update log_leaves set place = 6 where place = 99',
        ],
        [
          { kind: 'checkpoint', size: 9 },
          { kind: 'node', from: 4, to: 6 },
          { kind: 'node', from: 6, to: 8 },
        ],
      ],
      [
        'a changed hash',
        [`update log_nodes set hash = '${digest}' where level = 2`],
        [
          { kind: 'node', from: 0, to: 4 },
          { kind: 'node', from: 4, to: 8 },
        ],
      ],
      ['a missing hash', ['delete from log_nodes where level = 3'], [{ kind: 'node', from: 0, to: 8 }]],
      ['a missing leaf', ['delete from log_leaves where place = 4'], [{ kind: 'gap', place: 4 }]],
      ['a missing end', ['delete from log_leaves where place = 8'], [{ kind: 'other_size', size: 8, newest: 9 }]],
      [
        'a missing checkpoint',
        ['delete from log_checkpoints where size = 9'],
        [{ kind: 'other_size', size: 9, newest: 5 }],
      ],
      [
        'a changed root',
        [`update log_checkpoints set root = '${digest}' where size = 5`],
        [{ kind: 'checkpoint', size: 5 }],
      ],
      [
        'a changed text of a checkpoint',
        ["update log_checkpoints set note = replace(note, '\n9\n', '\n8\n') where size = 9"],
        [{ kind: 'checkpoint', size: 9 }],
      ],
      [
        'a changed event of the log itself',
        [`update log_events set data = '{"migrated":0,"origin":"x"}'`],
        [{ kind: 'log_event', sequence: 1 }],
      ],
      ['a removed event of the log itself', ['delete from log_events'], [{ kind: 'log_event', sequence: 1 }]],
    ])('%s', async (_what, statements, expected) => {
      await using opened = await twoBatches();
      for (const statement of statements) await opened.query(statement);
      expect(await problems(opened)).toEqual(expected);
    });
  });
});
