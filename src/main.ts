import { existsSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { type RunningApp, startApp } from './app.ts';
import { plain, type Words, wordsOf } from './locales/words.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type Problem, problemLine, readSettings } from './settings/read-settings.ts';
import type { Settings } from './settings/settings.ts';
import { startProblem } from './start-problem.ts';

/** 0 after a clean stop, 1 for a crash, 2 for settings that cannot work. */
const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

loadDotenv({ quiet: true });
const words = wordsOf('en');
const read = readSettings(environment(), words);
if (read.ok) await run(read.settings);
else complain(read.problems, words);

/** A configuration file that lies there counts as asked for: rules that are passed over in silence would be a trap. */
function environment(): Record<string, string | undefined> {
  return existsSync(usualConfigFile) ? { CAMPAIGN_WF_CONFIG: usualConfigFile, ...process.env } : process.env;
}

function complain(problems: readonly Problem[], words: Words): void {
  const lines = problems.map((problem) => problemLine(problem, words));
  process.stderr.write(`${[plain(words.say('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}

async function run(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, secretsOf(settings), process.stdout);
  const stopping = new AbortController();
  let app: RunningApp | null = null;

  async function stop(code: number): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await app?.stop();
    log.info({}, 'stopped');
    process.exit(code);
  }

  function crash(error: unknown): void {
    log.fatal({ err: error }, 'crashed');
    process.exit(exitCodes.crash);
  }

  function onLost(reason: string): void {
    log.error({ reason }, 'the connection to Slack is lost for good');
    void stop(exitCodes.crash);
  }

  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(exitCodes.clean).catch(crash));
  const surroundings = { log, metrics: createMetrics(), now: Date.now, random: Math.random, onLost };
  try {
    app = await startApp(settings, { ...surroundings, signal: stopping.signal });
    log.info({ port: app.port, mode: settings.slack.mode.kind }, 'ready');
  } catch (error) {
    if (stopping.signal.aborted) process.exit(exitCodes.clean);
    const problem = startProblem(error, words);
    if (problem === null) return crash(error);
    complain([problem], words);
  }
}

function secretsOf({ slack, environments }: Settings): readonly string[] {
  const { mode } = slack;
  const ofCampaign = environments.map(({ credentials }) =>
    credentials.kind === 'ims' ? credentials.clientSecret : credentials.accessToken,
  );
  return [slack.botToken, mode.kind === 'socket' ? mode.appToken : mode.signingSecret, ...ofCampaign];
}
