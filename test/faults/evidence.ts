import type { PressChoice } from '../../src/commands/command.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import type { IntegrityProblem } from '../../src/requests/ledger/integrity.ts';
import type { LogProblem, RestoredNote } from '../../src/requests/ledger/log/verify-log.ts';

/** A command that arrived at the gateway. */
export type ArrivedCommand = {
  readonly workflowId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The gateway itself refused it, in the documented way. */
  readonly provablyRefused: boolean;
};

/** A message of the bot that names a request. */
export type SaidMessage = {
  readonly kind: 'announcement' | 'outcome' | 'note' | 'reminder' | 'call' | 'page' | 'emergency' | 'emergency page';
  readonly request: string;
  /** In the channel itself, in a thread there, or to one person. */
  readonly where: 'channel' | 'thread' | 'direct';
  readonly at: number;
  /** The state of the announcement. null: another message. */
  readonly shows: string | null;
  /** Which of several: the name of a call, who got a page, the number of a message about an emergency. null: another message. */
  readonly part: string | null;
};

/** A decision that somebody typed, and was told is recorded. */
export type AcknowledgedDecision = { readonly request: string; readonly by: string; readonly choice: PressChoice };

/** A watched workflow, and what its channel has to know of it. Its state changes only once the channel knows the one before. */
export type Watched = {
  readonly workflowId: string;
  readonly channel: string;
  /** By a command, once that is accepted. */
  readonly isTyped: boolean;
  /** How often it has failed, and whether it is well again since. */
  failures: number;
  isWell: boolean;
};

/** An alert of a watch, or a reply to it. */
export type WatchAlert = {
  readonly workflowId: string;
  readonly channel: string;
  readonly alert: number;
  /** 0: the alert itself. */
  readonly reply: number;
  readonly shows: string;
};

/** What the ledger has of a channel that is told of a workflow. */
export type WatchOnRecord = {
  readonly workflowId: string;
  readonly channel: string;
  /** Campaign has shown its state. */
  readonly isSeen: boolean;
  /** A look was due long ago. */
  readonly isOverdue: boolean;
  /** Something is still to be posted. */
  readonly isWaiting: boolean;
};

/** The final state of a run. */
export type Evidence = {
  readonly acknowledged: ReadonlySet<string>;
  readonly decisions: readonly AcknowledgedDecision[];
  readonly requests: readonly {
    readonly id: string;
    readonly events: readonly RecordedEvent[];
    readonly flaw: IntegrityProblem | null;
  }[];
  /** Nothing was restored, so a bot that says so is wrong. */
  readonly logFlaws: readonly (LogProblem | RestoredNote)['kind'][];
  /** The requests with events that have no place in the log, long after the last one was recorded. */
  readonly unsealed: number;
  readonly commands: readonly ArrivedCommand[];
  readonly messages: readonly SaidMessage[];
  /** Texts of private replies and direct messages. */
  readonly toldPrivately: readonly string[];
  /** The people of each user group. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly watched: readonly Watched[];
  readonly watches: readonly WatchOnRecord[];
  readonly alerts: readonly WatchAlert[];
  /** So long nothing that is due waits, unless its last try is in doubt. Of replicas, several may die one after the other, each with a lease. */
  readonly idleMs: number;
  /** When it was gathered, by the clock of the bots, in milliseconds since the epoch. */
  readonly until: number;
};

export type Loss = { readonly request: string; readonly what: string };

/** How many of these messages there are of each part. */
export function countOf(messages: readonly SaidMessage[]): readonly (readonly [part: string, count: number])[] {
  return [...Map.groupBy(messages, ({ part }) => part ?? '')].map(([part, of]) => [part, of.length] as const);
}
