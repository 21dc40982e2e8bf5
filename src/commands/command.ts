/** The commands that change a workflow: the four methods of Campaign's `POST …/commands`. */
export const verbs = ['start', 'pause', 'resume', 'stop'] as const;
export type Verb = (typeof verbs)[number];

/** All commands. */
export const commandWords = [
  ...verbs,
  'status',
  'history',
  'list',
  'access',
  'waiting',
  'help',
  'approve',
  'cancel',
  'emergency',
  'review',
  'freeze',
  'unfreeze',
  'watch',
  'unwatch',
] as const;
export type CommandWord = (typeof commandWords)[number];

/** What can be ordered about a watch: that a channel is told of a workflow, or that it is not any more. */
export type WatchChoice = 'watch' | 'unwatch';

/** The two decisions on a request that needs approval. */
export type ApprovalChoice = 'approve' | 'cancel';

/**
 * Every decision that somebody can press or type. `emergency`: to send it without its confirmations. `review`: of such an
 * emergency, afterwards.
 */
export type PressChoice = ApprovalChoice | 'emergency' | 'review';

/** A workflow's ID, and the alias that was typed, in its configured spelling; null if the ID itself was typed. */
export type WorkflowName = { readonly id: string; readonly alias: string | null };

/** So many workflows fit into one question that people read before they answer it. */
export const mostWorkflows = 20;

/** When something ends, as a duration (`ms`) or a moment (`at`, milliseconds since the epoch), and the typed text. */
export type Until = ({ readonly kind: 'for'; readonly ms: number } | { readonly kind: 'at'; readonly at: number }) & {
  readonly typed: string;
};

/**
 * When a command is to be sent, or a pause to end: after a duration, or at a local time of a day, in the zone of the person
 * who typed it. `next`: today, or tomorrow where that time is past. `typed`: as typed, for people.
 */
export type When = (
  | { readonly kind: 'in'; readonly ms: number }
  /** `time` is `HH:MM`; `day` a date (`YYYY-MM-DD`), `today`, `tomorrow`, or the beginning of a weekday (`fri`). */
  | { readonly kind: 'at'; readonly day: string; readonly time: string }
) & { readonly typed: string };

/** The time of a command: when it is sent, or when a pause ends. */
export type CommandTime = { readonly due: When } | { readonly resumes: When };

/**
 * A parsed command. Environments have their configured spelling. `reason` is '' if none was given. `request` is eight
 * upper-case Crockford characters. A history with environment null covers all environments; `person` is the Slack ID of
 * somebody who has requested or confirmed, `lastMs` how far back it goes.
 */
export type Command =
  | {
      readonly kind: 'change';
      readonly verb: Verb;
      readonly workflow: WorkflowName;
      readonly environment: string;
      readonly reason: string;
      /** Absent: at once. */
      readonly due?: When;
      /** Of a pause: when the workflow is resumed. */
      readonly resumes?: When;
    }
  /** The same for two to {@link mostWorkflows} different workflows of one environment. */
  | {
      readonly kind: 'change_several';
      readonly verb: Verb;
      readonly workflows: readonly WorkflowName[];
      readonly environment: string;
      readonly reason: string;
      /** Absent: at once. */
      readonly due?: When;
    }
  | { readonly kind: 'status'; readonly workflow: WorkflowName; readonly environment: string }
  /** The status of a workflow that is still to be chosen; environment null: in any. */
  | { readonly kind: 'choose_status'; readonly environment: string | null }
  | {
      readonly kind: 'history';
      readonly workflow: WorkflowName | null;
      readonly environment: string | null;
      readonly person: string | null;
      readonly lastMs: number | null;
    }
  /** The workflows that the person may act on; environment null: in any. */
  | { readonly kind: 'list'; readonly environment: string | null }
  /** The Slack ID of the person whose rights to show; null: the caller's own. */
  | { readonly kind: 'access'; readonly person: string | null }
  | { readonly kind: 'freeze'; readonly environment: string; readonly until: Until; readonly reason: string }
  | { readonly kind: 'unfreeze'; readonly environment: string; readonly reason: string }
  | {
      readonly kind: 'watch';
      readonly choice: WatchChoice;
      readonly workflow: WorkflowName;
      readonly environment: string;
      readonly reason: string;
    }
  /** What is watched in the channel; environment null: in any. */
  | { readonly kind: 'watches'; readonly environment: string | null }
  /** What waits for a decision of the caller, and what the caller asked that is still open. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'help' }
  /** `reason`: why somebody says no, or declares an emergency, or the comment of a review; '' if none was given, and for a confirmation. */
  | { readonly kind: 'decide'; readonly choice: PressChoice; readonly request: string; readonly reason: string };
