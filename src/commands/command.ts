/** What changes a workflow: the four methods of Campaign's `POST …/commands`. */
export const verbs = ['start', 'pause', 'resume', 'stop'] as const;
export type Verb = (typeof verbs)[number];

/** Every word that can stand first. */
export const commandWords = [...verbs, 'status', 'history', 'access', 'help', 'approve', 'cancel'] as const;
export type CommandWord = (typeof commandWords)[number];

/** The two answers to a request that waits. */
export type Choice = 'approve' | 'cancel';

/** Where a workflow lives and how it was named: `alias` is the configured spelling, null when the ID itself was typed. */
export type WorkflowName = { readonly id: string; readonly alias: string | null };

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
  | { readonly kind: 'access' }
  | { readonly kind: 'help' }
  | { readonly kind: 'decide'; readonly choice: Choice; readonly request: string };
