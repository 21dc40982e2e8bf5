import type { AuditContext } from './audit/command.ts';
import { auditCommands } from './audit/commands.ts';
import { Failure } from './audit/failure.ts';
import { commandHelp, programHelp } from './audit/help.ts';
import { isBrokenPipe } from './audit/ledger.ts';
import { readArguments } from './audit/read-arguments.ts';
import { environment, exitCodes, operatorsWords, problemText } from './command-line.ts';
import { readLedgerSettings } from './settings/read-settings.ts';

// `npm run audit -- COMMAND`: reads the record for an auditor, also while the bot is running. It needs no Slack and no Adobe.

const { variables } = environment();
const translator = operatorsWords(variables);

const context: AuditContext = {
  translator,
  database: () => ledgerSettings().database,
  logKey: () => ledgerSettings().logKey,
  stdout: process.stdout,
  say: (line) => process.stdout.write(`${line}\n`),
  remark: (line) => process.stderr.write(`${line}\n`),
};

function ledgerSettings() {
  const read = readLedgerSettings(variables, translator);
  if (!read.ok) throw new Failure(problemText(read.problems, translator), exitCodes.settings);
  return read;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  try {
    const wanted = readArguments(args, auditCommands, translator);
    if (wanted.kind === 'run') return await wanted.command.run(wanted.given, wanted.argument, context);
    const { command } = wanted;
    context.say(command === null ? programHelp(auditCommands, translator) : commandHelp(command, translator));
    return exitCodes.clean;
  } catch (error) {
    if (isBrokenPipe(error)) return exitCodes.clean;
    if (!(error instanceof Failure)) throw error;
    context.remark(error.message);
    return error.exitCode;
  }
}

/** `| head` reads no further, which is no error. */
function endQuietly(error: Error): void {
  if (!isBrokenPipe(error)) throw error;
  process.exit();
}
