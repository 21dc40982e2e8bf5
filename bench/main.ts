import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { subjects } from './harness/subject.ts';
import { type Measured, rowOf, tableOf } from './harness/table.ts';
import { acknowledge } from './parts/acknowledge.ts';
import { start } from './parts/start.ts';
import { wholeWay } from './parts/whole-way.ts';

// `npm run bench [start acknowledge whole-way] [-- --rounds 5 --json results.json]`
// Compares the bot with a bare Bolt app and with the handler that one would write instead, in turn, in one run.

const parts: Readonly<Record<string, (rounds: number) => Promise<readonly Measured[]>>> = {
  start,
  acknowledge,
  'whole-way': wholeWay,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
});
const rounds = Number(values.rounds);
const names = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.log(`parts: ${Object.keys(parts).join(', ')}; --rounds is a whole number from 1 on`);
  process.exit(2);
}

const measured: Measured[] = [];
for (const name of names) measured.push(...((await parts[name]?.(rounds)) ?? []));
const rows = measured.map(rowOf);
const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
console.log(tableOf(rows, subjects));
console.log(`\n${machine}; median of ${rounds} rounds (smallest–largest)`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine, rounds, rows }, null, 2));
