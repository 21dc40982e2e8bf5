import type { RecordedEvent } from '../../src/requests/events.ts';
import type { State } from '../../src/requests/outcome.ts';
import type { PretendState } from '../campaign/workflow-states.ts';
import type { Block } from '../slack/blocks.ts';
import type { Option } from '../slack/views/input-block.ts';
import type { Modal } from '../slack/views/modal.ts';
import type { ViewState } from '../slack/views/view-state.ts';
import type { BreakageName } from './breakages.ts';

/** All that the page shows to one person at one moment. Times are milliseconds since 1970. */
export type Snapshot = {
  readonly mode: 'http' | 'socket';
  /** Slack's ID of the person who is looking. */
  readonly me: string;
  /** Whom one can be. */
  readonly people: readonly Person[];
  /** For mentions in what is shown. */
  readonly known: {
    readonly users: readonly Named[];
    readonly channels: readonly Named[];
    readonly groups: readonly Named[];
  };
  /** The channels that the person is in, the direct messages with the bot last. */
  readonly channels: readonly Place[];
  /** What the person sees in all of them, oldest first. */
  readonly entries: readonly Entry[];
  /** What lies over the page, if anything does. */
  readonly modal: OpenModal | null;
  /** What the menu of a message of the bot's offers. */
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  readonly bot: Bot;
  readonly campaign: CampaignSide;
  readonly breakages: readonly { readonly name: BreakageName; readonly isOn: boolean }[];
  /** The bot's `campaign-wf.yml`. */
  readonly rules: string;
  /** What the bot did that Slack tolerates or swallows but nobody wants. */
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

export type Entry = {
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the message that it answers; null in the channel itself. */
  readonly threadTs: string | null;
  readonly at: number;
  readonly author: string;
  readonly isApp: boolean;
  /** Shown only where there are no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly isPrivate: boolean;
  readonly isEdited: boolean;
  /** A reply that stands in the channel, too. */
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
  /** Of the process that runs, or ran last. */
  readonly pid: number;
  readonly starts: number;
  /** It is killed when its next command has reached Campaign, before it is answered. */
  readonly diesAtNextCall: boolean;
  /** The latest lines of its log. */
  readonly log: readonly string[];
};

export type CampaignSide = {
  readonly url: string;
  readonly workflows: readonly ShownWorkflow[];
  /** What arrived at Campaign and at IMS, newest first. */
  readonly requests: readonly ShownRequest[];
};

export type ShownWorkflow = {
  readonly id: string;
  readonly organization: string;
  readonly state: PretendState;
  readonly logicalStatus: string;
  /** Since when it is in that state. */
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
  /** The connection was cut, or nothing will ever come. */
  | { readonly kind: 'cut' | 'silence' }
  | { readonly kind: 'awaited' };

/** A request of the ledger with its events, its chain recomputed. */
export type RecordedRequest = {
  readonly id: string;
  readonly requestedAt: number;
  readonly state: State;
  readonly events: readonly RecordedEvent[];
  /** What is wrong with it, in words; null where it is sound. */
  readonly flaw: string | null;
};

/** What came of a deed. */
export type Result =
  /** With what the bot suggests, where it was asked. */
  | { readonly ok: true; readonly options?: readonly Option[] }
  /** Why not, for the person who did it. */
  | { readonly ok: false; readonly problem: string };
