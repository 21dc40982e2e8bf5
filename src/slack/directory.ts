import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { LookupFailure, Membership, Person, RetryAfterMs } from '../access/decision.ts';
import { type Locale, localeFor } from '../locales/translator.ts';
import type { Directory, Log } from '../requests/ports.ts';
import { limits } from '../requests/retry-policy.ts';
import {
  botsChannels,
  channelsOf,
  everybody,
  hidden,
  idOf,
  membersOf,
  mostInPage,
  mostPages,
  placeOf,
  placesIn,
} from './channel-look-ups.ts';
import {
  type CachedLookUp,
  createCachedLookUp,
  type Listed,
  mostEntries,
  orListed,
  retryAfterMs,
} from './lookup-cache.ts';
import { absences, type Home, membershipOf, type User, userInfo, userList } from './memberships.ts';
import { failureReason, isOwnFailure, isRateLimit, platformError } from './slack-error.ts';

/**
 * Rights are decided with answers that are at most 60 s old: an answer is up to ten seconds old when it arrives (the
 * client's time limit), is cached for forty, and then waits at most ten for the other look-ups of the same decision.
 */
const freshMs = 40_000;

/** People who are asked to invite the bot do so and retry at once, but not within a second. */
const notMemberMs = 1_000;

/** How many people's languages and memberships are kept, without expiry: each look-up of a person updates them. */
const mostPeople = 10_000;

/** Everybody who asks meets the same failure: it is logged this often. */
const logEveryMs = 60_000;

const groupUsers = z.object({ users: z.array(z.string()) });

/** People's languages, from their settings in Slack. */
export type Languages = {
  /** The last language that Slack returned; null if there is none yet. */
  language(person: string): Locale | null;
  /** Looks the language up if it is not known. English if that fails or takes too long: the reply must not wait longer. */
  languageOf(person: string): Promise<Locale>;
};

/**
 * The time limits of look-ups: for decisions on rights, for the approvers who could confirm something, and for the
 * language of a reply.
 */
type TimeLimits = { readonly rightsMs: number; readonly approversMs: number; readonly languageMs: number };

/** The channels of which somebody is a member, as far as the bot may know them: public ones, and its own private ones. */
export type ChannelsOf =
  /** By their IDs, with their names. `isComplete`: there are no others. */
  | { readonly ok: true; readonly channels: ReadonlyMap<string, string>; readonly isComplete: boolean }
  | { readonly ok: false };

export type ChannelMemberships = {
  /** Slack's answer, as fresh as all on which rights depend. */
  channelsOf(person: string): Promise<ChannelsOf>;
};

/**
 * Looks people, channels and groups up in Slack. Answers are cached for less than a minute, failures never.
 *
 * @param clock a monotonic clock, in milliseconds
 * @param timeLimits a look-up that takes longer has failed
 */
export function createDirectory(
  client: webApi.WebClient,
  home: Home,
  log: Log,
  clock = () => performance.now(),
  timeLimits: TimeLimits = { rightsMs: 10_000, approversMs: 3_000, languageMs: 2_000 },
): Directory & Languages & ChannelMemberships {
  const languages = new LRUCache<string, Locale>({ max: mostPeople });
  const timezones = new LRUCache<string, string>({ max: mostPeople });
  const lastMemberships = new LRUCache<string, Membership>({ max: mostPeople });
  const logged = new LRUCache<string, true>({ max: 100, ttl: logEveryMs, ttlResolution: 0, perf: { now: clock } });
  const learn = (id: string, user: User) => {
    languages.set(id, localeFor(user.locale));
    if (user.tz !== null) timezones.set(id, user.tz);
    const membership = membershipOf(user, home);
    lastMemberships.set(id, membership);
    return membership;
  };
  const person = createCachedLookUp({
    clock,
    load: async (id) => learn(id, userInfo.parse(await client.users.info({ user: id, include_locale: true })).user),
    ttlMs: () => freshMs,
  });
  const allPeople = createList(
    clock,
    () => client.paginate('users.list', { limit: mostInPage, include_locale: true }),
    (page) => userList.parse(page).members.map((user) => [user.id, learn(user.id, user)]),
  );
  const people = orListed(person, allPeople, clock);
  const lastMembers = new LRUCache<string, ReadonlySet<string>>({ max: mostEntries });
  const groups = createCachedLookUp({
    clock,
    async load(usergroup) {
      const users = new Set(groupUsers.parse(await client.usergroups.users.list({ usergroup })).users);
      lastMembers.set(usergroup, users);
      return users;
    },
    ttlMs: () => freshMs,
  });
  const place = createCachedLookUp({
    clock,
    load: (channel) => placeOf(client, channel),
    ttlMs: ({ botIsMember }) => (botIsMember ? freshMs : notMemberMs),
  });
  const places = orListed(
    place,
    createList(clock, () => botsChannels(client), placesIn),
    clock,
  );

  const memberships = createCachedLookUp({
    clock,
    load: (user) => channelsOf(client, user, clock),
    ttlMs: ({ askedAt }) => Math.max(1, freshMs - (clock() - askedAt)),
  });

  const audiences = createCachedLookUp({
    clock,
    load: (channel) => membersOf(client, channel, clock),
    ttlMs: ({ askedAt }) => Math.max(1, freshMs - (clock() - askedAt)),
  });

  const channelIds = createCachedLookUp({
    clock,
    load: async (channel) => ({ askedAt: clock(), id: await idOf(client, channel) }),
    ttlMs: () => limits.movedChannel.freshMs,
  });

  async function lookUp<T>(
    lookup: LookupFailure | 'group' | 'channels of a person' | 'members of a channel',
    id: string,
    load: () => Promise<T>,
    withinMs = timeLimits.rightsMs,
  ): Promise<LookUpResult<T>> {
    try {
      return { ok: true, value: await Promise.race([load(), tooLong(withinMs)]) };
    } catch (error) {
      logFailure(lookup, id, error);
      return { ok: false, retryAfterMs: retryAfterMs(error) };
    }
  }

  /** What is no answer of Slack, or a limit, is logged as Slack's trouble (`slack-troubles.ts`). */
  function logFailure(lookup: string, id: string, error: unknown): void {
    const name = platformError(error);
    const isTrouble = name === null ? !(error instanceof TooLongError) : isRateLimit(name) || isOwnFailure(name);
    if (isTrouble) return;
    const reason = failureReason(error);
    if (logged.has(`${lookup} ${reason}`)) return;
    logged.set(`${lookup} ${reason}`, true);
    log.warn({ lookup, id, reason }, 'a look-up in Slack failed');
  }

  return {
    lastKnownMembers: (group) => lastMembers.get(group) ?? null,
    lastKnownTimezone: (id) => timezones.get(id) ?? null,
    lastKnownMembership: (id) => lastMemberships.get(id) ?? null,
    language: (id) => languages.get(id) ?? null,
    async languageOf(id) {
      if (!languages.has(id)) await lookUp('person', id, () => people(id), timeLimits.languageMs);
      return languages.get(id) ?? 'en';
    },
    async place(channel) {
      const found = await lookUp('channel', channel, () => places(channel));
      if (!found.ok) return { ...found, failed: 'channel' };
      const { isPrivate: _, ...place } = found.value;
      return { ok: true, value: place };
    },
    async channelsOf(id) {
      const found = await lookUp('channels of a person', id, () => memberships(id));
      return found.ok ? { ok: true, ...found.value } : { ok: false };
    },
    async members(group, oldestMs) {
      const found = await lookUp('group', group, () => orAbsent(groups(group, oldestMs)), timeLimits.approversMs);
      if (!found.ok) return { kind: 'unknown', retryAfterMs: found.retryAfterMs };
      return found.value === 'absent' ? { kind: 'gone' } : { kind: 'known', users: found.value };
    },
    async membership(id, oldestMs) {
      const found = await lookUp('person', id, () => orAbsent(people(id, oldestMs)), timeLimits.approversMs);
      return found.ok ? found.value : 'unknown';
    },
    async audience(channel, oldestMs) {
      const members = async () => ((await places(channel)).isPrivate ? audiences(channel, oldestMs) : everybody);
      const found = await lookUp('members of a channel', channel, members, timeLimits.approversMs);
      return found.ok ? found.value.members : null;
    },
    async channelStatus(channel, oldestMs) {
      const now = clock();
      const found = await lookUp('channel', channel, () => channelIds(channel, oldestMs));
      if (!found.ok) return { kind: 'unknown', retryAfterMs: found.retryAfterMs };
      const { id, askedAt } = found.value;
      if (id !== channel && id !== hidden) return { kind: 'moved', to: id };
      const kind = id === hidden ? 'gone' : 'same';
      return askedAt < now ? { kind, isEarlier: true } : { kind };
    },
    async person(id, named) {
      const [membership, ...lists] = await Promise.all([
        lookUp('person', id, () => people(id)),
        ...[...named].map(async (group) => ({ group, users: await lookUp('group', group, () => groups(group)) })),
      ]);
      return membership.ok
        ? { ok: true, value: personIn(id, membership.value, lists) }
        : { ...membership, failed: 'person' };
    },
  };
}

/** A list of at most {@link mostPages} pages, as fresh as a single answer. */
function createList<T>(
  clock: () => number,
  pagesOf: () => AsyncIterable<webApi.WebAPICallResult>,
  entriesOf: (page: webApi.WebAPICallResult) => readonly (readonly [string, T])[],
): CachedLookUp<Listed<T>> {
  return createCachedLookUp({
    clock,
    async load() {
      const askedAt = clock();
      const values = new Map<string, T>();
      let pages = 0;
      for await (const page of pagesOf()) {
        for (const [id, value] of entriesOf(page)) values.set(id, value);
        if (++pages === mostPages) break;
      }
      return { askedAt, values };
    },
    ttlMs: ({ askedAt }) => Math.max(1, freshMs - (clock() - askedAt)),
  });
}

async function orAbsent<T>(loaded: Promise<T>): Promise<T | 'absent'> {
  try {
    return await loaded;
  } catch (error) {
    if (absences.has(platformError(error) ?? '')) return 'absent';
    throw error;
  }
}

/** Slack's answer, or when the look-up may be retried. */
type LookUpResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly retryAfterMs: RetryAfterMs };

type GroupList = { readonly group: string; readonly users: LookUpResult<ReadonlySet<string>> };

function personIn(id: string, membership: Membership, lists: readonly GroupList[]): Person {
  const groups = lists.filter(({ users }) => users.ok && users.value.has(id)).map(({ group }) => group);
  const unknown = lists.flatMap(({ group, users }) => (users.ok ? [] : [[group, users.retryAfterMs] as const]));
  return { id, membership, groups: new Set(groups), unknownGroups: new Map(unknown) };
}

class TooLongError extends Error {
  override name = 'TooLongError';
}

async function tooLong(ms: number): Promise<never> {
  await wait(ms, undefined, { ref: false });
  throw new TooLongError('Slack took too long');
}
