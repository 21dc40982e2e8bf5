import type { RecordedEvent } from '../../requests/events.ts';
import { isOutcome, type Outcome, type State } from '../../requests/outcome.ts';
import type { Request } from '../../requests/request.ts';
import type { ExpectedMessage, PlacedMessages } from './expected-messages.ts';
import type { PostedMessage } from './posted-message.ts';
import type { SmallPrint } from './small-print.ts';

/** How a message of the bot does not fit the ledger. */
export type Mismatch =
  /** The ledger has no request with this ID. */
  | 'unknown_request'
  /** Its digest is not that of the request's first event, or of its outcome. */
  | 'other_digest'
  /** It tells an outcome, or what was seen afterwards, of a request that has none. */
  | 'ahead'
  /** The request ended in another way. */
  | 'other_outcome'
  /** The request has another command, workflow or environment. */
  | 'other_order'
  /** An announcement shows another state than the ledger says that it shows. */
  | 'other_state'
  /** Its text says something else than its metadata, or than the ledger. */
  | 'other_text'
  /** It was edited, and not by the bot. */
  | 'edited'
  /** Its metadata was removed. */
  | 'no_metadata'
  /** The text in place of a checkpoint is none. */
  | 'bad_checkpoint';

/** A request as the ledger has it, and when its announcement was last changed. */
export type KnownRequest = {
  readonly request: Request;
  /** Also those that are too new or too old to be expected. */
  readonly places: PlacedMessages;
  /** The time of the last event after a change of the announcement. */
  readonly shownAt: number;
  /** A change of the announcement is due, or has been made and is not recorded yet. */
  readonly isChanging: boolean;
  /** How the items of a batch ended, as far as they have; empty for any other request. */
  readonly items: ReadonlyMap<string, Outcome | null>;
};

/** Slack's clock and the bot's can differ by this much: beyond it, Slack's deliveries are refused. */
const clockSkewMs = 300_000;

const announcing: ReadonlySet<RecordedEvent['type']> = new Set(['announced', 'shown', 'reconciled']);

export function lastShownAt(events: readonly RecordedEvent[]): number {
  return events.findLast(({ type }) => announcing.has(type))?.at ?? Number.POSITIVE_INFINITY;
}

/**
 * Compares a message with its request, which was read later. `expected`: what the ledger had at this place before the
 * message was read. `needsMetadata`: the source has the metadata of every message that has some.
 */
export function compareMessage(
  message: PostedMessage,
  known: KnownRequest | null,
  expected: ExpectedMessage | null,
  needsMetadata: boolean,
): readonly Mismatch[] {
  const found = new Set<Mismatch>();
  if (needsMetadata && !message.hasMetadata) found.add('no_metadata');
  if (message.checkpoint === 'unreadable') found.add('bad_checkpoint');
  if (contradictsItself(message)) found.add('other_text');
  if (known === null) return [...found, 'unknown_request'];
  for (const mismatch of againstRequest(message, known, expected)) found.add(mismatch);
  return [...found];
}

function againstRequest(
  message: PostedMessage,
  known: KnownRequest,
  expected: ExpectedMessage | null,
): readonly Mismatch[] {
  switch (message.kind ?? expected?.kind ?? null) {
    case 'announcement':
      return announcementMismatches(message, known, expected);
    case 'outcome':
      return [...outcomeMismatches(message, known.request), ...itemMismatches(message, known)];
    case 'follow_up':
      return [
        ...(hasFollowUp(known.request) ? [] : ['ahead' as const]),
        ...(message.editedAt === null ? [] : ['edited' as const]),
      ];
    case 'pause_reminder':
      return reminderMismatches(message, known.request);
    case 'emergency':
      return [
        ...(known.request.emergency === null ? ['ahead' as const] : []),
        ...(message.editedAt === null ? [] : ['edited' as const]),
      ];
    case 'call':
      return message.editedAt === null ? [] : ['edited'];
    case 'checkpoint':
    case null:
      return [];
  }
}

/** The bot edits a reminder only to show who answered it. */
function reminderMismatches({ editedAt }: PostedMessage, { pauseReminder }: Request): readonly Mismatch[] {
  const { attempts, done, answer } = pauseReminder;
  return [
    ...(attempts > 0 || done !== null ? [] : ['ahead' as const]),
    ...(editedAt === null || answer !== null ? [] : ['edited' as const]),
  ];
}

function hasFollowUp({ observation, progress, followUpPost }: Request): boolean {
  return observation !== null || progress.observed > 0 || followUpPost.done;
}

function announcementMismatches(
  { digest, order, state, editedAt, hasMetadata }: PostedMessage,
  { request, shownAt, isChanging }: KnownRequest,
  expected: ExpectedMessage | null,
): readonly Mismatch[] {
  const found: Mismatch[] = [];
  if (editedAt !== null && !isChanging && editedAt > shownAt + clockSkewMs) found.push('edited');
  if (!hasMetadata) return found;
  if (digest !== request.firstDigest) found.push('other_digest');
  const { verb, workflowId, environment } = request.order;
  const isSame = order?.command === verb && order.workflowId === workflowId && order.environment === environment;
  if (!isSame) found.push('other_order');
  const isOther = isEnd(state) && state !== request.end?.outcome;
  const isOlder = expected !== null && expected.shows !== null && state !== expected.shows;
  if (isOther || isOlder) found.push('other_state');
  return found;
}

function outcomeMismatches(
  { digest, state, editedAt, hasMetadata, smallPrint }: PostedMessage,
  { end }: Request,
): readonly Mismatch[] {
  // The bot never edits an outcome.
  const edited: readonly Mismatch[] = editedAt === null ? [] : ['edited'];
  if (end === null) return [...edited, 'ahead'];
  const found: Mismatch[] = [...edited];
  if (hasMetadata && digest !== end.digest) found.push('other_digest');
  if (state !== null && state !== end.outcome) found.push('other_outcome');
  if (hasMetadata && saysOtherwise(smallPrint, end.outcome)) found.push('other_text');
  return found;
}

/** The list of outcomes is posted when each of them is on record. */
function itemMismatches({ items, hasMetadata }: PostedMessage, known: KnownRequest): readonly Mismatch[] {
  if (!hasMetadata || known.items.size === 0) return [];
  const listed = new Map((items ?? []).map(({ request, state }) => [request, state]));
  const isOther = [...known.items].some(([id, outcome]) => outcome !== null && listed.get(id) !== outcome);
  return isOther || listed.size !== known.items.size ? ['other_outcome'] : [];
}

function isEnd(state: string | null): state is Outcome {
  return state !== null && isOutcome(state as State);
}

/** What people read, and what programs read. Follow-ups and reminders have no small print, and older versions no checkpoint. */
function contradictsItself({ hasMetadata, kind, request, checkpoint, smallPrint }: PostedMessage): boolean {
  if (!hasMetadata) return smallPrint?.request === '';
  if (kind === 'follow_up' || kind === 'pause_reminder' || checkpoint === null || checkpoint === 'unreadable')
    return false;
  const { record = null } = smallPrint ?? {};
  const isSameRecord = record?.size === checkpoint.size && checkpoint.root.startsWith(record.root);
  return smallPrint?.request !== request || !isSameRecord || (smallPrint.kind !== null && smallPrint.kind !== kind);
}

function saysOtherwise(smallPrint: SmallPrint | null, outcome: Outcome): boolean {
  return smallPrint?.outcome != null && smallPrint.outcome !== outcome;
}
