import { type RunningApp, startApp } from './app.ts';
import {
  complain,
  configurationFile,
  configurationPlace,
  dotenvProblem,
  environment,
  exitCodes,
  givenWarnings,
  operatorsWords,
} from './command-line.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { applyProxies } from './proxies.ts';
import { logWarnings, watchRuleFile } from './rule-file.ts';
import { withUnreadSecrets } from './secret-files.ts';
import { secretsIn } from './secrets.ts';
import type { Warning } from './settings/problem.ts';
import { readSettings } from './settings/read-settings.ts';
import type { Configuration, Settings } from './settings/settings.ts';
import { startProblem } from './start-problem.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { endTracing } from './tracing/tracing.ts';
import { version } from './version.ts';

const given = environment();
const { variables, unread } = given;
const translator = operatorsWords(variables);
const place = configurationPlace(variables);
const file = place && configurationFile(place);
const read = readSettings(variables, translator, file);
const ofVariables = givenWarnings(given, translator);
const unreadable = dotenvProblem(given, translator);
// If the file is unreadable, it is unknown which variables are missing.
if (unreadable !== null) complain([unreadable], translator);
else if (read.ok && unread.length === 0) {
  applyProxies(variables, process.env);
  await run(read.settings, [...ofVariables, ...read.warnings]);
} else {
  const problems = withUnreadSecrets(read.ok ? [] : read.problems, unread, translator);
  complain([...problems, ...ofVariables], translator);
}

async function run(settings: Settings, warnings: readonly Warning[]): Promise<void> {
  const log = createLog(settings.logLevel, secretsIn(variables), process.stdout);
  const stopping = new AbortController();
  let starting: Promise<RunningApp> | null = null;
  let running: RunningApp | null = null;
  let renewed: Configuration | null = null;
  let inForce = warnings;

  /** A start in progress aborts and closes its resources, or completes and is then stopped. */
  async function stop(code: number): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    const app = await starting?.catch(() => null);
    await app?.stop();
    await endTracing();
    log.info({}, 'stopped');
    process.exit(code);
  }

  function crash(error: unknown): void {
    log.fatal({ err: error }, 'crashed');
    process.exit(exitCodes.crash);
  }

  function onLost(reason: string): void {
    log.error({ reason }, 'the connection to Slack failed permanently');
    void stop(exitCodes.crash);
  }

  const rules = watchRuleFile({
    ...{ file, variables, translator, log },
    now: Date.now,
    signal: stopping.signal,
    // During the start, a reload waits until the start is complete.
    apply(configuration, ofSettings) {
      renewed = configuration;
      inForce = [...ofVariables, ...ofSettings];
      running?.reconfigure(configuration);
    },
  });

  process.on('SIGHUP', rules.reread);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(exitCodes.clean).catch(crash));
  const { rejectedSince } = rules;
  const surroundings = {
    ...{ log, metrics: createMetrics(), now: Date.now, random: Math.random, onLost, rejectedSince },
    warnings: () => inForce,
  };
  try {
    await startTracing(variables, log);
    starting = startApp(settings, { ...surroundings, signal: stopping.signal });
    const app = await starting;
    if (stopping.signal.aborted) return;
    running = app;
    if (renewed !== null) app.reconfigure(renewed);
    log.info({ ...app.ports, mode: settings.slack.mode.kind, version }, 'ready');
    logWarnings(warnings, log);
  } catch (error) {
    if (stopping.signal.aborted) return;
    const problem = startProblem(error, translator);
    if (problem === null) return crash(error);
    complain([problem], translator);
  }
}
