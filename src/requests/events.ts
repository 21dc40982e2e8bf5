import type { Choice, Verb } from '../commands/command.ts';
import type {
  CampaignReason,
  EndReason,
  PostProblem,
  RecordedPeople,
  RecordedRefusal,
  SlackReason,
} from './reasons.ts';
import type { Outcome, Shown, State } from './state.ts';

/** What somebody ordered, as typed and understood. */
export type Order = {
  readonly verb: Verb;
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
  readonly organization: string;
  /** As typed; empty when none was given. */
  readonly reason: string;
};

/** What Campaign answered, for people to read; `text` is foreign and unescaped. */
export type Answer = {
  readonly status: number | null;
  readonly text: string | null;
  readonly adobeRequestId: string | null;
};

/** What a look at the workflow gave. */
export type Observation =
  | { readonly kind: 'seen'; readonly reading: Reading | null; readonly field: string; readonly raw: string }
  | { readonly kind: 'not_shown' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'failed'; readonly reason: CampaignReason };
export type Reading = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

export type PressRefusal =
  | { readonly kind: 'access'; readonly refusal: RecordedRefusal }
  | { readonly kind: 'too_late'; readonly state: State };

/** Everything that can happen to a request. `announcing`, `dispatching`, `reporting` and `noting` are written before the deed. */
export type Event =
  | {
      type: 'requested';
      data: { requester: string; team: string; channel: string; interaction: string; order: Order };
    }
  | { type: 'granted'; data: { rule: string; approvers: RecordedPeople | null; expiresAt: number | null } }
  | { type: 'announcing'; data: { attempt: number } }
  | { type: 'announced'; data: { ts: string } }
  | {
      type: 'not_posted';
      data: { message: 'announcement' | 'outcome' | 'note'; reason: PostProblem };
    }
  | { type: 'asked'; data: { expiresAt: number } }
  | { type: 'pressed'; data: { by: string; choice: Choice; interaction: string } }
  | { type: 'press_refused'; data: { by: string; interaction: string; refusal: PressRefusal } }
  | { type: 'press_answered'; data: { interaction: string; told: boolean } }
  | { type: 'approved'; data: { by: string | null; interaction: string | null } }
  | { type: 'dispatching'; data: { attempt: number } }
  | { type: 'not_reached'; data: { reason: CampaignReason; retryAt: number; answer: Answer } }
  | { type: 'ended'; data: { outcome: Outcome; because: EndReason; answer: Answer | null } }
  | { type: 'observed'; data: { observation: Observation } }
  | { type: 'reporting'; data: { attempt: number } }
  | { type: 'reported'; data: { via: 'thread' | 'private' | 'direct' | 'log'; ts: string | null } }
  | { type: 'noting'; data: { attempt: number } }
  /** `ts` is null where the note could not be posted. */
  | { type: 'noted'; data: { ts: string | null } }
  | { type: 'shown'; data: { state: Shown; problem: SlackReason | 'fault' | null } };

export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** An event as the ledger holds it. */
export type Recorded<E extends Event = Event> = E & {
  readonly request: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256, hex; the first event has the empty string before it. */
  readonly previousDigest: string;
  readonly digest: string;
};
