import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foreign, link, type Phrase, type Piece, time, user } from '../../src/locales/phrase.ts';
import { localeFor, plain, translatorFor } from '../../src/locales/translator.ts';

const translator = translatorFor('en');

/** Neighbours of the same looks in one piece: how a phrase is cut up does not matter. */
function merged(phrase: Phrase): Phrase {
  const whole: Piece[] = [];
  for (const piece of phrase) {
    const last = whole.at(-1);
    const alike =
      last?.kind === 'text' && piece.kind === 'text' && String(last.styles ?? []) === String(piece.styles ?? []);
    if (alike) whole.splice(-1, 1, { ...last, text: last.text + piece.text });
    else whole.push(piece);
  }
  return whole;
}

describe('what is said', () => {
  it('puts pieces where they belong, with the looks that the message gives them', () => {
    const said = translator.translate('announce.title', {
      verb: 'stop',
      workflow: [foreign('WKF110', ['bold'])],
    });
    expect(merged(said)).toEqual([
      { kind: 'text', text: 'Stop ' },
      { kind: 'text', text: 'WKF110', styles: ['bold'] },
    ]);
    expect(merged(translator.translate('announce.title_freeze', { environment: 'acme', until: time(0) }))).toEqual([
      { kind: 'text', text: 'Freeze acme', styles: ['bold'] },
      { kind: 'text', text: ' until ' },
      { kind: 'time', at: 0 },
    ]);
  });

  it('keeps mentions, links and times what they are', () => {
    const said = translator.translate('audit.show.asked', { requester: user('U0ALICE'), at: time(1_700_000_000_000) });
    expect(said).toContainEqual({ kind: 'user', id: 'U0ALICE' });
    expect(said).toContainEqual({ kind: 'time', at: 1_700_000_000_000 });
    const busy = translator.translate('because.busy', { request: link('https://acme.slack.com/x', '7K3M9QPA') });
    expect(busy).toContainEqual({ kind: 'link', url: 'https://acme.slack.com/x', text: '7K3M9QPA' });
  });

  it('counts as people count', () => {
    const most = (length: number, of: number) =>
      plain(translator.translate('usage.reason_too_long', { length, most: of }));
    expect(most(1, 500)).toBe('The reason has 1 character; 500 are the most.');
    expect(most(1_234, 1)).toBe('The reason has 1,234 characters; 1 is the most.');
  });

  it('takes foreign text as text, whatever it looks like to a message', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('{reason}', '<b>x</b>', "'{", '#', '{0, select, other {x}}'),
        ),
        (reason) => {
          const said = translator.translate('audit.show.reason', { reason });
          expect(said.every(({ kind }) => kind === 'text')).toBe(true);
          expect(merged(said)).toEqual(merged([{ kind: 'text', text: 'Reason: ' }, foreign(reason)]));
        },
      ),
    );
  });

  it('names several in a row', () => {
    const either = (...names: string[]) => plain(translator.either(names.map((name) => foreign(name))));
    expect([either('a'), either('a', 'b'), either('a', 'b', 'c')]).toEqual(['a', 'a or b', 'a, b, or c']);
    expect(translator.either([user('U1'), user('U2')])).toContainEqual({ kind: 'user', id: 'U2' });
  });

  it('can be read in a terminal', () => {
    const asked = translator.translate('audit.show.asked', { requester: user('U0ALICE'), at: time(0) });
    expect(plain(asked)).toBe('Asked by U0ALICE, 1970-01-01T00:00:00.000Z.');
    expect(plain([link('https://x.example/', 'there')])).toBe('there (https://x.example/)');
  });
});

describe('the language for somebody', () => {
  it.each([
    ['fr-FR', 'fr'],
    ['fr-CA', 'fr'],
    ['pt-BR', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['es-LA', 'es'],
    ['de_AT', 'de'],
    ['SV-se', 'sv'],
    ['en-GB', 'en'],
    ['ja-JP', 'en'],
    ['fry', 'en'],
    ['', 'en'],
    ['__proto__', 'en'],
  ])('of %p is %s', (tag, locale) => {
    expect(localeFor(tag)).toBe(locale);
  });
});

describe('names in a row', () => {
  const spanish = translatorFor('es');
  const names = (...texts: string[]) => texts.map((text) => foreign(text));

  it('are joined as the next of them wants it', () => {
    expect(plain(spanish.either(names('prod', 'ocho')))).toBe('prod u ocho');
    expect(plain(spanish.all(names('prod', 'iris')))).toBe('prod e iris');
    const nine = names('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k');
    expect(plain(spanish.either(nine))).toMatch(/h o k$/);
  });

  it('keep their order and their kinds, also where two are the same', () => {
    expect(spanish.all([user('U1'), user('U1'), link('https://x.example', 'y')])).toEqual([
      user('U1'),
      { kind: 'text', text: ', ' },
      user('U1'),
      { kind: 'text', text: ' y ' },
      link('https://x.example', 'y'),
    ]);
  });
});
