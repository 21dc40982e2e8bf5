import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BotNotReadyError } from '../bot-process.ts';
import { readKeptRules } from '../kept-folder.ts';
import { createChanges } from '../slack/changes.ts';
import { type Sandbox, startSandbox } from '../start-sandbox.ts';
import { type BreakageName, breakThese } from './breakages.ts';
import { complaintsIn } from './complaints.ts';
import type { Bot } from './snapshot.ts';

/** How long a command takes to become effective in the pretend Campaign: long enough to be seen. */
const settleMs = 3_000;

/** How many lines of the bot's log the page shows. */
const lines = 300;

/** The bot does not take these rules, or does not come up; the message is what it says about it, a line each. */
export class BotRefusedError extends Error {
  override name = 'BotRefusedError';
}

/** The second organization, as `prod` and `stage` stand side by side in the rules. */
const stageClient = {
  organization: 'acme-mkt-stage1',
  clientId: 'pretend-stage-client',
  clientSecret: 'pretend-stage-secret',
  scopes: 'openid,AdobeID,pretend_campaign',
};

const stageCredentials = {
  CAMPAIGN_STAGE_CLIENT_ID: stageClient.clientId,
  CAMPAIGN_STAGE_CLIENT_SECRET: stageClient.clientSecret,
  CAMPAIGN_STAGE_SCOPES: stageClient.scopes,
};

/** The sandbox with all that can be done to it from outside: breaking it, mending it, and giving it other rules. */
export type Stage = {
  readonly sandbox: Sandbox;
  readonly mode: 'http' | 'socket';
  bot(): Bot;
  rules(): string;
  broken(): ReadonlySet<BreakageName>;
  breakOrMend(name: BreakageName, isOn: boolean): void;
  /** Kills the bot with SIGKILL and starts it again on the same ledger. Rejects with a BotRefusedError where it does not come up. */
  kill(): Promise<void>;
  /** The bot is killed in the middle of its next command: Campaign has it, the bot has no answer. */
  killAtNextCall(): void;
  /** Rejects with a BotRefusedError where the bot does not take them; it keeps the old ones then. */
  setRules(text: string): Promise<void>;
  /** Hears of every change, of Slack, Campaign and the bot alike. Gives how to stop that. */
  on(listener: () => void): () => void;
  close(): Promise<void>;
};

/** Rejects with a BotNotReadyError where the bot does not come up, and with a KeptFolderError. */
export async function openStage({ mode, keep }: { mode: Stage['mode']; keep: string | null }): Promise<Stage> {
  const changes = createChanges();
  const log: string[] = [];
  const broken = new Set<BreakageName>();
  const bot = { state: 'running' as Bot['state'], pid: 0, starts: 1, diesAtNextCall: false };
  let rules = await rulesAtFirst(keep);

  const sandbox = await startSandbox({
    mode,
    ...(keep !== null && { keep }),
    configuration: rules,
    env: stageCredentials,
    campaign: {
      strict: false,
      settleMs,
      others: [stageClient],
      mayAnswer: ({ method, path }) => survives(method, path),
    },
    heard(line) {
      log.push(line);
      log.splice(0, log.length - lines);
      changes.notify();
    },
  });
  watch();
  const { slack, campaign } = sandbox;
  for (const id of ['WKF300', 'WKF301']) campaign.addWorkflow(id, 'editing', stageClient.organization);
  slack.on('change', changes.notify);
  campaign.on('change', changes.notify);

  function survives(method: string, path: string): boolean {
    if (!bot.diesAtNextCall || method !== 'POST' || path.startsWith('/ims/')) return true;
    bot.diesAtNextCall = false;
    void inTurn(revive);
    return false;
  }

  function become(state: Bot['state']): void {
    bot.state = state;
    changes.notify();
  }

  /** A bot that ends by itself has failed, until it is started again. */
  function watch(): void {
    const { pid, ended } = sandbox.bot();
    bot.pid = pid;
    ended.then(() => {
      if (bot.state === 'running' && bot.pid === pid) become('failed');
    });
  }

  /** One thing at a time is done to the bot: whoever comes later waits. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  /** Gives what the bot says, a line each, where it does not come up. */
  async function revive(): Promise<readonly string[]> {
    become('starting');
    try {
      await sandbox.restart('SIGKILL');
      bot.starts += 1;
      watch();
      become('running');
      return [];
    } catch (error) {
      become('failed');
      if (error instanceof BotNotReadyError) return complaintsIn(error.output);
      throw error;
    }
  }

  async function startWith(text: string): Promise<readonly string[]> {
    await sandbox.configure(text);
    return revive();
  }

  return {
    sandbox,
    mode,
    bot: () => ({ ...bot, log: [...log] }),
    rules: () => rules,
    broken: () => broken,
    breakOrMend(name, isOn) {
      if (isOn) broken.add(name);
      else broken.delete(name);
      breakThese(sandbox, broken);
      changes.notify();
      // What kept it from coming up may be mended.
      if (!isOn && bot.state === 'failed') void inTurn(revive);
    },
    async kill() {
      if (bot.state === 'starting') return;
      refuseWith(await inTurn(revive));
    },
    killAtNextCall() {
      bot.diesAtNextCall = true;
      changes.notify();
    },
    setRules: (text) =>
      inTurn(async () => {
        const problems = bot.state === 'running' ? problemsIn(await sandbox.reload(text)) : await startWith(text);
        if (problems.length === 0) {
          rules = text;
          changes.notify();
          return;
        }
        // The file says what is in force, also for the next bot that reads it.
        await sandbox.configure(rules);
        if (bot.state !== 'running') await revive();
        refuseWith(problems);
      }),
    on: changes.on,
    close: sandbox.close,
  };
}

function refuseWith(problems: readonly string[]): void {
  if (problems.length > 0) throw new BotRefusedError(problems.join('\n'));
}

/** What the line says that the bot logs when it has read its configuration anew. */
function problemsIn(line: string): readonly string[] {
  const { problems = [] } = JSON.parse(line) as { problems?: readonly string[] };
  return problems;
}

/** Those that were kept, or those of every new sandbox. */
async function rulesAtFirst(keep: string | null): Promise<string> {
  const kept = keep === null ? null : await readKeptRules(keep);
  return kept ?? readFile(fileURLToPath(new URL('./campaign-wf.yml', import.meta.url)), 'utf8');
}
