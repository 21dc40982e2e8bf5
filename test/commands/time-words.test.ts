import { describe, expect, it } from '@jest/globals';
import { readTime } from '../../src/commands/grammar/read-when.ts';
import { reading } from './reading.fixture.ts';

describe('a day of the week', () => {
  it.each([
    ['start WKF110 Monday at 06:00', 'mon 06:00'],
    ['start WKF110 on Monday 06:00', 'mon 06:00'],
    ['start WKF110 at 06:00 on Monday', 'mon 06:00'],
    ['start WKF110 fri 18:00', 'fri 18:00'],
    ['start WKF110 on Friday at 18:00, weekly mailing', 'fri 18:00 (weekly mailing)'],
    ['pause WKF110 until Friday 18:00 maintenance', 'until fri 18:00 (maintenance)'],
    ['starte WKF110 am Freitag um 18 Uhr', 'fri 18:00'],
    ['starte WKF110 Montag 6:00', 'mon 06:00'],
    ['pausiere WKF110 bis Freitag 18 Uhr', 'until fri 18:00'],
    ['démarrer WKF110 lundi à 6h15', 'mon 06:15'],
    ['démarrer WKF110 à 18h vendredi', 'fri 18:00'],
    ['pause WKF110 jusqu’à vendredi 18h', 'until fri 18:00'],
    ['iniciar WKF110 el lunes a las 6:15', 'mon 06:15'],
    ['avvia WKF110 lunedì alle 6:15', 'mon 06:15'],
    ['iniciar WKF110 na segunda às 6h15', 'mon 06:15'],
    ['iniciar WKF110 sexta-feira às 18:00', 'fri 18:00'],
    ['starta WKF110 på måndag kl 6', 'mon 06:00'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  it.each([
    'start WKF110 Friday 18:00 the load failed',
    'start WKF110 on Friday at 18:00 the load failed',
    'stop WKF110 Friday 18:00 the load failed',
    'start WKF110 next Friday 18:00',
    'start WKF110 Friday',
    'start WKF110 before Friday 18:00',
    'start WKF110 after tomorrow 06:15',
    'start WKF110 since 2026-12-04 06:15',
    'démarrer WKF110 à 18h mon chargement',
    'iniciar WKF110 às 18h segunda tentativa',
    'starta WKF110 i fredag 18:00',
    'démarrer WKF110 le lundi 7 décembre à 6h',
  ])('%s is asked about', (text) => {
    expect(reading(text)).toMatch(/^asks: /);
  });

  it.each([
    'start WKF110 please run it again on Friday',
    'start WKF110 bitte erst wieder am Montag',
    'pause WKF110 bitte erst ab morgen',
    'démarrer WKF110 merci de le relancer vendredi',
  ])('%s is asked about, also behind other words', (text) => {
    expect(reading(text)).toMatch(/^asks: ".+"$/);
  });
});

describe('what is suggested', () => {
  it.each([
    ['stop WKF110 failed at 06:00', 'asks: at 06:00 or "failed at 06:00"'],
    ['stop WKF110 wrong 4 Dec at 06:00', 'asks: "wrong 4 Dec at 06:00"'],
    ['start WKF110 in about 2h', 'asks: in 2h or "in about 2h"'],
    ['start WKF110 please do it at 18:00 thanks', 'asks: at 18:00 or "please do it at 18:00 thanks"'],
    ['start WKF110 there was a 2h delay in it', 'asks: "there was a 2h delay in it"'],
    ['starta WKF110 om ett tag', 'asks: ?'],
    ['start WKF110 18h', 'asks: at 18:00 or in 18h'],
    ['start WKF110 at 18h', 'asks: at 18:00 or in 18h'],
    ['pause WKF110 until 18h', 'asks: until 18:00'],
    ['start WKF110 30h', 'asks: in 30h'],
    ['start WKF110 8pm', 'asks: at 20:00'],
    ['start WKF110 at 8 tonight', 'asks: ?'],
    ['start WKF110 tonight at 8', 'asks: "tonight at 8"'],
    ['iniciar WKF110 a las 6 de la tarde', 'asks: ?'],
    ['pause WKF110 until 2h', 'asks: for 2h or until 02:00'],
    ['start WKF110 every Friday 06:00', 'asks: "every Friday 06:00"'],
    ['démarrer WKF110 après-demain à 6h', 'asks: "après-demain à 6h"'],
    ['iniciar WKF110 pasado mañana a las 6:00', 'asks: "pasado mañana a las 6:00"'],
    ['avvia WKF110 dopodomani alle 6:00', 'asks: "dopodomani alle 6:00"'],
    ['stop WKF110 please at six', 'asks: at 06:00 or at 18:00 or "please at six"'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });
});

describe('a number in words is asked about where it may say when', () => {
  it.each([
    'start WKF110 at six',
    'stop WKF110 at six',
    'stop WKF110 at six the load failed',
    'pause WKF110 until six',
    'start WKF110 six o’clock',
    'start WKF110 at quarter past six',
    'starte WKF110 um sechs',
    'stoppe WKF110 um sechs Uhr',
    'démarrer WKF110 à six heures',
    'arrêter WKF110 à une heure',
    'detener WKF110 a las seis',
    'detener WKF110 a las once',
    'detener WKF110 a la una',
    'interrompi WKF110 alle sei',
    'parar WKF110 às seis',
    'stoppa WKF110 klockan sex',
    'stop WKF110 in an hour',
    'stop WKF110 in half an hour',
    'stop WKF110 in two hours',
    'stop WKF110 in a few minutes',
    'stop WKF110 in a couple of hours',
    'stop WKF110 in about 30 minutes',
    'stop WKF110 within 10 minutes',
    'stop WKF110 this evening',
    'arrêter WKF110 ce soir',
    'arrêter WKF110 vers 18h',
    'stoppa WKF110 om en halvtimme',
    'stoppe WKF110 in einer Stunde',
    'arrêter WKF110 dans une heure',
    'detener WKF110 en una hora',
    'interrompi WKF110 tra un’ora',
    'parar WKF110 em uma hora',
    'stoppa WKF110 om en timme',
    'start WKF110 at 18 thirty',
    'start WKF110 at 18:00 thirty',
  ])('%s', (text) => {
    expect(reading(text)).toMatch(/^asks: /);
  });

  it.each([
    'in three countries the mail is wrong',
    'at once',
    'in due course',
    'for two customers',
    'for 3 customers',
    'Monday run is wrong',
    'wrong since the night',
    'as the first load failed',
    'à cause du chargement',
  ])('stop WKF110 %s: a plain reason', (reason) => {
    expect(reading(`stop WKF110 ${reason}`)).toBe(`now (${reason})`);
  });
});

describe('a zone behind a time is asked about', () => {
  it.each(['BST', 'CET', 'MEZ', 'est', 'IST', 'UTC+2', 'GMT-03', 'Europe/Paris', '+02:00', 'London time', 'Z'])(
    'start WKF110 at 18:00 %s',
    (zone) => {
      expect(reading(`start WKF110 at 18:00 ${zone}`)).toMatch(/^asks: /);
    },
  );

  it('and before it', () => {
    expect(reading('stop WKF110 UTC 18:00')).toMatch(/^asks: /);
  });

  it('unless it is a word', () => {
    expect(reading('starte WKF110 um 18:00 ist die Ladung da')).toBe('next 18:00 (ist die Ladung da)');
  });
});

describe('the field of the form', () => {
  it.each([
    ['18h', ['18:00', 'in 18h']],
    ['6h', ['06:00', 'in 6h']],
  ] as const)('asks what %s means', (typed, suggestions) => {
    expect(readTime('start', typed)).toMatchObject({ ok: false, error: { problem: 'doubtful_time', suggestions } });
  });

  it.each([
    ['for 2h', { resumes: { kind: 'in', ms: 2 * 3_600_000 } }],
    ['in 18h', { due: { kind: 'in', ms: 18 * 3_600_000 } }],
    ['18h30', { due: { kind: 'at', time: '18:30' } }],
    ['18:00', { due: { kind: 'at', time: '18:00' } }],
    ['à 18h', { due: { kind: 'at', time: '18:00' } }],
    ['Friday 18:00', { due: { kind: 'at', day: 'fri', time: '18:00' } }],
    ['until 18:00', { resumes: { kind: 'at', time: '18:00' } }],
  ])('takes %s', (typed, value) => {
    expect(readTime('pause', typed)).toMatchObject({ ok: true, value });
  });
});
