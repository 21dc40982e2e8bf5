import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, reading } from './reading.fixture.ts';

describe('a time behind the workflow', () => {
  it.each([
    ['start WKF110 at 02:00', 'next 02:00'],
    ['start WKF110 at 2:00 nightly', 'next 02:00 (nightly)'],
    ['start WKF110 in 30m', '1800000 ms'],
    ['start WKF110 in 1h30m', '5400000 ms'],
    ['start WKF110 in 1h 30m after the load', '5400000 ms (after the load)'],
    ['start WKF110 in 2d12h', '216000000 ms'],
    ['start WKF110 in 90s', '90000 ms'],
    ['start WKF110 in 1 minute 30 seconds', '90000 ms'],
    ['start WKF110 in 60s', '60000 ms'],
    ['start WKF110 in 59s', 'time_out_of_range'],
    ['pause WKF110 for 59s', 'time_out_of_range'],
    ['start WKF110 in 2 hours, after the load', '7200000 ms (after the load)'],
    ['start WKF110 tomorrow 06:15', 'tomorrow 06:15'],
    ['start WKF110 at 06:15 tomorrow', 'tomorrow 06:15'],
    ['start WKF110 today at 6pm', 'today 18:00'],
    ['start WKF110 at 12am', 'next 00:00'],
    ['start WKF110 2026-12-04 06:15', '2026-12-04 06:15'],
    ['start WKF110 2026-12-04T06:15', '2026-12-04 06:15'],
    ['pause WKF110 until 18:00 maintenance', 'until next 18:00 (maintenance)'],
    ['pause WKF110 until tomorrow 06:15', 'until tomorrow 06:15'],
    ['pause WKF110 until 18:00, maintenance', 'until next 18:00 (maintenance)'],
    ['pause WKF110 until on Monday 08:00', 'until mon 08:00'],
    ['pause WKF110 ’til 18:00 maintenance', 'until next 18:00 (maintenance)'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  it.each([
    ['starte WKF110 um 6:15', 'next 06:15'],
    ['starte WKF110 morgen um 18 Uhr', 'tomorrow 18:00'],
    ['pausiere WKF110 bis 18 Uhr Wartung', 'until next 18:00 (Wartung)'],
    ['starte WKF110 in 30 Minuten', '1800000 ms'],
    ['démarrer WKF110 demain à 6h15', 'tomorrow 06:15'],
    ['démarrer WKF110 dans 2 heures', '7200000 ms'],
    ['pause WKF110 jusqu’à 18h entretien', 'until next 18:00 (entretien)'],
    ['iniciar WKF110 mañana a las 6:15', 'tomorrow 06:15'],
    ['iniciar WKF110 dentro de 30 minutos', '1800000 ms'],
    ['pausar WKF110 hasta las 18:00', 'until next 18:00'],
    ['avvia WKF110 domani alle 6:15', 'tomorrow 06:15'],
    ['avvia WKF110 tra 30 minuti', '1800000 ms'],
    ['pausa WKF110 fino alle 18:00', 'until next 18:00'],
    ['avvia WKF110 alle ore 14', 'next 14:00'],
    ['avvia WKF110 lunedì ore 8:00', 'mon 08:00'],
    ['pausar WKF110 hasta el lunes a las 8:00', 'until mon 08:00'],
    ['pausiere WKF110 bis zum Montag 8 Uhr', 'until mon 08:00'],
    ['pause WKF110 jusqu’au lundi 8h', 'until mon 08:00'],
    ['pausa WKF110 till på måndag kl 8', 'until mon 08:00'],
    ['iniciar WKF110 amanhã às 6h15', 'tomorrow 06:15'],
    ['iniciar WKF110 daqui a 30 minutos', '1800000 ms'],
    ['pausar WKF110 até às 18h', 'until next 18:00'],
    ['starta WKF110 i morgon kl. 06.15', 'tomorrow 06:15'],
    ['starta WKF110 imorgon kl 6', 'tomorrow 06:00'],
    ['starta WKF110 om 30 minuter', '1800000 ms'],
    ['pausa WKF110 till kl 18', 'until next 18:00'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });
});

describe('words that may be a time', () => {
  it.each([
    ['pause WKF110 until 1500', 'asks: until 15:00'],
    ['pause WKF110 until Friday', 'asks: ?'],
    ['pause WKF110 until the end of the day', 'asks: ?'],
    ['start WKF110 at 25:00', 'asks: ?'],
    ['start WKF110 at 6', 'asks: at 06:00 or at 18:00'],
    ['start WKF110 at noon', 'asks: at 12:00'],
    ['start WKF110 18:00', 'asks: at 18:00'],
    ['stop WKF110 18:00 load failed', 'asks: at 18:00'],
    ['start WKF110 30m', 'asks: in 30m'],
    ['start WKF110 tomorrow', 'asks: ?'],
    ['stop WKF110 later', 'asks: ?'],
    ['stop WKF110 on Friday', 'asks: ?'],
    ['start WKF110 for 2h', 'asks: ?'],
    ['pause WKF110 until 18', 'asks: until 18:00'],
    ['pause WKF110 until 6', 'asks: until 06:00 or until 18:00'],
    ['start WKF110 at 02:00 UTC', 'asks: ?'],
    ['start WKF110 at 02:00 until 03:00', 'asks: ?'],
    ['stop WKF110 wrong audience at 18:00', 'asks: at 18:00 or "wrong audience at 18:00"'],
    ['pause WKF110 maintenance until 18:00', 'asks: until 18:00 or "maintenance until 18:00"'],
    ['stop WKF110 until 18:00', 'until_without_pause'],
    ['start WKF110 in 31d', 'time_out_of_range'],
    ['start WKF110 in 0.5m', 'time_out_of_range'],
    ['start WKF110 WKF111 at 06:00', 'next 06:00'],
    ['pause WKF110 WKF111 until 18:00', 'until_of_several'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  it.each([
    'in error',
    'in production',
    'at least the load',
    'at once',
    'until the data is fixed',
    'until further notice',
    'today the load failed',
    'since the load at 18:00 failed twice',
    'le 5 segments were wrong',
    'om lasten',
    'bis auf weiteres',
    'en erreur',
  ])('stop WKF110 %s: a plain reason', (reason) => {
    expect(reading(`stop WKF110 ${reason}`)).toBe(`now (${reason})`);
  });

  it.each(['at 18:00', 'until Friday', 'wrong audience at 18:00', 'tomorrow'])(
    'takes %s in quotation marks for a reason',
    (reason) => {
      expect(reading(`stop WKF110 "${reason}"`)).toBe(`now (${reason})`);
    },
  );
});

describe('words beside a time that change it are asked about', () => {
  it.each([
    'start WKF110 at 18:00 next Friday load',
    'start WKF110 at 6:15 p.m.',
    'starte WKF110 um 6 Uhr abends',
    'start WKF110 in 1 hour 90 minutes',
    'start WKF110 in 30 minutes 1 hour',
    'starte WKF110 um 18 Uhr 30',
    'start WKF110 in 3 days 06:00',
    'pausiere WKF110 bis 4.12. Wartung',
    'pause WKF110 until 4.12',
    'pause WKF110 a 2h delay breaks the audience',
  ])('%s', (text) => {
    expect(reading(text)).toMatch(/^asks: /);
  });
});

describe('a time that the grammar does not know is not taken for a reason', () => {
  it.each([
    'start WKF110 this evening please',
    'start WKF110 2am',
    'start WKF110 18.00',
    'start WKF110 @18:00',
    'start WKF110 30 minutes',
    'start WKF110 4 Dec 06:15',
    'starte WKF110 18 Uhr',
    'pause WKF110 maintenance until 18:00 (database)',
    'pause WKF110 please until 18:00 for maintenance',
    'pause WKF110 2h maintenance',
    'start WKF110 on Dec 24 02:00',
    'start WKF110 on Jan 5',
    'stop WKF110 Dec 24',
    'démarrer WKF110 le 24 déc. à 2h',
    'start WKF110 in -5m',
    'start WKF110 in ~5m',
    'start WKF110 at',
    'pause WKF110 until',
    'stop WKF110 in',
    'pausa WKF110 till i morgon',
    'starta WKF110 i morgon',
    'start WKF110 soon',
    'start WKF110 in a while',
    'démarrer WKF110 tout à l’heure',
    'avvia WKF110 più tardi',
    'starta WKF110 om ett tag',
    'start WKF110 could you please do this at 18:00 for me',
    'resume WKF110 please do it in 30m thanks',
    'pause WKF110 the database people work until 18:00 on it',
  ])('%s', (text) => {
    expect(reading(text)).toMatch(/^asks: /);
  });

  it.each(['pause WKF110 “18:00 load failed”', 'pause WKF110 3 mails too many', 'start WKF110 CHG0012345'])(
    '%s has a reason',
    (text) => {
      expect(reading(text)).toMatch(/^now \(/);
    },
  );
});

describe('a reason that begins with a time is asked about, also of a stop', () => {
  it.each([
    ['as of 18:00', 'at 18:00 or "as of 18:00"'],
    ['as of 18:00 the audience is wrong', 'at 18:00 or "as of 18:00 the audience is wrong"'],
    ['starting 18h the load', 'at 18:00 or "starting 18h the load"'],
    ['not before 18:00', '"not before 18:00"'],
    ['just after 18:00', 'at 18:00 or "just after 18:00"'],
    ['only in 30m', 'in 30m or "only in 30m"'],
    ['as of tomorrow', '"as of tomorrow"'],
    ['no earlier than Friday the base', '"no earlier than Friday the base"'],
    ['frühestens ab 18:00', 'at 18:00 or "frühestens ab 18:00"'],
    ['à partir de 18h la base', 'at 18:00 or "à partir de 18h la base"'],
    ['a partir de las 18:00', 'at 18:00 or "a partir de las 18:00"'],
    ['a partire dalle 18:00', 'at 18:00 or "a partire dalle 18:00"'],
    ['por volta das 18h', 'at 18:00 or "por volta das 18h"'],
    ['från och med 18:00 lasten', 'at 18:00 or "från och med 18:00 lasten"'],
    ['every 1m', '"every 1m"'],
    ['toutes les 5 minutes', '"toutes les 5 minutes"'],
    ['a cada minuto', '"a cada minuto"'],
    ['daily', '"daily"'],
  ])('%s: %s', (words, suggestions) => {
    for (const verb of ['start', 'stop']) {
      const said = reading(`${verb} WKF110 ${words}`);
      expect(said).toMatch(/^asks: /);
      if (verb === 'stop') expect(said).toBe(`asks: ${suggestions}`);
      for (const suggestion of suggestions.split(' or ')) {
        expect(reading(`${verb} WKF110 ${suggestion}`)).not.toMatch(/^asks/);
      }
    }
  });

  it.each([
    'the 18:00 load failed',
    'the load of 18:00 failed',
    'about 500 recipients got it twice',
    'not 18 customers but 1800',
    'every customer complained',
    'from the wrong segment',
    'des segments faux',
    'por error',
    'no data since the load',
  ])('stop WKF110 %s: a plain reason', (reason) => {
    expect(reading(`stop WKF110 ${reason}`)).toBe(`now (${reason})`);
  });
});

describe('a reason that begins with a moment to come is asked about, also of a stop', () => {
  it.each([
    ['once it is 18:00', 'at 18:00 or "once it is 18:00"'],
    ['when it’s 6pm the load ends', 'at 18:00 or "when it’s 6pm the load ends"'],
    ['as soon as it is 18:00', 'at 18:00 or "as soon as it is 18:00"'],
    ['sobald es 18 Uhr ist', 'at 18:00 or "sobald es 18 Uhr ist"'],
    ['quand il sera 18h', 'at 18:00 or "quand il sera 18h"'],
    ['dès qu’il est 18h', 'at 18:00 or "dès qu’il est 18h"'],
    ['en cuanto sean las 18:00', 'at 18:00 or "en cuanto sean las 18:00"'],
    ['quando sono le 18:00', 'at 18:00 or "quando sono le 18:00"'],
    ['assim que for 18:00', 'at 18:00 or "assim que for 18:00"'],
    ['så snart klockan är 18', 'at 18:00 or "så snart klockan är 18"'],
    ['this evening please', '"this evening please"'],
    ['please on Friday in the afternoon', '"please on Friday in the afternoon"'],
    ['this evening the delivery goes out', '"this evening the delivery goes out"'],
    ['tonight please', '"tonight please"'],
    ['next week the list changes', '"next week the list changes"'],
    ['heute Abend bitte', '"heute Abend bitte"'],
    ['ce soir s’il vous plaît', '"ce soir s’il vous plaît"'],
    ['la semaine prochaine svp', '"la semaine prochaine svp"'],
    ['esta tarde por favor', '"esta tarde por favor"'],
    ['oggi pomeriggio per favore', '"oggi pomeriggio per favore"'],
    ['hoje à noite por favor', '"hoje à noite por favor"'],
    ['i kväll tack', '"i kväll tack"'],
  ])('%s: %s', (words, suggestions) => {
    expect(reading(`stop WKF110 ${words}`)).toBe(`asks: ${suggestions}`);
    expect(reading(`start WKF110 ${words}`)).toMatch(/^asks: /);
    for (const suggestion of suggestions.split(' or ')) {
      expect(reading(`stop WKF110 ${suggestion}`)).not.toMatch(/^asks/);
    }
  });

  it.each([
    'it is 5h late',
    'it is 18:00 and it still runs',
    'as it is 5h late',
    'when the 18:00 load failed it sent twice',
    'when it failed at 18:00 it sent twice',
    'once again the audience is wrong',
    'this morning the load failed',
    'this is the wrong audience',
    'tonight’s list is wrong',
    'next run sends twice',
    'heute Nacht ist der Load fehlgeschlagen',
    'i fel segment',
    'este segmento es incorrecto',
    'please',
    'wrong list, please',
  ])('stop WKF110 %s: a plain reason', (reason) => {
    expect(reading(`stop WKF110 ${reason}`)).toBe(`now (${reason})`);
  });
});

describe('a stop is never for later by a guess', () => {
  it.each(['stop WKF110 at 06:00 the load failed', 'stop WKF110 in 10 minutes the delivery goes out'])('%s', (text) => {
    expect(reading(text)).toMatch(/^asks: /);
  });

  it.each([
    ['stop WKF110 at 18:00', 'next 18:00'],
    ['stop WKF110 at 18:00, campaign ends', 'next 18:00 (campaign ends)'],
    ['stop WKF110 wrong audience on Monday evening', 'now (wrong audience on Monday evening)'],
  ])('%s: %s', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });
});

describe('any time', () => {
  const opening = fc.constantFrom(
    'at',
    'in',
    'until',
    'um',
    'à',
    'bis',
    'hasta las',
    'kl',
    'tomorrow',
    'on',
    'fino alle',
  );
  const amount = fc.oneof(
    fc.nat(9999).map(String),
    fc.tuple(fc.nat(99), fc.nat(99)).map(([hour, minute]) => `${hour}:${String(minute).padStart(2, '0')}`),
    fc.tuple(fc.nat(99_999), fc.constantFrom('m', 'h', 'd', 's', ' minutes')).map((parts) => parts.join('')),
  );

  it('is read as a time, or asked about, and never taken for a reason', () => {
    fc.assert(
      fc.property(opening, amount, fc.constantFrom('', ' wrong audience'), (word, number, reason) => {
        const said = reading(`pause WKF110 ${word} ${number}${reason}`);
        expect(said).not.toMatch(/^now/);
      }),
    );
  });

  it('has a time of day that exists, or a duration from one minute to 30 days', () => {
    fc.assert(
      fc.property(opening, amount, (word, number) => {
        const parsed = parse(`pause WKF110 ${word} ${number}`);
        if (!parsed.ok || parsed.command.kind !== 'change') return;
        const time = parsed.command.due ?? parsed.command.resumes;
        if (time?.kind === 'at') expect(time.time).toMatch(/^(?:[01]\d|2[0-3]):[0-5]\d$/);
        else expect(time?.ms).toEqual(expect.any(Number));
        if (time?.kind === 'in') expect(time.ms >= 60_000 && time.ms <= 30 * 86_400_000).toBe(true);
      }),
    );
  });

  it('is suggested in words that the grammar takes', () => {
    fc.assert(
      fc.property(opening, amount, (word, number) => {
        const parsed = parse(`pause WKF110 ${word} ${number}`);
        if (parsed.ok || parsed.error.problem !== 'doubtful_time') return;
        for (const suggestion of parsed.error.suggestions) {
          const said = reading(`pause WKF110 ${suggestion}`);
          expect(said).not.toMatch(/^asks/);
          expect(said.startsWith('now')).toBe(suggestion.startsWith('"'));
        }
      }),
    );
  });
});
