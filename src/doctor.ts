import { environment, exitCodes, operatorsWords } from './command-line.ts';
import { wantsJson } from './doctor/doctor-options.ts';
import { errorJson, runDoctor } from './doctor/run-doctor.ts';
import { scrubber } from './log.ts';
import { applyProxies } from './proxies.ts';
import { secretsIn } from './secrets.ts';

// `npm run doctor`: looks at a set-up, also while the bot is running. It sends no command, posts nothing and writes nothing.

const args = process.argv.slice(2);
// A file that Node cannot read is named by another variable: see `start/doctor.js`.
const { DOCTOR_EXTRA_CA_CERTS: unusable, ...plainly } = process.env;
const own = { ...plainly, ...(unusable !== undefined && { NODE_EXTRA_CA_CERTS: unusable }) };
const given = environment();
const { variables } = given;
const scrub = scrubber(secretsIn(variables));

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Whoever reads no further needs no words.
process.stdout.on('error', () => process.exit(exitCodes.crash));
process.stderr.on('error', () => process.exit(exitCodes.crash));

applyProxies(variables, process.env);
const exitCode = await runDoctor(args, {
  ...{ given, scrub },
  environment: own,
  translator: operatorsWords(variables),
  say: (text) => process.stdout.write(`${text}\n`),
  remark: (text) => process.stderr.write(`${text}\n`),
});
// What still waits for an answer must not keep the program.
process.stdout.write('', () => process.exit(exitCode));

function crash(error: unknown): void {
  const reason = scrub(Error.isError(error) ? (error.stack ?? error.message) : String(error));
  if (wantsJson(args)) process.stdout.write(`${errorJson(reason)}\n`, () => process.exit(exitCodes.crash));
  else process.stderr.write(`${reason}\n`, () => process.exit(exitCodes.crash));
}
