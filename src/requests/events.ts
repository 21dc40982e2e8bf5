import type { RequestedAction } from '../access/policy.ts';
import type { PressChoice, When } from '../commands/command.ts';
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
  WorkflowReading,
} from './outcome.ts';

/** Where a button can be that is not in the channel of its request: a private message, or the App Home. */
export type PrivateSurface = 'message' | 'home';

/** One of several workflows of a command, and the request that is only about this one. */
export type OrderedWorkflow = {
  readonly request: string;
  readonly workflowId: string;
  readonly alias: string | null;
};

/** A command as it was parsed. */
export type Order = {
  /** `form` is recorded only when it was refused. */
  readonly verb: RequestedAction;
  /** `*` if the command concerns a whole environment, or no particular workflow. All IDs, with commas, if there are several. */
  readonly workflowId: string;
  readonly alias: string | null;
  readonly environment: string;
  readonly organization: string;
  /** Whether the environment was marked as production; absent if the configuration did not say. */
  readonly production?: boolean;
  /** As typed; empty if there was none; null if it was erased since. */
  readonly reason: string | null;
  /** Set for a batch, which is announced, confirmed and reported as one: its workflows, each with a request of its own. */
  readonly workflows?: readonly OrderedWorkflow[];
  /** When a freeze ends, or what an alert is muted until, in milliseconds since the epoch. */
  readonly until?: number;
  /** The person whose rights were queried. */
  readonly person?: string;
  /** When it is to be sent, as typed; absent: at once. */
  readonly due?: OrderedTime;
  /** Of a pause: when the workflow is to be resumed. */
  readonly resumes?: When;
  /** Of a resume that ends a pause, at its time or by the button of its reminder: the request of that pause. */
  readonly after?: string;
  /** Of the same: when the pause was asked for, in milliseconds since the epoch. */
  readonly askedAt?: number;
};

/** A time as somebody typed it, or a moment in milliseconds since the epoch with the zone in which it was meant. */
export type OrderedTime = When | { readonly kind: 'moment'; readonly at: number; readonly zone: string };

/** The moments of an order: when it is due, or when its pause ends. `zone`: in which they were meant (IANA name). */
export type OrderedMoments = { readonly dueAt?: number; readonly resumesAt?: number; readonly zone?: string };

/** An order in an event. `reasonHash` is in place of a reason that is kept beside the event (`texts.ts`). */
export type RecordedOrder = Omit<Order, 'reason'> & { readonly reason?: string | null; readonly reasonHash?: string };

/** Campaign's response, for people to read. `text` comes from Campaign and is not escaped. */
export type CampaignResponse = {
  readonly status: number | null;
  readonly text: string | null;
  readonly adobeRequestId: string | null;
};

/** The result of reading a workflow's state. */
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
/** The result of reading a workflow's state while people wait. `slow`: it took more than three seconds. */
export type ProbeResult = Observation | { readonly kind: 'slow' };
export type RecordedWorkflowState = WorkflowReading;

export type PressRefusal =
  | { readonly kind: 'access'; readonly refusal: RecordedRefusal }
  | { readonly kind: 'too_late'; readonly state: State }
  /** Somebody has reviewed the emergency already. */
  | { readonly kind: 'reviewed_already'; readonly by: string }
  /** The person has confirmed already; `missing` more people have to confirm. */
  | { readonly kind: 'counted_already'; readonly missing: number }
  /** The workflow's state has changed since the question; `before` is null if Campaign did not show it then. */
  | { readonly kind: 'changed'; readonly before: RecordedWorkflowState | null; readonly now: RecordedWorkflowState };

/** An outcome that the channel shows. */
export type ReconciledOutcome = {
  readonly outcome: Outcome;
  /** The digest in the reply, which is that of the lost event. Null if only the announcement shows the outcome. */
  readonly digest: string | null;
  /** The `ts` of the reply with the outcome. */
  readonly ts: string | null;
  /** When it was posted, in milliseconds since the epoch. */
  readonly postedAt: number;
  readonly announcement: { readonly ts: string; readonly shows: AnnouncementState | null } | null;
  /** The `ts` of the follow-up with the effect on the workflow. */
  readonly note: string | null;
  /** Of a batch: how its requests ended. */
  readonly items?: readonly { readonly request: string; readonly outcome: Outcome }[];
  /** Of a pause, as in `ended`. Absent in the events of earlier versions. */
  readonly pauseEndsAt?: number;
};

/**
 * The emergency of a question. `afterMs`: how long after the question it can be declared. `isOnlyWay`: too few people could
 * confirm it when the question was put.
 */
export type PossibleEmergency = {
  readonly people: RecordedPeople;
  readonly afterMs: number;
  readonly isOnlyWay?: true;
};

/** An emergency that was declared. `rule` and `people`: the rule of that time, whom it lets declare one, and whom review it. */
export type DeclaredEmergency = {
  readonly rule: string;
  readonly people: RecordedPeople;
  readonly reviewBy: RecordedPeople;
};

/**
 * An emergency that the newest message about it describes. `at`: when it was declared; `toldAt`: when that message was posted,
 * both in milliseconds since the epoch. `number`, `ts`: of that message. `reviewedBy`: null: nobody has reviewed it.
 */
export type FoundEmergency = Omit<DeclaredEmergency, 'people'> & {
  readonly by: string;
  readonly at: number;
  readonly reviewedBy: string | null;
  readonly number: number;
  readonly ts: string;
  readonly toldAt: number;
};

/** The messages about an emergency that was declared: the first one, those that ask for the review again, and the last one. */
export type EmergencyMessage = 'declared' | 'reminder' | 'reviewed';

/** What was seen of one workflow of a batch when its question was posted. */
export type SeenItem = { readonly request: string; readonly seen: ProbeResult | null };

/**
 * The people who were asked to confirm. `except`: members of these groups who cannot confirm. `outside`: those who were not
 * in the private channel.
 */
export type AskedApprovers = RecordedPeople & {
  readonly except: readonly string[];
  readonly outside?: readonly string[];
};

/**
 * Whom a stage of the escalation has asked. `stage`: its place in the rule, from 1. `to`: whom the rule names, with whoever
 * was on call then. `asked`: those of them who could confirm. `people`: who gets a direct message. `unlisted`: groups whose
 * members Slack had not named then, who get one as soon as it does.
 */
export type AskedStage = {
  readonly stage: number;
  readonly to: RecordedPeople;
  readonly asked: AskedApprovers;
  readonly people: readonly string[];
  readonly unlisted?: readonly string[];
};

/**
 * Who gets a direct message as well. `unlisted`: groups whose members Slack did not name; it is asked again, unless `isFinal`.
 */
export type Listed = {
  readonly people: readonly string[];
  readonly unlisted?: readonly string[];
  readonly isFinal?: true;
};

/** What is said in the thread while a question waits: the reminder, or the stage, with this number, from 1. */
export type Call = { readonly kind: 'reminder' | 'stage'; readonly number: number };

/** Times after a question, in milliseconds, of its reminders and of the stages of its escalation. */
export type EscalationTimes = { readonly remindAfter?: readonly number[]; readonly escalateAfter?: readonly number[] };

/**
 * Everything that can happen to a request. `announcing`, `dispatching`, `reporting` and `noting` are intents: they are
 * recorded before their side effect. Types and field names are stored in the ledger and never change.
 */
export type Event =
  /**
   * `name`: what Slack called the person then; like the reason, it is kept beside the event, which has its `nameHash`.
   * `batch`: the request of the batch that this one is an item of.
   */
  | {
      type: 'requested';
      data: {
        requester: string;
        name?: string;
        nameHash?: string;
        team: string;
        channel: string;
        interaction: string;
        order: RecordedOrder;
        batch?: string;
      };
    }
  /**
   * `approvers`: the people that the rule names. `asked`: those of them who could confirm, according to Slack.
   * `count`: how many people have to confirm; absent: one. `seen`: the state of the workflow at that time. `items`: of a
   * batch, the same for each workflow that is asked about. `atOnce`: the stages that ask with the question, because too few
   * others can confirm.
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
        items?: readonly SeenItem[];
        atOnce?: readonly AskedStage[];
        emergency?: PossibleEmergency;
      } & OrderedMoments &
        EscalationTimes;
    }
  /** `notifiedBy`: the request whose announcement has notified the approvers; absent: this announcement notifies them. */
  | { type: 'announcing'; data: { attempt: number; notifiedBy?: string } }
  /** `workspace`: the address of the workspace, such as `https://acme.slack.com/`, for a link; absent if Slack did not say. */
  | { type: 'announced'; data: { ts: string; workspace?: string } }
  | {
      type: 'not_posted';
      data: {
        message: 'announcement' | 'outcome' | 'note' | 'pause_reminder' | 'call' | 'emergency';
        reason: PostProblem;
      };
    }
  | { type: 'asked'; data: { expiresAt: number } }
  /** The time of a reminder has come, and of all before it. It is posted in the thread. */
  | { type: 'reminded'; data: { reminder: number } }
  /** A stage of the escalation asks: whom it names may confirm from now on. They are told in the thread, and one by one. */
  | { type: 'escalated'; data: AskedStage }
  /** What Slack said afterwards of the members of the groups that a stage has asked. */
  | { type: 'listed'; data: Listed & { stage: number } }
  /**
   * The intent to send these people direct messages, and who has got one. Whoever is in neither list is sent one again.
   * `about`: absent: the question.
   */
  | { type: 'paging'; data: { people: readonly string[]; about?: 'emergency' } }
  | {
      type: 'paged';
      data: {
        about?: 'emergency';
        reached: readonly string[];
        missed: readonly { readonly person: string; readonly reason: PostProblem }[];
      };
    }
  /** The intent to post something in the thread, and that it is posted; `ts` is null if it could not be. */
  | { type: 'calling'; data: { call: Call; attempt: number } }
  | { type: 'called'; data: { call: Call; ts: string | null; unthreaded?: true } }
  /**
   * `team`: the workspace of the person who pressed, if it is not the bot's own. `surface`: where the button was, if that
   * was not the announcement. `reason`: why somebody says no, or declares an emergency, or the comment of a review, as typed;
   * it is kept beside the event.
   */
  | {
      type: 'pressed';
      data: {
        by: string;
        name?: string;
        nameHash?: string;
        choice: PressChoice;
        interaction: string;
        team?: string;
        surface?: PrivateSurface;
        reason?: string | null;
        reasonHash?: string;
      };
    }
  /** Why the person who cancelled the request did so, told afterwards. `reason` is kept beside the event. */
  | {
      type: 'reason_given';
      data: { by: string; interaction: string; reason?: string | null; reasonHash?: string };
    }
  | { type: 'press_refused'; data: { by: string; interaction: string; refusal: PressRefusal } }
  | { type: 'press_answered'; data: { interaction: string; told: boolean } }
  /** A confirmation that counts, while more are needed: `needed` in total. */
  | {
      type: 'confirmed';
      data: { by: string; interaction: string; needed: number; seen: ProbeResult | null } & JudgedBy;
    }
  /**
   * The workflow had changed when somebody confirmed. All confirmations are dropped, and a new question is asked. Of a
   * batch, `item` is the request whose workflow has changed, and `items` what is seen of all. `emergency`: that of the new
   * question; null: it has none; absent: that of the question before.
   */
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
        emergency?: PossibleEmergency | null;
        item?: string;
        items?: readonly SeenItem[];
      };
    }
  /** `unannounced`: of an answer to an alert, which needs neither a confirmation nor an announcement. */
  | { type: 'approved'; data: LastDecision & { unannounced?: true } }
  /** Everybody has decided, and it is not due yet. It is judged once more then, and `approved`. */
  | { type: 'scheduled'; data: LastDecision }
  /** Nobody has confirmed in time: from now on the announcement offers the emergency. */
  | { type: 'emergency_offered'; data: { afterMs: number } }
  /** `number`: how many messages about the emergency were posted before. */
  | { type: 'emergency_telling'; data: { message: EmergencyMessage; number: number; attempt: number } }
  /** `ts` is null if it could not be posted. `unthreaded`: Slack posted it in the channel itself. */
  | {
      type: 'emergency_told';
      data: { message: EmergencyMessage; number: number; ts: string | null; unthreaded?: true };
    }
  /**
   * Who gets a direct message with the message of this number. `reviewers`: those of them who may review it. `outside`: who is
   * not in the private channel, and gets none.
   */
  | {
      type: 'emergency_listed';
      data: Listed & { number: number; reviewers: readonly string[]; outside?: readonly string[] };
    }
  /** The channel tells of an emergency that is missing in the ledger, which was restored from an older copy. */
  | { type: 'emergency_found'; data: FoundEmergency }
  /**
   * Somebody has reviewed the emergency. The comment is that of the press. `reviewBy`: whom the rules let do so; absent: the same
   * people as when it was declared, or it is of an earlier version.
   */
  | { type: 'reviewed'; data: { by: string; interaction: string; reviewBy?: RecordedPeople } }
  /** `rule`: by which rights, freezes and confirmations were judged just before; absent: that of `granted`. */
  | { type: 'dispatching'; data: { attempt: number; rule?: string } }
  /** `without`: the item of a workflow that is no longer asked about. */
  | { type: 'progressed'; data: BatchProgress & { without?: string } }
  /** Of a batch: somebody cancelled what was not sent yet, while other commands of it had been sent. */
  | { type: 'partly_cancelled'; data: { by: string; interaction: string } }
  | { type: 'not_reached'; data: { reason: CampaignReason; retryAt: number; answer: CampaignResponse } }
  /**
   * `pauseEndsAt`: of an accepted pause, when Campaign stops the workflow by itself, in milliseconds since the epoch; absent
   * where nobody is to be reminded of that.
   */
  | {
      type: 'ended';
      data: { outcome: Outcome; because: EndReason; answer: CampaignResponse | null; pauseEndsAt?: number };
    }
  /** The channel shows an outcome that is missing in the ledger, which was restored from an older copy. */
  | { type: 'reconciled'; data: ReconciledOutcome }
  /**
   * `isShown`: the announcement shows it as well; absent in the events of earlier versions, and where nothing was accepted.
   * `pauseEndsAt`: as in `ended`, of a pause whose outcome is unknown, and which this shows.
   */
  | { type: 'observed'; data: { observation: Observation; isShown?: true; pauseEndsAt?: number } }
  | { type: 'reporting'; data: { attempt: number } }
  /** `channel`: a reply that Slack posted in the channel itself because the announcement was deleted. */
  | { type: 'reported'; data: { via: 'thread' | 'channel' | 'private' | 'direct' | 'log'; ts: string | null } }
  /** The channel has a new ID, according to Slack. */
  | { type: 'moved'; data: { channel: string } }
  /** The outcome was sent to the requester as a direct message; posting it in the thread is still pending. */
  | { type: 'notified'; data: { ts: string } }
  | { type: 'noting'; data: { attempt: number } }
  /** `ts` is null if the follow-up could not be posted. `unthreaded`: Slack posted it in the channel itself. */
  | { type: 'noted'; data: { ts: string | null; unthreaded?: true } }
  /** The reminder of a pause is being posted. `endsAt`: when Campaign ends the pause, by the configuration as it is then. */
  | { type: 'pause_reminding'; data: { attempt: number } & PauseInForce }
  /**
   * `ts` is null if the reminder could not be posted. `unthreaded`: Slack posted it in the channel itself. `via`: the requester
   * got it directly instead.
   */
  | { type: 'pause_reminded'; data: { ts: string | null; unthreaded?: true; via?: 'direct' } }
  | { type: 'pause_not_reminded'; data: { because: NoReminder; seen?: ProbeResult } }
  /** Somebody answered the reminder. `request`: the one that was asked for. */
  | { type: 'pause_answered'; data: PauseAnswer }
  /** The reminder shows that answer. */
  | { type: 'pause_answer_shown'; data: { choice: PauseAnswer['choice']; problem: SlackReason | 'fault' | null } }
  /** `turn`: the revision of the question; absent: the first. */
  | { type: 'shown'; data: { state: AnnouncementState; turn?: number; problem: SlackReason | 'fault' | null } }
  /**
   * The clock of the ledger was turned back: what was recorded ahead of it counts from here. `expiresAt`: until when the
   * question waits now; absent: as before.
   */
  | { type: 'clock_turned_back'; data: { expiresAt?: number } }
  /** The texts of the events with these sequences were removed from the ledger. `because`: why, as somebody wrote it. */
  | { type: 'text_erased'; data: { by: string; because: string; sequences: readonly number[] } };

/** What a reminder is about: the workflows that are paused, as far as Campaign shows that. */
export type PauseInForce = { readonly endsAt: number; readonly items: readonly SeenItem[] };

/**
 * Why nobody is reminded of a pause: the workflow is not paused, another command was accepted since, no environment is
 * configured to remind of pauses, or Campaign has ended it, as far as is known.
 */
export type NoReminder = 'not_paused' | 'other_command' | 'turned_off' | 'over';

export type PauseAnswer =
  | { readonly choice: 'leave'; readonly by: string; readonly interaction: string }
  | { readonly choice: 'resume'; readonly by: string; readonly request: string };

/**
 * How far the items of a batch are: how many have ended, how many wait to be sent again (absent: none), and the effect of
 * how many accepted ones is not observed yet, or is.
 */
export type BatchProgress = {
  readonly ended: number;
  readonly retrying?: number;
  readonly observing: number;
  readonly observed: number;
};

/**
 * By what a confirmation counted. `stage`: of the escalation; absent: without any. `rule`: absent: that of `granted`, or it is
 * of an earlier version.
 */
export type JudgedBy = { readonly stage?: number; readonly rule?: string };

/**
 * The last confirmation; `by` is null where none was needed. `emergency`: it takes the place of a confirmation, and has its
 * own rule.
 */
type LastDecision = JudgedBy & {
  by: string | null;
  interaction: string | null;
  seen?: ProbeResult | null;
  emergency?: DeclaredEmergency;
};

export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** An event as it is stored in the ledger. */
export type RecordedEvent<E extends Event = Event> = E & {
  readonly request: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256 in hex; empty for the first event. */
  readonly previousDigest: string;
  readonly digest: string;
};
