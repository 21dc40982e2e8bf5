import { type CommandWord, type Verb, verbs, type WatchChoice } from '../commands/command.ts';
import type { PlannedFreeze } from './freeze-windows.ts';
import type { OnCall } from './on-call.ts';
import type { WorkflowPattern } from './patterns.ts';

/** People by Slack IDs: users (`U…`, `W…`) and user groups (`S…`). An empty set names nobody. */
export type People = { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };

export const nobody: People = { users: new Set(), groups: new Set() };

export function plus({ users, groups }: People, ...more: readonly string[]): People {
  return { users: users.union(new Set(more)), groups };
}

export function united(all: readonly People[]): People {
  return all.reduce(
    (one, other) => ({ users: one.users.union(other.users), groups: one.groups.union(other.groups) }),
    nobody,
  );
}

/** What a rule can permit. `access` is for the rights of others; everybody may see their own. */
export const actions = [
  ...verbs,
  'freeze',
  'unfreeze',
  'watch',
  'unwatch',
  'status',
  'history',
  'access',
] as const satisfies readonly CommandWord[];
export type Action = (typeof actions)[number];

/** Actions that only read. They need neither a reason nor an approval. */
export type ReadAction = Extract<Action, 'status' | 'history' | 'access'>;

/**
 * What somebody answers to an alert of a watch by its button: that the channel is notified of nothing for a while, or that the
 * workflow stays paused. No rule names them (`answer-decision.ts`).
 */
export const alertAnswers = ['mute', 'leave_paused'] as const;
export type AlertAnswer = (typeof alertAnswers)[number];

/** What people can request: an action, an answer to an alert, or the form, which is permitted with any command. */
export type RequestedAction = Action | AlertAnswer | 'form';

/** Who is asked as well if too few have confirmed that long after the question. */
export type Stage = { readonly afterMs: number; readonly to: People; readonly onCall: OnCall | null };

/** Everybody whom a stage may ever ask. */
export function everAsked({ to, onCall }: Stage): People {
  return onCall === null ? to : plus(to, ...onCall.users);
}

/** Who has to confirm a request before it is executed. */
export type Approval = {
  /** The people who may confirm; `'requester'`: the requester confirms. */
  readonly from: People | 'requester';
  /** How many different people have to confirm. */
  readonly count: number;
  /** Whether the requester may confirm, if among `from`. */
  readonly requesterMayApprove: boolean;
  readonly withinMs: number;
  /** How long after the question those who are asked are reminded, in milliseconds, ascending. Absent: never. */
  readonly remindAfterMs?: readonly number[];
  /** Who is asked as well while too few have confirmed, in the order of time. Absent: nobody. */
  readonly escalation?: readonly Stage[];
};

/** Who may send a command without the confirmations that it needs, where nobody gave them in time. */
export type Emergency = {
  /** Who may declare it. */
  readonly people: People;
  readonly actions: ReadonlySet<Action>;
  /** How long after the question. */
  readonly afterMs: number;
  /** Who may review it afterwards. */
  readonly reviewBy: People;
};

/** A pattern for reasons, and its description for people. */
export type ReasonFormat = { readonly pattern: string; readonly hint: string };

/** Permits its people its commands, in its channels, on its workflows in its environments. An empty list permits nothing. */
export type Rule = {
  readonly name: string;
  readonly channels: ReadonlySet<string>;
  readonly people: People;
  /** By the names that the configuration gives them. */
  readonly environments: ReadonlySet<string>;
  readonly workflows: readonly WorkflowPattern[];
  readonly actions: ReadonlySet<Action>;
  readonly reasonRequired: boolean;
  /** The required format of a reason, if one is given. */
  readonly reasonFormat?: ReasonFormat;
  /** Whether one command may start or resume several workflows; pauses and stops always may. Absent: no. */
  readonly startsSeveral?: boolean;
  /** For all changes that the rule permits; null: a stop is confirmed by its requester, the rest needs no confirmation. */
  readonly approval: Approval | null;
  /** Only beside an approval by others. */
  readonly emergency?: Emergency;
};

/** The first rule that matches decides; nothing else is permitted. */
export type Policy = {
  readonly rules: readonly Rule[];
  /** Workflow IDs, lower case, that no rule permits to change. */
  readonly protectedWorkflows: ReadonlySet<string>;
  readonly freezes: readonly PlannedFreeze[];
  /** Guests by user ID to whom the rules apply as to members. */
  readonly guests: ReadonlySet<string>;
  /** Channels shared with other organizations in which the rules apply as well. */
  readonly sharedChannels: ReadonlySet<string>;
};

/** The requester's own confirmation: the minimum for a stop, and for a start that does more than to start. */
export const ownConfirmation: Approval = {
  from: 'requester',
  count: 1,
  requesterMayApprove: true,
  withinMs: 300_000,
};

export function isReadAction(wish: RequestedAction): wish is ReadAction | 'form' {
  return wish === 'status' || wish === 'history' || wish === 'access' || wish === 'form';
}

export function isVerb(wish: RequestedAction): wish is Verb {
  return (verbs as readonly RequestedAction[]).includes(wish);
}

/** Orders about a watch. They concern one channel, and nothing is sent to Campaign for them. */
export function isOfWatch(wish: RequestedAction): wish is WatchChoice {
  return wish === 'watch' || wish === 'unwatch';
}

/** An answer to an alert. The alert and its thread show it, so it has no announcement. */
export function isAlertAnswer(wish: RequestedAction): wish is AlertAnswer {
  return alertAnswers.some((answer) => answer === wish);
}

/** Actions that leave the workflow as it is: a protected one can be read, and watched. */
export function leavesWorkflow(action: Action): boolean {
  return isReadAction(action) || isOfWatch(action);
}

/** Actions on a whole environment, never on a single workflow. */
export function isEnvironmentWide(action: Action): boolean {
  return action === 'freeze' || action === 'unfreeze';
}

/** Overriding commands: neither exclusivity nor a freeze delays them. */
export function isOverriding(wish: RequestedAction): boolean {
  return wish === 'stop' || wish === 'freeze';
}

/** Actions that halt something. The limit of open requests counts them separately. */
export function isHalting(wish: RequestedAction): boolean {
  return wish === 'stop' || wish === 'pause' || wish === 'freeze';
}

export function includes(people: People, person: { id: string; groups: ReadonlySet<string> }): boolean {
  return people.users.has(person.id) || !people.groups.isDisjointFrom(person.groups);
}

/** The groups through which the person may be among these people, if that is unknown. */
export function doubtsAbout(
  people: People,
  person: { id: string; groups: ReadonlySet<string>; unknownGroups: ReadonlyMap<string, unknown> },
): ReadonlySet<string> {
  return includes(people, person) ? new Set() : people.groups.intersection(person.unknownGroups);
}

export function isNobody({ users, groups }: People): boolean {
  return users.size === 0 && groups.size === 0;
}

/** The confirmation that an action needs under a rule. */
export function approvalFor(rule: Rule, action: Action): Approval | null {
  if (isReadAction(action)) return null;
  return rule.approval ?? (action === 'stop' ? ownConfirmation : null);
}

/** The emergency of an action under a rule, and the format of its reason; null: there is none. */
export type EmergencyTerms = Emergency & Pick<Rule, 'reasonFormat'>;

export function emergencyFor({ approval, emergency, reasonFormat }: Rule, action: Action): EmergencyTerms | null {
  if (approval === null || approval.from === 'requester' || !emergency?.actions.has(action)) return null;
  return { ...emergency, ...(reasonFormat && { reasonFormat }) };
}

/** The user groups that the rules name. */
export function groupsNamed({ rules }: Pick<Policy, 'rules'>): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => peopleIn(rule).flatMap(({ groups }) => [...groups])));
}

/** Everybody whom a rule names: who may ask, confirm, declare an emergency, or review one. */
export function peopleIn({ people, approval, emergency }: Rule): readonly People[] {
  return [people, namedApprovers(approval), ...(emergency === undefined ? [] : [emergency.people, emergency.reviewBy])];
}

/** Whether any rule is about this channel. */
export function isNamed({ rules }: Pick<Policy, 'rules'>, channel: string): boolean {
  return rules.some(({ channels }) => channels.has(channel));
}

/** Whether a rule for this channel names the person. */
export function isNamedIn(
  { rules }: Pick<Policy, 'rules'>,
  channel: string,
  person: { readonly id: string; readonly groups: ReadonlySet<string> },
): boolean {
  return rules.some((rule) => rule.channels.has(channel) && peopleIn(rule).some((people) => includes(people, person)));
}

/** Everybody whom an approval names, at once or later. */
export function namedApprovers(approval: Approval | null): People {
  if (approval === null) return nobody;
  const { from, escalation = [] } = approval;
  return united([from === 'requester' ? nobody : from, ...escalation.map(everAsked)]);
}

/**
 * Whether a rule for this channel may name the person, without a look-up at Slack.
 * @param membersOf the members of a user group; null if unknown
 */
export function mayBeNamed(
  { rules }: Pick<Policy, 'rules'>,
  { person, channel }: { readonly person: string; readonly channel: string },
  membersOf: (group: string) => ReadonlySet<string> | null,
): boolean {
  const mayBeIn = (group: string) => membersOf(group)?.has(person) ?? true;
  return rules.some(
    ({ channels, people: { users, groups } }) =>
      channels.has(channel) && (users.has(person) || [...groups].some(mayBeIn)),
  );
}
