import type { ApprovalChoice } from '../commands/command.ts';
import type {
  AskedApprovers,
  CampaignResponse,
  EventOf,
  Observation,
  Order,
  PressRefusal,
  ProbeResult,
  RecordedWorkflowState,
} from './events.ts';
import type {
  AnnouncementState,
  CampaignReason,
  EndReason,
  Outcome,
  PostProblem,
  RecordedPeople,
  RecordedRefusal,
  State,
} from './outcome.ts';

/** A decision that somebody pressed or typed and that has not been judged yet. */
export type PendingPress = {
  readonly by: string;
  readonly choice: ApprovalChoice;
  readonly interaction: string;
  readonly at: number;
  /** The workspace of whoever pressed, where it is another one. */
  readonly team?: string;
  /** Which question the announcement showed at that time. */
  readonly questionRevision: number;
};

/**
 * How far a message has come. `inDoubt`: an attempt was begun, and nothing says whether Slack has it; by
 * `arrivesBy` it has arrived or never will.
 */
export type PostProgress = { readonly attempts: number; readonly inDoubt: boolean; readonly arrivesBy: number };

/** How far the telling of the outcome has come. */
type OutcomeProgress = {
  readonly done: EventOf<'reported'>['data'] | null;
  /** Why the last attempt did not tell it. */
  readonly problem: PostProblem | null;
  /** The direct message that told the outcome while its thread did not take it. */
  readonly notified: string | null;
  /** How many attempts in a row failed by a fault of our own. */
  readonly faults: number;
};

/** Who was refused a decision, and is to be told why. */
export type RefusedPress = {
  readonly by: string;
  readonly interaction: string;
  readonly refusal: PressRefusal;
};

export type RefusedDecision = {
  readonly by: string;
  readonly choice: ApprovalChoice;
  readonly refusal: RecordedRefusal;
};

/** A message whose sending was cut off can still land a moment later. */
export const arrivesWithinMs = 2_000;

/** A request as its events tell it. Times are milliseconds since the epoch. */
export type Request = {
  readonly id: string;
  readonly state: State;
  readonly sequence: number;
  readonly lastDigest: string;
  readonly firstDigest: string;
  readonly order: Order;
  readonly requester: string;
  readonly team: string;
  /** Where it is shown and decided on: the channel's ID as it is now. */
  readonly channel: string;
  /** The channel's ID when it was asked. */
  readonly originalChannel: string;
  readonly interaction: string;
  readonly requestedAt: number;
  readonly grant: {
    readonly rule: string;
    /** Whom the rule names. */
    readonly approvers: RecordedPeople | null;
    /** Who of them could confirm when they were asked. Absent where Slack was not asked. */
    readonly asked?: AskedApprovers;
    readonly expiresAt: number | null;
    /** How many people have to confirm. */
    readonly needed: number;
    /** What the workflow showed when people were asked; null: it was not looked at. */
    readonly seen: ProbeResult | null;
  } | null;
  readonly announcement: PostProgress & {
    readonly ts: string | null;
    /** The request whose announcement has notified the approvers; null: this one's does. */
    readonly notifiedBy: string | null;
  };
  readonly presses: readonly PendingPress[];
  readonly pendingNotices: readonly RefusedPress[];
  /** The last presses that did not count for want of a right. */
  readonly refusedPresses: readonly RefusedPress[];
  /** For want of which right each person's decision did not count, the last time. */
  readonly refusedDecisions: readonly RefusedDecision[];
  /** Who has confirmed, while more have to. */
  readonly confirmations: readonly {
    readonly by: string;
    readonly interaction: string;
    readonly seen: ProbeResult | null;
  }[];
  /** How the workflow had changed when it was asked for anew; `before` is null where Campaign had not shown it. */
  readonly changed: {
    readonly before: RecordedWorkflowState | null;
    readonly now: RecordedWorkflowState;
    readonly by: string;
    readonly questionRevision: number;
  } | null;
  /** How often the question has changed. */
  readonly questionRevision: number;
  /** Interactions already judged: a delivery repeated by Slack is answered once. */
  readonly judgedInteractions: readonly string[];
  /** `seen` is what the workflow showed at the last confirmation. */
  readonly approval: { readonly by: string | null; readonly at: number; readonly seen: ProbeResult | null } | null;
  readonly dispatch: {
    readonly attempts: number;
    readonly retryAt: number | null;
    /** Why each attempt so far did not reach Campaign. */
    readonly notReached: readonly CampaignReason[];
  };
  readonly end: {
    outcome: Outcome;
    because: EndReason;
    answer: CampaignResponse | null;
    at: number;
    digest: string;
  } | null;
  readonly observation: Observation | null;
  readonly outcomePost: PostProgress & OutcomeProgress;
  /** What was seen of the workflow after the command was accepted, told in the thread. */
  readonly followUpPost: PostProgress & { readonly done: boolean };
  /** What the announcement in the channel shows. */
  readonly shown: ShownAnnouncement | null;
};

/** How an announcement stands: what it shows, and which of its questions. */
export type ShownAnnouncement = { readonly state: AnnouncementState; readonly questionRevision: number };

/** A workflow is one per organization and ID, whatever the case (Campaign's IDs do not differ by case alone). */
export function workflowKey(order: Pick<Order, 'organization' | 'workflowId'>): string {
  return `${order.organization}/${order.workflowId}`.toLowerCase();
}

/** Everybody who has confirmed it so far. */
export function confirmers({
  confirmations,
  approval,
}: Pick<Request, 'confirmations' | 'approval'>): readonly string[] {
  return [...new Set([...confirmations.map(({ by }) => by), ...(approval?.by == null ? [] : [approval.by])])];
}

/** What the announcement should show now. */
export function announcementState({ state, dispatch }: Pick<Request, 'state' | 'dispatch'>): AnnouncementState {
  switch (state) {
    case 'submitted':
    case 'announced':
    case 'approved':
    case 'dispatching':
      return dispatch.notReached.length === 0 ? 'approved' : 'retrying';
    default:
      return state;
  }
}

/** As what it is posted: a question, or a command on its way where nobody has to be asked. */
export function initialAnnouncementState({ grant }: Pick<Request, 'grant'>): AnnouncementState {
  return grant?.expiresAt == null ? 'approved' : 'awaiting_approval';
}

/** Whether anybody but the requester is asked for a confirmation. */
export function asksOthers({ grant, requester }: Pick<Request, 'grant' | 'requester'>): boolean {
  const { users, groups } = grant?.asked ?? grant?.approvers ?? { users: [], groups: [] };
  return groups.length > 0 || users.some((id) => id !== requester);
}
