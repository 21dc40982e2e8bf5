import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Measured, type Row, rowOf, tableOf } from './harness/table.ts';
import { acknowledge } from './parts/acknowledge.ts';
import { audit } from './parts/audit.ts';
import { client } from './parts/client.ts';
import { day } from './parts/day.ts';
import { flood } from './parts/flood.ts';
import { growth } from './parts/growth.ts';
import { log } from './parts/log.ts';
import { memory } from './parts/memory.ts';
import { replicas } from './parts/replicas.ts';
import { prove, sealing } from './parts/sealing.ts';
import { start } from './parts/start.ts';
import { watch } from './parts/watch.ts';
import { wholeWay } from './parts/whole-way.ts';

// `npm run bench [part …] [-- --rounds 5 --json results.json]`
// Compares the bot with what one would use instead, in turn, in one run: a table for each part, in `bench/parts`.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
    commands: { type: 'string' },
    events: { type: 'string', default: '1000000' },
    engine: { type: 'string', default: 'sqlite' },
    channels: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '24' },
    chart: { type: 'string' },
  },
});
const { channels, seed, from, to, chart = null } = values;
const dayNumbers = { channels: Number(channels), seed: Number(seed), from: Number(from), to: Number(to) };
const recordOptions = {
  events: Number(values.events),
  engine: values.engine === 'postgres' ? 'postgres' : 'sqlite',
} as const;
const commandsOr = (usual: number) => Number(values.commands ?? usual);

type Part = (rounds: number) => Promise<readonly Measured[]>;

/** Those that run where none is named: five minutes in all. */
const usualParts: Readonly<Record<string, Part>> = {
  start,
  acknowledge,
  'whole-way': wholeWay,
  replicas,
  flood,
  client,
  growth,
  watch,
  day: () => day({ ...dayNumbers, commands: commandsOr(200), chart }),
};
const longParts: Readonly<Record<string, Part>> = {
  log,
  memory: () => memory(commandsOr(100_000)),
  sealing: (rounds) => sealing(rounds, recordOptions),
  prove: (rounds) => prove(rounds, recordOptions),
  verify: (rounds) => audit('verify', rounds, recordOptions),
  export: (rounds) => audit('export', rounds, recordOptions),
};
const parts = { ...usualParts, ...longParts };

const help = `npm run bench [part …] [-- options]
  without a part: ${Object.keys(usualParts).join(', ')}
  only by name: log, memory (about an hour: 100,000 commands to the handler and to the bot)
             sealing, prove, verify, export (some minutes each: a sound record with 1,000 events and one with 1,000,000)
  --rounds N       how often everything is measured, 5; where a round takes long, fewer
  --json FILE      writes the results there as well
  --commands N     of the parts day (200 in a day) and memory (100,000)
  --events N --engine sqlite|postgres
                   the larger record of the parts sealing, prove, verify and export, and its database
  --channels N --seed N --from HOUR --to HOUR --chart FILE.svg
                   the day's size and what is simulated of it; at full size: --commands 100000 --channels 500`;

const rounds = Number(values.rounds);
const names = positionals.length === 0 ? Object.keys(usualParts) : positionals;
const areNamed = names.every((name) => name in parts);
const areNumbers = [rounds, commandsOr(1), recordOptions.events, ...Object.values(dayNumbers)].every(
  (value) => value >= 0,
);
if (values.help || !areNamed || !areNumbers || !Number.isInteger(rounds) || rounds < 1) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
console.log(machine);
const rows: (Row & { readonly part: string })[] = [];
const seconds: Record<string, number> = {};
for (const part of names) {
  const begun = performance.now();
  const ofPart = ((await parts[part]?.(rounds)) ?? []).map(rowOf);
  seconds[part] = Math.round((performance.now() - begun) / 1_000);
  console.log(`\n${part}, ${seconds[part]} s: ${roundsOf(ofPart)}\n\n${tableOf(ofPart)}`);
  rows.push(...ofPart.map((row) => ({ part, ...row })));
}
const total = Object.values(seconds).reduce((sum, of) => sum + of, 0);
console.log(`\n${total} s in all`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, seconds, rows }, null, 2));

function roundsOf([row]: readonly Row[]): string {
  return row === undefined || row.rounds === 1 ? 'one round' : `median of ${row.rounds} rounds (smallest–largest)`;
}
