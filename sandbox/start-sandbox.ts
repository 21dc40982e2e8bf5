import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BotProcess, startBot } from './bot-process.ts';
import {
  type PretendCampaign,
  type PretendCampaignOptions,
  startPretendCampaign,
} from './campaign/pretend-campaign.ts';
import { keepConversation, keptIn, openKeptFolder, readKeptClock } from './kept-folder.ts';
import { type PretendSlack, startPretendSlack } from './slack/pretend-slack.ts';
import type { WorkspaceSeed } from './slack/seed.ts';

/** A little longer than `turned-clock.ts` goes by what it has read. */
const clockReadMs = 25;

export type SandboxOptions = {
  readonly mode: 'http' | 'socket';
  /** Whether `turnClock` turns the clock of the bot, and of Slack. */
  readonly hasTurnedClock?: boolean;
  /** Added to the bot's environment variables, or replaces them. */
  readonly env?: Record<string, string>;
  /** Of the bot token. Default: all that the bot's manifest asks for. */
  readonly scopes?: readonly string[];
  /** The bot's `campaign-wf.yml`, in place of the lists of its environment. */
  readonly configuration?: string;
  /** Strict by default, because its client is the bot. */
  readonly campaign?: PretendCampaignOptions;
  /** The absolute path of a folder that keeps the ledger, the configuration and the conversation. Default: a temporary folder, removed with the sandbox. */
  readonly keep?: string;
  /** In place of the pretend Slack's usual people, channels or groups. */
  readonly workspace?: Partial<WorkspaceSeed>;
  /** How long the bot may take to acknowledge before a delivery fails. Default: that of the pretend Slack. */
  readonly deliveredWithinMs?: number;
  /** Slack's clock, milliseconds since the epoch. Default: this machine's. */
  readonly slackNow?: () => number;
  /** Called with each line of the bot's log. */
  readonly onLogLine?: (line: string) => void;
};

/** A pretend Slack, a pretend Campaign, and the real bot between them. */
export type Sandbox = {
  readonly slack: PretendSlack;
  readonly campaign: PretendCampaign;
  /** The current bot process. */
  bot(): BotProcess;
  /** Ends the bot with that signal and starts it again on the same ledger. Rejects with a BotNotReadyError where it does not start. */
  restart(signal: NodeJS.Signals): Promise<void>;
  /** Writes another `campaign-wf.yml`, which the bot reads when it starts. */
  configure(configuration: string): Promise<void>;
  /** Writes another `campaign-wf.yml` and lets the bot reload it. Resolves with the log line of the result. */
  reload(configuration: string): Promise<string>;
  readonly ledgerPath: string;
  /** How far the clock of the bot and of Slack is ahead of this machine's. */
  aheadMs(): number;
  /** Turns the clock of the bot and of Slack ahead by so many milliseconds more. Only with `hasTurnedClock`. */
  turnClock(ms: number): Promise<void>;
  close(): Promise<void>;
};

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { mode, env = {}, scopes, configuration, slackNow = Date.now, onLogLine = () => {} } = options;
  let aheadMs = 0;
  const now = () => slackNow() + aheadMs;
  const resources = new AsyncDisposableStack();
  try {
    const { workspace, deliveredWithinMs: timeoutMs } = options;
    const inSlack = {
      ...(scopes && { scopes }),
      ...(workspace && { workspace }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
    const slack = resources.adopt(await startPretendSlack({ mode, now, ...inSlack }), (it) => it.close());
    const campaign = resources.adopt(await startPretendCampaign({ strict: true, ...options.campaign }), (it) =>
      it.close(),
    );
    const temporary = resources.adopt(await temporaryFolder(), (it) => rm(it, { recursive: true }));
    const folder = options.keep ?? temporary;
    if (options.keep !== undefined) await openKeptFolder(slack.workspace, folder);
    const { ledger: ledgerPath, rules: file, clock: clockFile } = keptIn(folder);
    // The ledger and the conversation are of that time.
    if (options.hasTurnedClock) aheadMs = await readKeptClock(folder);
    const settings = botEnv(slack, campaign, mode);
    if (configuration !== undefined) await writeFile(file, configuration);
    const rules =
      configuration === undefined ? settings : { ...withoutSimplePolicy(settings), CAMPAIGN_WF_CONFIG: file };
    const places = { DATABASE_URL: `sqlite:${ledgerPath}` };
    const clock = options.hasTurnedClock ? await turnedClock(clockFile, aheadMs) : {};
    const variables = { ...rules, ...places, ...clock, ...env };
    const start = async () => {
      const started = await startBot(variables, temporary, onLogLine);
      slack.deliverTo(`${started.url}/slack/events`);
      return started;
    };
    let bot = await start();
    let restarted = Promise.resolve();
    // The output during the shutdown is kept as well.
    if (options.keep !== undefined) resources.defer(() => keepConversation(slack.workspace, folder));
    resources.defer(async () => {
      // A process that is still starting is ended as well.
      await restarted.catch(() => {});
      await bot.end('SIGTERM');
    });
    return {
      slack,
      campaign,
      ledgerPath,
      bot: () => bot,
      restart(signal) {
        const again = async () => {
          await bot.end(signal);
          bot = await start();
        };
        // Two processes on one ledger would be refused.
        restarted = restarted.then(again, again);
        return restarted;
      },
      configure: (text) => writeFile(file, text),
      aheadMs: () => aheadMs,
      async turnClock(ms) {
        aheadMs += ms;
        await writeClock(clockFile, aheadMs);
        // Until then the bot may go by what it has read before (`turned-clock.ts`), and refuse what Slack signs.
        await wait(clockReadMs);
        if (slack.socketCount() > 0) await renewSocket(slack);
      },
      async reload(text) {
        await writeFile(file, text);
        return bot.signal('SIGHUP', /"message":"the configuration (was reloaded|was rejected)/);
      },
      close: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** The bot would find the last sign of life too old, and end its connection at any moment of the next seconds. */
async function renewSocket(slack: PretendSlack): Promise<void> {
  slack.dropSockets();
  await wait(clockReadMs);
  await slack.waitFor(() => slack.socketCount() > 0);
}

/** A bot that reads the file at this moment finds the time before or after, and never an empty file. */
async function writeClock(path: string, aheadMs: number): Promise<void> {
  await writeFile(`${path}.new`, String(aheadMs));
  await rename(`${path}.new`, path);
}

/** What the bot's process needs to have its clock turned. */
async function turnedClock(path: string, aheadMs: number): Promise<Record<string, string>> {
  await writeClock(path, aheadMs);
  const preloaded = new URL('turned-clock.ts', import.meta.url).href;
  return { SANDBOX_CLOCK_AHEAD: path, NODE_OPTIONS: `--import=${preloaded}` };
}

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'campaign-wf-'));
}

/** The bot's settings, as in an `.env` file. All addresses are on this machine. */
export function botEnv(
  slack: PretendSlack,
  campaign: PretendCampaign,
  mode: 'http' | 'socket',
): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_API_URL: slack.apiUrl,
    CAMPAIGN_ORGANIZATION: campaign.organization,
    CAMPAIGN_CLIENT_ID: campaign.clientId,
    CAMPAIGN_CLIENT_SECRET: campaign.clientSecret,
    CAMPAIGN_SCOPES: campaign.scopes,
    CAMPAIGN_API_URL: campaign.apiUrl,
    IMS_URL: campaign.imsUrl,
    CAMPAIGN_WF_CHANNELS: 'C0OPS,C0NOBOT,C0SHARED',
    CAMPAIGN_WF_USERS: 'U0ALICE,U0GINA',
    CAMPAIGN_WF_APPROVERS: 'S0LEADS',
    // Its calls would meet the faults that are meant for commands.
    CAMPAIGN_WF_SELF_CHECK: 'off',
  };
}

/** The settings that belong into the configuration file where there is one. */
export function withoutSimplePolicy(env: Record<string, string>): Record<string, string> {
  const isSimple = (name: string) =>
    name === 'CAMPAIGN_ORGANIZATION' || /^CAMPAIGN_WF_(?:CHANNELS|USERS|APPROVERS|CONFIRM_WITHIN)$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSimple(name)));
}
