import type { types } from '@slack/bolt';
import type { Policy } from '../access/policy.ts';
import type { Vocabulary } from '../commands/vocabulary/vocabulary.ts';
import type { Locale } from '../locales/translator.ts';
import type { PostResult } from '../requests/attempt-results.ts';
import type { Ledger } from '../requests/ledger/ledger.ts';
import type { Directory, Log } from '../requests/ports.ts';
import type { Progress } from '../requests/progress.ts';
import type { Request } from '../requests/request.ts';
import type { Pressed, RepeatedPress } from '../requests/rules/press.ts';
import type { WorkflowLookUps } from './answers/shared-lookups.ts';
import type { ChannelMemberships, Languages } from './directory.ts';
import type { OpenView, UpdateForm } from './form/form-updates.ts';
import type { Homes } from './home/homes.ts';
import type { InFlight } from './listeners/in-flight.ts';
import type { Rates } from './listeners/rates.ts';
import type { MessageContext } from './messages/message-context.ts';
import type { Asker, Replies } from './private-replies.ts';
import type { Message } from './render.ts';

/** An environment of the configuration. */
export type NamedEnvironment = {
  readonly name: string;
  readonly organization: string;
  readonly production: boolean;
};

/** A form that was opened, in its first version. */
export type OpenedForm = Pick<OpenView, 'id' | 'hash'>;

/** Everything that listeners and answers use. Policy, vocabulary and environments may change between two calls. */
export type ListenerPorts = {
  readonly ledger: Ledger;
  readonly directory: Directory & ChannelMemberships;
  /** The bot's own workspace. */
  readonly team: string;
  readonly now: () => number;
  readonly policy: () => Policy;
  readonly vocabulary: () => Vocabulary;
  readonly environments: () => readonly NamedEnvironment[];
  /** The environment of an organization; null if the configuration has none. */
  readonly environmentOf: (organization: string) => string | null;
  readonly campaign: (organization: string) => WorkflowLookUps | null;
  readonly rates: Rates;
  /** How many requests of a kind one person may have open. */
  readonly openPerPerson: () => number;
  /** The refused press that a press only repeats; null: it has to be recorded. */
  readonly repeatedPress: (pressed: Pressed) => Promise<RepeatedPress | null>;
  /** Resolves when the request is announced or has ended, after `ms` milliseconds at the latest. */
  readonly announcedOrEnded: Progress['announcedOrEnded'];
  /** How the decision of an interaction is judged; null if that takes longer than `ms` milliseconds. */
  readonly judged: Progress['judged'];
  /** Wakes the runner: something may be due. */
  readonly wake: () => void;
  readonly replies: Replies;
  /** The language of messages in channels. */
  readonly locale: Locale;
  readonly languages: Languages;
  readonly localize: (locale: Locale) => Localization;
  readonly inFlight: InFlight;
  readonly log: Log;
  readonly count: { arrived(what: 'command' | 'press' | 'form'): void; fault(where: 'interaction'): void };
  /** Counts a command from a channel that no rule names. */
  readonly unnamedChannel: () => void;
  /** Counts a request that was not recorded because its requester has too many open. */
  readonly tooManyOpen: () => void;
  /** Logs and counts that something could not be recorded in time. */
  readonly notRecorded: (error: unknown) => void;
  /** Opens a form for the person of the trigger; null if Slack did not open it. */
  readonly openForm: (trigger: string, view: types.ModalView) => Promise<OpenedForm | null>;
  /** Updates an open form after a choice in it. */
  readonly updateForm: UpdateForm;
  /** The App Homes. */
  readonly homes: Pick<Homes, 'show'>;
  /** Answers one person privately: by `response_url`, or by direct message. */
  readonly answer: (asker: Asker, message: Message) => Promise<PostResult>;
  /** An ID for an unexpected error, for the person and for the log. */
  readonly faultId: () => string;
};

/** How messages are written in one language. */
export type Localization = {
  readonly plainContext: MessageContext;
  /** With links to these requests. */
  readonly contextFor: (requests: readonly Request[]) => MessageContext;
};

/** The same with the language of the person who is answered. */
export type LocalizedPorts = ListenerPorts & Localization;

/** The ports that answers need: they only read. */
export type AnswerPorts = Localization &
  Pick<
    ListenerPorts,
    'ledger' | 'directory' | 'team' | 'now' | 'policy' | 'vocabulary' | 'environments' | 'environmentOf' | 'campaign'
  >;
