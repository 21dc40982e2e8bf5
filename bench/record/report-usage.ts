import { readFileSync, writeSync } from 'node:fs';

// Loaded into a program that is measured. Tells its parent the most resident memory that it had, in kilobytes.

process.on('exit', () => writeSync(3, String(mostResident())));

/** Linux: since the program was loaded (proc(5), VmHWM). `getrusage` counts what its parent had when it started the program, too. */
function mostResident(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('/proc/self/status has no VmHWM');
  return Number(kilobytes);
}
