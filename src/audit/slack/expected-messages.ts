import type { RecordedEvent } from '../../requests/events.ts';
import { isOutcome, type Outcome } from '../../requests/outcome.ts';
import { type MessageKind, slackTime, timeOf } from './posted-message.ts';

/** A message that Slack has accepted, as the ledger says. */
export type ExpectedMessage = {
  readonly request: string;
  readonly kind: MessageKind;
  readonly ts: string;
  /** The outcome that an announcement shows, as the ledger says; null: another state, or a message of another kind. */
  readonly shows: Outcome | null;
  /** The texts of the request were erased, after which its messages are deleted as well. */
  readonly isErased: boolean;
};

/** By channel and `ts`. */
export type ExpectedMessages = ReadonlyMap<string, ReadonlyMap<string, ExpectedMessage>>;

/**
 * Collects the messages of requests whose announcement is not older than `from` (milliseconds since the epoch). They are
 * collected before the channels are read: whatever the ledger has by then, the channels show.
 */
export function createExpectedMessages(from: number) {
  const all = new Map<string, Map<string, ExpectedMessage>>();
  return {
    all: all as ExpectedMessages,
    add(request: string, events: readonly RecordedEvent[]) {
      const { channel, messages } = knownMessages(request, events);
      const isRecent = messages.some(({ kind, ts }) => kind === 'announcement' && timeOf({ ts }) >= from);
      if (!isRecent) return;
      const here = all.get(channel) ?? new Map();
      for (const message of messages) here.set(message.ts, message);
      all.set(channel, here);
    },
  };
}

/** The messages of a request, and the channel in which they are. */
export type PlacedMessages = { readonly channel: string; readonly messages: readonly ExpectedMessage[] };

/** None where an event was changed to something else, as is said elsewhere. */
function knownMessages(request: string, events: readonly RecordedEvent[]): PlacedMessages {
  try {
    const { channel, messages } = messagesOf(request, events);
    return { channel, messages: messages.filter(({ ts }) => slackTime.test(ts)) };
  } catch {
    return { channel: '', messages: [] };
  }
}

/** From the events alone, which need not make a request. Private messages are left out. */
export function messagesOf(request: string, events: readonly RecordedEvent[]): PlacedMessages {
  let channel = '';
  let shows: Outcome | null = null;
  let isErased = false;
  // The messages of a batch are those of its items.
  if (events.some(({ type, data }) => type === 'requested' && data.batch !== undefined))
    return { channel, messages: [] };
  const ts: { [Kind in Exclude<MessageKind, 'call' | 'emergency'>]: string | null } = {
    ...{ announcement: null, outcome: null, follow_up: null, pause_reminder: null },
  };
  for (const { type, data } of events) {
    switch (type) {
      case 'requested':
      case 'moved':
        channel = data.channel;
        break;
      case 'announced':
        ts.announcement = data.ts;
        break;
      case 'reported':
        if (data.via === 'thread' || data.via === 'channel') ts.outcome = data.ts;
        break;
      case 'noted':
        ts.follow_up = data.ts;
        break;
      case 'pause_reminded':
        ts.pause_reminder = data.ts;
        break;
      case 'reconciled':
        ts.announcement = data.announcement?.ts ?? ts.announcement;
        ts.outcome = data.ts;
        ts.follow_up = data.note;
        break;
      case 'shown':
        shows = data.problem === null && isOutcome(data.state) ? data.state : null;
        break;
      case 'text_erased':
        isErased = true;
        break;
      default:
    }
  }
  const all = [...Object.entries(ts), ...severalIn(events)];
  const messages = all.flatMap(([kind, at]): ExpectedMessage[] =>
    at === null
      ? []
      : [{ request, kind: kind as MessageKind, ts: at, shows: kind === 'announcement' ? shows : null, isErased }],
  );
  return { channel, messages };
}

/** Of these kinds a request may have several. */
function severalIn(events: readonly RecordedEvent[]): readonly (readonly [MessageKind, string | null])[] {
  return events.flatMap((event): readonly (readonly [MessageKind, string | null])[] => {
    if (event.type === 'called') return [['call', event.data.ts]];
    const isOfEmergency = event.type === 'emergency_told' || event.type === 'emergency_found';
    return isOfEmergency ? [['emergency', event.data.ts]] : [];
  });
}
