import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runAudit as runInProcess } from '../../src/audit/run.ts';
import { translatorFor } from '../../src/locales/translator.ts';
import type { Database } from '../../src/requests/ledger/open-ledger.ts';
import type { SlackAccess } from '../../src/settings/settings.ts';
import type { SigningKey } from '../../src/transparency-log/keys.ts';
import type { OpenedLedger } from '../requests/ledger/ledger.fixture.ts';

const program = fileURLToPath(new URL('../../src/audit.ts', import.meta.url));

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type AuditOptions = {
  readonly locale?: string;
  readonly cwd?: string;
  readonly logKey?: string;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs `npm run audit -- …` as a process of its own, with nothing but the address of the ledger. */
export async function runAudit(
  DATABASE_URL: string,
  args: readonly string[],
  { locale, logKey, cwd = tmpdir(), env: more = {} }: AuditOptions = {},
): Promise<Ended> {
  const { NODE_COMPILE_CACHE } = process.env;
  const given = { CAMPAIGN_WF_LOCALE: locale, CAMPAIGN_WF_LOG_KEY: logKey };
  const env = { DATABASE_URL, NODE_COMPILE_CACHE, ...given, ...more };
  const command = ['--disable-warning=ExperimentalWarning', program, ...args];
  const running = promisify(execFile)(process.execPath, command, { env, cwd });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

type HereOptions = {
  readonly locale?: 'en' | 'fr' | 'de';
  readonly logKey?: SigningKey | null;
  /** Absent where Slack must not be called. */
  readonly slack?: SlackAccess;
  /** Gets each text that a terminal would show if the work took longer. */
  readonly progress?: string[];
  /** Gets how long it would wait for Slack each time, and does not wait then. */
  readonly pauses?: number[];
};

/** The same without a process of its own, for what does not depend on one. `database` is null where it must not be read. */
export async function auditHere(
  database: Database | null,
  args: readonly string[],
  { locale = 'en', logKey = null, slack, progress = [], pauses }: HereOptions = {},
): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      out.push(String(chunk));
      done();
    },
  });
  const code = await runInProcess(args, {
    translator: translatorFor(locale),
    database() {
      if (database === null) throw new Error('the ledger must not be read');
      return database;
    },
    logKey: () => logKey,
    slack() {
      if (slack === undefined) throw new Error('Slack must not be called');
      return slack;
    },
    stdout,
    say: (line) => out.push(`${line}\n`),
    remark: (line) => err.push(`${line}\n`),
    progress: (text) => progress.push(text()),
    pause: async (ms) => (pauses === undefined ? wait(ms) : pauses.push(ms)),
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

export function urlOf({ database }: Pick<OpenedLedger, 'database'>): string {
  return database.kind === 'postgres' ? database.url : `sqlite:${database.path}`;
}
