import type { Membership } from '../../../src/access/decision.ts';
import type { Verb } from '../../../src/commands/command.ts';
import type { DispatchResult, MessageSearch, PostResult } from '../../../src/requests/attempt-results.ts';
import type {
  EmergencyMessage,
  FoundEmergency,
  Observation,
  PressRefusal,
  ProbeResult,
} from '../../../src/requests/events.ts';
import type { Outcome, State } from '../../../src/requests/outcome.ts';
import type { PreparedCommand, ThreadView } from '../../../src/requests/ports.ts';
import { noAnswer, noon } from '../events.fixture.ts';

/** A message in the channel. `shows` is the state of its last update. */
export type Message = {
  kind: 'announcement' | 'outcome' | 'follow_up' | 'pause_reminder' | 'call' | `emergency_${EmergencyMessage}`;
  request: string;
  ts: string;
  shows: State | 'retrying';
  /** What it says of the items of a batch. */
  items?: { request: string; state: State }[];
  /** What a message about an emergency says of it. */
  emergency?: FoundEmergency | null;
  /** How a reminder was answered. */
  answer?: 'resume' | 'leave';
};

/** A message that only one person sees. */
export type PrivateMessage =
  | { how: 'private' | 'direct'; request: string; to: string; outcome: Outcome | null }
  | { how: 'page' | 'reminder'; request: string; to: string }
  /** `asks`: with the button of the review. */
  | { how: 'emergency'; request: string; to: string; asks: boolean }
  | { how: 'press'; request: string; to: string; refusal: PressRefusal };

export type SentCommand = { workflowId: string; command: Verb; at: number };

/** The result of a post. `posted, but no answer`: the message is in the channel, and Slack's response was lost. */
export type SlackAnswer = PostResult | 'posted, but no answer' | Error;

/** The next results of each call, in order. Without one, the call succeeds. */
export type Answers = {
  announce: SlackAnswer[];
  updateAnnouncement: SlackAnswer[];
  postOutcome: SlackAnswer[];
  postFollowUp: SlackAnswer[];
  postCall: SlackAnswer[];
  page: SlackAnswer[];
  pageEmergency: SlackAnswer[];
  postOutcomePrivately: SlackAnswer[];
  sendOutcomeDirectly: SlackAnswer[];
  replyToPress: SlackAnswer[];
  tellEmergency: SlackAnswer[];
  findAnnouncement: MessageSearch[];
  findOutcome: MessageSearch[];
  findFollowUp: MessageSearch[];
  postPauseReminder: SlackAnswer[];
  sendPauseReminderDirectly: SlackAnswer[];
  findPauseReminder: MessageSearch[];
  updatePauseReminder: SlackAnswer[];
  findCall: MessageSearch[];
  /** Why there is no access token. */
  prepare: ((PreparedCommand & { kind: 'no_token' }) | Error)[];
  readThread: ThreadView[];
  send: (DispatchResult | Error | Promise<DispatchResult>)[];
  observe: (Observation | Error)[];
  probe: (ProbeResult | Error)[];
};
export type PortCall = keyof Answers | 'findEmergencyMessage' | 'person' | 'place' | 'isReachable';

export type Gate = {
  /** Resolves when a call waits at it. */
  readonly reached: Promise<void>;
  open(): void;
};

/** Everything outside the bot: the time, Slack with its people and its channel, Campaign. */
export type World = {
  now: number;
  readonly messages: Message[];
  readonly privateMessages: PrivateMessage[];
  readonly sent: SentCommand[];
  /** When the workflow's state was read at Campaign. */
  readonly observedAt: number[];
  readonly people: Map<string, { membership: Membership; groups: Set<string>; timezone?: string }>;
  readonly place: { shared: boolean; archived: boolean; botIsMember: boolean };
  /** The members of the channel, where it is private. */
  audience: ReadonlySet<string> | null;
  /** People, groups and channels whose look-ups fail. */
  readonly unavailable: Set<string>;
  /** The user groups whose members were never known. */
  readonly unknownGroups: Set<string>;
  /** When a failed look-up may be repeated. null: its failure is final. */
  retryAfterMs: number | null;
  readonly answers: Answers;
  /** The result of every post while it is set. Searches fail meanwhile as well. */
  outage: PostResult | null;
};

export function newWorld(): World {
  const member = (...groups: string[]) => ({ membership: 'member' as Membership, groups: new Set(groups) });
  return {
    now: noon,
    messages: [],
    privateMessages: [],
    sent: [],
    observedAt: [],
    people: new Map([
      ['U0ALICE', member()],
      ['U0BOB', member()],
      ['U0CAROL', member('S0LEADS')],
      ['U0DAVE', member('S0LEADS')],
      ['U0EVE', member()],
    ]),
    place: { shared: false, archived: false, botIsMember: true },
    audience: null,
    unavailable: new Set(),
    unknownGroups: new Set(),
    retryAfterMs: 0,
    outage: null,
    answers: {
      announce: [],
      updateAnnouncement: [],
      postOutcome: [],
      postFollowUp: [],
      postCall: [],
      page: [],
      pageEmergency: [],
      postOutcomePrivately: [],
      sendOutcomeDirectly: [],
      replyToPress: [],
      tellEmergency: [],
      findAnnouncement: [],
      findOutcome: [],
      findFollowUp: [],
      postPauseReminder: [],
      sendPauseReminderDirectly: [],
      findPauseReminder: [],
      updatePauseReminder: [],
      findCall: [],
      prepare: [],
      readThread: [],
      send: [],
      observe: [],
      probe: [],
    },
  };
}

export const accepted: DispatchResult = { kind: 'accepted', answer: { ...noAnswer, status: 204 } };
export const unknown: DispatchResult = { kind: 'unknown', reason: 'timeout', answer: noAnswer };
export const finished: Observation = { kind: 'seen', reading: 'finished', field: 'logicalStatus', raw: 'finished' };
