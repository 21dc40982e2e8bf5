import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BotNotReadyError } from '../bot-process.ts';
import { readKeptRules } from '../kept-folder.ts';
import { createChanges } from '../slack/changes.ts';
import { type Sandbox, startSandbox } from '../start-sandbox.ts';
import { type BreakageName, breakThese } from './breakages.ts';
import { pageWorkspace } from './people.ts';
import { languageIn } from './rules-language.ts';
import type { Bot } from './snapshot.ts';
import { startupProblems } from './startup-problems.ts';

/** How long a command takes to become effective in the pretend Campaign: long enough to watch. */
const settleMs = 3_000;

/** The number of log lines that the page shows. */
const lines = 300;

/** The bot rejects these rules, or does not start. The message has its reasons, one a line. */
export class BotRefusedError extends Error {
  override name = 'BotRefusedError';
}

/** The second organization, for the environment `stage` in the rules. */
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

/** The sandbox with its controls: faults, kills and rules. */
export type Stage = {
  readonly sandbox: Sandbox;
  readonly mode: 'http' | 'socket';
  bot(): Bot;
  rules(): string;
  broken(): ReadonlySet<BreakageName>;
  setBroken(name: BreakageName, isOn: boolean): void;
  /** Kills the bot with SIGKILL and starts it again on the same ledger. Rejects with a BotRefusedError where it does not start. */
  kill(): Promise<void>;
  /** Kills the bot during its next command: Campaign has received it, the bot has no response. */
  killAtNextCall(): void;
  /** Turns the clock of the bot, of Slack and of Campaign ahead. */
  turnClock(ms: number): Promise<void>;
  /** Rejects with a BotRefusedError where the bot rejects them and keeps the old ones. */
  setRules(text: string): Promise<void>;
  /** Subscribes to every change of Slack, Campaign and the bot. Returns the unsubscribe function. */
  on(listener: () => void): () => void;
  close(): Promise<void>;
};

/** Rejects with a BotNotReadyError where the bot does not start, and with a KeptFolderError. */
export async function openStage({ mode, keep }: { mode: Stage['mode']; keep: string | null }): Promise<Stage> {
  const changes = createChanges();
  const log: string[] = [];
  const broken = new Set<BreakageName>();
  const bot = { state: 'running' as Bot['state'], pid: 0, starts: 1, diesAtNextCall: false };
  let rules = await rulesAtFirst(keep);
  /** Of the rules with which the bot was started. */
  let language = 'en';

  const sandbox = await startSandbox({
    mode,
    hasTurnedClock: true,
    ...(keep !== null && { keep }),
    configuration: rules,
    workspace: pageWorkspace,
    env: stageCredentials,
    campaign: {
      strict: false,
      settleMs,
      others: [stageClient],
      mayAnswer: ({ method, path }) => survives(method, path),
    },
    onLogLine(line) {
      log.push(line);
      log.splice(0, log.length - lines);
      changes.notify();
    },
  });
  language = languageIn(rules);
  watch();
  const { slack, campaign } = sandbox;
  for (const id of ['WKF300', 'WKF301']) campaign.addWorkflow(id, 'editing', stageClient.organization);
  campaign.addWorkflow('WKF400');
  slack.on('change', changes.notify);
  campaign.on('change', changes.notify);

  function survives(method: string, path: string): boolean {
    if (!bot.diesAtNextCall || method !== 'POST' || path.startsWith('/ims/')) return true;
    bot.diesAtNextCall = false;
    void inTurn(restartBot);
    return false;
  }

  function become(state: Bot['state']): void {
    bot.state = state;
    changes.notify();
  }

  /** A bot that exits on its own has failed, until it is started again. */
  function watch(): void {
    const { pid, ended } = sandbox.bot();
    bot.pid = pid;
    ended.then(() => {
      if (bot.state === 'running' && bot.pid === pid) become('failed');
    });
  }

  /** Operations on the bot run one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(() => work());
    last = done.catch(() => {});
    return done;
  }

  /** Returns the bot's messages, one a line, where it does not start. */
  async function restartBot(withRules = rules): Promise<readonly string[]> {
    become('starting');
    try {
      await sandbox.restart('SIGKILL');
      bot.starts += 1;
      language = languageIn(withRules);
      watch();
      become('running');
      return [];
    } catch (error) {
      become('failed');
      if (error instanceof BotNotReadyError) return startupProblems(error.output);
      throw error;
    }
  }

  async function startWith(text: string): Promise<readonly string[]> {
    await sandbox.configure(text);
    return restartBot(text);
  }

  return {
    sandbox,
    mode,
    bot: () => ({ ...bot, log: [...log], language: { now: language, next: languageIn(rules) } }),
    rules: () => rules,
    broken: () => broken,
    setBroken(name, isOn) {
      if (isOn) broken.add(name);
      else broken.delete(name);
      breakThese(sandbox, broken);
      changes.notify();
      // The reason for the failed start may be gone.
      if (!isOn && bot.state === 'failed') void inTurn(restartBot);
    },
    async kill() {
      if (bot.state === 'starting') return;
      refuseWith(await inTurn(restartBot));
    },
    killAtNextCall() {
      bot.diesAtNextCall = true;
      changes.notify();
    },
    async turnClock(ms) {
      await sandbox.turnClock(ms);
      campaign.letPass(ms);
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
        // The file keeps the rules in force, also for the next start.
        await sandbox.configure(rules);
        if (bot.state !== 'running') await restartBot();
        refuseWith(problems);
      }),
    on: changes.on,
    close: sandbox.close,
  };
}

function refuseWith(problems: readonly string[]): void {
  if (problems.length > 0) throw new BotRefusedError(problems.join('\n'));
}

/** The problems in the log line of a reload. */
function problemsIn(line: string): readonly string[] {
  const { problems = [] } = JSON.parse(line) as { problems?: readonly string[] };
  return problems;
}

/** The kept rules, or the default ones. */
async function rulesAtFirst(keep: string | null): Promise<string> {
  const kept = keep === null ? null : await readKeptRules(keep);
  return kept ?? readFile(fileURLToPath(new URL('./campaign-wf.yml', import.meta.url)), 'utf8');
}
