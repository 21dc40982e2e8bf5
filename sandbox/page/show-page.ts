import { once } from 'node:events';
import { resolve } from 'node:path';
import { BotNotReadyError } from '../bot-process.ts';
import { loadApp } from './build-app.ts';
import { startPageServer } from './page-server.ts';
import { openStage } from './stage.ts';

export type PageOptions = {
  readonly mode: 'http' | 'socket';
  /** 0: any free port. */
  readonly port: number;
  /** The folder that keeps the ledger, the rules and the conversation. null: nothing is kept. */
  readonly keep: string | null;
};

/** Serves the page until a signal ends the process. Removes everything except what it has to keep. */
export async function showPage(given: PageOptions, print: (text: string) => void): Promise<void> {
  // The bot runs in another folder, where a relative path would be another folder.
  const options = { ...given, keep: given.keep && resolve(given.keep) };
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
  try {
    await showUntil(ended.signal, options, print);
  } catch (error) {
    // Ctrl-C ends the bot as well: a start that it interrupted is not an error.
    if (!ended.signal.aborted || !(error instanceof BotNotReadyError)) throw error;
  }
}

async function showUntil(ended: AbortSignal, options: PageOptions, print: (text: string) => void): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const [stage, app] = await Promise.all([
    openStage(options).then((it) => resources.adopt(it, (open) => open.close())),
    loadApp(),
  ]);
  if (ended.aborted) return;
  const server = resources.adopt(await startPageServer(stage, app, options.port), (it) => it.close());
  print(invitation(server.url, options));
  await once(ended, 'abort');
  print('Ending…');
}

function invitation(url: string, { keep }: PageOptions): string {
  const stays = keep === null ? 'Nothing is kept' : `The ledger, the rules and the conversation stay in ${keep}`;
  return `campaign-wf runs, between a pretend Slack and a pretend Campaign, all on this machine.

  Open ${url}

Type /campaign-wf help there, as Alice. Ctrl-C ends it. ${stays}.`;
}
