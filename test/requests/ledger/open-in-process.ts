import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Opens the ledger in a process of its own and says how that went. */
export async function openInProcess(path: string): Promise<string> {
  const script = `
    import { openLedger } from './src/requests/ledger/open-ledger.ts';
    const [, path] = process.argv;
    const opening = openLedger({ database: { kind: 'sqlite', path }, now: Date.now, leaseMs: 60_000, onRecorded: () => {}, onTrouble: () => {}, onHealthChange: () => {}, signal: new AbortController().signal });
    const said = await opening.then((ledger) => ledger.close().then(() => 'opened'), (error) => error.name);
    process.stdout.write(said);`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script, path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}

/** Opens the ledger in a process of its own, which keeps it open until it is killed. */
export function keepOpen(path: string) {
  return keepInProcess(
    `
    import { openSqlite } from './src/requests/ledger/sqlite.ts';
    globalThis.kept = openSqlite(process.argv[1], Date.now);
    process.send('kept');`,
    path,
  );
}

/** Says something to a SQLite file in a process of its own, which keeps the file open until it is killed. */
export function keepDoing(path: string, sql: string) {
  return keepInProcess(
    `
    import { DatabaseSync } from 'node:sqlite';
    const [, path, sql] = process.argv;
    const database = globalThis.kept = new DatabaseSync(path, { timeout: 0 });
    let said = 'kept';
    try { database.exec(sql); } catch (error) { said = error.message; }
    process.send(said);`,
    path,
    sql,
  );
}

async function keepInProcess(script: string, ...args: readonly string[]) {
  const options = ['--no-warnings', '--input-type=module', '--eval', `${script} setInterval(() => {}, 60_000);`];
  const child = spawn(process.execPath, [...options, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  const [said] = await Promise.race([once(child, 'message'), gone]);
  return { said: String(said), kill, [Symbol.asyncDispose]: kill };
}
