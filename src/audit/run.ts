import { exitCodes } from '../command-line.ts';
import type { AuditContext } from './audit-command.ts';
import { commandHelp, programHelp } from './command-help.ts';
import { auditCommands } from './commands.ts';
import { Failure } from './failure.ts';
import { readArguments } from './read-arguments.ts';

/** Does what the command line says. Returns the exit code; a Failure becomes its sentence on standard error. */
export async function runAudit(args: readonly string[], context: AuditContext): Promise<number> {
  const { translator, say, remark } = context;
  try {
    const wanted = readArguments(args, auditCommands, translator);
    if (wanted.kind === 'run') return await wanted.command.run(wanted.given, wanted.argument, context);
    const { command } = wanted;
    say(command === null ? programHelp(auditCommands, translator) : commandHelp(command, translator));
    return exitCodes.clean;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    remark(error.message);
    return error.exitCode;
  }
}
