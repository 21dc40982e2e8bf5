import { once } from 'node:events';
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
export async function showPage(options: PageOptions, print: (text: string) => void): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
  const [stage, app] = await Promise.all([
    openStage(options).then((it) => resources.adopt(it, (open) => open.close())),
    buildApp(),
  ]);
  const server = resources.adopt(await startPageServer(stage, app, options.port), (it) => it.close());
  print(invitation(server.url, options));
  if (!ended.signal.aborted) await once(ended.signal, 'abort');
  print('Ending…');
}

function invitation(url: string, { keep }: PageOptions): string {
  const stays = keep === null ? 'Nothing of it stays' : `The ledger, the rules and the conversation stay in ${keep}`;
  return `campaign-wf runs, between a pretend Slack and a pretend Campaign, all on this machine.

  Open ${url}

Type /campaign-wf help there, as Alice. Ctrl-C ends it. ${stays}.`;
}
