import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { translatorFor } from '../locales/translator.ts';
import type { Log } from '../requests/ports.ts';
import { type Warning, warningLine } from '../settings/problem.ts';
import type { Settings } from '../settings/settings.ts';
import type { Setup } from '../setup.ts';
import type { Clients } from '../slack/clients.ts';
import type { Identified } from '../slack/identity.ts';
import { createSlackCalls } from '../slack/slack-calls.ts';
import { lookAtOrganization } from './checks/campaign-check.ts';
import { lookAtChannels } from './checks/channels-check.ts';
import type { Report } from './checks/check.ts';
import { checkDisk } from './checks/database-check.ts';
import { lookAtPeople } from './checks/people-check.ts';
import { checkScopes } from './checks/slack-check.ts';
import { type Area, type Finding, type FoundName, textOf, told } from './finding.ts';

/** The quick part of the checks, while the bot runs. */
export type SelfCheck = {
  /** What is wrong, by the newest look. */
  findings(): readonly SelfFinding[];
  /** Looks again now, because the rules have changed. */
  wake(): void;
  /** A look that has begun goes on, and is not heard of any more. */
  end(): void;
};

export type SelfFinding = { readonly name: string; readonly area: Area } & Readonly<Record<string, string | number>>;

export type SelfCheckNeeds = {
  readonly setup: Pick<Setup, 'now'>;
  readonly slack: Identified & Pick<Clients, 'reader'>;
  readonly database: Settings['database'];
  /** Settings that are probably not as intended. */
  readonly warnings: () => readonly Warning[];
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** From 0 to below 1. */
  readonly random: () => number;
};

/** Replicas and restarts must not all ask at once, and what is mended should be seen soon. */
const pauses = { allRight: 3_600_000, somethingWrong: 600_000, spread: 60_000 };

/** One look. What Slack limits takes longer, and is given up. */
const lookWithinMs = 60_000;

/** In the log and in `/readyz`: a file with hundreds of wrong IDs must not flood either. */
const mostInArea = 20;

/** These say that something was not looked at, which is no finding. What was found before about the area stays. */
const unread: readonly FoundName[] = ['not_checked', 'look_up_failed', 'workflow_unread'];
const isUnread = ({ name }: Finding) => unread.some((one) => one === name);
const isWrong = (finding: Finding) =>
  finding.level !== 'ok' && !isUnread(finding) && finding.name !== 'not_all_checked';

/** What is logged elsewhere: at the start, or when a service fails. */
const loggedElsewhere: readonly Finding['name'][] = ['setting_doubtful', 'scope_missing', 'organization_unusable'];

type Look = { readonly area: Area; readonly look: (report: Report) => Promise<void> };

/** Looks once the bot is ready, and from time to time. Nothing waits for it. */
export function startSelfCheck(needs: SelfCheckNeeds): SelfCheck {
  const { log, random } = needs;
  const ended = new AbortController();
  const known = new Map<Area, readonly Finding[]>();
  let waking = Promise.withResolvers<void>();

  async function lookAtArea({ area, look }: Look): Promise<void> {
    const before = known.get(area) ?? [];
    const found = await takeLook(look, before);
    if (ended.signal.aborted) return;
    known.set(area, found);
    logChanges(before, found, log);
  }

  async function lookAtAll(): Promise<void> {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(lookWithinMs)]);
    await Promise.all(looksOf(needs, signal).map(lookAtArea));
  }

  async function loop(): Promise<void> {
    while (!ended.signal.aborted) {
      waking = Promise.withResolvers();
      await lookAtAll();
      const isAllRight = [...known.values()].every((findings) => findings.length === 0);
      const pauseMs = (isAllRight ? pauses.allRight : pauses.somethingWrong) + random() * pauses.spread;
      const pause = new AbortController();
      const signal = AbortSignal.any([ended.signal, pause.signal]);
      await Promise.race([wait(pauseMs, undefined, { signal, ref: false }).catch(() => {}), waking.promise]);
      pause.abort();
    }
  }

  // Nothing in it rejects: a look that fails leaves what was known.
  void loop();
  return {
    findings: () =>
      [...known].flatMap(([area, findings]) =>
        findings.map(({ name, level, values }) => ({ name, area, level, ...values })),
      ),
    wake: () => waking.resolve(),
    end: () => ended.abort(),
  };
}

function looksOf({ setup, slack, database, warnings }: SelfCheckNeeds, signal: AbortSignal): readonly Look[] {
  const { environments, vocabulary, campaigns, ...rules } = setup.now();
  const reader = { ...slack, client: slack.reader, call: createSlackCalls(0, { signal }) };
  const organizations = async (report: Report) => {
    const looks = environments.map(async (environment) => {
      const client = campaigns.get(environment.organization);
      if (client !== undefined) await lookAtOrganization(environment, vocabulary.aliases, client, report);
    });
    await Promise.all(looks);
  };
  const settings = async (report: Report) => {
    for (const warning of warnings()) report(told('warning', 'setting_doubtful', warningLine(warning)));
  };
  return [
    { area: 'settings', look: settings },
    { area: 'slack', look: async (report) => checkScopes(slack.scopes, report) },
    { area: 'channels', look: async (report) => void (await lookAtChannels(rules, reader, report)) },
    { area: 'people', look: (report) => lookAtPeople(rules.policy, reader, report) },
    { area: 'campaign', look: organizations },
    ...(database.kind === 'sqlite'
      ? [{ area: 'database' as const, look: (report: Report) => checkDisk(dirname(database.path), report) }]
      : []),
  ];
}

/** What is wrong in one area. What could not be looked at leaves what was known of it. */
async function takeLook(look: Look['look'], before: readonly Finding[]): Promise<readonly Finding[]> {
  const reported: Finding[] = [];
  const isWhole = await look((finding) => reported.push(finding)).then(
    () => !reported.some(isUnread),
    () => false,
  );
  const wrong = reported.filter(isWrong);
  const found = new Set(wrong.map(keyOf));
  const all = isWhole ? wrong : [...wrong, ...before.filter((one) => !found.has(keyOf(one)))];
  return all.slice(0, mostInArea);
}

function logChanges(before: readonly Finding[], now: readonly Finding[], log: SelfCheckNeeds['log']): void {
  for (const finding of without(now, before)) {
    const { name, values } = finding;
    const what = textOf(finding, translatorFor('en'));
    log.warn({ finding: name, ...values, what }, 'the self-check found something wrong');
  }
  for (const { name, values } of without(before, now)) {
    log.info({ finding: name, ...values }, 'the self-check no longer finds it');
  }
}

/** Those of one list that are not on the other, as far as they are logged here. */
function without(some: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(keyOf));
  const isOurs = ({ name }: Finding) => !loggedElsewhere.some((one) => one === name);
  return some.filter((finding) => isOurs(finding) && !known.has(keyOf(finding)));
}

/** How much of the disk is free changes, and is the same finding. */
function keyOf({ name, values }: Finding): string {
  const { megabytes: _, status: __, ...lasting } = values;
  return `${name} ${JSON.stringify(lasting)}`;
}
