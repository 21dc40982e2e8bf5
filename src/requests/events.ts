import type { RequestedAction } from '../access/policy.ts';
import type { ApprovalChoice } from '../commands/command.ts';
import type {
  AnnouncementState,
  CampaignReason,
  EndReason,
  Outcome,
  PostProblem,
  RecordedPeople,
  RecordedRefusal,
  SlackReason,
  State,
} from './outcome.ts';

/** What somebody ordered, as typed and understood. */
export type Order = {
  /** `form` is on record only where it was refused. */
  readonly verb: RequestedAction;
  /** `*` where the order is about all of an environment, or about no workflow in particular. */
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
  readonly organization: string;
  /** Whether the environment was marked as production; absent where nobody had said. */
  readonly production?: boolean;
  /** As typed; empty when none was given. */
  readonly reason: string;
  /** When a freeze ends, in milliseconds since the epoch. */
  readonly until?: number;
  /** Whose rights were to be told. */
  readonly person?: string;
};

/** What Campaign answered, for people to read; `text` is foreign and unescaped. */
export type CampaignResponse = {
  readonly status: number | null;
  readonly text: string | null;
  readonly adobeRequestId: string | null;
};

/** What a look at the workflow gave. */
export type Observation =
  | {
      readonly kind: 'seen';
      readonly reading: RecordedWorkflowState | null;
      readonly field: string;
      readonly raw: string;
    }
  | { readonly kind: 'not_shown' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'failed'; readonly reason: CampaignReason };
/** What a look gave that people waited for; `slow`: it took more than three seconds. */
export type ProbeResult = Observation | { readonly kind: 'slow' };
export type RecordedWorkflowState = 'editing' | 'in_progress' | 'finished' | 'warning' | 'erroneous';

export type PressRefusal =
  | { readonly kind: 'access'; readonly refusal: RecordedRefusal }
  | { readonly kind: 'too_late'; readonly state: State }
  /** So many more people have to confirm. */
  | { readonly kind: 'counted_already'; readonly missing: number }
  /** The workflow is not any more what it was when it was asked for; null: Campaign did not show that then. */
  | { readonly kind: 'changed'; readonly before: RecordedWorkflowState | null; readonly now: RecordedWorkflowState };

/** An outcome as the channel shows it. */
export type ReconciledOutcome = {
  readonly outcome: Outcome;
  /** The digest that the reply carries: of the event that was lost. Null where only the announcement shows the outcome. */
  readonly digest: string | null;
  /** The reply with the outcome. */
  readonly ts: string | null;
  /** When it was posted, in milliseconds since the epoch. */
  readonly postedAt: number;
  readonly announcement: { readonly ts: string; readonly shows: AnnouncementState | null } | null;
  /** The note about what was seen afterwards. */
  readonly note: string | null;
};

/** Who was asked for a confirmation. `except`: members of these groups who cannot give one. */
export type AskedApprovers = RecordedPeople & { readonly except: readonly string[] };

/** Everything that can happen to a request. `announcing`, `dispatching`, `reporting` and `noting` are written before the deed. */
export type Event =
  | {
      type: 'requested';
      data: { requester: string; team: string; channel: string; interaction: string; order: Order };
    }
  /**
   * `approvers` is whom the rule names, `asked` who of them could confirm by what Slack said. `count` people have to, one
   * where it is absent; `seen` is what the workflow showed then.
   */
  | {
      type: 'granted';
      data: {
        rule: string;
        approvers: RecordedPeople | null;
        expiresAt: number | null;
        count?: number;
        seen?: ProbeResult | null;
        asked?: AskedApprovers;
      };
    }
  /** `notifiedBy`: the request whose announcement has notified the approvers already; absent where this one does. */
  | { type: 'announcing'; data: { attempt: number; notifiedBy?: string } }
  | { type: 'announced'; data: { ts: string } }
  | {
      type: 'not_posted';
      data: { message: 'announcement' | 'outcome' | 'note'; reason: PostProblem };
    }
  | { type: 'asked'; data: { expiresAt: number } }
  /** `team` is the workspace of whoever pressed, where it is another one. */
  | { type: 'pressed'; data: { by: string; choice: ApprovalChoice; interaction: string; team?: string } }
  | { type: 'press_refused'; data: { by: string; interaction: string; refusal: PressRefusal } }
  | { type: 'press_answered'; data: { interaction: string; told: boolean } }
  /** Counts, and more have to confirm: `needed` in all. */
  | { type: 'confirmed'; data: { by: string; interaction: string; needed: number; seen: ProbeResult | null } }
  /** The workflow had changed when somebody confirmed, so everybody is asked anew. */
  | {
      type: 'changed';
      data: {
        by: string;
        interaction: string;
        before: RecordedWorkflowState | null;
        now: RecordedWorkflowState;
        seen: ProbeResult;
        expiresAt: number;
        asked?: AskedApprovers;
      };
    }
  | { type: 'approved'; data: { by: string | null; interaction: string | null; seen?: ProbeResult | null } }
  | { type: 'dispatching'; data: { attempt: number } }
  | { type: 'not_reached'; data: { reason: CampaignReason; retryAt: number; answer: CampaignResponse } }
  | { type: 'ended'; data: { outcome: Outcome; because: EndReason; answer: CampaignResponse | null } }
  /** The channel shows an outcome that the ledger, restored from an older copy, did not have. */
  | { type: 'reconciled'; data: ReconciledOutcome }
  | { type: 'observed'; data: { observation: Observation } }
  | { type: 'reporting'; data: { attempt: number } }
  /** `channel`: as a reply, which Slack put into the channel itself because the announcement was gone. */
  | { type: 'reported'; data: { via: 'thread' | 'channel' | 'private' | 'direct' | 'log'; ts: string | null } }
  /** The channel has another ID now, as Slack says of the old one. */
  | { type: 'moved'; data: { channel: string } }
  /** The requester was sent the outcome directly, while it still waits for its thread. */
  | { type: 'notified'; data: { ts: string } }
  | { type: 'noting'; data: { attempt: number } }
  /** `ts` is null where the note could not be posted; `unthreaded`: it stands in the channel itself. */
  | { type: 'noted'; data: { ts: string | null; unthreaded?: true } }
  /** `turn` is absent where it is the first. */
  | { type: 'shown'; data: { state: AnnouncementState; turn?: number; problem: SlackReason | 'fault' | null } };

export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** An event as the ledger holds it. */
export type RecordedEvent<E extends Event = Event> = E & {
  readonly request: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256, hex; the first event has the empty string before it. */
  readonly previousDigest: string;
  readonly digest: string;
};
