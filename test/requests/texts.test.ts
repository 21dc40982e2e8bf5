import { describe, expect, it } from '@jest/globals';
import type { Event, RecordedEvent } from '../../src/requests/events.ts';
import { withTexts } from '../../src/requests/ledger/with-texts.ts';
import { separateTexts, textHash, textHashes, withReason } from '../../src/requests/texts.ts';
import { endedAs, everyEvent, recorded, requestedBy, samples } from './events.fixture.ts';

const frozen = { reason: 'frozen', because: 'Wartung läuft', request: 'FREEZE00', until: 1 } as const;

/** Events with texts, and what people wrote in them. */
const eventsWithTexts: readonly (readonly [string, Event, Readonly<Record<string, string>>])[] = [
  [
    'a command',
    { type: 'requested', data: requestedBy({ reason: 'ça 🚀' }, { name: 'alice' }) },
    { reason: 'ça 🚀', name: 'alice' },
  ],
  ['a command without a name', { type: 'requested', data: requestedBy({ reason: 'x' }) }, { reason: 'x' }],
  [
    'a command without a reason',
    { type: 'requested', data: requestedBy({ reason: '' }, { name: 'bob' }) },
    { name: 'bob' },
  ],
  [
    'a press',
    { type: 'pressed', data: { by: 'U0BOB', name: 'bob', choice: 'approve', interaction: 'i' } },
    { name: 'bob' },
  ],
  [
    'a refusal that quotes a freeze',
    { type: 'ended', data: { outcome: 'refused', because: { kind: 'access', refusal: frozen }, answer: null } },
    { reason: 'Wartung läuft' },
  ],
  [
    'a refused press that quotes a freeze',
    { type: 'press_refused', data: { by: 'U0BOB', interaction: 'i', refusal: { kind: 'access', refusal: frozen } } },
    { reason: 'Wartung läuft' },
  ],
];

function asRecorded(event: Event): RecordedEvent {
  const [first] = recorded([event]);
  if (first === undefined) throw new Error('nothing was recorded');
  return first;
}

describe.each(eventsWithTexts)('%s', (_, event, written) => {
  it('is stored with a hash of each text, and without the texts', () => {
    const { stored, texts } = separateTexts(event);
    for (const text of Object.values(written)) expect(JSON.stringify(stored)).not.toContain(text);
    expect(Object.fromEntries(texts.map(({ kind, text }) => [kind, text]))).toEqual(written);
    expect(textHashes(stored)).toEqual(Object.fromEntries(texts.map((text) => [text.kind, textHash(text)])));
  });

  it('is the same again with its reason, except for the name', () => {
    const { stored } = separateTexts(event);
    const whole = asRecorded(event);
    const again = withReason({ ...whole, ...stored }, written.reason ?? null);
    const { name: _name, ...data } = whole.data as { name?: string };
    const { nameHash: _hash, ...found } = again.data as { nameHash?: string };
    expect(found).toEqual(data);
  });
});

describe('the events of a request', () => {
  it('have the reasons that are left', () => {
    const [first, second] = eventsWithTexts.map(([, event]) => separateTexts(event));
    if (first === undefined || second === undefined) throw new Error('there are no events');
    const events = recorded([first.stored, second.stored]);
    const texts = first.texts.map((text) => ({ ...text, sequence: 1 }));
    expect(withTexts(events, texts)).toMatchObject([
      { data: { order: { reason: 'ça 🚀' } } },
      { data: { order: { reason: null } } },
    ]);
  });
});

describe('the hash of a text', () => {
  it('has another salt each time, of 128 bits', () => {
    const salts = [1, 2].flatMap(() => separateTexts({ type: 'requested', data: requestedBy() }).texts);
    expect(new Set(salts.map(({ salt }) => salt)).size).toBe(2);
    for (const { salt } of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/);
  });

  // printf 'Größe 🚀' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b
  it('is the HMAC-SHA256 of its UTF-8, with the bytes of the salt as the key', () => {
    const hash = textHash({ text: 'Größe 🚀', salt: '0b'.repeat(16) });
    expect(hash).toBe('16abe455728d93dfd0e9bb658474f8922f7d659cd7a07f1e4151a8e1ade31929');
  });
});

describe('an event', () => {
  it.each(everyEvent.filter(({ type }) => type !== 'requested'))('without texts stays as it is: %j', (event) => {
    expect(separateTexts(event)).toEqual({ stored: event, texts: [] });
  });

  it('of an earlier version, which has its reason in full, stays as it is', () => {
    const old = asRecorded(samples.requested);
    expect(textHashes(old)).toEqual({});
    expect(withReason(old, null)).toBe(old);
  });

  it('that quotes a freeze of the configuration has it in full: no person wrote it', () => {
    const refusal = { ...frozen, request: null };
    const event: Event = {
      ...endedAs('refused'),
      data: { outcome: 'refused', because: { kind: 'access', refusal }, answer: null },
    };
    expect(separateTexts(event)).toEqual({ stored: event, texts: [] });
  });
});
