import { type PretendSlack, startPretendSlack } from '../../../sandbox/slack/pretend-slack.ts';
import type { LookUp, Place } from '../../../src/access/decision.ts';
import type { AlertAnswer } from '../../../src/access/policy.ts';
import { translatorFor } from '../../../src/locales/translator.ts';
import type { Observation, RecordedWorkflowState } from '../../../src/requests/events.ts';
import type { Ledger } from '../../../src/requests/ledger/ledger.ts';
import type { ChannelStatus } from '../../../src/requests/ports.ts';
import type { WorkflowLook } from '../../../src/requests/watches/condition.ts';
import type { AnswerObstacle, KnownPlaces } from '../../../src/requests/watches/watch-store.ts';
import type { WatchTerms } from '../../../src/requests/watches/watch-terms.ts';
import { startWatcher, type WatcherPorts } from '../../../src/requests/watches/watcher.ts';
import { createWatchMessenger } from '../../../src/slack/watch-messenger.ts';
import { clientOf } from '../../sandbox/slack/quiet-client.ts';
import { type EngineName, newLedger, type OpenedLedger } from '../ledger/ledger.fixture.ts';

export const minutes = 60_000;

export function watchOf(workflowId: string, terms: Partial<WatchTerms> = {}): WatchTerms {
  return {
    ...{ organization: 'acme', environment: 'prod', workflowId, alias: null, channel: 'C0OPS' },
    ...{ everyMs: minutes, timezone: null, quiet: [], longerThanMs: null, expectedBy: null, pausesEndAfterMs: null },
    ...terms,
  };
}

/** Nothing was asked for later. */
export const endsNothing = async () => false;

export function lookThatShows(reading: RecordedWorkflowState, nextProcessingAt: number | null = null): WorkflowLook {
  const observation: Observation = { kind: 'seen', reading, field: 'logicalStatus', raw: reading };
  return { observation, nextProcessingAt, retryAfterMs: null };
}

const everywhere: KnownPlaces = {
  ...{ environmentOf: () => 'prod', pausesEndAfter: () => null, aliasOf: () => null, isNamed: () => true },
};

export const failedLook: WorkflowLook = {
  observation: { kind: 'failed', reason: 'timeout' },
  nextProcessingAt: null,
  retryAfterMs: null,
};

/** A ledger, a workspace with its clock, and a Campaign that shows what the test says. */
export type Watching = {
  readonly opened: OpenedLedger;
  readonly slack: PretendSlack;
  /** What Campaign shows of each workflow; in progress unless said. */
  readonly shows: Map<string, WorkflowLook>;
  /** The workflows that were looked at, in order. */
  readonly looked: string[];
  readonly logged: string[];
  watches: readonly WatchTerms[];
  /** Every environment is configured, and every channel is named, unless the test says otherwise. */
  places: KnownPlaces;
  /** What Slack says of the ID of a channel; the same unless said. */
  readonly channels: Map<string, ChannelStatus>;
  /** What Slack says of a channel; shared with no other organization unless said. */
  place: (channel: string) => LookUp<Place>;
  sharedChannels: ReadonlySet<string>;
  ports(ledger?: Ledger): WatcherPorts;
  /** What a process does in one second that has nothing else to do, until nothing more is due. */
  pass(ledger?: Ledger): Promise<void>;
  /** Called before and after each call of Slack or Campaign; may throw, as if the process died. */
  onPortCall: (moment: string) => void;
  /** Lets this time pass, with one pass at its end. */
  after(ms: number): Promise<void>;
  /** Carries out what the request 7KQ2M4XD answers to the alert of WKF110. */
  answer(to: {
    readonly verb: AlertAnswer;
    readonly by: string;
    readonly channel: string;
    readonly until?: number;
  }): Promise<AnswerObstacle | null>;
  /** The messages of watches: their text, in a thread or not. */
  told(): readonly { readonly text: string; readonly isReply: boolean; readonly isEdited: boolean }[];
  [Symbol.asyncDispose](): Promise<void>;
};

export async function newWatching(engine: EngineName, watches: readonly WatchTerms[]): Promise<Watching> {
  await using resources = new AsyncDisposableStack();
  const opened = resources.use(await newLedger(engine));
  const slack = resources.adopt(await startPretendSlack({ now: () => opened.clock.now }), (it) => it.close());
  const kept = resources.move();
  const shows = new Map<string, WorkflowLook>();
  const looked: string[] = [];
  const logged: string[] = [];
  const client = clientOf(slack);
  const log = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const context = {
    ...{ translator: translatorFor('en'), botName: 'campaign-wf', refer: () => [] },
    checkpoint: () => opened.ledger.checkpoint(),
  };
  async function intercept<T>(call: string, work: () => Promise<T>): Promise<T> {
    watching.onPortCall(`before ${call}`);
    const result = await work();
    watching.onPortCall(`after ${call}`);
    return result;
  }
  const messenger = createWatchMessenger({
    ...{ poster: client, reader: client, botUserId: slack.workspace.bot.userId, context },
  });
  const watching: Watching = {
    onPortCall: () => {},
    ...{ opened, slack, shows, looked, logged, watches, places: everywhere, channels: new Map() },
    place: () => ({ ok: true, value: { shared: false, archived: false, botIsMember: true } }),
    sharedChannels: new Set(),
    ports: (ledger = opened.ledger) => ({
      ledger,
      ...{ acknowledged: () => null, random: () => 0, wake: () => {} },
      directory: {
        channelStatus: async (channel) => watching.channels.get(channel) ?? { kind: 'same' },
        place: async (channel) => watching.place(channel),
      },
      policy: () => ({ sharedChannels: watching.sharedChannels }),
      log: { info: log, warn: log, error: log, debug: () => {} },
      count: { looked: () => {}, told: () => {} },
      watches: () => watching.watches,
      watchPlaces: watching.places,
      look: () => (workflowId) =>
        intercept('look', async () => {
          looked.push(workflowId);
          return shows.get(workflowId) ?? lookThatShows('in_progress');
        }),
      watchMessenger: {
        post: (claimed) => intercept('post', () => messenger.post(claimed)),
        edit: (claimed) => intercept('edit', () => messenger.edit(claimed)),
        reply: (claimed) => intercept('reply', () => messenger.reply(claimed)),
        find: (claimed) => intercept('find', () => messenger.find(claimed)),
      },
    }),
    async pass(ledger) {
      for (let times = 0; times < 3; times += 1) {
        const watcher = startWatcher(watching.ports(ledger));
        await watcher.pass();
        await watcher.end();
        // Messages in one channel are a second apart.
        opened.clock.now += 1_200;
      }
    },
    async after(ms) {
      opened.clock.now += ms;
      await watching.pass();
    },
    answer: ({ verb, by: requester, channel, until }) =>
      opened.ledger.transaction((tx) => {
        const workflow = { workflowId: 'WKF110', alias: null, environment: 'prod', organization: 'acme' };
        const order = { verb, ...workflow, reason: '', ...(until !== undefined && { until }) };
        return tx.answerWatch({ id: '7KQ2M4XD', order, channel, requester });
      }),
    told: () =>
      slack.workspace.messages
        .filter(({ metadata }) => metadata?.event_type === 'campaign_wf_watch')
        .map(({ text, threadTs, edited }) => {
          return { text, isReply: threadTs != null, isEdited: edited != null };
        }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  return watching;
}
