import { type FreezeTime, type PlannedFreeze, weekdays, windowsOf } from '../../src/access/freeze-windows.ts';
import { type Action, type Approval, actions, type Rule } from '../../src/access/policy.ts';
import { technicalWorkflows } from '../../src/access/simple-policy.ts';
import type { Verb } from '../../src/commands/command.ts';
import { people, policyOf } from './policy.fixture.ts';

/** Other names of workflows; those with an environment mean the workflow there and nowhere else. */
export const aliases: Readonly<Record<string, { id: string; environment: string | null }>> = {
  'nightly-load': { id: 'WKF110', environment: 'prod' },
  'stage-load': { id: 'WKF120', environment: 'stage' },
  segments: { id: 'WKF300', environment: null },
};

type Written = {
  readonly channels: string;
  readonly people: string;
  readonly environments: string;
  readonly workflows: string;
  readonly commands: string;
  readonly reason?: 'required';
  readonly approval?: Approval;
};

/** A rule as the configuration file would say it, with blanks between what it lists. */
function rule(name: string, written: Written): Rule {
  return {
    name,
    channels: new Set(list(written.channels)),
    people: people(...list(written.people)),
    environments: new Set(list(written.environments)),
    workflows: list(written.workflows).map((one) => aliases[one] ?? { id: one, environment: null }),
    actions: new Set(list(written.commands).map(actionOf)),
    reasonRequired: written.reason === 'required',
    approval: written.approval ?? null,
  };
}

function approval(from: string, count: number, minutes: number, requesterMayApprove: boolean): Approval {
  return { from: people(...list(from)), count, requesterMayApprove, withinMs: minutes * 60_000 };
}

function freeze(environment: string, because: string, time: FreezeTime, ...verbs: readonly Verb[]): PlannedFreeze {
  const held: readonly Verb[] = verbs.length === 0 ? ['start', 'resume'] : verbs;
  return { environments: new Set([environment]), verbs: new Set(held), because, time };
}

function daily(from: string, until: string, timezone: string): FreezeTime {
  return { kind: 'weekly', windows: windowsOf(weekdays, from, until), timezone };
}

function period(from: string, until: string): FreezeTime {
  return { kind: 'period', from: Date.parse(from), until: Date.parse(until) };
}

function list(written: string): readonly string[] {
  return written.split(' ').filter(Boolean);
}

export function actionOf(word: string): Action {
  const action = actions.find((one) => one === word);
  if (action === undefined) throw new Error(`"${word}" is no command`);
  return action;
}

const everywhere = 'prod stage dev';
const everything = actions.join(' ');

const rules = [
  rule('Exports say why', {
    channels: 'C0OPS',
    people: 'S0OPERATORS',
    environments: 'prod',
    workflows: 'export-*',
    commands: 'start resume status',
    reason: 'required',
  }),
  rule('Operators run', {
    channels: 'C0OPS C0NIGHT',
    people: 'U0ALICE S0OPERATORS',
    environments: 'prod stage',
    workflows: 'nightly-load stage-load WKF2* export-* load*eu payroll-export',
    commands: 'start pause resume status',
  }),
  rule('Billing takes two', {
    channels: 'C0OPS',
    people: 'U0ALICE S0LEADS',
    environments: 'prod',
    workflows: 'BILL*',
    commands: 'start stop status',
    reason: 'required',
    approval: approval('U0CAROL S0LEADS', 2, 15, false),
  }),
  rule('Leads stop', {
    channels: 'C0OPS',
    people: 'S0LEADS',
    environments: 'prod stage',
    workflows: '*',
    commands: 'stop',
    reason: 'required',
    approval: approval('S0LEADS', 1, 10, false),
  }),
  rule('Leads start', {
    channels: 'C0OPS',
    people: 'S0LEADS',
    environments: 'prod',
    workflows: '*',
    commands: 'start',
  }),
  rule('Operators stop', {
    channels: 'C0OPS C0NIGHT',
    people: 'U0ALICE S0OPERATORS',
    environments: 'prod stage',
    workflows: 'nightly-load stage-load WKF2* BILL*',
    commands: 'stop',
  }),
  rule('Developers play', {
    channels: 'C0DEV',
    people: 'S0DEVS U0GUSTAV',
    environments: 'dev',
    workflows: '*',
    commands: 'start pause resume stop status history',
  }),
  rule('Agency mails', {
    channels: 'C0AGENCY',
    people: 'U0GINA U0ALICE U0SAM U0GUIDO',
    environments: 'stage',
    workflows: 'MAIL* segments',
    commands: 'start status',
  }),
  rule('Partners watch', {
    channels: 'C0PARTNER C0RUIN',
    people: 'U0ALICE S0OPERATORS',
    environments: 'prod',
    workflows: '*',
    commands: 'status',
  }),
  rule('Odd places', {
    channels: 'C0ATTIC C0QUIET C0CELLAR C0LOST',
    people: 'U0ALICE',
    environments: 'prod',
    workflows: 'odd*',
    commands: 'start status',
    reason: 'required',
  }),
  rule('On call', {
    channels: 'C0OPS C0NIGHT',
    people: 'S0ONCALL',
    environments: 'prod',
    workflows: '*',
    commands: 'freeze unfreeze stop',
  }),
  rule('Auditors read', {
    channels: 'C0AUDIT C0OPS',
    people: 'S0AUDIT',
    environments: everywhere,
    workflows: '*',
    commands: 'status history access',
    reason: 'required',
    approval: approval('S0ADMINS', 1, 5, false),
  }),
  rule('Night looks back', {
    channels: 'C0NIGHT',
    people: 'S0OPERATORS',
    environments: everywhere,
    workflows: 'nightly-load',
    commands: 'history',
  }),
  rule('Admins', {
    channels: 'C0ADMIN',
    people: 'S0ADMINS',
    environments: everywhere,
    workflows: '*',
    commands: everything,
    approval: approval('S0ADMINS', 1, 5, true),
  }),
];

const inDev = { channels: 'C0DEV', people: 'U0EVE', environments: everywhere, workflows: '*', commands: everything };

/** Each leaves one of its lists empty, and so permits nothing. */
const emptyRules = [
  rule('No people', { ...inDev, people: '' }),
  rule('No channel', { ...inDev, channels: '' }),
  rule('No environment', { ...inDev, environments: '' }),
  rule('No workflow', { ...inDev, workflows: '' }),
  rule('No command', { ...inDev, commands: '' }),
];

/** Every kind of rule, freeze and list that there is, the stricter rules before the laxer ones. */
export const policy = policyOf([...rules, ...emptyRules], {
  protectedWorkflows: new Set([...technicalWorkflows, 'payroll-export']),
  freezes: [
    freeze('prod', 'Campaign restarts', daily('05:45', '06:15', 'Europe/Paris')),
    freeze('stage', 'Stage is copied', daily('22:30', '01:30', 'America/New_York')),
    freeze('dev', 'Backups', daily('02:15', '02:45', 'Europe/Paris'), 'pause'),
    freeze('prod', 'Holidays', period('2026-12-20T00:00:00Z', '2027-01-02T00:00:00Z')),
    freeze(
      'prod',
      'Black Friday',
      period('2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'),
      ...(['start', 'pause', 'resume', 'stop'] as const),
    ),
  ],
  guests: new Set(['U0GINA', 'U0GUSTAV', 'U0SAM', 'U0ROBOT', 'U0DEE', 'W0WILMA']),
  sharedChannels: new Set(['C0AGENCY']),
});
