import type { PressChoice } from '../commands/command.ts';
import type {
  AskedApprovers,
  AskedStage,
  BatchProgress,
  Call,
  CampaignResponse,
  DeclaredEmergency,
  EmergencyMessage,
  EscalationTimes,
  EventOf,
  JudgedBy,
  Observation,
  Order,
  OrderedMoments,
  PauseAnswer,
  PauseInForce,
  PossibleEmergency,
  PressRefusal,
  ProbeResult,
  RecordedWorkflowState,
  SeenItem,
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
import { unitedRecorded } from './rules/recorded-people.ts';
import { isUndecided } from './transition.ts';

/** A decision that somebody pressed or typed, before it is judged. */
export type PendingPress = {
  readonly by: string;
  readonly choice: PressChoice;
  readonly interaction: string;
  readonly at: number;
  /** The workspace of the person who pressed, if it is not the bot's own. */
  readonly team?: string;
  /** Why the person says no, or declares an emergency, or the comment of a review; null if it was erased since. Absent: none was given. */
  readonly reason?: string | null;
  /** The question that the announcement showed at that time. */
  readonly questionRevision: number;
  /** How many stages of the escalation had asked by then. */
  readonly stages: number;
};

/** How far a question was escalated. */
export type Escalation = {
  /** Whom the stages have asked so far, in their order. */
  readonly stages: readonly AskedStage[];
  /** How many of the reminders of this question are over. */
  readonly reminders: number;
  /** What is still to be posted in the thread. The first is next. */
  readonly calls: readonly Call[];
  readonly callPost: PostProgress;
  /** Who is still to get a direct message, and to whom one is being sent. */
  readonly unpaged: readonly string[];
  readonly paging: readonly string[];
  /** The stages of which Slack has not named everybody. */
  readonly unlisted: readonly { readonly stage: number; readonly groups: readonly string[] }[];
};

/**
 * The progress of one message. `inDoubt`: an attempt has started and its result is not known.
 * A message in doubt has arrived by `arrivesBy`, or never will.
 */
export type PostProgress = { readonly attempts: number; readonly inDoubt: boolean; readonly arrivesBy: number };

/** The progress of the message with the outcome. */
type OutcomeProgress = {
  readonly done: EventOf<'reported'>['data'] | null;
  /** Why the last attempt failed. */
  readonly problem: PostProblem | null;
  /** The `ts` of the direct message with the outcome, sent while posting in the thread failed. */
  readonly notified: string | null;
  /** How many attempts in a row failed because of a fault in campaign-wf. */
  readonly faults: number;
};

/** A person's decision that was refused, and why. The person gets a private reply. */
export type RefusedPress = {
  readonly by: string;
  readonly interaction: string;
  readonly refusal: PressRefusal;
};

export type RefusedDecision = {
  readonly by: string;
  readonly choice: PressChoice;
  readonly refusal: RecordedRefusal;
};

/**
 * Why somebody cancelled a request. `text` is null if it was erased since. `isLate`: it was given when the outcome was
 * being posted, or later, and is told in a reply of its own.
 */
export type DecisionReason = { readonly by: string; readonly text: string | null; readonly isLate: boolean };

/** A message whose request was cut off can still arrive within this time. */
export const arrivesWithinMs = 2_000;

/** The state of a request, replayed from its events. Times are milliseconds since the epoch. */
export type Request = {
  readonly id: string;
  readonly state: State;
  readonly sequence: number;
  readonly lastDigest: string;
  readonly firstDigest: string;
  readonly order: Order;
  /** The request of the batch that this one is an item of; null: it stands for itself. */
  readonly batch: string | null;
  readonly requester: string;
  readonly team: string;
  /** The current ID of the channel where the request is announced and decided. */
  readonly channel: string;
  /** The channel's ID when the command was submitted. */
  readonly originalChannel: string;
  readonly interaction: string;
  readonly requestedAt: number;
  readonly grant:
    | ({
        readonly rule: string;
        /** The approvers that the rule names. */
        readonly approvers: RecordedPeople | null;
        /** Those of them who could confirm at that time. Absent if Slack was not asked. */
        readonly asked?: AskedApprovers;
        readonly expiresAt: number | null;
        /** How many people have to confirm. */
        readonly needed: number;
        /** The state of the workflow when the question was posted; null: it was not probed. */
        readonly seen: ProbeResult | null;
        /** The same of each workflow of a batch that is asked about. */
        readonly items?: readonly SeenItem[];
        /** The stages of the escalation that ask with the question. */
        readonly atOnce?: readonly AskedStage[];
        /** Absent: there is none. */
        readonly emergency?: PossibleEmergency;
      } & OrderedMoments &
        EscalationTimes)
    | null;
  /** When the present question was put; null: none was. */
  readonly askedAt: number | null;
  /** When the first question was put; null: none was. */
  readonly firstAskedAt: number | null;
  readonly escalation: Escalation;
  readonly announcement: PostProgress & {
    readonly ts: string | null;
    /** The request whose announcement has notified the approvers; null: this announcement notifies them. */
    readonly notifiedBy: string | null;
  };
  readonly presses: readonly PendingPress[];
  readonly pendingNotices: readonly RefusedPress[];
  /** The last presses that were refused because a right was missing. */
  readonly refusedPresses: readonly RefusedPress[];
  /** How many were refused so, in all. */
  readonly refusedCount: number;
  /** The last refusal of each person and choice. */
  readonly refusedDecisions: readonly RefusedDecision[];
  /** The confirmations so far, while more are needed. */
  readonly confirmations: readonly ({
    readonly by: string;
    readonly interaction: string;
    readonly seen: ProbeResult | null;
  } & JudgedBy)[];
  /** The change of the workflow that led to a new question; `before` is null if Campaign had not shown the state. */
  readonly changed: {
    readonly before: RecordedWorkflowState | null;
    readonly now: RecordedWorkflowState;
    readonly by: string;
    readonly questionRevision: number;
    /** Of a batch, the request whose workflow has changed. */
    readonly item?: string;
  } | null;
  /** Whether the announcement offers the emergency. */
  readonly isEmergencyOffered: boolean;
  /** The emergency in place of the last confirmations; null: none was declared. */
  readonly emergency: Emergency | null;
  /** Counts the changes of the announcement within one state: of its question, and of what was seen after an accepted command. */
  readonly questionRevision: number;
  /** Interactions already judged. Slack can deliver an interaction twice; the second one is ignored. */
  readonly judgedInteractions: readonly string[];
  /** `seen` is the state of the workflow at the last confirmation. */
  readonly approval: {
    readonly by: string | null;
    readonly at: number;
    readonly seen: ProbeResult | null;
    readonly stage?: number;
  } | null;
  readonly dispatch: {
    readonly attempts: number;
    readonly retryAt: number | null;
    /** The reason of each attempt that did not reach Campaign. */
    readonly notReached: readonly CampaignReason[];
  };
  /** Of a batch. */
  readonly progress: BatchProgress;
  readonly end: {
    outcome: Outcome;
    because: EndReason;
    answer: CampaignResponse | null;
    at: number;
    digest: string;
    pauseEndsAt?: number;
  } | null;
  /** Of a batch: who cancelled what was not sent yet, while the rest had been sent. */
  readonly partlyCancelled: Cancellation | null;
  /** Why somebody cancelled the request; null if nobody said. */
  readonly decisionReason: DecisionReason | null;
  readonly observation: Observation | null;
  readonly outcomePost: PostProgress & OutcomeProgress;
  /** The reply in the thread with the effect of an accepted command on the workflow, or with the reason of a cancellation. */
  readonly followUpPost: PostProgress & { readonly done: boolean };
  /** The reply in the thread of an accepted pause before Campaign ends it. `about`: null before the first attempt. */
  readonly pauseReminder: PostProgress & {
    readonly about: PauseInForce | null;
    /** `ts` is null where none was posted. */
    readonly done: { readonly ts: string | null } | null;
    readonly answer: PauseAnswer | null;
    /** The answer that the reminder shows. */
    readonly shown: PauseAnswer['choice'] | null;
  };
  /** What the announcement in the channel shows; null: it is not posted. */
  readonly shown: ShownAnnouncement | null;
};

/** An emergency that somebody declared, and its review. */
export type Emergency = DeclaredEmergency & {
  readonly by: string;
  /** Of the press. */
  readonly at: number;
  /** Null if it was erased since. Absent: the batch of this request has it. */
  readonly reason?: string | null;
  readonly seen: ProbeResult | null;
  readonly review: {
    readonly by: string;
    readonly at: number;
    /** Like `reason`. */
    readonly comment?: string | null;
  } | null;
  /** The messages about it: how many are done, when the last one was, and whether it was the last of all. */
  readonly told: PostProgress & {
    readonly count: number;
    readonly at: number | null;
    readonly isDone: boolean;
    /** What the last attempt posts. */
    readonly message: EmergencyMessage | null;
  };
  /** The direct messages that go with these messages. */
  readonly direct: {
    /** With how many of the messages somebody was listed to get one. */
    readonly count: number;
    /** Who was listed for the last of them, and those of them who may review it. */
    readonly listed: readonly string[];
    readonly reviewers: readonly string[];
    /** The groups whose members Slack has not named yet. */
    readonly unlisted: readonly string[];
    /** Who is still to get one, and to whom one is being sent. */
    readonly unpaged: readonly string[];
    readonly paging: readonly string[];
  };
};

/** Who cancelled something, by which press. */
export type Cancellation = { readonly by: string; readonly interaction: string };

/** What an announcement shows: a state, and the revision of its question. */
export type ShownAnnouncement = { readonly state: AnnouncementState; readonly questionRevision: number };

/** Identifies a workflow: organization and ID, in lower case. Campaign's IDs never differ by case alone. */
export function workflowKey(order: Pick<Order, 'organization' | 'workflowId'>): string {
  return `${order.organization}/${order.workflowId}`.toLowerCase();
}

/** Whether it is about several workflows, each of which has a request of its own. */
export function isBatch({ order }: Pick<Request, 'order'>): boolean {
  return order.workflows !== undefined;
}

/** Who cancelled the request, or what of a batch was not sent yet; null if nobody did. */
export function cancellationOf({
  state,
  end,
  partlyCancelled,
}: Pick<Request, 'state' | 'end' | 'partlyCancelled'>): Cancellation | null {
  return state === 'cancelled' && end?.because.kind === 'decided' ? end.because : partlyCancelled;
}

/** The IDs of all people who have confirmed so far. Whoever declares an emergency confirms nothing. */
export function confirmers({
  confirmations,
  approval,
  emergency,
}: Pick<Request, 'confirmations' | 'approval' | 'emergency'>): readonly string[] {
  const last = emergency === null ? (approval?.by ?? null) : null;
  return [...new Set([...confirmations.map(({ by }) => by), ...(last === null ? [] : [last])])];
}

/** What the announcement should show now. */
export function announcementState({
  state,
  dispatch,
  progress,
}: Pick<Request, 'state' | 'dispatch' | 'progress'>): AnnouncementState {
  switch (state) {
    case 'submitted':
    case 'announced':
    case 'approved':
    case 'dispatching':
      return dispatch.notReached.length > 0 || (progress.retrying ?? 0) > 0 ? 'retrying' : 'approved';
    default:
      return state;
  }
}

/** The state in which the announcement is posted: a question, or a command that needs no confirmation. */
export function initialAnnouncementState({ grant }: Pick<Request, 'grant'>): AnnouncementState {
  if (grant?.expiresAt != null) return 'awaiting_approval';
  return grant?.dueAt == null ? 'approved' : 'scheduled';
}

/** Whether it was granted for a later time, and has not been released since: it holds nothing until then. */
export function isForLater({ grant, state }: Pick<Request, 'grant' | 'state'>): boolean {
  return grant?.dueAt != null && (state === 'scheduled' || isUndecided(state));
}

/** When somebody asked for it. The end of a pause was asked for with the pause. */
export function askedAt({ order, requestedAt }: Pick<Request, 'order' | 'requestedAt'>): number {
  return order.askedAt ?? requestedAt;
}

/** Whether the request asks people other than the requester for a confirmation. */
export function asksOthers(request: Pick<Request, 'grant' | 'requester' | 'escalation'>): boolean {
  const { users, groups } = allAsked(request);
  return groups.length > 0 || users.some((id) => id !== request.requester);
}

/** The stages that have asked, or ask with the question. */
export function askedStages({ grant, escalation }: Pick<Request, 'grant' | 'escalation'>): readonly AskedStage[] {
  return escalation.stages.length === 0 ? (grant?.atOnce ?? []) : escalation.stages;
}

/** Everybody who is asked to confirm: from the beginning, and by escalation. */
export function allAsked({ grant, escalation }: Pick<Request, 'grant' | 'escalation'>): RecordedPeople {
  const first = grant?.asked ?? grant?.approvers ?? { users: [], groups: [] };
  return unitedRecorded([first, ...askedStages({ grant, escalation }).map(({ asked }) => asked)]);
}

/** By which stage of the escalation somebody has confirmed; null: without any, or not at all. */
export function stageOfConfirmation(
  { confirmations, approval }: Pick<Request, 'confirmations' | 'approval'>,
  by: string,
): number | null {
  return [...confirmations, approval].find((one) => one?.by === by)?.stage ?? null;
}
