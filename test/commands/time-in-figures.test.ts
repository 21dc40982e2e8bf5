import { describe, expect, it } from '@jest/globals';
import { readTime } from '../../src/commands/grammar/read-when.ts';
import { parse, reading } from './reading.fixture.ts';

const minutes = (count: number) => `${count * 60_000} ms`;

describe('a pause that lasts', () => {
  it.each([
    ['pause WKF110 for 2h', 'until 7200000 ms'],
    ['pause WKF110 for 2 hours, maintenance', 'until 7200000 ms (maintenance)'],
    ['pause WKF110 for 1 day and 12 hours', 'until 129600000 ms'],
    ['pause WKF110 for 30m "maintenance of the base"', 'until 1800000 ms (maintenance of the base)'],
    ['pausiere WKF110 für 2 Stunden', 'until 7200000 ms'],
    ['pause WKF110 pendant 2 heures', 'until 7200000 ms'],
    ['pause WKF110 pour 2h30', 'until 9000000 ms'],
    ['pausar WKF110 durante 2 horas', 'until 7200000 ms'],
    ['pausar WKF110 por 30 minutos', 'until 1800000 ms'],
    ['pausa WKF110 per 2 ore', 'until 7200000 ms'],
    ['pausa WKF110 i 2 timmar', 'until 7200000 ms'],
    ['pausa WKF110 i morgon 06:15', 'tomorrow 06:15'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  it.each([
    ['pause WKF110 for 2h maintenance', 'asks: for 2h, maintenance or "for 2h maintenance"'],
    ['pause WKF110 for 3 days the counts are wrong', /^asks: for 3 days, .* or "for 3 days the counts are wrong"$/],
    ['pause WKF110 maintenance for 2h', 'asks: for 2h or "maintenance for 2h"'],
    ['pausa WKF110 per un’ora', 'asks: for 1h or "per un’ora"'],
    ['pause WKF110 for 30 seconds', 'time_out_of_range'],
    ['pause WKF110 for two hours', 'asks: for 2h or "for two hours"'],
    ['pause WKF110 2h', 'asks: for 2h or at 02:00 or in 2h'],
    ['pause WKF110 30 minutes', 'asks: for 30m or "30 minutes"'],
    ['pause WKF110 until 2 hours', 'asks: for 2h'],
    ['pause WKF110 until in 30 minutes', 'asks: for 30m or "until in 30 minutes"'],
    ['pause WKF110 until 30m', 'asks: for 30m'],
    ['pause WKF110 until 90s', 'asks: for 90s'],
    ['pause WKF110 until 0m', 'asks: ?'],
    ['pause WKF110 for 31d', 'time_out_of_range'],
    ['pause WKF110 WKF111 for 2h', 'until_of_several'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it.each([
    ['stop WKF110 running for 3 hours', 'now (running for 3 hours)'],
    ['pause WKF110 for two customers', 'now (for two customers)'],
    ['pause WKF110 for 3 customers', 'now (for 3 customers)'],
    ['stop WKF110 for 2h', 'asks: ?'],
    ['stop WKF110 until 2h', 'asks: until 02:00'],
  ])('%s is none: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });
});

describe('a span of several parts', () => {
  it.each([
    ['start WKF110 in 2 hours 30 minutes', minutes(150)],
    ['start WKF110 in 2 hours and 30 minutes, after the load', `${minutes(150)} (after the load)`],
    ['start WKF110 in 1 day 2 hours 15 minutes', minutes(1_575)],
    ['start WKF110 in 2h 30 min', minutes(150)],
    ['starte WKF110 in 2 Stunden und 30 Minuten', minutes(150)],
    ['démarrer WKF110 dans 2 heures et 30 minutes', minutes(150)],
    ['démarrer WKF110 dans 2h30', minutes(150)],
    ['iniciar WKF110 dentro de 2 horas y 30 minutos', minutes(150)],
    ['avvia WKF110 tra 2 ore e 30 minuti', minutes(150)],
    ['iniciar WKF110 em 2 horas e 30 minutos', minutes(150)],
    ['starta WKF110 om 2 timmar och 30 minuter', minutes(150)],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  it.each([
    'start WKF110 in 2 hours 30',
    'start WKF110 in 2 hours 30 mails',
    'start WKF110 in 2 hours and 3 hours',
    'start WKF110 in 2 hours and a half',
    'iniciar WKF110 en 2 horas y media',
    'start WKF110 in 3 days 06:00',
  ])('%s is asked about', (text) => {
    expect(reading(text)).toBe('asks: ?');
  });
});

describe('noon and midnight are suggested in figures', () => {
  it.each([
    ['start WKF110 at midnight', 'at 00:00'],
    ['start WKF110 at midday', 'at 12:00'],
    ['start WKF110 tomorrow at noon', 'tomorrow 12:00'],
    ['start WKF110 Friday noon', 'fri 12:00'],
    ['pause WKF110 until noon', 'until 12:00'],
    ['pause WKF110 until midnight', 'until 00:00'],
    ['starte WKF110 um Mitternacht', 'at 00:00'],
    ['pausiere WKF110 bis Mittag', 'until 12:00'],
    ['démarrer WKF110 demain à midi', 'tomorrow 12:00'],
    ['pause WKF110 jusqu’à minuit', 'until 00:00'],
    ['iniciar WKF110 al mediodía', 'at 12:00'],
    ['iniciar WKF110 a medianoche', 'at 00:00'],
    ['avvia WKF110 a mezzogiorno', 'at 12:00'],
    ['iniciar WKF110 ao meio-dia', 'at 12:00'],
    ['iniciar WKF110 à meia-noite', 'at 00:00'],
    ['starta WKF110 vid midnatt', 'at 00:00'],
  ])('%s: %s', (text, suggestion) => {
    expect(reading(text).split(' or "')[0]).toBe(`asks: ${suggestion}`);
  });

  it.each([
    'start WKF110 tomorrow at midnight',
    'start WKF110 before noon',
    'start WKF110 at noon or midnight',
    'start WKF110 at noon CET',
    'start WKF110 not at noon',
    'start WKF110 every day at noon',
  ])('%s: not where it is not clear', (text) => {
    expect(reading(text)).toMatch(/^asks: (?:\?|".*")$/);
  });
});

describe('an hour alone behind a day is suggested as a time', () => {
  it.each([
    ['start WKF110 tomorrow at 6', 'tomorrow 06:00 or tomorrow 18:00'],
    ['start WKF110 tomorrow at six', 'tomorrow 06:00 or tomorrow 18:00'],
    ['pause WKF110 until tomorrow 14', 'until tomorrow 14:00'],
    ['iniciar WKF110 hoy a las 18', 'today 18:00'],
    ['start WKF110 Friday 18', 'fri 18:00'],
    ['start WKF110 at 1800h', 'at 18:00'],
  ])('%s: %s', (text, suggestion) => {
    expect(reading(text).split(' or "')[0]).toBe(`asks: ${suggestion}`);
  });

  it('unless it is none', () => {
    expect(reading('start WKF110 tomorrow at 24')).toBe('asks: ?');
    expect(reading('start WKF110 tomorrow 6 mails')).toBe('asks: ?');
  });
});

describe('numbers in words are suggested in figures', () => {
  it.each([
    ['start WKF110 in two hours', 'in 2h'],
    ['start WKF110 in twenty minutes after the load', 'in 20m'],
    ['start WKF110 in an hour', 'in 1h'],
    ['start WKF110 in half an hour', 'in 30m'],
    ['start WKF110 in one hour thirty minutes', 'in 1h30m'],
    ['starte WKF110 in einer Stunde', 'in 1h'],
    ['starte WKF110 in einer halben Stunde', 'in 30m'],
    ['starte WKF110 um sechs Uhr', 'at 06:00'],
    ['démarrer WKF110 dans une heure', 'in 1h'],
    ['démarrer WKF110 dans une demi-heure', 'in 30m'],
    ['iniciar WKF110 en una hora', 'in 1h'],
    ['iniciar WKF110 en media hora', 'in 30m'],
    ['avvia WKF110 tra un’ora', 'in 1h'],
    ['avvia WKF110 tra mezz’ora', 'in 30m'],
    ['iniciar WKF110 em duas horas', 'in 2h'],
    ['starta WKF110 om en timme', 'in 1h'],
    ['starta WKF110 om en halvtimme', 'in 30m'],
    ['start WKF110 at six', 'at 06:00 or at 18:00'],
    ['pause WKF110 until six', 'until 06:00 or until 18:00'],
  ])('%s: %s', (text, suggestion) => {
    expect(reading(text).split(' or "')[0]).toBe(`asks: ${suggestion}`);
  });

  it.each([
    'start WKF110 at six thirty',
    'start WKF110 at 18 thirty',
    'start WKF110 at quarter past six',
    'start WKF110 at half six',
    'starte WKF110 um halb sechs',
    'starte WKF110 um sechs Uhr abends',
    'start WKF110 in two and a half hours',
    'start WKF110 in two hours and a half',
    'avvia WKF110 tra un’ora e mezza',
    'start WKF110 in forty five minutes',
    'start WKF110 in a couple of hours',
    'start WKF110 at six in the evening',
  ])('%s: not where it is not clear', (text) => {
    expect(reading(text)).toMatch(/^asks: (?:\?|".*")$/);
  });
});

describe('what may be a time or a reason is suggested as either', () => {
  it.each([
    ['stop WKF110 at 06:00 the load failed', 'at 06:00, the load failed', 'next 06:00 (the load failed)'],
    [
      'stop WKF110 in 10 minutes the mail goes out',
      'in 10 minutes, the mail goes out',
      '600000 ms (the mail goes out)',
    ],
    ['start WKF110 Friday 18:00 the load failed', 'Friday 18:00, the load failed', 'fri 18:00 (the load failed)'],
  ])('%s', (text, suggestion, meaning) => {
    const command = text.slice(0, text.indexOf('110') + 3);
    const reason = text.slice(command.length + 1);
    expect(reading(text)).toBe(`asks: ${suggestion} or "${reason}"`);
    expect(reading(`${command} ${suggestion}`)).toBe(meaning);
    expect(reading(`${command} "${reason}"`)).toBe(`now (${reason})`);
  });

  it('and never in words that are cut off', () => {
    const parsed = parse(`stop WKF110 at 06:00 ${'x'.repeat(90)}`);
    expect(parsed).toMatchObject({ error: { problem: 'doubtful_time', suggestions: [] } });
  });
});

it.each(['pause WKF10 to 18', 'stoppe WKF10 bis 18', 'stop WKF110 to 18', 'stop WKF110 to 115'])(
  '%s may be a range of workflows',
  (text) => {
    expect(parse(text.replace('110', '110 --env stage'))).toMatchObject({ ok: false });
  },
);

describe('the field of the form', () => {
  it.each([
    ['pause', '2h', ['for 2h', 'in 2h', '02:00']],
    ['pause', '30 minutes', ['for 30 minutes', 'in 30 minutes']],
    ['start', 'noon', ['at 12:00']],
    ['start', 'two hours', ['in 2h']],
    ['pause', 'until noon', ['until 12:00']],
  ] as const)('asks of a %s what %s means', (verb, typed, suggestions) => {
    expect(readTime(verb, typed)).toMatchObject({ ok: false, error: { problem: 'doubtful_time' } });
    const read = readTime(verb, typed);
    expect(!read.ok && 'suggestions' in read.error && read.error.suggestions).toEqual(suggestions);
    for (const one of suggestions) expect(readTime(verb, one)).toMatchObject({ ok: true });
  });

  it.each([
    ['start', '30h', { due: { kind: 'in', ms: 30 * 3_600_000 } }],
    ['start', '2 hours 30 minutes', { due: { kind: 'in', ms: 9_000_000 } }],
    ['pause', '18h30', { due: { kind: 'at', time: '18:30' } }],
    ['pause', 'i 2 timmar', { resumes: { kind: 'in', ms: 7_200_000 } }],
  ] as const)('of a %s takes %s', (verb, typed, value) => {
    expect(readTime(verb, typed)).toMatchObject({ ok: true, value });
  });
});
