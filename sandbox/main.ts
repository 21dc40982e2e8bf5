import { campaignOnly } from './campaign-only.ts';
import { converse } from './converse.ts';
import { type Arguments, readArguments, usage } from './read-arguments.ts';
import { startSandbox } from './start-sandbox.ts';
import { tour } from './tour/tour.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const read = readArguments(process.argv.slice(2));
  if (read !== null) return run(read);
  print(usage);
  return 2;
}

async function run(read: Arguments): Promise<number> {
  switch (read.does) {
    case 'tour':
      return (await tour(read.mode, print)) ? 0 : 1;
    case 'campaign_only':
      return campaignOnly(read.port, print);
    case 'converse':
      return conversation(read.mode);
    default:
      return read satisfies never;
  }
}

async function conversation(mode: 'http' | 'socket'): Promise<number> {
  const sandbox = await startSandbox({ mode });
  try {
    await converse(sandbox, print);
  } finally {
    await sandbox.close();
  }
  return 0;
}

process.exitCode = await main();
