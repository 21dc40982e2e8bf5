import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Opens the ledger in another process. Returns `opened`, or the name of the error. */
export async function openInProcess(path: string): Promise<string> {
  const script = `
    import { openLedger } from './src/requests/ledger/open-ledger.ts';
    const [, path] = process.argv;
    const opening = openLedger({ database: { kind: 'sqlite', path }, now: Date.now, leaseMs: 60_000, onRecorded: () => {}, onCheckpoint: () => {}, onTrouble: () => {}, onHealthChange: () => {}, signal: new AbortController().signal });
    const result = await opening.then((ledger) => ledger.close().then(() => 'opened'), (error) => error.name);
    process.stdout.write(result);`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script, path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

/** Opens the ledger in another process, which keeps it open until it is killed. */
export function holdOpen(path: string) {
  return runAndHold(
    `
    import { openSqlite } from './src/requests/ledger/sqlite.ts';
    globalThis.open = openSqlite(process.argv[1], Date.now);
    process.send('open');`,
    path,
  );
}

/** Runs a statement on a SQLite file in another process, which keeps the file open until it is killed. */
export function executeAndHold(path: string, sql: string) {
  return runAndHold(
    `
    import { DatabaseSync } from 'node:sqlite';
    const [, path, sql] = process.argv;
    const database = globalThis.open = new DatabaseSync(path, { timeout: 0 });
    let result = 'open';
    try { database.exec(sql); } catch (error) { result = error.message; }
    process.send(result);`,
    path,
    sql,
  );
}

async function runAndHold(script: string, ...args: readonly string[]) {
  const options = ['--no-warnings', '--input-type=module', '--eval', `${script} setInterval(() => {}, 60_000);`];
  const child = spawn(process.execPath, [...options, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const [result] = await Promise.race([once(child, 'message'), exited]);
  return { result: String(result), kill, [Symbol.asyncDispose]: kill };
}
