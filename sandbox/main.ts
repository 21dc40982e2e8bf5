import { parseArgs } from 'node:util';
import { converse } from './converse.ts';
import { startSandbox } from './start-sandbox.ts';
import { tour } from './tour/tour.ts';

const usage = `npm run sandbox                        a pretend Slack and Campaign with the real bot; type commands at it
npm run sandbox -- --tour              plays a conversation, prints it, and exits 0 if all ended as it should
npm run sandbox -- --mode socket       the same over Socket Mode (otherwise HTTP)`;

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readArguments();
  if (options === null) {
    print(usage);
    return 2;
  }
  if (options.tour) return (await tour(options.mode, print)) ? 0 : 1;
  const sandbox = await startSandbox({ mode: options.mode });
  try {
    await converse(sandbox, print);
  } finally {
    await sandbox.close();
  }
  return 0;
}

/** Null for anything that the usage does not name. */
function readArguments(): { tour: boolean; mode: 'http' | 'socket' } | null {
  try {
    const { values } = parseArgs({
      options: { tour: { type: 'boolean', default: false }, mode: { type: 'string', default: 'http' } },
    });
    const { tour: asTour, mode } = values;
    return mode === 'http' || mode === 'socket' ? { tour: asTour, mode } : null;
  } catch {
    return null;
  }
}

process.exitCode = await main();
