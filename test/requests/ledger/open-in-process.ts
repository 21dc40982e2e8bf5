import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Opens the ledger in a process of its own and says how that went. */
export async function openInProcess(path: string): Promise<string> {
  const script = `
    import { openLedger } from './src/requests/ledger/open-ledger.ts';
    const [, path] = process.argv;
    const opening = openLedger({ database: { kind: 'sqlite', path }, now: Date.now, leaseMs: 60_000, recorded: () => {}, troubled: () => {}, healthChanged: () => {}, signal: new AbortController().signal });
    const said = await opening.then((ledger) => ledger.close().then(() => 'opened'), (error) => error.name);
    process.stdout.write(said);`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script, path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}
