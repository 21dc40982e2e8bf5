import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../src/requests/digest.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import type { Checkpoint } from '../../../src/requests/ledger/log/checkpoints.ts';
import type { Restored, SeenCheckpoint } from '../../../src/requests/ledger/log/log-event.ts';
import { explains, restorations } from '../../../src/requests/ledger/log/restorations.ts';
import { verifyLog } from '../../../src/requests/ledger/log/verify-log.ts';
import { type Database, openToRead } from '../../../src/requests/ledger/open-ledger.ts';
import { createRestoredLedger } from '../../../src/requests/recovery/restored-ledger.ts';
import { generateKey, type SigningKey } from '../../../src/transparency-log/keys.ts';
import { noon } from '../events.fixture.ts';
import { forkedLedger, recordOne } from './forked-ledger.ts';
import { engines, newLedger, type OpenedLedger } from './ledger.fixture.ts';

const inFile = { kind: 'witness_file' } as const;

function seen({ size, root, at }: Checkpoint, where: SeenCheckpoint['where'] = inFile): SeenCheckpoint {
  return { origin: 'log.example', size, root, at, where };
}

async function reading<T>(
  database: Database,
  read: (db: ReturnType<typeof openToRead>['db']) => Promise<T>,
): Promise<T> {
  const engine = openToRead(database);
  try {
    return await read(engine.db);
  } finally {
    await engine.close();
  }
}

type Given = { size: number; root: string; at?: number };

const verified = (database: Database, given: readonly Given[] = [], key: SigningKey | null = null) =>
  reading(database, (db) => Array.fromAsync(verifyLog(db, { given, key })));

/** Written by hand, with a place at the end of a log of an even size, where no hash is complete yet. */
async function forgeRestored({ query }: OpenedLedger, data: Restored): Promise<void> {
  const [last] = await query('select sequence, digest from log_events order by sequence desc limit 1');
  const [sequence, previousDigest] = [Number(last?.sequence) + 1, String(last?.digest)];
  const event = { type: 'restored', data };
  const digest = digestOf({ request: 'LOG', sequence, at: noon, previousDigest, event });
  await query(`insert into log_events (sequence, at, type, data, previous_digest, digest)
    values (${sequence}, ${noon}, 'restored', '${JSON.stringify(data)}', '${previousDigest}', '${digest}')`);
  await query(`insert into log_leaves (place, request, sequence, digest)
    select max(place) + 1, 'LOG', ${sequence}, '${digest}' from log_leaves`);
}

const restoration = {
  ...{ size: 5, root: 'aa', at: noon },
  seen: { origin: 'log.example', size: 13, root: 'bb', at: noon - 9, where: inFile },
};

it.each([
  [{ size: 6, at: noon - 1 }, true],
  [{ size: 13, at: noon - 1 }, true],
  [{ size: 5, at: noon - 1 }, false],
  [{ size: 14, at: noon - 1 }, false],
  [{ size: 13, at: noon }, false],
])('a restoration from 5 places that saw 13 explains %j: %p', (checkpoint, isExplained) => {
  expect(explains(restoration, checkpoint)).toBe(isExplained);
});

describe.each(engines)('a ledger on %s that is behind a checkpoint that was seen elsewhere', (engine) => {
  it('records that once, with the largest checkpoint, and goes on', async () => {
    await using forked = await forkedLedger(engine);
    const { restored, lost } = forked;
    const { size, root } = restored.ledger.checkpoint();
    const [eight, thirteen] = lost.map((one) => seen(one));
    const where = { kind: 'channel', channel: 'C0OPS', ts: '1.0' } as const;
    const later = { ...thirteen, where } as SeenCheckpoint;
    const noted = await restored.ledger.recordRestored([later, eight as SeenCheckpoint]);
    expect(noted).toEqual({ size, root, seen: later });
    expect(restored.ledger.checkpoint().size).toBe(size + 1);
    expect(await restored.ledger.recordRestored([later])).toBeNull();
    await recordOne(restored, 'D');
    const reopened = await restored.reopen();
    expect(await reopened.recordRestored(lost.map((one) => seen(one)))).toBeNull();
    expect(await reading(restored.database, (db) => restorations(db, null))).toEqual([{ ...noted, at: noon + 60_000 }]);
    expect(await verified(restored.database)).toEqual([
      { kind: 'restored', restoration: { ...noted, at: noon + 60_000 }, explained: 0 },
    ]);
  });

  it('has what it lost explained where its time is known, and nothing else', async () => {
    await using forked = await forkedLedger(engine);
    const { restored, lost } = forked;
    await restored.ledger.recordRestored(lost.map((one) => seen(one)));
    await recordOne(restored, 'D');
    await recordOne(restored, 'E');
    const kinds = async (given: readonly { size: number; root: string; at?: number }[]) =>
      (await verified(restored.database, given)).map((found) =>
        found.kind === 'restored' ? `restored ${found.explained}` : found.kind,
      );
    expect(lost.map(({ size }) => size)).toEqual([9, 13]);
    expect(await kinds(lost)).toEqual(['restored 2']);
    const [nine, thirteen] = lost;
    expect(await kinds([{ size: 9, root: nine?.root ?? '' }])).toEqual(['restored 0', 'other_log']);
    expect(await kinds([{ size: 99, root: nine?.root ?? '', at: noon }])).toEqual(['restored 0', 'behind']);
    const late = { size: 13, root: thirteen?.root ?? '', at: noon + 60_001 };
    expect(await kinds([late])).toEqual(['restored 0', 'other_log']);
    const before = { size: 5, root: 'f'.repeat(64), at: noon };
    expect(await kinds([before])).toEqual(['restored 0', 'other_log']);
  });

  it('notices it by the root where it has grown meanwhile, also once', async () => {
    await using forked = await forkedLedger(engine);
    const { restored, lost } = forked;
    for (const id of ['D', 'E', 'F']) await recordOne(restored, id);
    const reopened = await restored.reopen();
    const checkpoints = lost.map((one) => seen(one));
    expect(await reopened.recordRestored(checkpoints)).toMatchObject({ size: 17, seen: { size: 13 } });
    expect(await reopened.recordRestored(checkpoints)).toBeNull();
  });

  it('is also a new one, where another log was used before', async () => {
    await using before = await newLedger(engine);
    await recordOne(before, 'A');
    await using after = await newLedger(engine);
    after.clock.now = noon + 60_000;
    const other = seen(before.ledger.checkpoint());
    expect(await after.ledger.recordRestored([other])).toMatchObject({ size: 1, seen: { size: 5 } });
    await recordOne(after, 'B');
    expect(await after.ledger.recordRestored([other])).toBeNull();
  });

  it('says so with the key’s signature and code', async () => {
    const logKey = generateKey('log.example');
    await using forked = await forkedLedger(engine, { logKey });
    const { restored, lost } = forked;
    await restored.ledger.recordRestored(lost.map((one) => seen(one)));
    const found = await reading(restored.database, (db) => Array.fromAsync(verifyLog(db, { given: [], key: logKey })));
    expect(found.map(({ kind }) => kind)).toEqual(['restored']);
    const [event] = await restored.query(`select mac from log_events where type = 'restored'`);
    expect(event?.mac).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is not explained by an event that somebody without the key has written, and whose place the bot has signed', async () => {
    const logKey = generateKey('log.example');
    await using opened = await newLedger(engine, { logKey });
    await recordOne(opened, 'A');
    const lost = { size: 9, root: 'ab'.repeat(32), at: noon - 1 };
    await forgeRestored(opened, { size: 1, root: '', seen: { origin: 'log.example', ...lost, where: inFile } });
    await recordOne(opened, 'B');
    const found = await verified(opened.database, [lost], logKey);
    expect(found).toMatchObject([{ kind: 'log_event', sequence: 3 }, { kind: 'other_log' }]);
    expect((await verified(opened.database, [lost])).map(({ kind }) => kind)).toContain('log_event');
    expect(await opened.ledger.recordRestored([seen(lost as Checkpoint) as SeenCheckpoint])).not.toBeNull();
  });

  it('is none where it has all that was seen', async () => {
    await using opened = await newLedger(engine);
    const all: Checkpoint[] = [opened.ledger.checkpoint()];
    for (const id of ['A', 'B', 'C']) {
      await recordOne(opened, id);
      all.push(opened.ledger.checkpoint());
    }
    expect(await opened.ledger.recordRestored(all.map((one) => seen(one)))).toBeNull();
    expect(await opened.ledger.recordRestored([])).toBeNull();
    expect(await verified(opened.database, all)).toEqual([]);
  });
});

it('every process that starts within a day names it, and reports it once', async () => {
  await using forked = await forkedLedger('postgres');
  const { restored, lost } = forked;
  const errors: string[] = [];
  const log = { error: (_: object, message: string) => void errors.push(message) };
  const compared = async (ledger: Ledger, checkpoints: readonly SeenCheckpoint[]) => {
    const process = createRestoredLedger({ ledger, log });
    await process.compare(checkpoints);
    return process.found();
  };
  const other = await restored.replica();
  expect(await compared(other, [])).toBeNull();
  const checkpoints = lost.map((one) => seen(one));
  expect(await compared(restored.ledger, checkpoints)).toMatchObject({ seen: { size: 13 } });
  expect(await compared(other, checkpoints)).toMatchObject({ size: 5, seen: { size: 13 } });
  expect(await compared(await restored.replica(), [])).toMatchObject({ seen: { size: 13 } });
  restored.clock.now += 86_400_001;
  expect(await compared(await restored.replica(), checkpoints)).toBeNull();
  expect(errors).toHaveLength(1);
});

it('replicas record it once', async () => {
  await using forked = await forkedLedger('postgres');
  const { restored, lost } = forked;
  const replicas = [restored.ledger, await restored.replica(), await restored.replica()];
  const checkpoints = lost.map((one) => seen(one));
  const noted = await Promise.all(replicas.map((ledger) => ledger.recordRestored(checkpoints)));
  expect(noted.filter((one) => one !== null)).toHaveLength(1);
  expect(await reading(restored.database, (db) => restorations(db, null))).toHaveLength(1);
});

it('a replica that has not heard of what another one recorded is not behind', async () => {
  await using opened = await newLedger('postgres');
  const other = await opened.replica();
  await recordOne({ ledger: other }, 'A');
  expect(opened.ledger.checkpoint().size).toBe(1);
  expect(await opened.ledger.recordRestored([seen(other.checkpoint())])).toBeNull();
});
