import { describe, expect, it } from '@jest/globals';
import { languages } from '../../src/commands/vocabulary/command-names.ts';
import { timeIn } from '../../src/commands/vocabulary/usual-times.ts';
import { reading } from './reading.fixture.ts';

describe.each(languages)('the times that are suggested in %s', (language) => {
  it.each(['at 02:00', 'in 30m', 'tomorrow 06:15', 'friday 06:15', '2026-12-24 06:15', 'until 18:00', 'for 2h'])(
    '%s is read as in English',
    (time) => {
      expect(reading(`pause WKF110 ${timeIn(language, time)}`)).toBe(reading(`pause WKF110 ${time}`));
    },
  );

  it('a reason in quotation marks stays as it is', () => {
    expect(timeIn(language, '"at 02:00"')).toBe('"at 02:00"');
  });
});
