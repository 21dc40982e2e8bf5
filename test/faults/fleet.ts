import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';

/** One or several bots on one ledger, each restarted when it dies. */
export type Fleet = {
  /** The URL of the next bot in turn for Slack's requests; waits until there is one. */
  next(): Promise<string>;
  /** Whether that process is ready and alive. */
  isLive(pid: number): boolean;
  livePids(): readonly number[];
  /** Kills it at once, and starts another one in its place. */
  kill(pid: number): void;
  /** Sends a signal that does not end them to all that are ready. */
  signal(signal: NodeJS.Signals): void;
  /** Ends all of them in order; resolves with their exit codes. */
  stop(): Promise<readonly (number | string)[]>;
};

export type FleetOptions = {
  readonly size: number;
  /** The environment of the next bot. */
  readonly env: () => Record<string, string>;
  readonly folder: string;
  readonly onLogLine: (line: string, pid: number) => void;
  readonly onReady: (pid: number) => void;
  /** Called when a bot did not start, or exited on its own. */
  readonly failed: (error: unknown) => void;
};

export async function startFleet({ size, env, folder, onLogLine, onReady, failed }: FleetOptions): Promise<Fleet> {
  const live = new Map<number, BotProcess>();
  const coming = new Set<Promise<void>>();
  let waiting = Promise.withResolvers<void>();
  let stopping = false;
  let turn = 0;

  function begin(): Promise<void> {
    const starting = startBot(env(), folder, onLogLine).then(
      (bot) => {
        live.set(bot.pid, bot);
        onReady(bot.pid);
        bot.ended.then((exit) => {
          if (live.delete(bot.pid) && !stopping) failed(new Error(`a bot ended by itself: ${exit}\n${tail(bot)}`));
        });
        waiting.resolve();
        waiting = Promise.withResolvers();
      },
      (error: unknown) => {
        if (!stopping) failed(error);
      },
    );
    coming.add(starting);
    return starting.finally(() => coming.delete(starting));
  }

  const killAll = () => {
    for (const pid of live.keys()) process.kill(pid, 'SIGKILL');
  };
  process.once('exit', killAll);
  await Promise.all(Array.from({ length: size }, begin));
  return {
    async next() {
      while (live.size === 0) await waiting.promise;
      const bots = [...live.values()];
      const bot = bots[turn++ % bots.length];
      return `${bot?.url}/slack/events`;
    },
    isLive: (pid) => live.has(pid),
    livePids: () => [...live.keys()],
    kill(pid) {
      const bot = live.get(pid);
      if (bot === undefined || stopping) return;
      live.delete(pid);
      // A ledger in a file has one owner: the next one begins when this one is gone.
      bot.end('SIGKILL').then(() => {
        if (!stopping) void begin();
      });
    },
    signal(signal) {
      for (const pid of live.keys()) process.kill(pid, signal);
    },
    async stop() {
      stopping = true;
      process.off('exit', killAll);
      await Promise.all(coming);
      return Promise.all([...live.values()].map((bot) => bot.end('SIGTERM')));
    },
  };
}

function tail({ log }: BotProcess): string {
  return log.slice(-3).join('\n').slice(0, 2_000);
}
