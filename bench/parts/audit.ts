import type { Measured } from '../harness/table.ts';
import { auditHere, auditProgram } from '../record/audit-program.ts';
import { addTo, type BenchRecord, comparison, type RecordOptions, withRecords } from '../record/records.ts';

/** The large record takes a minute or two. */
const mostRounds = 2;
/** So that the small record takes longer than the clock's resolution, and its code is compiled. */
const eventsPerRound = 20_000;

type Values = Map<string, number[]>;
type Costs = { readonly perEvent: Values; readonly seconds: Values; readonly memory: Values };
type Command = 'verify' | 'export';

/** What `verify` or `export` of a whole record costs: for each event, in this process; and the whole program with its start. */
export async function audit(command: Command, rounds: number, options: RecordOptions): Promise<readonly Measured[]> {
  return withRecords(options, async (records) => {
    const costs: Costs = { perEvent: new Map(), seconds: new Map(), memory: new Map() };
    const [smallest] = records;
    // The first time compiles.
    if (smallest !== undefined) await perEvent(command, smallest);
    for (let round = 0; round < Math.min(rounds, mostRounds); round++)
      for (const record of records) await measure(command, record, costs);
    return [
      comparison(`${command}, an event`, 'µs', records, costs.perEvent),
      comparison(`npm run audit -- ${command}`, 's', records, costs.seconds),
      comparison('its most resident memory', 'MB', records, costs.memory),
    ];
  });
}

async function measure(command: Command, record: BenchRecord, costs: Costs): Promise<void> {
  addTo(costs.perEvent, record, await perEvent(command, record));
  const { seconds, memoryMb } = await auditProgram(record.database, [command]);
  addTo(costs.seconds, record, seconds);
  addTo(costs.memory, record, memoryMb);
}

/** In microseconds. */
async function perEvent(command: Command, { database, events }: BenchRecord): Promise<number> {
  const times = Math.ceil(eventsPerRound / events);
  const begun = performance.now();
  for (let time = 0; time < times; time++) await auditHere(database, [command]);
  return (1_000 * (performance.now() - begun)) / times / events;
}
