import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { withCalendars } from './access/freeze-windows.ts';
import { isNamed } from './access/policy.ts';
import { readCalendar } from './calendars/read-calendar.ts';
import { createCalendars } from './calendars/watch-calendars.ts';
import { aliasOf, labelIn } from './commands/vocabulary/vocabulary.ts';
import { type SelfCheck, startSelfCheck } from './doctor/self-check.ts';
import { type Locale, plain, translatorFor } from './locales/translator.ts';
import type { Metrics } from './metrics/create-metrics.ts';
import { startDailyCheckpoint } from './requests/daily-checkpoint.ts';
import type { Ledger } from './requests/ledger/ledger.ts';
import type { Log, Ports } from './requests/ports.ts';
import { createProgress } from './requests/progress.ts';
import { createChannelComparison } from './requests/recovery/channel-comparison.ts';
import { isKnownHere } from './requests/rules/authorization.ts';
import { itemsOf } from './requests/rules/batch.ts';
import { reviewersNow } from './requests/rules/emergency.ts';
import { createRepeatedPresses } from './requests/rules/press.ts';
import { startRunner } from './requests/runner.ts';
import { startWatcher } from './requests/watches/watcher.ts';
import type { Warning } from './settings/problem.ts';
import type { Configuration, Settings } from './settings/settings.ts';
import { type Setup, setUp } from './setup.ts';
import { createSharedLookUps } from './slack/answers/shared-lookups.ts';
import type { SlackCall } from './slack/call-result.ts';
import { createCheckpointMessenger } from './slack/checkpoint-message.ts';
import { boltLogger, type Clients, createClients } from './slack/clients.ts';
import { createClockWatch } from './slack/clock-watch.ts';
import { createDirectory } from './slack/directory.ts';
import { createFormUpdates, updateView } from './slack/form/form-updates.ts';
import { renderHome } from './slack/home/home-view.ts';
import { createHomes, publishHome } from './slack/home/homes.ts';
import { type Identity, identify, warnOfMissingScopes } from './slack/identity.ts';
import type { ListenerPorts, Localization } from './slack/listener-ports.ts';
import { createInFlight } from './slack/listeners/in-flight.ts';
import { showForm } from './slack/listeners/open-form.ts';
import { createRates } from './slack/listeners/rates.ts';
import { registerListeners } from './slack/listeners/register.ts';
import type { MessageContext } from './slack/messages/message-context.ts';
import { createMessenger } from './slack/messenger.ts';
import { answerPrivately, createReplies, type Replies } from './slack/private-replies.ts';
import { createReferences, referTo } from './slack/references.ts';
import { watchSlack } from './slack/slack-troubles.ts';
import { checksOf, findingsOf, type Health, inTime, waitingInTime } from './slack/transport/health-pages.ts';
import { type OpenPorts, startHttpServer } from './slack/transport/http-server.ts';
import { createReceiver } from './slack/transport/receive.ts';
import { keepConnected } from './slack/transport/socket-connection.ts';
import { watchTurnedAway } from './slack/transport/turned-away.ts';
import { TurnTakingApp } from './slack/transport/turns.ts';
import { createWatchMessenger } from './slack/watch-messenger.ts';
import { startLedger } from './start-ledger.ts';
import { traceChild } from './tracing/tracing.ts';
import { createTroubleLog } from './trouble-log.ts';

/** How long a shutdown waits for work in flight. */
const drainWithinMs = 20_000;

/** How long the start waits for the calendars of freezes. */
const calendarsWithinMs = 5_000;

/** How often Slack's clock is checked while there are no other requests to Slack. */
const askClockEveryMs = 300_000;

/** What the process provides to the app. */
export type Surroundings = {
  readonly log: Log & { debug: Log['info'] };
  readonly metrics: Metrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Called when the connection to Slack is lost permanently: the process should exit and be restarted. */
  readonly onLost: (reason: string) => void;
  /** Since when the configuration file has been rejected, in milliseconds since the epoch; null if it is in force. */
  readonly rejectedSince: () => number | null;
  /** Settings that are probably not as intended. */
  readonly warnings: () => readonly Warning[];
};

export type RunningApp = {
  /** The ports for health, metrics and (in HTTP mode) Slack's requests. */
  readonly ports: OpenPorts;
  /** Applies these rules, environments and aliases from now on, also to open requests. */
  reconfigure(configuration: Configuration): void;
  /** Accepts no new work, finishes work in flight (20 s at most), closes everything. */
  stop(): Promise<void>;
};

/** Starts the bot. If a setting turns out not to work, closes everything and rejects. */
export async function startApp(settings: Settings, surroundings: Surroundings): Promise<RunningApp> {
  const resources = new AsyncDisposableStack();
  try {
    return await assemble(settings, surroundings, resources);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

async function assemble(settings: Settings, surroundings: Surroundings, resources: AsyncDisposableStack) {
  const { log, now, metrics, signal } = surroundings;
  const checks = new Map<string, () => boolean>([['started', () => false]]);
  // Health is served before the database is available.
  let asked: Pick<Health, 'waiting' | 'ledgerProblem' | 'witnessProblem' | 'restored'> = {
    waiting: async () => null,
    ledgerProblem: () => null,
    witnessProblem: () => null,
    restored: () => null,
  };
  let missing: Health['missing'] = () => [];
  let homeProblem: Health['homeProblem'] = () => null;
  let unreadCalendars: Health['unreadCalendars'] = () => [];
  let selfCheck: SelfCheck | null = null;
  const clock = createClockWatch({ log, now });
  let askClock = () => {};
  const health: Health = {
    checks,
    waiting: () => asked.waiting(),
    ledgerProblem: () => asked.ledgerProblem(),
    witnessProblem: () => asked.witnessProblem(),
    restored: () => asked.restored(),
    missing: () => missing(),
    homeProblem: () => homeProblem(),
    unreadCalendars: () => unreadCalendars(),
    selfCheck: () => selfCheck?.findings() ?? [],
    clockOffset: clock.offset,
    rejectedSince: surroundings.rejectedSince,
    metrics: metrics.text,
  };
  metrics.watchHealth({ checks: () => checksOf(health), findings: () => findingsOf(health) });
  const turnedAway = watchTurnedAway({ log, count: metrics.turnedAway, doubtClock: () => askClock() });
  const { kind } = settings.slack.mode;
  const http = await startHttpServer({ ...settings.http, mode: kind, health, now, turnedAway });
  resources.defer(() => http.close());
  const progress = createProgress();
  const troubles = createTroubleLog({ log });
  resources.defer(() => troubles.flush());
  const { ledger, sealer, erasures, restoredLedger, witnessProblem } = await startLedger(
    settings,
    { ...surroundings, progress, troubles },
    resources,
  );
  metrics.watchLedger({ read: () => inTime(ledger.state), now: ledger.now });
  asked = {
    waiting: () => waitingInTime(ledger),
    ledgerProblem: ledger.problem,
    witnessProblem,
    restored: restoredLedger.found,
  };

  const { botToken, apiUrl, mode } = settings.slack;
  const watched = watchSlack(troubles, apiUrl);
  const onCall = (call: SlackCall) => {
    watched(call);
    metrics.slackCall(call);
    const { method, result, durationMs } = call;
    traceChild(`slack ${method}`, durationMs, {}, result === 'ok' ? null : result);
  };
  const clients = createClients({ token: botToken, apiUrl, logger: boltLogger(log), clock, onCall });
  const replies = createReplies(undefined, onCall);
  const { identity, scopes } = await identify(clients.reader, surroundings);
  warnOfMissingScopes(scopes, log);
  askClock = () => clock.check(() => clients.reader.auth.test());
  resources.adopt(setInterval(askClock, askClockEveryMs), clearInterval);
  // The first connection can deliver an event before the runner starts. The runner begins by reading the ledger.
  let wake = () => {};
  const calendars = createCalendars({ log, now, read: readCalendar, onRead: () => setup.renewFreezes() });
  resources.defer(calendars.end);
  const unread = plain(translatorFor(settings.locale).translate('refusal.freeze_calendar_unread'));
  const setup = setUp(settings, {
    ...{ now, troubles, metrics },
    freezesOf: (planned) => withCalendars(planned, calendars.periodsOf, unread),
  });
  unreadCalendars = calendars.unread;
  // What is open must not be refused only because the events are not known yet.
  const planned = settings.configuration.policy.freezes;
  await Promise.race([calendars.watch(planned), wait(calendarsWithinMs, null, { ref: false, signal })]);
  const { requests, listeners, comparison, homes, watchMessenger } = portsOf({
    setup,
    locale: settings.locale,
    identity,
    ledger,
    clients,
    replies,
    surroundings,
    progress,
    wake: () => wake(),
  });
  const reception = createReceiver(mode, apiUrl, { log, clock, turnedAway });
  const authorize = async () => ({ botToken, botUserId: identity.userId });
  const app = new TurnTakingApp(
    { receiver: reception.receiver, authorize, logger: boltLogger(log) },
    // The HTTP receiver reports by itself what is not acknowledged.
    {
      givenUp: () => reception.kind === 'socket' && turnedAway('unacknowledged', {}),
      onAcknowledged: metrics.acknowledged,
    },
  );
  registerListeners(app, listeners);

  if (reception.kind === 'http') {
    const { receiver, signingSecret } = reception;
    http.serveSlack({ requestListener: receiver.requestListener, signingSecret });
  }
  const socket = reception.kind === 'socket' ? await keepConnected({ ...reception, ...surroundings }) : null;
  if (socket !== null) resources.defer(() => socket.close());
  const runner = startRunner(requests);
  wake = runner.wake;
  missing = comparison.missing;
  homeProblem = homes.problem;
  const comparing = new AbortController();
  const { policy, recordChannel } = setup.now();
  const channels = policy.rules.flatMap((rule) => [...rule.channels]);
  if (recordChannel !== null) channels.push(recordChannel);
  const compared = comparison.run(channels, restoredLedger, comparing.signal);

  const watcher = startWatcher({
    ...{ ...requests, log, watchMessenger, count: metrics.watched, wake: runner.wake },
    look: (organization) => setup.now().campaigns.get(organization)?.look ?? null,
    watches: () => setup.now().watches,
    watchPlaces: {
      environmentOf: requests.environmentOf,
      pausesEndAfter: requests.pausesEndAfter,
      aliasOf: (workflow) => aliasOf(workflow, requests.vocabulary())?.name ?? null,
      isNamed: (channel) => isNamed(requests.policy(), channel),
    },
  });

  const daily = startDailyCheckpoint({
    ...{ ledger, log, random: surroundings.random },
    channel: () => setup.now().recordChannel,
    messenger: createCheckpointMessenger({
      ...{ poster: clients.poster, reader: clients.reader, botUserId: identity.userId },
      translator: translatorFor(settings.locale),
    }),
  });

  if (settings.selfCheck !== false) {
    const slack = { identity, scopes, reader: clients.reader };
    const { random, warnings } = surroundings;
    selfCheck = startSelfCheck({ ...{ setup, slack, log, random, warnings }, database: settings.database });
  }

  checks.set('started', () => true);
  checks.set('ledger', runner.isHealthy);
  checks.set('slack', () => (socket?.isConnected() ?? true) && clients.tokenIsAccepted());
  checks.set('accepting', () => !listeners.inFlight.isDraining());

  async function drain(): Promise<true> {
    const { inFlight } = listeners;
    await Promise.all([
      inFlight.drain(),
      runner.stop(),
      compared,
      erasures.end(),
      daily.end(),
      homes.end(),
      watcher.end(),
    ]);
    await sealer.sealRest();
    return true;
  }
  return {
    ports: http.ports,
    reconfigure(configuration: Configuration) {
      setup.change(configuration);
      void calendars.watch(configuration.policy.freezes);
      daily.wake();
      watcher.renew();
      selfCheck?.wake();
    },
    async stop() {
      comparing.abort();
      selfCheck?.end();
      const inTime = await Promise.race([drain(), wait(drainWithinMs, false, { ref: false })]);
      if (!inTime) log.warn({}, 'some work in flight did not finish in time; it stays in the ledger');
      await resources.disposeAsync();
    },
  };
}

type Assembly = {
  readonly setup: Setup;
  readonly locale: Settings['locale'];
  readonly identity: Identity;
  readonly ledger: Ledger;
  readonly clients: Clients;
  readonly replies: Replies;
  readonly surroundings: Surroundings;
  readonly progress: Pick<ListenerPorts, 'announcedOrEnded' | 'judged'>;
  readonly wake: () => void;
};

/** The ports of requests and listeners. */
function portsOf(assembly: Assembly) {
  const { setup, locale, identity, ledger, clients, replies, surroundings, progress, wake } = assembly;
  const { log, metrics, random } = surroundings;
  const { announcedOrEnded, judged } = progress;
  const { poster, reader } = clients;
  const translator = translatorFor(locale);
  const references = createReferences(identity.workspace, ledger);
  const directory = createDirectory(reader, identity, log);
  const shared = {
    ledger,
    log,
    now: ledger.now,
    team: identity.team,
    workspace: identity.workspace,
    directory,
    policy: () => setup.now().policy,
    vocabulary: () => setup.now().vocabulary,
    environments: () => setup.now().environments,
    environmentOf: (organization: string) =>
      setup.now().environments.find((environment) => environment.organization === organization)?.name ?? null,
    campaign: (organization: string) => setup.now().campaigns.get(organization) ?? null,
    pausesEndAfter: (organization: string) =>
      setup.now().environments.find((environment) => environment.organization === organization)?.pausesEndAfterMs ??
      null,
  };
  const labelOf: MessageContext['labelOf'] = (order) => labelIn(shared.vocabulary(), order);
  const messenger = createMessenger({
    poster,
    reader,
    identity,
    translator,
    languages: directory,
    replies,
    references,
    itemsOf: (batch) => itemsOf(batch, ledger),
    checkpoint: ledger.checkpoint,
    labelOf,
    reviewersOf: (request) => reviewersNow(request, shared.policy()),
    isKnownHere: (person) => isKnownHere(person, shared),
  });
  const comparison = createChannelComparison({ ...shared, random, messenger });
  const { reconciliation } = comparison;
  const watchMessenger = createWatchMessenger({
    ...{ poster, reader, botUserId: identity.userId },
    context: speechIn(locale, identity, { checkpoint: ledger.checkpoint, labelOf }).plainContext,
  });
  const inFlight = createInFlight();
  const { acknowledged } = inFlight;
  const requests: Ports = {
    ...shared,
    random,
    messenger,
    reconciliation,
    acknowledged,
    count: metrics,
  };
  const homes = createHomes({
    ...{ ledger, inFlight, log },
    render: (person, note) => renderHome(person, listeners, note),
    publish: (person, view) => publishHome(poster, person, view),
  });
  const listeners: ListenerPorts = {
    ...shared,
    campaign: createSharedLookUps(shared.campaign),
    unnamedChannel: metrics.unnamedChannel,
    openPerPerson: () => setup.now().openPerPerson,
    tooManyOpen: metrics.tooManyOpen,
    rates: createRates(metrics.rateLimited),
    repeatedPress: createRepeatedPresses(shared, metrics.repeatedPress),
    ...{ announcedOrEnded, judged, wake, replies, locale },
    languages: directory,
    localize: (one) => speechIn(one, identity, { checkpoint: ledger.checkpoint, labelOf }),
    inFlight,
    count: metrics,
    notRecorded(error) {
      metrics.fault('record');
      log.error({ err: error }, 'a request from Slack could not be recorded');
    },
    homes,
    openForm: (trigger, view) => showForm(poster, trigger, view, log),
    updateForm: createFormUpdates((id, hash, view) => updateView(reader, { id, hash, view }, log)),
    answer: (asker, message) => answerPrivately({ replies, poster }, asker, message),
    faultId: () => randomBytes(4).toString('hex'),
  };
  return { requests, listeners, comparison, homes, watchMessenger };
}

/** The message context for a reader of that language. */
function speechIn(
  locale: Locale,
  { name: botName, workspace }: Identity,
  known: Pick<MessageContext, 'checkpoint' | 'labelOf'>,
): Localization {
  const plainVoice: MessageContext = {
    translator: translatorFor(locale),
    botName,
    ...known,
    refer: (id) => [{ kind: 'text', text: id }],
  };
  return {
    plainContext: plainVoice,
    contextFor: (requests) => ({ ...plainVoice, refer: referTo(workspace, requests) }),
  };
}
