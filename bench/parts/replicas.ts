import { newDatabase } from '../../test/postgres/new-database.ts';
import { startPostgres } from '../../test/postgres/postgres-server.ts';
import { atOnce, createCommands } from '../harness/commands.ts';
import { startServices } from '../harness/services.ts';
import { type Subject, startSubject } from '../harness/subject.ts';
import type { Measured } from '../harness/table.ts';

const fleets = [
  { name: '1 replica', replicas: 1 },
  { name: '2 replicas', replicas: 2 },
  { name: '3 replicas', replicas: 3 },
] as const;
type Fleet = (typeof fleets)[number];

const [width, warmUp, measured] = [20, 30, 60];
/** The starts take long. */
const mostRounds = 2;

/**
 * From a command to its outcome in the thread, with one PostgreSQL for all replicas. Slack's requests go to the replicas in
 * turn.
 */
export async function replicas(rounds: number): Promise<readonly Measured[]> {
  await using resources = new AsyncDisposableStack();
  const server = resources.adopt(await startPostgres({ syncs: true }), (it) => it.close());
  const values = new Map<string, number[]>(fleets.map(({ name }) => [name, []]));
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
    for (const fleet of fleets) values.get(fleet.name)?.push(await perSecond(fleet, server.url));
  }
  const name = `command to outcome, ${width} at once`;
  return [{ name, unit: 'per s', values, program: '3 replicas', baselines: ['1 replica'] }];
}

async function perSecond({ replicas: count }: Fleet, server: string): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const services = resources.adopt(await startServices(), (it) => it.close());
  const env = { DATABASE_URL: await newDatabase(server) };
  const start = async () => resources.adopt(await startSubject('campaign-wf', services, { env }), (it) => it.stop());
  const bots: Subject[] = [await start()];
  bots.push(...(await Promise.all(Array.from({ length: count - 1 }, start))));
  const commands = resources.adopt(createCommands(bots, services), (it) => it.close());
  // The first connections to the database take longest.
  await atOnce(1, 2 * count, commands.outcome);
  await atOnce(width, warmUp, commands.outcome);
  const begun = performance.now();
  await atOnce(width, measured, commands.outcome);
  return (1_000 * measured) / (performance.now() - begun);
}
