import { z } from 'zod';
import type { GivenCheckpoint } from '../../requests/ledger/log/verify-log.ts';
import { listedItems } from '../../slack/item-list.ts';
import { isWatchName, metadataTypes } from '../../slack/names.ts';
import { checkpointIn } from '../../transparency-log/checkpoint.ts';
import { recordIn, type SmallPrint, smallPrintIn } from './small-print.ts';

export type MessageKind = 'announcement' | 'outcome' | 'follow_up' | 'pause_reminder' | 'call' | 'emergency';

/** `checkpoint`: that of a day, which is of no request. */
export type PostedKind = MessageKind | 'checkpoint';

/** Where a message stands. `ts` is Slack's time and name of it; `thread`: that of the message to which it replies. */
export type MessagePlace = { readonly channel: string; readonly ts: string; readonly thread: string | null };

/** What a message says of a request and of the log, as far as it is compared with the ledger. */
export type PostedMessage = MessagePlace & {
  /** The account that posted it. */
  readonly author: string | null;
  /** Null where neither its metadata nor its text says it. */
  readonly kind: PostedKind | null;
  readonly request: string | null;
  readonly digest: string | null;
  /** The outcome, or what an announcement shows. */
  readonly state: string | null;
  readonly order: { readonly command: string; readonly workflowId: string; readonly environment: string } | null;
  /** What a message of a batch says of each of its items; null: it has no list. */
  readonly items: readonly { readonly request: string; readonly state: string }[] | null;
  /** `unreadable`: its metadata has a text in place of a checkpoint that is none. */
  readonly checkpoint: GivenCheckpoint | 'unreadable' | null;
  readonly hasMetadata: boolean;
  readonly smallPrint: SmallPrint | null;
  /** In milliseconds since the epoch. */
  readonly editedAt: number | null;
};

/** As Slack writes a time: seconds since the epoch, with six more digits that make it the only one in its channel. */
export const slackTime = /^\d{1,11}\.\d{1,9}$/;

/** A message as the Web API and an export have it. What is not compared may have any form. */
export const slackMessage = z.object({
  ts: z.string().regex(slackTime),
  user: z.string().optional().catch(undefined),
  bot_id: z.string().optional().catch(undefined),
  thread_ts: z.string().optional().catch(undefined),
  subtype: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  blocks: z.array(z.unknown()).optional().catch(undefined),
  edited: z.object({ ts: z.string() }).optional().catch(undefined),
  reply_count: z.number().optional().catch(undefined),
  reply_users: z.array(z.string()).optional().catch(undefined),
  reply_users_count: z.number().optional().catch(undefined),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
});

export type SlackMessage = z.output<typeof slackMessage>;

const kinds: ReadonlyMap<string, PostedKind> = new Map<string, PostedKind>([
  [metadataTypes.announcement, 'announcement'],
  [metadataTypes.outcome, 'outcome'],
  [metadataTypes.followUp, 'follow_up'],
  [metadataTypes.pauseReminder, 'pause_reminder'],
  [metadataTypes.call, 'call'],
  [metadataTypes.emergency, 'emergency'],
  [metadataTypes.checkpoint, 'checkpoint'],
]);

/**
 * A message of the bot, or one that looks like it. Null for every other one.
 *
 * @param isKept whether it is kept in any case: the ledger has a message at this place, or the bot has posted it
 */
export function postedMessage(channel: string, message: SlackMessage, isKept: boolean): PostedMessage | null {
  const { ts, thread_ts, metadata, edited } = message;
  if (message.subtype === 'tombstone') return null;
  const kind = kinds.get(metadata?.event_type ?? '') ?? null;
  const smallPrint = smallPrintIn(message);
  if (kind === null && smallPrint === null && !isKept) return null;
  return {
    channel,
    ts,
    thread: thread_ts === undefined || thread_ts === ts ? null : thread_ts,
    author: authorOf(message),
    smallPrint,
    hasMetadata: kind !== null,
    editedAt: edited === undefined ? null : Math.round(Number(edited.ts) * 1_000),
    ...(kind === null || metadata === undefined
      ? byText(message, smallPrint)
      : byMetadata(kind, metadata.event_payload, message)),
  };
}

function authorOf({ user, bot_id }: SlackMessage): string | null {
  return user ?? bot_id ?? null;
}

/** Of no other kind than what people write: not that it joined the channel, for instance. */
const written: ReadonlySet<string | undefined> = new Set([undefined, 'thread_broadcast', 'bot_message']);

/** Whether this account has posted it, as part of the record. Alerts of watches are none: they say what was seen, and nothing was asked for. */
export function isPostedBy(account: string | null, message: SlackMessage): boolean {
  const isByAccount = account !== null && authorOf(message) === account && written.has(message.subtype);
  return isByAccount && !isOfWatch(message);
}

const namedBlock = z.object({ block_id: z.string() });

/** An export may have no metadata. */
function isOfWatch({ blocks, metadata }: SlackMessage): boolean {
  const [first] = z.array(namedBlock).safeParse(blocks?.slice(0, 1)).data ?? [];
  return metadata?.event_type === metadataTypes.watch || isWatchName(first?.block_id ?? '');
}

type Said = Pick<PostedMessage, 'kind' | 'request' | 'digest' | 'state' | 'order' | 'items' | 'checkpoint'>;

function byMetadata(kind: PostedKind, payload: Readonly<Record<string, unknown>>, message: SlackMessage): Said {
  const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : null);
  const workflowId = text('workflow_id') ?? text('workflow_ids');
  const [command, environment] = [text('command'), text('environment')];
  const isOrder = command !== null && workflowId !== null && environment !== null;
  const checkpoint = postedCheckpoint(payload.checkpoint);
  return {
    // People read the text: one that shows another checkpoint, or none, is no checkpoint of a day.
    kind: kind === 'checkpoint' && !shows(message, checkpoint) ? null : kind,
    request: kind === 'checkpoint' ? null : (text('request_id') ?? ''),
    digest: text('digest'),
    state: text(kind === 'outcome' ? 'outcome' : 'state'),
    order: isOrder ? { command, workflowId, environment } : null,
    items: listedItems(payload),
    checkpoint,
  };
}

function shows({ text = '' }: SlackMessage, checkpoint: PostedMessage['checkpoint']): boolean {
  const shown = recordIn(text);
  if (shown === null || checkpoint === null || checkpoint === 'unreadable') return false;
  return shown.size === checkpoint.size && checkpoint.root.startsWith(shown.root);
}

function byText({ text = '' }: SlackMessage, smallPrint: SmallPrint | null): Said {
  const checkpoint = smallPrint === null ? recordIn(text) : smallPrint.record;
  return {
    kind: smallPrint === null && checkpoint !== null ? 'checkpoint' : (smallPrint?.kind ?? null),
    request: smallPrint?.request ?? null,
    digest: null,
    state: smallPrint?.outcome ?? null,
    order: null,
    items: null,
    checkpoint,
  };
}

/** Messages of versions before the log have none. */
function postedCheckpoint(note: unknown): PostedMessage['checkpoint'] {
  if (note === undefined) return null;
  const checkpoint = typeof note === 'string' ? checkpointIn(note) : null;
  if (checkpoint === null || checkpoint.size === 0) return 'unreadable';
  return { size: checkpoint.size, root: checkpoint.root.toString('hex') };
}

/** In milliseconds since the epoch. */
export function timeOf({ ts }: Pick<MessagePlace, 'ts'>): number {
  return Math.round(Number(ts) * 1_000);
}

/**
 * The time of the oldest message that is still there, in milliseconds since the epoch. What is left of a deleted message with
 * replies does not count: Slack's retention leaves it as well.
 */
export function oldestOf(messages: readonly SlackMessage[], oldest: number | null): number | null {
  const times = messages.filter(({ subtype }) => subtype !== 'tombstone').map(timeOf);
  return times.reduce<number | null>((least, time) => Math.min(least ?? time, time), oldest);
}

/** When a message was posted, or edited last, in milliseconds since the epoch. */
export function changedAt(message: PostedMessage): number {
  return message.editedAt ?? timeOf(message);
}
