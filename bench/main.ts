import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Measured, type Row, rowOf, tableOf } from './harness/table.ts';
import { acknowledge } from './parts/acknowledge.ts';
import { client } from './parts/client.ts';
import { day } from './parts/day.ts';
import { flood } from './parts/flood.ts';
import { growth } from './parts/growth.ts';
import { replicas } from './parts/replicas.ts';
import { start } from './parts/start.ts';
import { wholeWay } from './parts/whole-way.ts';

// `npm run bench [part …] [-- --rounds 5 --json results.json]`
// Compares the bot with what one would use instead, in turn, in one run: a table for each part, in `bench/parts`.
// `npm run bench day -- --commands 100000 --channels 500 --from 8 --to 10.5 --seed 1 --chart backlog.svg`
// The simulated day, or some hours of it, at its full size; without these options a small one.

const parts: Readonly<Record<string, (rounds: number) => Promise<readonly Measured[]>>> = {
  start,
  acknowledge,
  'whole-way': wholeWay,
  replicas,
  flood,
  client,
  growth,
  day: () => day({ ...dayNumbers, chart: values.chart ?? null }),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
    commands: { type: 'string', default: '400' },
    channels: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '24' },
    chart: { type: 'string' },
  },
});
const { commands, channels, seed, from, to } = values;
const dayNumbers = {
  ...{ commands: Number(commands), channels: Number(channels), seed: Number(seed) },
  ...{ from: Number(from), to: Number(to) },
};
const rounds = Number(values.rounds);
const names = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = names.filter((name) => !(name in parts));
const isNumber = [rounds, ...Object.values(dayNumbers)].every((value) => value >= 0);
if (unknown.length > 0 || !isNumber || !Number.isInteger(rounds) || rounds < 1) {
  console.log(`parts: ${Object.keys(parts).join(', ')}; --rounds is a whole number from 1 on, the others are numbers`);
  process.exit(2);
}

const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
console.log(machine);
const rows: (Row & { readonly part: string })[] = [];
for (const part of names) {
  const ofPart = ((await parts[part]?.(rounds)) ?? []).map(rowOf);
  console.log(`\n${part}: median of ${ofPart[0]?.rounds} rounds (smallest–largest)\n\n${tableOf(ofPart)}`);
  rows.push(...ofPart.map((row) => ({ part, ...row })));
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, rows }, null, 2));
