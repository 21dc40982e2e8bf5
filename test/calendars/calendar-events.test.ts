import { describe, expect, it } from '@jest/globals';
import { CalendarError, eventsIn } from '../../src/calendars/calendar-events.ts';
import { calendar, event } from './calendar.fixture.ts';

const paris = {
  timezone: 'Europe/Paris',
  from: Date.parse('2026-11-30T00:00Z'),
  until: Date.parse('2027-12-31T00:00Z'),
};

async function shown(text: string, span = paris): Promise<readonly string[]> {
  const periods = await eventsIn(text, span);
  const minute = (at: number) => new Date(at).toISOString().slice(0, 16);
  return periods.map(({ from, until, summary }) => `${minute(from)} – ${minute(until)} ${summary}`);
}

describe('the events of a calendar', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['in UTC', ['DTSTART:20261211T100000Z', 'DTEND:20261211T120000Z'], ['2026-12-11T10:00 – 2026-12-11T12:00 Freeze']],
    [
      'in a zone, with a duration',
      ['DTSTART;TZID=America/New_York:20261211T100000', 'DURATION:PT90M'],
      ['2026-12-11T15:00 – 2026-12-11T16:30 Freeze'],
    ],
    [
      'in a zone with the name that Windows has for it',
      ['DTSTART;TZID="Eastern Standard Time":20261211T100000', 'DURATION:PT90M'],
      ['2026-12-11T15:00 – 2026-12-11T16:30 Freeze'],
    ],
    [
      'without a zone: in that of the freeze',
      ['DTSTART:20261211T100000', 'DTEND:20261211T120000'],
      ['2026-12-11T09:00 – 2026-12-11T11:00 Freeze'],
    ],
    [
      'of whole days: in the zone of the freeze, over a clock change as well',
      ['DTSTART;VALUE=DATE:20270327', 'DTEND;VALUE=DATE:20270329'],
      ['2027-03-26T23:00 – 2027-03-28T22:00 Freeze'],
    ],
    ['of one whole day', ['DTSTART;VALUE=DATE:20261224'], ['2026-12-23T23:00 – 2026-12-24T23:00 Freeze']],
    [
      'that recur, except once',
      [
        'DTSTART;TZID=Europe/Paris:20261204T160000',
        'DTEND;TZID=Europe/Paris:20261207T080000',
        'RRULE:FREQ=WEEKLY;COUNT=3',
        'EXDATE;TZID=Europe/Paris:20261211T160000',
      ],
      ['2026-12-04T15:00 – 2026-12-07T07:00 Freeze', '2026-12-18T15:00 – 2026-12-21T07:00 Freeze'],
    ],
    [
      'that has begun before',
      ['DTSTART:20261101T000000Z', 'DTEND:20261201T000000Z'],
      ['2026-11-01T00:00 – 2026-12-01T00:00 Freeze'],
    ],
    ['that is over', ['DTSTART:20261101T000000Z', 'DTEND:20261102T000000Z'], []],
    ['that was cancelled', ['DTSTART:20261211T100000Z', 'DTEND:20261211T120000Z', 'STATUS:CANCELLED'], []],
    ['without a duration', ['DTSTART:20261211T100000Z'], []],
  ])('%s', async (_what, lines, expected) => {
    expect(await shown(calendar(event(...lines)))).toEqual(expected);
  });

  it('of which one was moved', async () => {
    const recurring = event('DTSTART:20261204T160000Z', 'DTEND:20261204T180000Z', 'RRULE:FREQ=WEEKLY;COUNT=2');
    const moved = event('RECURRENCE-ID:20261211T160000Z', 'DTSTART:20261212T160000Z', 'DTEND:20261212T170000Z');
    expect(await shown(calendar(recurring, moved))).toEqual([
      '2026-12-04T16:00 – 2026-12-04T18:00 Freeze',
      '2026-12-12T16:00 – 2026-12-12T17:00 Freeze',
    ]);
  });

  it('have titles with a language, and none', async () => {
    const times = ['DTSTART:20261211T100000Z', 'DTEND:20261211T120000Z'];
    const lines = ['BEGIN:VEVENT', 'UID:2', ...times, 'SUMMARY;LANGUAGE=de:Inventur', 'END:VEVENT'];
    const untitled = ['BEGIN:VEVENT', 'UID:3', ...times, 'END:VEVENT'];
    const periods = await eventsIn(calendar(lines.join('\r\n'), untitled.join('\r\n')), paris);
    expect(periods.map(({ summary }) => summary)).toEqual(['Inventur', null]);
  });

  it('are none in an empty calendar', async () => {
    expect(await shown(calendar())).toEqual([]);
  });
});

function hourly(uid: string): string {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).join(',');
  const lines = event('DTSTART:20261201T000000Z', 'DURATION:PT1M', `RRULE:FREQ=DAILY;BYHOUR=${hours}`);
  return lines.replace('UID:1', `UID:${uid}`);
}

it('a zone that a calendar defines for itself may change by dates', async () => {
  const zone =
    'BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRDATE:19961027T030000';
  const end = 'TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE';
  const inZone = event('DTSTART;TZID=Europe/Paris:20261211T100000', 'DURATION:PT1H');
  expect(await shown(calendar(`${zone}\r\n${end}`, inZone))).toEqual(['2026-12-11T09:00 – 2026-12-11T10:00 Freeze']);
});

describe('a calendar of which anything cannot be read is not read at all:', () => {
  const sound = ['DTSTART:20261211T100000Z', 'DTEND:20261211T120000Z'];
  it.each<[string, string, string]>([
    ['a web page', '<!doctype html><title>Sign in</title>', 'no complete iCalendar text'],
    ['a text that was cut off', calendar(event(...sound)).slice(0, -20), 'no complete iCalendar text'],
    ['an event without a start', calendar(event('DTEND:20261211T120000Z')), 'no valid start or end'],
    ['a start that is no time', calendar(event('DTSTART:soon')), 'no valid start or end'],
    ['an unknown zone', calendar(event('DTSTART;TZID=Nowhere/Land:20261211T100000')), 'a time zone that is not known'],
    ['a rule for every second', calendar(event(...sound, 'RRULE:FREQ=SECONDLY')), 'recurs too often'],
    ['a rule for many seconds', calendar(event(...sound, 'RRULE:FREQ=DAILY;BYSECOND=1,2,3')), 'recurs too often'],
    ['a rule that is none', calendar(event(...sound, 'RRULE:FREQ=SOMETIMES')), 'cannot be read'],
    [
      'an event that recurs by dates',
      calendar(event(...sound, 'RDATE:20261213T100000Z')),
      'the event 1 recurs by dates',
    ],
    [
      'an event that recurs by two rules',
      calendar(event(...sound, 'RRULE:FREQ=WEEKLY;COUNT=2', 'RRULE:FREQ=MONTHLY;COUNT=2')),
      'by two rules',
    ],
    [
      'an event that recurs otherwise from some day on',
      calendar(
        event(...sound, 'RRULE:FREQ=WEEKLY;COUNT=4'),
        event('RECURRENCE-ID;RANGE=THISAND\r\n FUTURE:20261218T100000Z', 'DTSTART:20261219T100000Z', 'DURATION:PT1H'),
      ),
      'otherwise from some day on',
    ],
    [
      'an event that ends before it begins',
      calendar(event('DTSTART:20261211T100000Z', 'DTEND:20261210T100000Z')),
      'ends before it begins',
    ],
    [
      'an end without the zone of the start',
      calendar(event('DTSTART;TZID=America/New_York:20261211T100000', 'DTEND:20261211T160000')),
      'a zone at one end only',
    ],
    [
      'more occurrences than a calendar of freezes ever has',
      calendar(hourly('1'), hourly('2')),
      'recur more than 10000 times',
    ],
    [
      'two events with one UID',
      calendar(event(...sound), event('DTSTART:20261213T100000Z')),
      'two events have one UID',
    ],
  ])('%s', async (_what, text, problem) => {
    const read = eventsIn(text, paris);
    await expect(read).rejects.toBeInstanceOf(CalendarError);
    await expect(read).rejects.toThrow(problem);
  });
});
