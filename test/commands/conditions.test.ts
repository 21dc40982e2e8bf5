import { describe, expect, it } from '@jest/globals';
import { parse, reading } from './reading.fixture.ts';

const inEachLanguage = [
  'once the load is done',
  'as soon as the load is done',
  'only when WKF111 is done',
  'sobald der Ladelauf fertig ist',
  'dès que le chargement est fini',
  'une fois le chargement fini',
  'en cuanto termine la carga',
  'appena finisce il caricamento',
  'assim que a carga terminar',
  'så snart laddningen är klar',
];

const maybeReasons = [
  'when the load is done',
  'if WKF111 fails',
  'unless it runs',
  'wenn der Ladelauf fertig ist',
  'quand le chargement est fini',
  's’il échoue',
  'cuando termine la carga',
  'quando finisce il caricamento',
  'när laddningen är klar',
];

describe('a condition is asked about: a command waits for no event', () => {
  it.each(inEachLanguage)('start and stop WKF110 %s', (words) => {
    for (const verb of ['start', 'stop'])
      expect(parse(`${verb} WKF110 ${words}`)).toMatchObject({
        ok: false,
        error: { problem: 'condition', typed: words, suggestions: [`"${words}"`] },
      });
    expect(reading(`start WKF110 "${words}"`)).toBe(`now (${words})`);
  });

  it.each(maybeReasons)('start WKF110 %s, but not of a stop', (words) => {
    expect(reading(`start WKF110 ${words}`)).toBe('condition');
    expect(reading(`stop WKF110 ${words}`)).toBe(`now (${words})`);
  });

  it.each([
    'pause WKF110 until the load is done',
    'pausiere WKF110 bis die Daten da sind',
    'resume WKF110 until it fails',
  ])('%s', (text) => {
    expect(reading(text)).toBe('condition');
  });

  it.each([
    ['start WKF110 at 18:00 if the load is done', 'at 18:00 "if the load is done"'],
    ['pause WKF110 tomorrow 06:15 sobald der Ladelauf fertig ist', 'tomorrow 06:15 "sobald der Ladelauf fertig ist"'],
    ['stop WKF110 in 2h, once the load is done', 'in 2h "once the load is done"'],
  ])('%s, also behind a time', (text, suggestion) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { problem: 'condition', suggestions: [suggestion] } });
    expect(reading(`${text.split(' ', 2).join(' ')} ${suggestion}`)).toMatch(/^(?:next|tomorrow|\d+ ms).* \(/);
  });

  it.each([
    'once more',
    'once again because it failed',
    'if possible',
    'wenn möglich',
    'une fois de plus',
    'una vez más',
    'until further notice',
    'bis auf Weiteres',
    'jusqu’à nouvel ordre',
    'hasta nuevo aviso',
    'fino a nuovo avviso',
    'até nova ordem',
    'tills vidare',
    'after the failure',
  ])('pause WKF110 %s: a plain reason', (reason) => {
    expect(reading(`pause WKF110 ${reason}`)).toBe(`now (${reason})`);
  });
});
