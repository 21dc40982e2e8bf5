import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from './audit/failure.ts';
import { progressLine } from './audit/progress-line.ts';
import { runAudit } from './audit/run.ts';
import { environment, exitCodes, operatorsWords, problemText } from './command-line.ts';
import { plain } from './locales/translator.ts';
import { applyProxies } from './proxies.ts';
import { secretFileProblems } from './secret-files.ts';
import { problemLine } from './settings/problem.ts';
import { readLedgerSettings, readSlackSettings } from './settings/read-settings.ts';

// `npm run audit -- COMMAND`: reads the record for an auditor, also while the bot is running. It needs no Adobe, and Slack only
// where the channels are compared with it.

/** As for a program that SIGPIPE ends. A 0 would say that nothing is wrong, also of a record that is not verified to its end. */
const unreadExitCode = 128 + constants.signals.SIGPIPE;

const { variables, unread } = environment();
const translator = operatorsWords(variables);
const progress = progressLine(process.stderr);

process.stdout.on('error', endUnwritten);
process.stderr.on('error', () => process.exit(exitCodes.crash));
process.exitCode = await runAudit(process.argv.slice(2), {
  translator,
  database: () => ledgerSettings().database,
  logKey: () => ledgerSettings().logKey,
  slack: slackSettings,
  stdout: process.stdout,
  say: (line) => print(process.stdout, line),
  remark: (line) => print(process.stderr, line),
  progress: progress.show,
  pause: (ms) => wait(ms),
}).finally(progress.remove);

/** Both streams can be the same terminal. */
function print(stream: NodeJS.WriteStream, line: string): void {
  progress.remove();
  stream.write(`${line}\n`);
}

/** Whoever audits need not be able to read the secrets of the bot that are not needed here. */
function demandRead(...names: readonly string[]): void {
  const problems = secretFileProblems(
    unread.filter(({ name }) => names.includes(name)),
    translator,
  );
  if (problems.length > 0) throw new Failure(problemText(problems, translator), exitCodes.settings);
}

function ledgerSettings() {
  demandRead('DATABASE_URL', 'CAMPAIGN_WF_LOG_KEY');
  const read = readLedgerSettings(variables, translator);
  if (!read.ok) throw new Failure(problemText(read.problems, translator), exitCodes.settings);
  return read;
}

function slackSettings() {
  demandRead('SLACK_BOT_TOKEN', 'HTTPS_PROXY', 'HTTP_PROXY');
  const read = readSlackSettings(variables, translator);
  if (!read.ok) {
    const lines = read.problems.map((problem) => problemLine(problem, translator));
    throw new Failure(lines.join('\n'), exitCodes.settings);
  }
  applyProxies(variables, process.env);
  return read;
}

/** `| head` reads no further, which needs no words. A disk can be full. */
function endUnwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(unreadExitCode);
  const failed = translator.translate('audit.output_failed', { path: 'stdout', code: code ?? message });
  print(process.stderr, plain(failed));
  process.exit(exitCodes.crash);
}
