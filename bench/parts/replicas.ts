import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import { atOnce, createCommands } from '../harness/commands.ts';
import { startServices } from '../harness/services.ts';
import { type Subject, startSubject } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';

const fleets = [
  { name: 'SQLite', replicas: 1, isShared: false },
  { name: 'PostgreSQL, 1 replica', replicas: 1, isShared: true },
  { name: '2 replicas', replicas: 2, isShared: true },
  { name: '3 replicas', replicas: 3, isShared: true },
] as const;
type Fleet = (typeof fleets)[number];

const width = 20;
const warmUp = 40;
const measured = 80;
/** The starts take long. */
const mostRounds = 2;

type Cost = { readonly perSecond: number; readonly cpuMs: number };

/**
 * From a command to its outcome in the thread, with one database for all replicas. Slack's requests go to the replicas in
 * turn. The processor time is that of all replicas, without the database server's.
 */
export async function replicas(rounds: number): Promise<readonly Measured[]> {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres({ syncs: true }), (it) => it.close());
  const costs = new Map<string, Cost[]>(fleets.map(({ name }) => [name, []]));
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
    for (const fleet of fleets) costs.get(fleet.name)?.push(await costOf(fleet, server.url));
  }
  const valuesOf = (quantity: keyof Cost) =>
    new Map([...costs].map(([name, of]) => [name, of.map((cost) => cost[quantity])]));
  const compared = { program: '3 replicas', baselines: ['PostgreSQL, 1 replica', 'SQLite'] };
  return [
    { name: `command to outcome, ${width} at once`, unit: 'per s', ...compared, values: valuesOf('perSecond') },
    { name: 'processor time of a command', unit: 'ms', ...compared, values: valuesOf('cpuMs') },
  ];
}

async function costOf({ replicas: count, isShared }: Fleet, server: string): Promise<Cost> {
  await using resources = new AsyncDisposableStack();
  const services = resources.adopt(await startServices(), (it) => it.close());
  const database: Readonly<Record<string, string>> = isShared ? { DATABASE_URL: await newDatabase(server) } : {};
  const start = async () =>
    resources.adopt(await startSubject('campaign-wf', services, { env: database }), (it) => it.stop());
  const bots: Subject[] = [await start()];
  bots.push(...(await Promise.all(Array.from({ length: count - 1 }, start))));
  const commands = resources.adopt(createCommands(bots, services), (it) => it.close());
  const cpuMs = () => bots.reduce((sum, bot) => sum + bot.cpuMs(), 0);
  await atOnce(width, warmUp, commands.outcome);
  await commands.settled();
  const [cpuBefore, begun] = [cpuMs(), performance.now()];
  await atOnce(width, measured, commands.outcome);
  const seconds = (performance.now() - begun) / 1_000;
  await commands.settled();
  return { perSecond: measured / seconds, cpuMs: (cpuMs() - cpuBefore) / measured };
}
