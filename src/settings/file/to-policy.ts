import { usualExpiry } from '../../access/escalation.ts';
import {
  type FreezeTime,
  frozenByDefault,
  type PlannedFreeze,
  type WeekWindow,
  weekdays,
  windowsOf,
} from '../../access/freeze-windows.ts';
import type { OnCall } from '../../access/on-call.ts';
import { allWorkflows, covers, type WorkflowPattern } from '../../access/patterns.ts';
import type { Approval, Emergency, People, Policy, Rule, Stage } from '../../access/policy.ts';
import { technicalWorkflows } from '../../access/simple-policy.ts';
import { type Alias, findAlias, sameName, type Vocabulary } from '../../commands/vocabulary/vocabulary.ts';
import { dailyTimes, durationMs, localTimeOf, momentMs, weeklyTimes } from '../formats.ts';
import type { FileContent } from './file-schema.ts';

type FileRule = FileContent['access'][number];
type FileApproval = NonNullable<FileRule['approval']>;
type FileEmergency = NonNullable<FileRule['emergency']>;
type FileFreeze = FileContent['freezes'][number];

const wholeDay = { from: '00:00', until: '00:00' };

/** The names that people can type, from the file. */
export function vocabularyOf(content: FileContent, environments: readonly string[]): Vocabulary {
  const [first, ...more] = environments;
  return {
    environments,
    defaultEnvironment: content.default_environment ?? (more.length === 0 ? (first ?? null) : null),
    aliases: Object.entries(content.workflows).map(([name, { id, environment, label }]) => ({
      name,
      workflowId: id,
      environment: environment ?? null,
      label: label ?? null,
    })),
  };
}

/** The policy of the file. */
export function policyOf(content: FileContent, vocabulary: Vocabulary): Policy {
  const { access, protected_workflows, freezes, guests, shared_channels } = content;
  return {
    rules: access.map((rule) => ruleOf(rule, vocabulary)),
    protectedWorkflows: new Set([
      ...technicalWorkflows,
      ...protected_workflows.flatMap((entry) => protectedIds(entry, vocabulary)),
    ]),
    freezes: freezes.map((freeze) => freezeOf(freeze, vocabulary)),
    guests: new Set(guests),
    sharedChannels: new Set(shared_channels),
  };
}

function ruleOf(rule: FileRule, vocabulary: Vocabulary): Rule {
  return {
    name: rule.name,
    channels: new Set(rule.channels),
    people: peopleOf(rule.people),
    environments: new Set(rule.environments ?? vocabulary.environments),
    workflows: (rule.workflows ?? [allWorkflows]).flatMap((entry) => patternsOf(entry, vocabulary)),
    actions: new Set(rule.commands),
    ...reasonOf(rule.reason),
    ...(rule.several && { startsSeveral: true }),
    approval: rule.approval === undefined ? null : approvalOf(rule.approval, rule.emergency),
    ...(rule.emergency && { emergency: emergencyOf(rule.emergency) }),
  };
}

function reasonOf(reason: FileRule['reason']): Pick<Rule, 'reasonRequired' | 'reasonFormat'> {
  if (typeof reason === 'string') return { reasonRequired: reason === 'required' };
  const { required, matches: pattern, hint = pattern } = reason;
  return { reasonRequired: required, reasonFormat: { pattern, hint } };
}

/** The workflows of an entry, by their IDs and by their aliases, which people may type instead. */
export function patternsOf(entry: string, vocabulary: Vocabulary): readonly WorkflowPattern[] {
  const aliases = aliasesOf(entry, vocabulary);
  const byAlias = aliases.map(({ workflowId: id, environment }) => ({ id, environment }));
  if (aliases.some(({ name }) => sameName(name, entry))) return byAlias;
  return [...byAlias.filter(({ id }) => !covers(entry, id)), { id: entry, environment: null }];
}

/** The aliases that an entry names, or matches with its `*`. */
export function aliasesOf(entry: string, { aliases }: Pick<Vocabulary, 'aliases'>): readonly Alias[] {
  return aliases.filter(({ name }) => covers(entry, name));
}

function approvalOf(approval: FileApproval, emergency: FileEmergency | undefined): Approval {
  const { from, count, requester_may_approve: own = false, expires_after, remind_after, escalate = [] } = approval;
  const escalation = escalate.map(stageOf);
  const waits = [...escalation, ...(emergency === undefined ? [] : [emergencyOf(emergency)])];
  const later = {
    withinMs:
      expires_after === undefined
        ? usualExpiry(waits.map(({ afterMs }) => afterMs))
        : checked(durationMs(expires_after)),
    ...(remind_after !== undefined && { remindAfterMs: [remind_after].flat().map((one) => checked(durationMs(one))) }),
    ...(escalation.length > 0 && { escalation }),
  };
  if (from === 'requester') return { from, count, requesterMayApprove: true, ...later };
  return { from: peopleOf(from), count, requesterMayApprove: own, ...later };
}

type FileStage = NonNullable<FileApproval['escalate']>[number];

function stageOf({ after, to: { on_call, ...people } }: FileStage): Stage {
  return {
    afterMs: checked(durationMs(after)),
    to: peopleOf(people),
    onCall: on_call === undefined ? null : onCallOf(on_call),
  };
}

function onCallOf({ from, ...others }: NonNullable<FileStage['to']['on_call']>): OnCall {
  return { ...others, from: checked(localTimeOf(from)) };
}

function emergencyOf({ people, commands, after, review_by }: FileEmergency): Emergency {
  return {
    people: peopleOf(people),
    actions: new Set(commands),
    afterMs: checked(durationMs(after)),
    reviewBy: peopleOf(review_by),
  };
}

/** An alias means its workflow. A workflow whose ID equals the alias may be meant as well. */
function protectedIds(entry: string, vocabulary: Vocabulary): readonly string[] {
  const alias = findAlias(vocabulary, entry);
  const ids = alias === null ? [entry] : [entry, alias.workflowId];
  return ids.map((id) => id.toLowerCase());
}

function freezeOf(freeze: FileFreeze, vocabulary: Vocabulary): PlannedFreeze {
  const { environments, commands, because } = freeze;
  return {
    environments: new Set(environments ?? vocabulary.environments),
    verbs: commands === undefined ? frozenByDefault : new Set(commands),
    because,
    time: timeOf(freeze),
  };
}

function timeOf({ timezone, calendar, from = '', until = '', ...week }: FileFreeze): FreezeTime {
  if (timezone !== undefined && calendar !== undefined) return { kind: 'calendar', source: calendar, timezone };
  if (timezone !== undefined) return { kind: 'weekly', windows: windowsOfWeek(week), timezone };
  return { kind: 'period', from: checked(momentMs(from)), until: checked(momentMs(until)) };
}

export function windowsOfWeek({
  daily,
  days,
  weekly,
}: Pick<FileFreeze, 'daily' | 'days' | 'weekly'>): readonly WeekWindow[] {
  if (weekly !== undefined) return [checked(weeklyTimes(weekly))];
  const { from, until } = daily === undefined ? wholeDay : checked(dailyTimes(daily));
  return windowsOf(days ?? weekdays, from, until);
}

function peopleOf({ users, groups }: { users: readonly string[]; groups: readonly string[] }): People {
  return { users: new Set(users), groups: new Set(groups) };
}

/** The file was validated: a null here is a bug. */
function checked<T>(value: T | null): T {
  if (value === null) throw new Error('the configuration file was not checked');
  return value;
}
