import type { CommandWord } from '../../src/commands/command.ts';
import type { Phrase } from '../../src/locales/phrase.ts';
import type { RecordedEvent } from '../../src/requests/events.ts';
import type { State } from '../../src/requests/outcome.ts';
import type { PretendState } from '../campaign/workflow-states.ts';
import type { Block } from '../slack/blocks.ts';
import type { Option } from '../slack/views/input-block.ts';
import type { Modal } from '../slack/views/modal.ts';
import type { ViewState } from '../slack/views/view-state.ts';
import type { BreakageName } from './breakages.ts';

/** The page's contents for one person at one time. Times are milliseconds since 1970. */
export type Snapshot = {
  readonly mode: 'http' | 'socket';
  /** The Slack ID of the selected person. */
  readonly me: string;
  /** The people that can be selected. */
  readonly people: readonly Person[];
  /** The names for mentions. */
  readonly known: {
    readonly users: readonly Named[];
    readonly channels: readonly Named[];
    readonly groups: readonly Named[];
  };
  /** The channels that the person is in, the direct messages with the bot last. */
  readonly channels: readonly Place[];
  /** What the page suggests to the person, by channel. */
  readonly offers: Readonly<Record<string, Offers>>;
  /** The messages and private replies that the person sees, oldest first. */
  readonly entries: readonly Entry[];
  /** The app's Home tab of the person. null: nothing was published. */
  readonly home: readonly Block[] | null;
  /** The open modal, if any. */
  readonly modal: OpenModal | null;
  /** The entries in the menu of a message. */
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  readonly bot: Bot;
  /** How far the clock of the bot and of Slack is ahead of this machine's. */
  readonly aheadMs: number;
  readonly campaign: CampaignSide;
  readonly breakages: readonly { readonly name: BreakageName; readonly isOn: boolean }[];
  /** The bot's `campaign-wf.yml`. */
  readonly rules: string;
  /** Mistakes of the bot that Slack tolerates or ignores. */
  readonly mistakes: readonly string[];
};

export type Named = { readonly id: string; readonly name: string };

export type Person = Named & {
  /** "Operator", "Guest" and so on. */
  readonly role: string;
};

export type Place = Named & {
  readonly kind: 'public' | 'private' | 'shared' | 'direct';
  readonly hasBot: boolean;
};

/** What the rules permit a person in a channel. Anything else can be typed as well, and the bot refuses it. */
export type Offers = {
  readonly commands: readonly CommandWord[];
  /** Aliases and IDs, by the command that takes a workflow. */
  readonly workflows: Partial<Readonly<Record<CommandWord, readonly string[]>>>;
};

export type Entry = {
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the thread's message. null: in the channel itself. */
  readonly threadTs: string | null;
  readonly at: number;
  readonly author: string;
  readonly isApp: boolean;
  /** Shown only where there are no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly isPrivate: boolean;
  readonly isEdited: boolean;
  /** A reply that was also sent to the channel. */
  readonly isBroadcast: boolean;
};

export type OpenModal = {
  readonly id: string;
  readonly view: Modal;
  readonly values: ViewState;
  /** By block id. */
  readonly errors: Readonly<Record<string, string>>;
};

export type Bot = {
  readonly state: 'running' | 'starting' | 'failed';
  /** Of the running process, or of the last one. */
  readonly pid: number;
  readonly starts: number;
  /** It will be killed when its next command has reached Campaign, before the response. */
  readonly diesAtNextCall: boolean;
  /** Of the channel: in the running process, and after the next start with the current rules. */
  readonly language: { readonly now: string; readonly next: string };
  /** The latest lines of its log. */
  readonly log: readonly string[];
};

export type CampaignSide = {
  readonly url: string;
  readonly workflows: readonly ShownWorkflow[];
  /** The requests to Campaign and to IMS, newest first. */
  readonly requests: readonly ShownRequest[];
};

export type ShownWorkflow = {
  readonly id: string;
  readonly organization: string;
  readonly state: PretendState;
  readonly logicalStatus: string;
  /** The start of its current state. */
  readonly since: number;
};

export type ShownRequest = {
  readonly number: number;
  readonly at: number;
  readonly side: 'campaign' | 'ims';
  readonly method: string;
  readonly path: string;
  /** The token and the client secret are masked, here and in the body. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly answer: ShownAnswer;
};

export type ShownAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    }
  /** The connection was closed, or there will be no response. */
  | { readonly kind: 'cut' | 'silence' }
  | { readonly kind: 'awaited' };

/** What the Record tab shows. */
export type ShownRecord = {
  /** The newest: as messages show it, and its whole text. Null: there is none. */
  readonly checkpoint: { readonly short: string; readonly text: string } | null;
  readonly requests: readonly RecordedRequest[];
};

/** A request of the ledger with its events, verified. */
export type RecordedRequest = {
  readonly id: string;
  readonly requestedAt: number;
  readonly state: State;
  readonly events: readonly RecordedEvent[];
  /** Null: its events were changed so that they tell nothing. */
  readonly story: ToldRequest | null;
  /** Whether all its events have their places in the log. */
  readonly isSealed: boolean;
  /** The integrity problem as a text. null: none. */
  readonly flaw: string | null;
};

/** A request in words. */
export type ToldRequest = {
  /** The Slack ID. */
  readonly requester: string;
  readonly order: Phrase;
  /** As typed; empty if none was given. */
  readonly reason: string;
  /** The Slack IDs of those who confirmed it. */
  readonly confirmers: readonly string[];
  /** What an auditor needs first, in sentences: by whom, when, why, under which rule, who confirmed, what came of it. */
  readonly summary: readonly Phrase[];
  /** One for each event. */
  readonly events: readonly Phrase[];
};

/** The result of an action. */
export type Result =
  /** With the bot's suggestions, for `suggest`. */
  | { readonly ok: true; readonly options?: readonly Option[] }
  /** The problem, for the person. */
  | { readonly ok: false; readonly problem: string };
