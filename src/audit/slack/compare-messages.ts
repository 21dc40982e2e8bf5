import type { Kysely } from 'kysely';
import { dueTasks } from '../../requests/due.ts';
import type { Restoration } from '../../requests/ledger/log/restorations.ts';
import type { GivenCheckpoint } from '../../requests/ledger/log/verify-log.ts';
import { storedRequests } from '../../requests/ledger/period.ts';
import type { Schema } from '../../requests/ledger/tables.ts';
import { replay } from '../../requests/replay.ts';
import { isBatch, type Request } from '../../requests/request.ts';
import { workflowsOf } from '../../requests/rules/batch.ts';
import type { SigningKey } from '../../transparency-log/keys.ts';
import { compareMessage, type KnownRequest, lastShownAt, type Mismatch } from './compare-message.ts';
import { type ExpectedMessage, type ExpectedMessages, messagesOf } from './expected-messages.ts';
import { losses } from './lost-messages.ts';
import { changedAt, type PostedMessage, timeOf } from './posted-message.ts';
import { expectedAt, type ReadChannel, type ReadMessages, type UnreadChannel } from './read-messages.ts';

/** What the comparison of the channels with the ledger finds. Only the first four do not fit. */
export type SlackFinding =
  | { readonly kind: 'mismatch'; readonly message: PostedMessage; readonly mismatch: Mismatch }
  /** The bot's account posted a message that names no request. */
  | { readonly kind: 'nameless'; readonly message: PostedMessage }
  /** A message that the ledger knows is gone. */
  | { readonly kind: 'missing'; readonly channel: ReadChannel; readonly expected: ExpectedMessage }
  /** Another account posted the message that the ledger knows there as the bot's. */
  | { readonly kind: 'other_author'; readonly message: PostedMessage; readonly expected: ExpectedMessage }
  /** Somebody else posted a message that looks like the bot's. */
  | { readonly kind: 'foreign'; readonly message: PostedMessage }
  /** The ledger knows this announcement or outcome at another place. */
  | { readonly kind: 'copy'; readonly message: PostedMessage }
  /** So many messages are older than the oldest one in their channel; null: there is none. */
  | { readonly kind: 'too_old'; readonly channel: ReadChannel; readonly messages: number }
  /** So many messages of requests whose texts were erased are gone. */
  | { readonly kind: 'erased'; readonly messages: number }
  /** So many messages are newer than the source. */
  | { readonly kind: 'too_new'; readonly until: number; readonly messages: number }
  | { readonly kind: 'unread'; readonly channel: UnreadChannel; readonly messages: number }
  /** So many messages tell what was lost when an older copy of the ledger was restored, which the log has recorded. */
  | { readonly kind: 'explained'; readonly restoration: Restoration; readonly messages: number };

/** The checkpoints that messages carry. */
export type PostedCheckpoints = ReadonlyMap<GivenCheckpoint, PostedMessage>;

/** How many requests are read at a time. */
const pageSize = 200;

/**
 * Compares what was read from the channels with the ledger, as it is now: the bot records before it posts. `expected` is
 * older than what was read. `key`: that of the bot; null: it is not known.
 */
export async function* compareMessages(
  { db, key }: { readonly db: Kysely<Schema>; readonly key: SigningKey | null },
  expected: ExpectedMessages,
  read: ReadMessages,
): AsyncGenerator<SlackFinding> {
  const own = { ...read, messages: read.messages.filter(({ author }) => author === read.author) };
  const channels = new Map(read.channels.map((channel) => [channel.id, channel]));
  for (const message of read.messages) {
    if (message.author === read.author) continue;
    const channel = channels.get(message.channel);
    const known = channel === undefined ? null : expectedAt(expected, channel, message.ts);
    if (known !== null) yield { kind: 'other_author', message, expected: known };
    else if (message.request !== null) yield { kind: 'foreign', message };
  }
  yield* withoutLosses(ownFindings(db, expected, own), await losses(db, key));
  yield* missingMessages(expected, read);
  for (const channel of read.unread) {
    yield { kind: 'unread', channel, messages: expected.get(channel.id)?.size ?? 0 };
  }
}

/** What a restoration of the ledger explains is counted. */
async function* withoutLosses(
  findings: AsyncIterable<SlackFinding>,
  lostBy: (message: PostedMessage) => Restoration | null,
): AsyncGenerator<SlackFinding> {
  const lost = new Map<Restoration, Set<PostedMessage>>();
  for await (const finding of findings) {
    const message = finding.kind === 'mismatch' && explicable.has(finding.mismatch) ? finding.message : null;
    const restoration = message && lostBy(message);
    if (message === null || restoration === null) yield finding;
    else lost.set(restoration, (lost.get(restoration) ?? new Set()).add(message));
  }
  for (const [restoration, messages] of lost) yield { kind: 'explained', restoration, messages: messages.size };
}

async function* ownFindings(
  db: Kysely<Schema>,
  expected: ExpectedMessages,
  { channels: all, messages, hasMetadata }: ReadMessages,
): AsyncGenerator<SlackFinding> {
  const channels = new Map(all.map((channel) => [channel.id, channel]));
  const at = (message: PostedMessage) => {
    const channel = channels.get(message.channel);
    return channel === undefined ? null : expectedAt(expected, channel, message.ts);
  };
  for (let start = 0; start < messages.length; start += pageSize) {
    const page = messages.slice(start, start + pageSize);
    const known = await requestsOf(db, page, at);
    for (const message of page) {
      const formerIds = channels.get(message.channel)?.formerIds ?? [];
      yield* findingsIn(message, { expected: at(message), formerIds }, known, hasMetadata);
    }
  }
}

/** What a message tells of a request, in place of what was done to the message. */
const explicable: ReadonlySet<Mismatch> = new Set([
  'unknown_request',
  'other_digest',
  'ahead',
  'other_outcome',
  'other_state',
  'edited',
]);

/** `broken`: its events make no request, as is said elsewhere. */
type Known = ReadonlyMap<string, KnownRequest | 'broken'>;

function* findingsIn(
  message: PostedMessage,
  { expected, formerIds }: { readonly expected: ExpectedMessage | null } & Pick<ReadChannel, 'formerIds'>,
  known: Known,
  needsMetadata: boolean,
): Generator<SlackFinding> {
  if (message.request === null && expected === null) {
    if (!isCheckpoint(message, needsMetadata)) yield { kind: 'nameless', message };
    return;
  }
  const request = known.get(idOf(message, expected)) ?? null;
  if (request === 'broken') return;
  for (const mismatch of compareMessage(message, request, expected, needsMetadata)) {
    yield { kind: 'mismatch', message, mismatch };
  }
  const ids = [message.channel, ...formerIds];
  if (request !== null && expected === null && isElsewhere(message, ids, request)) yield { kind: 'copy', message };
}

/** The bot also posts checkpoints by themselves, and never edits them. What they say is compared with the log. */
function isCheckpoint({ kind, checkpoint, hasMetadata, editedAt }: PostedMessage, needsMetadata: boolean): boolean {
  const isWhole = checkpoint !== null && checkpoint !== 'unreadable' && editedAt === null;
  return kind === 'checkpoint' && isWhole && (hasMetadata || !needsMetadata);
}

/** A follow-up names its request in its metadata alone. */
function idOf({ request }: PostedMessage, expected: ExpectedMessage | null): string {
  return request || (expected?.request ?? '');
}

/** While a post is not recorded yet, the ledger does not know its place. `channels`: the IDs of its channel. */
function isElsewhere(
  { kind, ts }: PostedMessage,
  channels: readonly string[],
  { request, places }: KnownRequest,
): boolean {
  if (channels.includes(places.channel) && places.messages.some((place) => place.ts === ts)) return false;
  const { announcement, outcomePost, followUpPost, pauseReminder } = request;
  switch (kind) {
    case 'announcement':
      return announcement.ts !== null;
    case 'outcome':
      return outcomePost.done !== null;
    case 'follow_up':
      return followUpPost.done;
    case 'pause_reminder':
      return pauseReminder.done !== null;
    // There may be several.
    case 'call':
    case 'emergency':
    case 'checkpoint':
    case null:
      return false;
  }
}

async function requestsOf(
  db: Kysely<Schema>,
  messages: readonly PostedMessage[],
  at: (message: PostedMessage) => ExpectedMessage | null,
): Promise<Known> {
  const ids = new Set(messages.map((message) => idOf(message, at(message))));
  const found = new Map(await knownRequests(db, [...ids]));
  for (const [id, one] of found) {
    if (one !== 'broken' && isBatch(one.request)) found.set(id, { ...one, items: await itemsIn(db, one.request) });
  }
  return found;
}

async function itemsIn(db: Kysely<Schema>, batch: Request): Promise<KnownRequest['items']> {
  const found = await knownRequests(
    db,
    workflowsOf(batch).map(({ request }) => request),
  );
  const outcomes = new Map(
    found.map(([id, one]) => [id, one === 'broken' ? null : (one.request.end?.outcome ?? null)]),
  );
  return new Map(workflowsOf(batch).map(({ request }) => [request, outcomes.get(request) ?? null]));
}

async function knownRequests(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<readonly (readonly [string, KnownRequest | 'broken'])[]> {
  try {
    const stored = await storedRequests(db, ids);
    return stored.filter(({ events }) => events.length > 0).map(({ id, events }) => [id, known(events)]);
  } catch (error) {
    // An event was changed to what is no JSON. The other requests are compared all the same.
    if (!(error instanceof SyntaxError)) throw error;
    if (ids.length === 1) return ids.map((id) => [id, 'broken']);
    return (await Array.fromAsync(ids, (id) => knownRequests(db, [id]))).flat();
  }
}

function known(events: Parameters<typeof replay>[0]): KnownRequest | 'broken' {
  try {
    const request = replay(events);
    const places = messagesOf(request.id, events);
    const isChanging = dueTasks(request).has('show');
    return { request, places, shownAt: lastShownAt(events), isChanging, items: new Map() };
  } catch {
    return 'broken';
  }
}

function* missingMessages(expected: ExpectedMessages, read: ReadMessages): Generator<SlackFinding> {
  const seen = Map.groupBy(read.messages, ({ channel }) => channel);
  let tooNew = 0;
  let erased = 0;
  for (const channel of read.channels) {
    const here = new Set((seen.get(channel.id) ?? []).map(({ ts }) => ts));
    const absent = expectedIn(expected, channel).filter(({ ts }) => !here.has(ts));
    const inTime = absent.filter((message) => timeOf(message) <= read.until);
    const { oldest } = channel;
    const gone = inTime.filter((message) => oldest !== null && timeOf(message) >= oldest);
    for (const message of gone) {
      if (message.isErased) erased += 1;
      else yield { kind: 'missing', channel, expected: message };
    }
    if (inTime.length > gone.length) yield { kind: 'too_old', channel, messages: inTime.length - gone.length };
    tooNew += absent.length - inTime.length;
  }
  if (erased > 0) yield { kind: 'erased', messages: erased };
  if (tooNew > 0) yield { kind: 'too_new', until: read.until, messages: tooNew };
}

function expectedIn(expected: ExpectedMessages, { id, formerIds }: ReadChannel): readonly ExpectedMessage[] {
  return [id, ...formerIds].flatMap((one) => [...(expected.get(one)?.values() ?? [])]);
}

/** The checkpoints of the bot's own messages. */
export function checkpointsIn({ messages, author }: ReadMessages): PostedCheckpoints {
  const all = new Map<GivenCheckpoint, PostedMessage>();
  for (const message of messages) {
    const { checkpoint } = message;
    if (message.author !== author || checkpoint === null || checkpoint === 'unreadable') continue;
    all.set({ ...checkpoint, at: changedAt(message) }, message);
  }
  return all;
}
