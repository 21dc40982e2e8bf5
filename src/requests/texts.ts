import { createHmac, randomBytes } from 'node:crypto';
import type { Event, RecordedEvent } from './events.ts';
import type { RecordedRefusal } from './outcome.ts';

/**
 * What can be erased later is not part of an event, which never changes. `reason`: what somebody wrote, also where a refusal
 * quotes the reason of a freeze. `name`: what Slack called the person who acted. The kinds are stored in the ledger.
 */
export type TextKind = 'reason' | 'name';

/** A text of an event, which holds only its hash. `salt`: 128 random bits, in hex, so that nobody can guess the text by its hash. */
export type EventText = { readonly kind: TextKind; readonly text: string; readonly salt: string };

/** HMAC-SHA256 in hex. The key is the salt's 16 bytes, the message the text in UTF-8. */
export function textHash({ text, salt }: Pick<EventText, 'text' | 'salt'>): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(text, 'utf8').digest('hex');
}

/** An event as it is stored, and its texts. */
export type SeparatedEvent = { readonly stored: Event; readonly texts: readonly EventText[] };

/** Replaces the texts of a new event by their hashes. An empty reason stays. */
export function separateTexts(event: Event): SeparatedEvent {
  switch (event.type) {
    case 'requested': {
      const { name, order, ...data } = event.data;
      const { reason, ...others } = order;
      if (!reason) return named(name, (nameHash) => ({ ...event, data: { ...data, ...nameHash, order } }));
      const [text, reasonHash] = salted('reason', reason);
      const stored = { ...others, reasonHash };
      const separated = named(name, (nameHash) => ({ ...event, data: { ...data, ...nameHash, order: stored } }));
      return { ...separated, texts: [text, ...separated.texts] };
    }
    case 'pressed': {
      const { name, reason, ...data } = event.data;
      const given = reasonBeside(reason);
      const separated = named(name, (nameHash) => ({ ...event, data: { ...data, ...nameHash, ...given.hash } }));
      return { ...separated, texts: [...given.texts, ...separated.texts] };
    }
    case 'reason_given': {
      const { reason, ...data } = event.data;
      const { hash, texts } = reasonBeside(reason);
      return { stored: { ...event, data: { ...data, ...hash } }, texts };
    }
    case 'press_refused': {
      const { refusal } = event.data;
      if (refusal.kind !== 'access') return { stored: event, texts: [] };
      return quoted(event, refusal.refusal, (stored) => ({
        ...event,
        data: { ...event.data, refusal: { ...refusal, refusal: stored } },
      }));
    }
    case 'ended': {
      const { because } = event.data;
      if (because.kind !== 'access') return { stored: event, texts: [] };
      return quoted(event, because.refusal, (stored) => ({
        ...event,
        data: { ...event.data, because: { ...because, refusal: stored } },
      }));
    }
    default:
      return { stored: event, texts: [] };
  }
}

function salted(kind: TextKind, text: string): readonly [EventText, string] {
  const salt = randomBytes(16).toString('hex');
  return [{ kind, text, salt }, textHash({ text, salt })];
}

/** The reason of a decision. One that is empty is left out. */
function reasonBeside(reason: string | null | undefined) {
  if (!reason) return { hash: {}, texts: [] };
  const [text, reasonHash] = salted('reason', reason);
  return { hash: { reasonHash }, texts: [text] };
}

function named(name: string | undefined, withHash: (hash: { nameHash?: string }) => Event): SeparatedEvent {
  if (!name) return { stored: withHash({}), texts: [] };
  const [text, nameHash] = salted('name', name);
  return { stored: withHash({ nameHash }), texts: [text] };
}

/** The reason of a freeze that somebody declared. That of the configuration's freezes is no person's text. */
function quoted(
  event: Event,
  refusal: RecordedRefusal,
  withRefusal: (stored: RecordedRefusal) => Event,
): SeparatedEvent {
  const { because, ...others } = refusal;
  if (!because || refusal.request == null) return { stored: event, texts: [] };
  const [text, becauseHash] = salted('reason', because);
  return { stored: withRefusal({ ...others, becauseHash }), texts: [text] };
}

/** The hashes in a stored event, by the kind of the text. Events of earlier versions have none. */
export function textHashes(event: Event): Readonly<Partial<Record<TextKind, string>>> {
  const { reason, name } = hashesOf(event);
  return { ...(reason !== undefined && { reason }), ...(name !== undefined && { name }) };
}

function hashesOf(event: Event): { readonly reason?: string | undefined; readonly name?: string | undefined } {
  switch (event.type) {
    case 'requested':
      return { reason: event.data.order.reasonHash, name: event.data.nameHash };
    case 'pressed':
      return { reason: event.data.reasonHash, name: event.data.nameHash };
    case 'reason_given':
      return { reason: event.data.reasonHash };
    case 'press_refused':
      return event.data.refusal.kind === 'access' ? { reason: event.data.refusal.refusal.becauseHash } : {};
    case 'ended':
      return event.data.because.kind === 'access' ? { reason: event.data.because.refusal.becauseHash } : {};
    default:
      return {};
  }
}

/** Whether a stored event, of an earlier version, has in full what somebody wrote. */
export function hasTextInFull(event: Event): boolean {
  switch (event.type) {
    case 'requested':
      return Boolean(event.data.order.reason);
    case 'press_refused':
      return event.data.refusal.kind === 'access' && quotesInFull(event.data.refusal.refusal);
    case 'ended':
      return event.data.because.kind === 'access' && quotesInFull(event.data.because.refusal);
    default:
      return false;
  }
}

function quotesInFull({ because, request }: RecordedRefusal): boolean {
  return Boolean(because) && request != null;
}

/** The freeze whose reason a refusal quotes; null if the event quotes none. */
export function quotedFreeze(event: Event): string | null {
  if (textHashes(event).reason === undefined) return null;
  if (event.type === 'press_refused' && event.data.refusal.kind === 'access')
    return event.data.refusal.refusal.request ?? null;
  return event.type === 'ended' && event.data.because.kind === 'access'
    ? (event.data.because.refusal.request ?? null)
    : null;
}

/** The event as it was before {@link separateTexts}, without names. @param reason null if it was erased */
export function withReason(event: RecordedEvent, reason: string | null): RecordedEvent {
  if (textHashes(event).reason === undefined) return event;
  switch (event.type) {
    case 'requested': {
      const { reasonHash, ...order } = event.data.order;
      return { ...event, data: { ...event.data, order: { ...order, reason } } };
    }
    case 'pressed': {
      const { reasonHash, ...data } = event.data;
      return { ...event, data: { ...data, reason } };
    }
    case 'reason_given': {
      const { reasonHash, ...data } = event.data;
      return { ...event, data: { ...data, reason } };
    }
    case 'press_refused': {
      const { refusal } = event.data;
      if (refusal.kind !== 'access') return event;
      const whole = { ...refusal, refusal: withBecause(refusal.refusal, reason) };
      return { ...event, data: { ...event.data, refusal: whole } };
    }
    case 'ended': {
      const { because } = event.data;
      if (because.kind !== 'access') return event;
      const whole = { ...because, refusal: withBecause(because.refusal, reason) };
      return { ...event, data: { ...event.data, because: whole } };
    }
    default:
      return event;
  }
}

function withBecause({ becauseHash, ...refusal }: RecordedRefusal, because: string | null): RecordedRefusal {
  return { ...refusal, because };
}
