import { existsSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { type RunningApp, startApp } from './app.ts';
import { plain, type Words, wordsOf } from './locales/words.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Log } from './requests/ports.ts';
import { type Problem, problemLine, readSettings } from './settings/read-settings.ts';
import type { Settings } from './settings/settings.ts';
import { startProblem } from './start-problem.ts';

/** 0 after a clean stop, 1 for a crash, 2 for settings that cannot work. */
const exitCodes = { clean: 0, crash: 1, settings: 2 } as const;

/** The richer configuration lies here unless another path is given. */
const usualConfigFile = 'campaign-wf.yml';

const words = wordsOf('en');
const read = readSettings(environment(), words);
if (read.ok) await run(read.settings);
else complain(read.problems, words);

/**
 * The process's variables, and what `.env` adds to them; an empty one is an absent one. A configuration file
 * that lies in the folder counts as asked for: rules that are passed over in silence would be a trap.
 */
function environment(): Record<string, string | undefined> {
  const variables = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
  loadDotenv({ quiet: true, processEnv: variables as Record<string, string> });
  const config = variables.CAMPAIGN_WF_CONFIG?.trim() || (existsSync(usualConfigFile) ? usualConfigFile : undefined);
  return { ...variables, CAMPAIGN_WF_CONFIG: config };
}

function complain(problems: readonly Problem[], words: Words): void {
  const lines = problems.map((problem) => problemLine(problem, words));
  process.stderr.write(`${[plain(words.say('settings.title')), ...lines].join('\n')}\n`);
  process.exitCode = exitCodes.settings;
}

async function run(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, secretsOf(settings), process.stdout);
  const stopping = new AbortController();
  let starting: Promise<RunningApp> | null = null;

  /** Whoever is still starting gives up and closes what is open, or comes through after all and is stopped. */
  async function stop(code: number): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    const app = await starting?.catch(() => null);
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
    starting = startApp(settings, { ...surroundings, signal: stopping.signal });
    const app = await starting;
    if (stopping.signal.aborted) return;
    log.info({ port: app.port, mode: settings.slack.mode.kind }, 'ready');
    warnOfEmptyLists(settings, log);
  } catch (error) {
    if (stopping.signal.aborted) return;
    const problem = startProblem(error, words);
    if (problem === null) return crash(error);
    complain([problem], words);
  }
}

/** An empty list permits nobody, which is safe, and hardly ever what somebody who installs the bot wanted. */
function warnOfEmptyLists({ lists: { channels, users } }: Settings, log: Log): void {
  if (channels.size === 0)
    log.warn({ setting: 'CAMPAIGN_WF_CHANNELS' }, 'the list is empty: commands are taken nowhere');
  const nobody = users.users.size === 0 && users.groups.size === 0;
  if (nobody) log.warn({ setting: 'CAMPAIGN_WF_USERS' }, 'the list is empty: nobody may do anything');
}

function secretsOf({ slack, environments }: Settings): readonly string[] {
  const { mode } = slack;
  const ofCampaign = environments.map(({ credentials }) =>
    credentials.kind === 'ims' ? credentials.clientSecret : credentials.accessToken,
  );
  return [slack.botToken, mode.kind === 'socket' ? mode.appToken : mode.signingSecret, ...ofCampaign];
}
