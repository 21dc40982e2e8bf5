import { BotNotReadyError } from './bot-process.ts';
import { campaignOnly } from './campaign-only.ts';
import { KeptFolderError } from './kept-folder.ts';
import { showPage } from './page/show-page.ts';
import { portProblem } from './port-problem.ts';
import { type Arguments, readArguments, usage } from './read-arguments.ts';
import { tour } from './tour/tour.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const read = readArguments(process.argv.slice(2));
  if (read === null) {
    print(usage);
    return 2;
  }
  try {
    return await run(read);
  } catch (error) {
    const problem = portProblem(error) ?? startProblem(error);
    if (problem === null) throw error;
    print(problem);
    return 1;
  }
}

async function run(read: Arguments): Promise<number> {
  switch (read.does) {
    case 'tour':
      return (await tour(read.mode, print)) ? 0 : 1;
    case 'campaign_only':
      await campaignOnly(read.port, print);
      return 0;
    case 'page':
      await showPage(read, print);
      return 0;
    default:
      return read satisfies never;
  }
}

function startProblem(error: unknown): string | null {
  if (error instanceof KeptFolderError) return error.message;
  return error instanceof BotNotReadyError ? `The bot did not come up. It says:\n\n${error.output}` : null;
}

process.exitCode = await main();
