import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runAudit } from '../../src/audit/run.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const usageReport = new URL('report-usage.ts', import.meta.url).href;

/** Runs a command of the audit in this process, and throws its output away. Throws unless it succeeds. */
export async function auditHere(database: Database, args: readonly string[]): Promise<void> {
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const code = await runAudit(args, {
    translator: translatorFor('en'),
    database: () => database,
    logKey: () => null,
    slack() {
      throw new Error('the channels are not read');
    },
    stdout,
    say() {},
    remark() {},
    progress() {},
    pause: async () => {},
  });
  if (code !== 0) throw new Error(`audit ${args.join(' ')} ended with ${code}`);
}

/** The program as `npm run audit` starts it: how long it takes, in seconds, and the most memory that it had, in MB. */
export async function auditProgram(
  database: Database,
  args: readonly string[],
): Promise<{ readonly seconds: number; readonly memoryMb: number }> {
  const begun = performance.now();
  const url = database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url;
  const child = spawn(process.execPath, [...flags(), '--import', usageReport, 'src/audit.ts', ...args], {
    cwd: project,
    env: { DATABASE_URL: url, NODE_COMPILE_CACHE: 'dist/compile-cache' },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const report = child.stdio[3];
  if (report === null || report === undefined || !('read' in report))
    throw new Error('the program has no fourth stream');
  const [kilobytes, [code]] = await Promise.all([text(report), once(child, 'exit')]);
  if (code !== 0) throw new Error(`audit ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1_000, memoryMb: Number(kilobytes) / 1_024 };
}

function flags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(`${project}/package.json`, 'utf8'));
  const [, options = ''] = / node (--.*) src\/audit\.ts$/.exec(scripts.audit) ?? [];
  return options.split(' ');
}
