import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import type { Measured } from '../harness/table.ts';
import { sampleRequests } from './sample-requests.ts';
import { writeRecord } from './write-record.ts';

/** `events`: of the larger record; the smaller one has a thousand. */
export type RecordOptions = { readonly engine: 'sqlite' | 'postgres'; readonly events: number };

export type BenchRecord = { readonly name: string; readonly database: Database; readonly events: number };

const fewEvents = 1_000;
/** The newest events are old enough to have their places. */
const until = Date.now() - 3_600_000;

/** Writes a small record and a large one, and removes them after the work. */
export async function withRecords<T>(
  { engine, events }: RecordOptions,
  work: (records: readonly BenchRecord[]) => Promise<T>,
): Promise<T> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.adopt(await mkdtemp(join(tmpdir(), 'campaign-wf-bench-')), (it) =>
    rm(it, { recursive: true }),
  );
  const server = engine === 'sqlite' ? null : resources.adopt(await startPostgres(), (it) => it.close());
  const samples = await sampleRequests(join(folder, 'samples'));
  const records: BenchRecord[] = [];
  for (const count of [fewEvents, events]) {
    const database: Database =
      server === null
        ? { kind: 'sqlite', path: join(folder, String(count)) }
        : { kind: 'postgres', url: await newDatabase(server.url) };
    await writeRecord(database, samples, null, { events: count, until });
    records.push({ name: `${count.toLocaleString('en-US')} events`, database, events: count });
  }
  // Awaited here: the resources are closed at the end of this function.
  const result = await work(records);
  return result;
}

/** One quantity, with the values of each record. */
export function comparison(
  name: string,
  unit: Measured['unit'],
  records: readonly BenchRecord[],
  values: ReadonlyMap<string, readonly number[]>,
): Measured {
  const [few, many] = records.map((record) => record.name);
  return { name, unit, values, program: many ?? '', baselines: [few ?? ''] };
}

/** Adds a value to those of a record. */
export function addTo(values: Map<string, number[]>, { name }: BenchRecord, value: number): void {
  values.set(name, [...(values.get(name) ?? []), value]);
}
