import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PretendCampaign, startPretendCampaign } from '../../sandbox/campaign/pretend-campaign.ts';
import { type PretendSlack, type PretendSlackOptions, startPretendSlack } from '../../sandbox/slack/pretend-slack.ts';
import { botEnv } from '../../sandbox/start-sandbox.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { type Locale, translatorFor } from '../../src/locales/translator.ts';
import { scrubber } from '../../src/log.ts';
import { secretsIn } from '../../src/secrets.ts';
import { afterFile } from '../runner/after-file.ts';

export type Env = Readonly<Record<string, string>>;
type Found = { readonly area: string; readonly name: string; readonly level: string; readonly message: string };
export type Finding = Found & Readonly<Record<string, string | number>>;

type Examined = {
  readonly exit: number;
  /** Every line that was printed. */
  readonly output: string;
  readonly findings: readonly Finding[];
  /** Those with that name. */
  named(name: string): readonly Finding[];
};

type Options = {
  readonly only?: string;
  readonly locale?: Locale;
  readonly environment?: Env;
  readonly areaMs?: number;
};

/** What `npm run doctor -- --json` says with these variables, without a process of its own. */
export async function examine(
  env: Env,
  { only, locale = 'en', environment = {}, areaMs = 20_000 }: Options = {},
): Promise<Examined> {
  const lines: string[] = [];
  const exit = await runDoctor(['--json', ...(only === undefined ? [] : ['--only', only])], {
    given: { variables: env, unread: [], unreadable: null, comments: [], quoted: [], elsewhere: null },
    environment,
    translator: translatorFor(locale),
    scrub: scrubber(secretsIn(env)),
    say: (line) => lines.push(line),
    remark: (line) => lines.push(line),
    limits: { areaMs },
  });
  const output = lines.join('\n');
  const { findings } = JSON.parse(output) as { findings: readonly Finding[] };
  return { exit, output, findings, named: (name: string) => findings.filter((one) => one.name === name) };
}

/** A folder that is removed after the test file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-wf-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type World = {
  readonly slack: PretendSlack;
  readonly campaign: PretendCampaign;
  /** Settings with which nothing is wrong. */
  readonly env: Env;
  /** The variables of a file with these rules, in place of the lists. */
  rules(text: string): Env;
};

type WorldOptions = Omit<PretendSlackOptions, 'mode'> & { readonly mode?: 'http' | 'socket' };

/** A pretend Slack and a pretend Campaign, and settings for a bot between them that is not started. */
export async function inWorld(options: WorldOptions, work: (world: World) => Promise<void>): Promise<void> {
  const { mode = 'socket' } = options;
  await using resources = new AsyncDisposableStack();
  const slack = resources.adopt(await startPretendSlack({ ...options, mode }), (it) => it.close());
  const campaign = resources.adopt(await startPretendCampaign({ strict: true }), (it) => it.close());
  const folder = newFolder();
  const { CAMPAIGN_ORGANIZATION, ...places } = botEnv(slack, campaign, mode);
  const sound = {
    ...places,
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: `sqlite:${join(folder, 'ledger.sqlite')}`,
  };
  const lists = {
    CAMPAIGN_ORGANIZATION: CAMPAIGN_ORGANIZATION ?? '',
    CAMPAIGN_WF_CHANNELS: 'C0OPS',
    CAMPAIGN_WF_USERS: 'U0ALICE',
    CAMPAIGN_WF_APPROVERS: 'S0LEADS',
  };
  const withoutLists = Object.fromEntries(Object.entries(sound).filter(([name]) => !(name in lists)));
  await work({
    slack,
    campaign,
    env: { ...sound, ...lists },
    rules(text) {
      const CAMPAIGN_WF_CONFIG = join(folder, 'campaign-wf.yml');
      writeFileSync(CAMPAIGN_WF_CONFIG, text);
      return { ...withoutLists, CAMPAIGN_WF_CONFIG };
    },
  });
}

/** Rules of one environment, with these lists. */
export function ruleFile({
  channels = ['C0OPS'],
  users = ['U0ALICE'],
  groups = [] as readonly string[],
  from = '',
  more = '',
} = {}): string {
  return `environments:
  prod: { organization: acme }
access:
  - name: Operators
    channels: [${channels.join(', ')}]
    people: { users: [${users.join(', ')}], groups: [${groups.join(', ')}] }
    commands: [start, stop]
${from === '' ? '' : `    approval: ${from}\n`}${more}`;
}
