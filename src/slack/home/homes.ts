import type { types, webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { Ledger } from '../../requests/ledger/ledger.ts';
import type { Log } from '../../requests/ports.ts';
import type { InFlight } from '../listeners/in-flight.ts';
import type { LocalizedMessage } from '../messages/message-context.ts';
import { createQueues } from '../queues.ts';
import { failureReason, platformError } from '../slack-error.ts';

/** A home that was opened within this time is kept up to date. */
const liveMs = 10 * 60_000;

/** So many homes, those that were opened last: each refresh needs a few look-ups in Slack. */
const mostLive = 20;

/** How often it is checked whether anything was recorded. That reads nothing: every process knows the newest checkpoint. */
const defaultEveryMs = 2_000;

/** How long nothing is refreshed after Slack has refused a home. */
const pauseMs = 30_000;

/** How long the answer to a press stands above a home. */
const noteMs = 30_000;

type Home = {
  /** What was published last, as JSON; null: nothing, or it is not known. */
  shown: string | null;
  note: { readonly message: LocalizedMessage; readonly until: number } | null;
};

export type Homes = {
  /** Publishes the home of somebody who has opened it or pressed something in it, and keeps it up to date for ten minutes. */
  show(person: string, note?: LocalizedMessage): Promise<void>;
  /** Slack's refusal, where the app has no Home tab or lacks a scope; null where it has taken the last home, or was not asked. */
  problem(): string | null;
  end(): Promise<void>;
};

export type HomesOptions = {
  readonly ledger: Pick<Ledger, 'checkpoint'>;
  readonly inFlight: Pick<InFlight, 'acknowledged' | 'isDraining'>;
  readonly log: Pick<Log, 'warn'>;
  render(person: string, note: LocalizedMessage | null): Promise<types.HomeView>;
  publish(person: string, view: types.HomeView): Promise<void>;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: () => number;
  readonly everyMs?: number;
};

/** Slack's own word about this home, other than to wait. */
function isRefusal(error: unknown): boolean {
  const code = platformError(error);
  return code !== null && code !== 'ratelimited';
}

/** The refusals that somebody has to mend in the app's settings. */
const lasting: ReadonlySet<string> = new Set(['not_enabled', 'missing_scope']);

/**
 * Publishes the App Homes: one of a person at a time, so that the last one shows the newest state. It is published without
 * a hash: of several processes, whoever publishes later wins, and all of them show what is in the ledger.
 */
export function createHomes(options: HomesOptions): Homes {
  const { ledger, inFlight, log, render, publish, clock = () => performance.now(), everyMs = defaultEveryMs } = options;
  const homes = new LRUCache<string, Home>({
    max: mostLive,
    ttl: liveMs,
    ttlResolution: 0,
    perf: { now: clock },
  });
  const oneByOne = createQueues(1);
  let seen = ledger.checkpoint().size;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let problem: string | null = null;
  let refreshing: Promise<void> | null = null;

  /** Publishes it where it has changed. Whether that is done, or does not help. */
  async function bring(person: string, home: Home): Promise<boolean> {
    try {
      const note = home.note !== null && clock() < home.note.until ? home.note.message : null;
      const view = await render(person, note);
      const now = JSON.stringify(view);
      if (now === home.shown) return true;
      home.shown = null;
      await publish(person, view);
      home.shown = now;
      problem = null;
      return true;
    } catch (error) {
      refused(error);
      // A home that Slack will not take must not hold up the others. Its person opens it again.
      if (isRefusal(error)) homes.delete(person);
      return isRefusal(error);
    }
  }

  function refused(error: unknown): void {
    const code = platformError(error);
    const isNews = code === null || code !== problem;
    problem = code !== null && lasting.has(code) ? code : problem;
    pausedUntil = clock() + pauseMs;
    if (isNews) log.warn({ reason: failureReason(error) }, 'an App Home could not be shown');
  }

  async function refresh(): Promise<void> {
    for (const [person, home] of [...homes.entries()]) {
      await inFlight.acknowledged();
      if (inFlight.isDraining()) return;
      // Somebody may have opened it or pressed something meanwhile.
      const shown = await oneByOne(person, async () => bring(person, homes.peek(person) ?? home));
      if (shown) continue;
      seen = Number.NaN;
      return;
    }
  }

  const timer = setInterval(() => {
    const { size } = ledger.checkpoint();
    if (refreshing !== null || size === seen || clock() < pausedUntil || inFlight.isDraining()) return;
    seen = size;
    refreshing = refresh().finally(() => {
      refreshing = null;
    });
  }, everyMs);
  timer.unref();

  return {
    async show(person, note) {
      const home: Home = { shown: null, note: note === undefined ? null : { message: note, until: clock() + noteMs } };
      homes.set(person, home);
      await oneByOne(person, () => bring(person, home));
    },
    problem: () => problem,
    async end() {
      clearInterval(timer);
      await refreshing;
    },
  };
}

export async function publishHome(client: webApi.WebClient, person: string, view: types.HomeView): Promise<void> {
  await client.views.publish({ user_id: person, view });
}
