import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type Calendar, freezeInForce, frozenByDefault, withCalendars } from '../../src/access/freeze-windows.ts';
import { readCalendar } from '../../src/calendars/read-calendar.ts';
import { createCalendars } from '../../src/calendars/watch-calendars.ts';
import { calendar, event } from './calendar.fixture.ts';

const now = Date.parse('2026-12-24T12:00Z');
const christmas = calendar(event('DTSTART:20261224T000000Z', 'DTEND:20261226T000000Z'));
const later = calendar(event('DTSTART:20270101T000000Z', 'DTEND:20270102T000000Z'));

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).toReversed()) await undo();
});

/** A server of calendars. `answer` can be changed. */
async function serve(answer: { status: number; body: string }) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(answer.status, { 'content-type': 'text/calendar' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/private-9f2c/freezes.ics?key=secret`, host, paths };
}

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'calendars-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'freezes.ics'), text);
  return join(folder, 'freezes.ics');
}

function watching({ nextRead }: { nextRead?: () => Promise<unknown> } = {}) {
  const lines: { level: 'info' | 'warn'; fields: object; message: string }[] = [];
  const log = {
    info: (fields: object, message: string) => void lines.push({ level: 'info', fields, message }),
    warn: (fields: object, message: string) => void lines.push({ level: 'warn', fields, message }),
  };
  let time = now;
  let reads = 0;
  const calendars = createCalendars({
    ...{ log, now: () => time, read: readCalendar, onRead: () => void reads++ },
    ...(nextRead && { nextRead }),
  });
  cleanUp.push(calendars.end);
  const freezeWith = (source: string) => ({
    environments: new Set(['prod']),
    verbs: frozenByDefault,
    because: 'Company freeze',
    time: { kind: 'calendar', source, timezone: 'Europe/Paris' } satisfies Calendar,
  });
  return {
    ...{ calendars, lines },
    reads: () => reads,
    pass(ms: number) {
      time += ms;
    },
    /** Reads it once more. */
    watch: (source: string) => calendars.watch([freezeWith(source)]),
    inForce: (source: string) =>
      freezeInForce(withCalendars([freezeWith(source)], calendars.periodsOf, 'not read'), {
        environment: 'prod',
        verb: 'start',
        at: now,
      }),
  };
}

it('an event that is going on freezes, with its title, from a file and from an address', async () => {
  const { url, paths } = await serve({ status: 200, body: christmas });
  for (const source of [url, await fileWith(christmas)]) {
    const { watch, inForce, reads, lines } = watching();
    await watch(source);
    expect(inForce(source)).toEqual({ because: 'Freeze', until: Date.parse('2026-12-26'), request: null });
    expect([reads(), lines]).toEqual([1, []]);
  }
  expect(paths).toEqual(['/private-9f2c/freezes.ics?key=secret']);
});

it('a calendar without an event at this time freezes nothing', async () => {
  const source = await fileWith(later);
  const { watch, inForce } = watching();
  await watch(source);
  expect(inForce(source)).toBeNull();
});

it('a calendar that was never read freezes, and the log names its host and no more of its address', async () => {
  const answer = { status: 404, body: '' };
  const { url, host } = await serve(answer);
  const { watch, inForce, lines, calendars, pass } = watching();
  expect(inForce(url)).toMatchObject({ because: 'not read', until: now + 60_000 });
  await watch(url);
  await watch(url);
  expect(inForce(url)).toMatchObject({ because: 'not read' });
  expect(calendars.unread()).toEqual([host]);
  expect(lines).toEqual([
    {
      level: 'warn',
      fields: { calendar: host, reason: 'status', status: 404 },
      message: 'a calendar of freezes cannot be read; it freezes until then',
    },
  ]);
  Object.assign(answer, { status: 200, body: later });
  pass(90_000);
  await watch(url);
  expect(inForce(url)).toBeNull();
  expect(calendars.unread()).toEqual([]);
  expect(lines.slice(1)).toEqual([
    { level: 'info', fields: { calendar: host, seconds: 90 }, message: 'the calendar of freezes can be read again' },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/private|secret/);
});

it('while a calendar cannot be read, its last known events count', async () => {
  const answer = { status: 200, body: later };
  const { url } = await serve(answer);
  const { watch, inForce, lines } = watching();
  await watch(url);
  Object.assign(answer, { body: '<title>Sign in</title>' });
  await watch(url);
  expect(inForce(url)).toBeNull();
  expect(lines).toMatchObject([
    {
      fields: { reason: 'it is no complete iCalendar text', status: null },
      message: 'a calendar of freezes cannot be read; its last known events count until then',
    },
  ]);
});

it('each calendar is read again and again, until it is no longer watched', async () => {
  const { url, paths } = await serve({ status: 200, body: christmas });
  const turns = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let waits = 0;
  const { watch, calendars } = watching({ nextRead: () => turns[waits++]?.promise ?? new Promise(() => {}) });
  await watch(url);
  for (const [index, { resolve }] of turns.slice(0, 2).entries()) {
    resolve();
    while (waits < index + 2) await new Promise(setImmediate);
  }
  expect(paths).toHaveLength(3);
  calendars.end();
  turns[2]?.resolve();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(paths).toHaveLength(3);
});

it('an address at which nobody listens, and a file that is not there, are named with their cause', async () => {
  const { watch, lines } = watching();
  await watch('http://127.0.0.1:9/freezes.ics');
  await watch('/nowhere/freezes.ics');
  expect(lines.map(({ fields }) => fields)).toMatchObject([
    { calendar: '127.0.0.1:9', reason: 'ECONNREFUSED' },
    { calendar: '/nowhere/freezes.ics', reason: 'ENOENT' },
  ]);
});

it('a calendar that is no longer in the file is not read, and forgotten', async () => {
  const { url, paths } = await serve({ status: 200, body: christmas });
  const { watch, inForce, calendars } = watching();
  await watch(url);
  await calendars.watch([]);
  expect(inForce(url)).toMatchObject({ because: 'not read' });
  expect(paths).toHaveLength(1);
});

it('a calendar whose text has not changed is not understood again until a day has passed', async () => {
  const answer = {
    status: 200,
    body: calendar(event('DTSTART:20250101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY')),
  };
  const { url } = await serve(answer);
  const { watch, calendars, reads, pass } = watching();
  const last = () => calendars.periodsOf({ kind: 'calendar', source: url, timezone: 'Europe/Paris' })?.at(-1)?.from;
  await watch(url);
  const before = last() ?? 0;
  pass(60_000);
  await watch(url);
  expect([reads(), last()]).toEqual([1, before]);
  pass(86_400_000);
  await watch(url);
  expect([reads(), last()]).toEqual([2, before + 86_400_000]);
  Object.assign(answer, { body: later });
  await watch(url);
  expect([reads(), last()]).toEqual([3, Date.parse('2027-01-01')]);
});

it('what is no file is not read, and an address that leads elsewhere is not followed', async () => {
  const { watch, lines } = watching();
  const { url } = await serve({ status: 302, body: christmas });
  await watch(tmpdir());
  await watch(url);
  expect(lines.map(({ fields }) => fields)).toMatchObject([{ reason: 'no file' }, { reason: 'status', status: 302 }]);
});
