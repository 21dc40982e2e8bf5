/** What changes a workflow: the four methods of Campaign's `POST …/commands`. */
export const verbs = ['start', 'pause', 'resume', 'stop'] as const;
export type Verb = (typeof verbs)[number];

/** Every word that can stand first. */
export const commandWords = [
  ...verbs,
  'status',
  'history',
  'access',
  'help',
  'approve',
  'cancel',
  'freeze',
  'unfreeze',
] as const;
export type CommandWord = (typeof commandWords)[number];

/** The two answers to a request that waits. */
export type ApprovalChoice = 'approve' | 'cancel';

/** Where a workflow lives and how it was named: `alias` is the configured spelling, null when the ID itself was typed. */
export type WorkflowName = { readonly id: string; readonly alias: string | null };

/** When something ends, in milliseconds: from now on, or since the epoch; and how that was typed. */
export type Until = ({ readonly kind: 'for'; readonly ms: number } | { readonly kind: 'at'; readonly at: number }) & {
  readonly typed: string;
};

/**
 * What somebody asks for. Environments have their configured spelling; `reason` is '' when none was given; `request`
 * is eight upper-case Crockford characters. A history with environment null is not narrowed to one.
 */
export type Command =
  | {
      readonly kind: 'change';
      readonly verb: Verb;
      readonly workflow: WorkflowName;
      readonly environment: string;
      readonly reason: string;
    }
  | { readonly kind: 'status'; readonly workflow: WorkflowName; readonly environment: string }
  | { readonly kind: 'history'; readonly workflow: WorkflowName | null; readonly environment: string | null }
  /** Whose rights: a person's Slack ID, or null for one's own. */
  | { readonly kind: 'access'; readonly person: string | null }
  | { readonly kind: 'freeze'; readonly environment: string; readonly until: Until; readonly reason: string }
  | { readonly kind: 'unfreeze'; readonly environment: string; readonly reason: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'decide'; readonly choice: ApprovalChoice; readonly request: string };
