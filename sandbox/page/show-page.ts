import { once } from 'node:events';
import { resolve } from 'node:path';
import { BotNotReadyError } from '../bot-process.ts';
import { buildApp } from './build-app.ts';
import { startPageServer } from './page-server.ts';
import { openStage } from './stage.ts';

export type PageOptions = {
  readonly mode: 'http' | 'socket';
  /** 0 for a free one. */
  readonly port: number;
  /** A folder in which the ledger, the rules and the conversation stay; null where nothing does. */
  readonly keep: string | null;
};

/** Shows the page until the process is told to end, and leaves nothing behind but what it was told to keep. */
export async function showPage(given: PageOptions, print: (text: string) => void): Promise<void> {
  // The bot works in a folder of its own, where the same name is another folder.
  const options = { ...given, keep: given.keep && resolve(given.keep) };
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
  try {
    await showUntil(ended.signal, options, print);
  } catch (error) {
    // Ctrl-C reaches the bot, too: one that was not up yet is not what went wrong.
    if (!ended.signal.aborted || !(error instanceof BotNotReadyError)) throw error;
  }
}

async function showUntil(ended: AbortSignal, options: PageOptions, print: (text: string) => void): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const [stage, app] = await Promise.all([
    openStage(options).then((it) => resources.adopt(it, (open) => open.close())),
    buildApp(),
  ]);
  if (ended.aborted) return;
  const server = resources.adopt(await startPageServer(stage, app, options.port), (it) => it.close());
  print(invitation(server.url, options));
  await once(ended, 'abort');
  print('Ending…');
}

function invitation(url: string, { keep }: PageOptions): string {
  const stays = keep === null ? 'Nothing of it stays' : `The ledger, the rules and the conversation stay in ${keep}`;
  return `campaign-wf runs, between a pretend Slack and a pretend Campaign, all on this machine.

  Open ${url}

Type /campaign-wf help there, as Alice. Ctrl-C ends it. ${stays}.`;
}
