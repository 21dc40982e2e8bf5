import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Checkpoint } from '../../../src/requests/ledger/log/checkpoints.ts';
import { createWitness, startWitness, type Witness } from '../../../src/requests/ledger/log/witness.ts';
import { readWitnessLine } from '../../../src/requests/ledger/log/witness-lines.ts';
import { formatCheckpoint } from '../../../src/transparency-log/checkpoint.ts';
import { afterFile } from '../../runner/after-file.ts';
import { noon } from '../events.fixture.ts';
import { underWay } from '../request.fixture.ts';
import { engines, newLedger, storeRequest, submission } from './ledger.fixture.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function checkpointOf(size: number, at = noon + size): Checkpoint {
  const root = Buffer.alloc(32, size);
  return { size, at, root: root.toString('hex'), note: formatCheckpoint({ origin: 'log.example', size, root }) };
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

const sizesIn = (path: string) => linesOf(path).map((line) => readWitnessLine(line)?.size ?? line);

function listening() {
  const logged: { level: string; code?: string }[] = [];
  const log = {
    info: (fields: object) => void logged.push({ level: 'info', ...fields }),
    error: (fields: object) => void logged.push({ level: 'error', ...fields }),
  };
  return { logged, needs: { log, random: () => 0 } };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(20);
}

const written = (witness: Witness) => witness.close();

it('each checkpoint is one line, in a new file that its owner alone can read', async () => {
  const path = join(newFolder(), 'witness.jsonl');
  const witness = await startWitness(path, listening().needs);
  witness.add(checkpointOf(1));
  witness.add(checkpointOf(5));
  witness.add(checkpointOf(5));
  await written(witness);
  expect(linesOf(path).map((line) => JSON.parse(line))).toEqual([
    { time: new Date(noon + 1).toISOString(), checkpoint: checkpointOf(1).note },
    { time: new Date(noon + 5).toISOString(), checkpoint: checkpointOf(5).note },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(witness.problem()).toBeNull();
});

it('after a restart the newest checkpoint is not written again, and a line that was cut off swallows no other', async () => {
  const path = join(newFolder(), 'witness.jsonl');
  const first = await startWitness(path, listening().needs);
  first.add(checkpointOf(3));
  await written(first);
  const second = await startWitness(path, listening().needs);
  expect(second.seen).toEqual([{ origin: 'log.example', size: 3, root: checkpointOf(3).root, at: noon + 3 }]);
  second.add(checkpointOf(3));
  await written(second);
  appendFileSync(path, '{"time":"2026-1');
  const third = await startWitness(path, listening().needs);
  third.add(checkpointOf(4));
  await written(third);
  expect(sizesIn(path)).toEqual([3, '{"time":"2026-1', 4]);
});

it('while the file cannot be written, that is logged once, and what waits is appended afterwards', async () => {
  const folder = newFolder();
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  const path = join(inner, 'witness.jsonl');
  const { logged, needs } = listening();
  const witness = await startWitness(path, needs);
  renameSync(inner, join(folder, 'away'));
  for (const size of [1, 2, 3]) witness.add(checkpointOf(size));
  await until(() => witness.problem() === 'ENOENT');
  witness.add(checkpointOf(4));
  await wait(700);
  expect(logged).toEqual([{ level: 'error', code: 'ENOENT' }]);
  renameSync(join(folder, 'away'), inner);
  await until(() => witness.problem() === null);
  await written(witness);
  expect(sizesIn(path).filter((size) => size !== '')).toEqual([1, 2, 3, 4]);
  expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
});

it('a file system that hangs holds neither a checkpoint nor the end, and gets one write at a time', async () => {
  let writes = 0;
  const hangs = () => {
    writes += 1;
    return new Promise<never>(() => {});
  };
  const { logged, needs } = listening();
  const witness = createWitness({ newest: [], isCut: false }, hangs, needs);
  for (let size = 1; size <= 20_000; size++) witness.add(checkpointOf(size % 250));
  await witness.close();
  expect(writes).toBe(1);
  expect(logged).toEqual([]);
  const unanswered = createWitness(null, hangs, needs);
  expect(unanswered.problem()).toBe('ETIMEDOUT');
  expect(logged).toEqual([{ level: 'error', code: 'ETIMEDOUT' }]);
  await unanswered.close();
});

it.each([
  ['a folder that is not there', 'nowhere/witness.jsonl', 'ENOENT'],
  ['a file in place of the folder', 'a-file/witness.jsonl', 'ENOTDIR'],
  ['a folder', 'a-folder', 'EISDIR'],
])('%s is no place for it', async (_what, name, code) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a-file'), '');
  mkdirSync(join(folder, 'a-folder'));
  await expect(startWitness(join(folder, name), listening().needs)).rejects.toMatchObject({ code });
});

it.each(engines)(
  'a ledger hands out its newest checkpoint at the start, and each one that it records (%s)',
  async (engine) => {
    const sizes: number[] = [];
    const onCheckpoint = ({ size }: Checkpoint) => void sizes.push(size);
    await using opened = await newLedger(engine, { onCheckpoint });
    await storeRequest(opened.ledger, submission('A'), ...underWay);
    await opened.ledger.seal();
    await opened.ledger.seal();
    await storeRequest(opened.ledger, submission('B', { workflowId: 'WKF2' }));
    await opened.ledger.seal();
    expect(sizes).toEqual([1, 5, 6]);
  },
);

it('a replica hands out what another one has recorded', async () => {
  await using opened = await newLedger('postgres');
  const sizes: number[] = [];
  const replica = await opened.reopen({ onCheckpoint: ({ size }) => void sizes.push(size) });
  const other = await opened.replica();
  await storeRequest(other, submission('A'));
  await other.seal();
  await replica.seal();
  expect(sizes).toEqual([1, 2]);
});

it.each(['', 'nothing', '{"time":"yesterday","checkpoint":"a\\n1\\n"}', '{"checkpoint":"x"}', 'null', '{"time":'])(
  '“%s” is no line of a witness file',
  (line) => {
    expect(readWitnessLine(line)).toBeNull();
  },
);

it('a line with something before it, as of a syslog, is read', () => {
  const line = `{"time":"2026-11-10T12:00:00.000Z","checkpoint":${JSON.stringify(checkpointOf(7).note)}}`;
  expect(readWitnessLine(`Nov 10 12:00:01 host campaign-wf: ${line}`)).toMatchObject({ size: 7 });
});
