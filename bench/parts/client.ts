import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClientCost, ClientName } from '../clients/main.ts';
import { startServices } from '../harness/services.ts';
import type { Measured } from '../harness/table.ts';

const program = fileURLToPath(new URL('../clients/main.ts', import.meta.url));
const clients: readonly ClientName[] = ["Adobe's SDK", 'got, kept connections', 'got, new connections', 'campaign-wf'];
const width = 20;
const calls = 500;
/** The starts take longer than the calls. */
const mostRounds = 2;

/** Commands to Campaign, without Slack and without the ledger. The bot uses a new connection for each. */
export async function client(rounds: number): Promise<readonly Measured[]> {
  const costs = new Map<ClientName, ClientCost[]>(clients.map((name) => [name, []]));
  for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
    for (const name of clients) costs.get(name)?.push(await costOf(name));
  }
  const valuesOf = (quantity: keyof ClientCost) =>
    new Map([...costs].map(([name, of]) => [name, of.map((cost) => cost[quantity])]));
  const baselines: readonly ClientName[] = ["Adobe's SDK", 'got, kept connections'];
  return [
    { name: `calls, ${width} at once`, unit: 'per s', baselines, values: valuesOf('callsPerSecond') },
    { name: 'processor time of a call', unit: 'ms', baselines, values: valuesOf('cpuMsPerCall') },
  ];
}

async function costOf(name: ClientName): Promise<ClientCost> {
  const { adobeUrl, close } = await startServices();
  try {
    const run = [program, name, adobeUrl, width, calls].map(String);
    const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', ...run]);
    return JSON.parse(stdout) as ClientCost;
  } finally {
    await close();
  }
}
