import { setTimeout as wait } from 'node:timers/promises';
import { proveRequest } from '../../src/audit/proof/prove-request.ts';
import { readNodes } from '../../src/requests/ledger/log/log-storage.ts';
import { openLedger, openToRead } from '../../src/requests/ledger/open-ledger.ts';
import { consistencyProof, inclusionProof } from '../../src/transparency-log/proofs.ts';
import { ledgerOptions, neverAborted, submission } from '../../test/requests/ledger/ledger.fixture.ts';
import { createStopwatch } from '../harness/stopwatch.ts';
import type { Measured } from '../harness/table.ts';
import { addTo, type BenchRecord, comparison, type RecordOptions, withRecords } from '../record/records.ts';

const timesPerRound = 40;

type Subject = {
  readonly record: BenchRecord;
  /** What is measured, by name. */
  readonly operations: Readonly<Record<string, () => Promise<unknown>>>;
  /** What each measurement needs before. */
  prepare(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Median = { readonly name: string; readonly value: number; readonly record: BenchRecord };
type OpenSubject = (record: BenchRecord) => Promise<Subject>;

/** A batch of one request that was recorded, and the proofs of a place and of the growth of the log. */
export const sealing = (rounds: number, options: RecordOptions) => inTurn(rounds, options, sealingSubject);

/** The whole document about a request, with a proof for each of its events. */
export const prove = (rounds: number, options: RecordOptions) => inTurn(rounds, options, provingSubject);

async function inTurn(rounds: number, options: RecordOptions, open: OpenSubject): Promise<readonly Measured[]> {
  return withRecords(options, async (records) => {
    await using resources = new AsyncDisposableStack();
    const subjects: Subject[] = [];
    for (const record of records) subjects.push(resources.use(await open(record)));
    const measured: Median[] = [];
    for (let round = 0; round <= rounds; round++)
      for (const subject of subjects) {
        const medians = await measure(subject);
        // The first round compiles.
        if (round > 0) measured.push(...[...medians].map(([name, value]) => ({ name, value, record: subject.record })));
      }
    return [...Map.groupBy(measured, ({ name }) => name)].map(([name, of]) => {
      const values = new Map<string, number[]>();
      for (const { record, value } of of) addTo(values, record, value);
      return comparison(name, 'ms', records, values);
    });
  });
}

async function measure({ operations, prepare }: Subject): Promise<ReadonlyMap<string, number>> {
  const { time, medians } = createStopwatch();
  for (let count = 0; count < timesPerRound; count++) {
    await prepare();
    for (const [name, operation] of Object.entries(operations)) await time(name, operation);
    await wait(1);
  }
  return medians();
}

async function sealingSubject(record: BenchRecord): Promise<Subject> {
  await using opening = new AsyncDisposableStack();
  const ledger = opening.adopt(await openLedger(ledgerOptions(record.database)), (it) => it.close());
  const { db } = opening.adopt(openToRead(record.database), (it) => it.close());
  const place = () => Math.floor(Math.random() * record.events);
  const resources = opening.move();
  let count = 0;
  return {
    record,
    async prepare() {
      count += 1;
      const id = `BENCH${count.toString().padStart(3, '0')}`;
      await ledger.submit(submission(id, { workflowId: id }, { requester: `U${count}` }), neverAborted);
    },
    operations: {
      'seal a batch, with its checkpoint': () => ledger.seal(),
      'proof of a place': () => inclusionProof(place(), ledger.checkpoint().size, (nodes) => readNodes(db, nodes)),
      'proof that the log has grown': () =>
        consistencyProof(place() + 1, ledger.checkpoint().size, (nodes) => readNodes(db, nodes)),
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function provingSubject(record: BenchRecord): Promise<Subject> {
  const engine = openToRead(record.database);
  const rows = await engine.db.selectFrom('requests').select('id').orderBy('id').limit(100).execute();
  const ids = rows.map(({ id }) => id);
  return {
    record,
    async prepare() {},
    operations: {
      async 'prove a request'() {
        const proved = await proveRequest(engine, ids[Math.floor(Math.random() * ids.length)] ?? '');
        if (proved.kind !== 'proved') throw new Error(`the record does not hold: ${proved.kind}`);
      },
    },
    [Symbol.asyncDispose]: () => engine.close(),
  };
}
