import { type CommandWord, type Verb, verbs } from '../commands/command.ts';
import type { PlannedFreeze } from './freeze-windows.ts';
import type { WorkflowPattern } from './patterns.ts';

/** People by Slack IDs: users (`U…`, `W…`) and user groups (`S…`). An empty set names nobody. */
export type People = { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };

export const nobody: People = { users: new Set(), groups: new Set() };

/** What a rule can permit. `access` is to ask what others may do; everybody may ask that of themselves. */
export const actions = [
  ...verbs,
  'freeze',
  'unfreeze',
  'status',
  'history',
  'access',
] as const satisfies readonly CommandWord[];
export type Action = (typeof actions)[number];

/** What a rule permits and only reads; it needs neither a reason nor an approval. */
export type ReadAction = Extract<Action, 'status' | 'history' | 'access'>;

/** What people can want: also to be shown the form, which is theirs where any command is. */
export type RequestedAction = Action | 'form';

/** Whose confirmation something needs before it is done. */
export type Approval = {
  /** The people who may confirm; `'requester'`: whoever asked confirms. */
  readonly from: People | 'requester';
  /** How many different people have to confirm. */
  readonly count: number;
  /** Whether the requester counts, too, where the requester is among `from`. */
  readonly requesterMayApprove: boolean;
  readonly withinMs: number;
};

/** A pattern for reasons, and how it is told to people. */
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
  /** What a reason has to hold, where there is one. */
  readonly reasonFormat?: ReasonFormat;
  /** For everything of the rule that changes something; null: a stop is confirmed by its requester, the rest by nobody. */
  readonly approval: Approval | null;
};

/** The first rule that matches decides; nothing else is permitted. */
export type Policy = {
  readonly rules: readonly Rule[];
  /** Workflow IDs, lower case, that no rule opens. */
  readonly protectedWorkflows: ReadonlySet<string>;
  readonly freezes: readonly PlannedFreeze[];
  /** Guests by user ID to whom the rules apply as to members. */
  readonly guests: ReadonlySet<string>;
  /** Channels shared with other organizations in which the rules apply all the same. */
  readonly sharedChannels: ReadonlySet<string>;
};

/** A stop always asks, and so does a start that does more than to start: whoever asked for it, unless a rule says more. */
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

/** What is about a whole environment, never about a single workflow. */
export function isEnvironmentWide(action: Action): boolean {
  return action === 'freeze' || action === 'unfreeze';
}

/** What stops things: no rule about one at a time, and no freeze, holds it up. */
export function isOverriding(wish: RequestedAction): boolean {
  return wish === 'stop' || wish === 'freeze';
}

/** What keeps things from happening. One person's stops, pauses and freezes are counted apart from everything else. */
export function isHalting(wish: RequestedAction): boolean {
  return wish === 'stop' || wish === 'pause' || wish === 'freeze';
}

export function includes(people: People, person: { id: string; groups: ReadonlySet<string> }): boolean {
  return people.users.has(person.id) || !people.groups.isDisjointFrom(person.groups);
}

/** The groups by which the person may be among these people, where nobody knows whether. */
export function doubtsAbout(
  people: People,
  person: { id: string; groups: ReadonlySet<string>; unknownGroups: ReadonlyMap<string, unknown> },
): ReadonlySet<string> {
  return includes(people, person) ? new Set() : people.groups.intersection(person.unknownGroups);
}

export function isNobody({ users, groups }: People): boolean {
  return users.size === 0 && groups.size === 0;
}

/** Whose confirmation an action under a rule needs. */
export function approvalFor(rule: Rule, action: Action): Approval | null {
  if (isReadAction(action)) return null;
  return rule.approval ?? (action === 'stop' ? ownConfirmation : null);
}

/** The user groups whose members the rules make a difference for. */
export function groupsNamed({ rules }: Pick<Policy, 'rules'>): ReadonlySet<string> {
  const named = rules.flatMap(({ people, approval }) => [
    ...people.groups,
    ...(approval === null || approval.from === 'requester' ? [] : approval.from.groups),
  ]);
  return new Set(named);
}

/** Whether any rule is about this channel. */
export function isNamed({ rules }: Pick<Policy, 'rules'>, channel: string): boolean {
  return rules.some(({ channels }) => channels.has(channel));
}

/** Whether a rule for this channel names the person as one who may ask or confirm. */
export function isNamedIn(
  { rules }: Pick<Policy, 'rules'>,
  channel: string,
  person: { readonly id: string; readonly groups: ReadonlySet<string> },
): boolean {
  return rules.some(
    ({ channels, people, approval }) =>
      channels.has(channel) && (includes(people, person) || includes(namedApprovers(approval), person)),
  );
}

function namedApprovers(approval: Approval | null): People {
  return approval === null || approval.from === 'requester' ? nobody : approval.from;
}

/**
 * Whether a rule for this channel may name the person, by what is known without asking Slack.
 * @param membersOf who is in a user group; null where that is not known
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
