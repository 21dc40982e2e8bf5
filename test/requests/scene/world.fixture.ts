import type { Membership } from '../../../src/access/decision.ts';
import type { Verb } from '../../../src/commands/command.ts';
import type { DispatchResult, MessageSearch, PostResult } from '../../../src/requests/attempt-results.ts';
import type { Observation, PressRefusal, ProbeResult } from '../../../src/requests/events.ts';
import type { Outcome, State } from '../../../src/requests/outcome.ts';
import type { PreparedCommand, ThreadView } from '../../../src/requests/ports.ts';
import { noAnswer, noon } from '../events.fixture.ts';

/** A message in the channel, as everybody sees it. `shows` is what its last edit says. */
export type Message = {
  kind: 'announcement' | 'outcome' | 'note';
  request: string;
  ts: string;
  shows: State | 'retrying';
};

/** What somebody alone was told. */
export type Told =
  | { how: 'private' | 'direct'; request: string; to: string; outcome: Outcome | null }
  | { how: 'press'; request: string; to: string; refusal: PressRefusal };

export type SentCommand = { workflowId: string; command: Verb; at: number };

/** What a try to post comes to. `landed in doubt`: it is in the channel, and Slack's answer got lost. */
export type SlackAnswer = PostResult | 'landed in doubt' | Error;

/** What the outside answers next, call by call; where nothing is left, everything works. */
export type Answers = {
  announce: SlackAnswer[];
  show: SlackAnswer[];
  report: SlackAnswer[];
  note: SlackAnswer[];
  reportPrivately: SlackAnswer[];
  reportDirectly: SlackAnswer[];
  answerPress: SlackAnswer[];
  findAnnouncement: MessageSearch[];
  findReport: MessageSearch[];
  findNote: MessageSearch[];
  /** Why there is no access token. */
  prepare: ((PreparedCommand & { kind: 'no_token' }) | Error)[];
  readThread: ThreadView[];
  send: (DispatchResult | Error | Promise<DispatchResult>)[];
  observe: (Observation | Error)[];
  probe: (ProbeResult | Error)[];
};
export type Deed = keyof Answers | 'person' | 'place' | 'isThere';

export type Gate = {
  /** Somebody stands before it. */
  readonly reached: Promise<void>;
  open(): void;
};

/** Everything that is not the bot: the time, Slack, its people and its channel, Campaign. */
export type World = {
  now: number;
  readonly messages: Message[];
  readonly told: Told[];
  readonly sent: SentCommand[];
  /** When Campaign was asked for a workflow's state. */
  readonly looks: number[];
  readonly people: Map<string, { membership: Membership; groups: Set<string> }>;
  readonly place: { shared: boolean; archived: boolean; botIsMember: boolean };
  /** Slack says nothing of these. */
  readonly hidden: Set<string>;
  /** The user groups of which Slack has never said who is in them. */
  readonly unheard: Set<string>;
  /** When Slack may say it after all; null: never. */
  retryAfterMs: number | null;
  readonly answers: Answers;
  /** What every post comes to, as long as it is set; nothing can be found out meanwhile either. */
  trouble: PostResult | null;
};

export function newWorld(): World {
  const member = (...groups: string[]) => ({ membership: 'member' as Membership, groups: new Set(groups) });
  return {
    now: noon,
    messages: [],
    told: [],
    sent: [],
    looks: [],
    people: new Map([
      ['U0ALICE', member()],
      ['U0BOB', member()],
      ['U0CAROL', member('S0LEADS')],
      ['U0DAVE', member('S0LEADS')],
      ['U0EVE', member()],
    ]),
    place: { shared: false, archived: false, botIsMember: true },
    hidden: new Set(),
    unheard: new Set(),
    retryAfterMs: 0,
    trouble: null,
    answers: {
      announce: [],
      show: [],
      report: [],
      note: [],
      reportPrivately: [],
      reportDirectly: [],
      answerPress: [],
      findAnnouncement: [],
      findReport: [],
      findNote: [],
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
